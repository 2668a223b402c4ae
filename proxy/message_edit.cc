// SPDX-License-Identifier: Apache-2.0
#include "proxy/message_edit.h"

#include <utility>
#include <variant>

#include "policy/json_writer.h"

namespace gatehouse {
namespace {

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

}  // namespace

std::optional<TextSpan> FindMember(std::string_view text, std::size_t object,
                                   std::string_view name) {
  if (object >= text.size() || text[object] != '{') return std::nullopt;
  const std::string key = JsonWriter().String(name).Take();
  std::size_t at = object + 1;
  while (at < text.size() && text[at] == '"') {
    const std::size_t key_end = EndOfString(text, at);
    const TextSpan value{key_end + 1, EndOfValue(text, key_end + 1)};
    if (text.substr(at, key_end - at) == key) return value;
    at = value.end + 1;  // behind the comma, or the end
  }
  return std::nullopt;
}

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

std::string WithoutMember(std::string text, std::size_t object,
                          std::string_view name) {
  const auto value = FindMember(text, object, name);
  if (!value) return text;
  const std::size_t key = JsonWriter().String(name).text().size();
  std::size_t begin = value->begin - 1 - key;
  std::size_t end = value->end;
  // With the comma behind it, or of the last one that before it.
  if (text[end] == ',') {
    ++end;
  } else if (text[begin - 1] == ',') {
    --begin;
  }
  return text.erase(begin, end - begin);
}

std::optional<Message> ReadEdited(const std::string& text) {
  auto read = ReadMessage(Frame{text});
  Message* edited = std::get_if<Message>(&read);
  if (edited == nullptr || edited->canonical != text) return std::nullopt;
  return std::move(*edited);
}

}  // namespace gatehouse
