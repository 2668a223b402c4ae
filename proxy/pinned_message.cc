// SPDX-License-Identifier: Apache-2.0
#include "proxy/pinned_message.h"

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "policy/json_writer.h"

namespace gatehouse {
namespace {

// Where a value stands in canonical text (json_writer.h: no blanks, ASCII).
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

std::size_t EndOfString(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at + 1;
}

// Behind the value that begins at `at`.
std::size_t EndOfValue(std::string_view text, std::size_t at) {
  int depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = EndOfString(text, at);
    } else {
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') --depth;
      ++at;
    }
    const bool ends = at >= text.size() || text[at] == ',' || text[at] == '}' ||
                      text[at] == ']';
    if (depth == 0 && ends) return at;
  }
  return at;
}

// The value of a member of the object that begins at `object`; nullopt where it
// has none of that name.
std::optional<Span> FindMember(std::string_view text, std::size_t object,
                               std::string_view name) {
  const std::string key = JsonWriter().String(name).Take();
  std::size_t at = object + 1;
  while (at < text.size() && text[at] == '"') {
    const std::size_t key_end = EndOfString(text, at);
    const Span value{key_end + 1, EndOfValue(text, key_end + 1)};
    if (text.substr(at, key_end - at) == key) return value;
    at = value.end + 1;  // behind the comma, or the end
  }
  return std::nullopt;
}

// `text` with the member set in the object that begins at `object`.
std::string SetMember(std::string text, std::size_t object,
                      std::string_view name, std::string_view value) {
  if (const auto found = FindMember(text, object, name)) {
    return text.replace(found->begin, found->end - found->begin, value);
  }
  const std::size_t brace = EndOfValue(text, object) - 1;
  std::string member = brace == object + 1 ? "" : ",";
  member += JsonWriter().String(name).text() + ":";
  return text.insert(brace, member.append(value));
}

std::optional<std::string> Edited(const std::string& text,
                                  const NamespacePin& pin) {
  const auto params = FindMember(text, 0, "params");
  if (!params || text[params->begin] != '{') return std::nullopt;
  const std::string value = JsonWriter().String(pin.namespace_name).Take();
  const auto arguments = FindMember(text, params->begin, "arguments");
  if (!arguments) {
    const std::string object =
        "{" + JsonWriter().String(pin.argument).text() + ":" + value + "}";
    return SetMember(text, params->begin, "arguments", object);
  }
  if (text[arguments->begin] != '{') return std::nullopt;
  return SetMember(text, arguments->begin, pin.argument, value);
}

}  // namespace

std::optional<Message> WithPinnedNamespace(const Message& message,
                                           const NamespacePin& pin) {
  const std::optional<std::string> text = Edited(message.canonical, pin);
  if (!text) return std::nullopt;
  auto read = ReadMessage(Frame{*text});
  Message* pinned = std::get_if<Message>(&read);
  if (pinned == nullptr || pinned->canonical != *text) return std::nullopt;
  return std::move(*pinned);
}

}  // namespace gatehouse
