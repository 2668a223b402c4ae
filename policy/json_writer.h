// SPDX-License-Identifier: Apache-2.0
#pragma once
// Writes canonical JSON text: compact, ASCII only (everything else as \uXXXX,
// pairs for astral characters), members in the order they are written. The one
// writer for what is forwarded, answered, recorded and printed as JSON, so that
// the same value always has the same bytes.
//
// Borrows nothing. Not thread-safe. Commas and colons are its business; nesting
// is the caller's (an unbalanced object is a bug and shows in the text).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "policy/json_value_fwd.h"

namespace gatehouse {

class JsonWriter {
 public:
  JsonWriter& BeginObject();
  JsonWriter& EndObject();
  JsonWriter& BeginArray();
  JsonWriter& EndArray();
  JsonWriter& Key(std::string_view key);
  // `text` must be valid UTF-8; a bad byte is written as U+FFFD.
  JsonWriter& String(std::string_view text);
  JsonWriter& Integer(std::int64_t number);
  JsonWriter& Unsigned(std::uint64_t number);
  JsonWriter& Bool(bool value);
  JsonWriter& Null();
  // A number lexeme or a finished JSON text, written as it stands.
  JsonWriter& Raw(std::string_view json);
  JsonWriter& Value(const JsonValue& value);
  // The string, or null where there is none.
  JsonWriter& Optional(const std::optional<std::string>& text);

  const std::string& text() const { return text_; }
  std::string Take() { return std::move(text_); }

 private:
  void Separate();

  std::string text_;
  bool need_comma_ = false;
};

}  // namespace gatehouse
