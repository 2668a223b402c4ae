// SPDX-License-Identifier: Apache-2.0
#pragma once
// Masks secrets in structured arguments: JSON, and the JSON or YAML documents
// inside their strings. Same shape, keys kept. What it cannot parse and may
// hold a Secret is masked as a whole.

#include <string>

#include "audit/redact_text.h"
#include "policy/json_value.h"
#include "policy/json_writer.h"

namespace gatehouse::audit {

// Whether the call itself writes Secrets or tokens: then `data` is secret
// wherever it stands, also without a `kind: Secret` beside it.
enum class Origin { kOrdinary = 0, kSecret };

// Borrows the masker. One call's arguments.
class TreeMasker {
 public:
  TreeMasker(TextMasker& text, Origin origin) : text_(text), origin_(origin) {}

  // Canonical JSON.
  std::string MaskJson(const JsonValue& value);

 private:
  // What is known of the place a value stands at.
  struct Place {
    bool in_secret = false;    // in a Secret, or in a call that writes one
    bool is_secret = false;    // every scalar from here on is secret
    bool by_key = false;       // … because of a key's name
    bool assignments = false;  // strings are NAME=SECRET
    std::string_view kind = "key";
    std::string_view name;  // nearest key
  };

  void Write(const JsonValue& value, const Place& place, JsonWriter& out);
  void WriteObject(const JsonValue& object, Place place, JsonWriter& out);
  void WriteArray(const JsonValue& array, const Place& place, JsonWriter& out);
  Place PlaceOf(std::string_view key, const JsonValue& object,
                const Place& place) const;
  std::string MaskString(std::string_view text, const Place& place);
  std::string MaskDocument(std::string_view text, const Place& place);
  std::string MaskYaml(std::string_view text, const Place& place);

  TextMasker& text_;
  Origin origin_;
  int nesting_ = 0;  // documents inside documents
};

}  // namespace gatehouse::audit
