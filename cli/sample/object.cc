// SPDX-License-Identifier: Apache-2.0
#include "cli/sample/object.h"

#include <vector>

#include "policy/json_value.h"
#include "policy/json_writer.h"

namespace gatehouse::sample {
namespace {

std::string AsText(const JsonValue* value) {
  if (value == nullptr) return "";
  if (auto text = AsString(*value)) return std::string(*text);
  JsonKind kind = KindOf(*value);
  bool scalar = kind == JsonKind::kNumber || kind == JsonKind::kBool;
  return scalar ? Write(*value) : "";
}

template <typename Keys>
const JsonValue* Walk(const JsonValue& object, const Keys& keys) {
  const JsonValue* at = &object;
  for (std::string_view key : keys) {
    at = Member(*at, key);
    if (at == nullptr) return nullptr;
  }
  return at;
}

void DropDirectives(JsonValue& value) {
  if (value.is_array()) {
    for (JsonValue& item : value) DropDirectives(item);
  }
  if (!value.is_object()) return;
  std::vector<std::string> directives;
  for (auto& [key, member] : value.items()) {
    if (key.starts_with("$")) {
      directives.push_back(key);
    } else {
      DropDirectives(member);
    }
  }
  for (const std::string& key : directives) value.erase(key);
}

}  // namespace

const JsonValue* Find(const JsonValue& object, Path path) {
  return Walk(object, path);
}

std::string Text(const JsonValue& object, Path path) {
  return AsText(Walk(object, path));
}

std::string TextAtDots(const JsonValue& object, std::string_view dotted) {
  std::vector<std::string_view> keys;
  while (true) {
    std::size_t dot = dotted.find('.');
    keys.push_back(dotted.substr(0, dot));
    if (dot == std::string_view::npos) break;
    dotted.remove_prefix(dot + 1);
  }
  return AsText(Walk(object, keys));
}

std::int64_t Number(const JsonValue& object, Path path, std::int64_t absent) {
  const JsonValue* value = Walk(object, path);
  if (value == nullptr) return absent;
  return AsInteger(*value).value_or(absent);
}

void Set(JsonValue& object, Path path, JsonValue value) {
  JsonValue* at = &object;
  for (std::string_view key : path) {
    if (!at->is_object()) *at = JsonValue::object();
    at = &(*at)[std::string(key)];
  }
  *at = std::move(value);
}

void Remove(JsonValue& object, std::string_view key) {
  if (object.is_object()) object.erase(std::string(key));
}

JsonValue MergePatch(JsonValue target, const JsonValue& patch) {
  JsonValue clean = patch;
  DropDirectives(clean);
  target.merge_patch(clean);
  return target;
}

Result<JsonValue> JsonPatch(const JsonValue& target, const JsonValue& patch) {
  try {
    return target.patch(patch);
  } catch (const std::exception& fault) {
    return Error{ErrorCode::kInvalid, fault.what()};
  }
}

std::string Fill(
    std::string_view template_text,
    std::initializer_list<std::pair<std::string_view, std::string_view>>
        values) {
  std::string text(template_text);
  for (const auto& [name, value] : values) {
    std::string mark = "$" + std::string(name);
    for (std::size_t at = text.find(mark); at != std::string::npos;
         at = text.find(mark, at + value.size())) {
      text.replace(at, mark.size(), value);
    }
  }
  return text;
}

std::string Write(const JsonValue& value) {
  return JsonWriter().Value(value).Take();
}

std::string Quote(std::string_view text) {
  return JsonWriter().String(text).Take();
}

}  // namespace gatehouse::sample
