// SPDX-License-Identifier: Apache-2.0
#pragma once
// A client's message with one member set or taken out: its canonical text
// (json_writer.h: no blanks, ASCII) is edited in place and goes through the
// strict reader again, so that what is judged and forwarded afterwards is once
// more one and the same text, and every other byte of it is what the client
// sent. Which member, and why, is for pinned_message and declared_features.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "proxy/message.h"

namespace gatehouse {

// Where a value stands in a text.
struct TextSpan {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// The value of a member of the object that begins at `object`; nullopt where it
// has none of that name, or there begins no object.
std::optional<TextSpan> FindMember(std::string_view text, std::size_t object,
                                   std::string_view name);

// `text` with the member set in the object that begins at `object`, or without
// it. `value` is canonical text, too.
std::string SetMember(std::string text, std::size_t object,
                      std::string_view name, std::string_view value);
std::string WithoutMember(std::string text, std::size_t object,
                          std::string_view name);

// nullopt where the edited text is not what the strict reader makes of it.
std::optional<Message> ReadEdited(const std::string& text);

}  // namespace gatehouse
