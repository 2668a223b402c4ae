// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/hunt/shrink.h"

#include <string>
#include <utility>

#include "policy/json_value.h"

namespace gatehouse::testing {
namespace {

constexpr std::size_t kCharByChar = 48;

bool IsContinuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// `text` without `count` bytes at `at`; whole characters only.
void Cut(const std::string& text, std::size_t at, std::size_t count,
         std::vector<JsonValue>& out) {
  if (count == 0 || at >= text.size()) return;
  const std::size_t end = std::min(at + count, text.size());
  if (IsContinuation(text[at])) return;
  if (end < text.size() && IsContinuation(text[end])) return;
  out.emplace_back(text.substr(0, at) + text.substr(end));
}

// Each part between marks is left out once.
void CutParts(const std::string& text, char mark, std::vector<JsonValue>& out) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find(mark, at), text.size() - 1);
    if (at > 0 || end + 1 < text.size()) Cut(text, at, end + 1 - at, out);
    at = end + 1;
  }
}

void SmallerText(const std::string& text, std::vector<JsonValue>& out) {
  if (text.empty()) return;
  out.emplace_back("");
  Cut(text, 0, text.size() / 2, out);
  Cut(text, text.size() / 2, text.size(), out);
  CutParts(text, '\n', out);
  CutParts(text, ' ', out);
  if (text.size() > kCharByChar) return;
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (std::size_t count = 1; count <= 4; ++count) {
      if (at + count < text.size() && IsContinuation(text[at + count]))
        continue;
      Cut(text, at, count, out);
      break;
    }
  }
}

void SmallerArray(const JsonValue& value, std::vector<JsonValue>& out) {
  for (std::size_t left = 0; left < value.size(); ++left) {
    JsonValue fewer = JsonValue::array();
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (i != left) fewer.push_back(value[i]);
    }
    out.push_back(std::move(fewer));
  }
  for (std::size_t i = 0; i < value.size(); ++i) {
    for (JsonValue& part : Smaller(value[i])) {
      out.push_back(value);
      out.back()[i] = std::move(part);
    }
  }
}

void SmallerObject(const JsonValue& value, std::vector<JsonValue>& out) {
  for (const auto& [key, unused] : value.items()) {
    out.push_back(value);
    out.back().erase(key);
  }
  for (const auto& [key, member] : value.items()) {
    for (JsonValue& part : Smaller(member)) {
      out.push_back(value);
      out.back()[key] = std::move(part);
    }
  }
}

}  // namespace

std::vector<JsonValue> Smaller(const JsonValue& value) {
  std::vector<JsonValue> out;
  if (const auto text = AsString(value)) SmallerText(std::string(*text), out);
  if (KindOf(value) == JsonKind::kArray) SmallerArray(value, out);
  if (KindOf(value) == JsonKind::kObject) SmallerObject(value, out);
  return out;
}

JsonValue Shrink(JsonValue value,
                 const std::function<bool(const JsonValue&)>& keeps,
                 int tries) {
  bool smaller = true;
  while (smaller) {
    smaller = false;
    for (JsonValue& candidate : Smaller(value)) {
      if (tries-- <= 0) return value;
      if (!keeps(candidate)) continue;
      value = std::move(candidate);
      smaller = true;
      break;
    }
  }
  return value;
}

}  // namespace gatehouse::testing
