// SPDX-License-Identifier: Apache-2.0
#include "policy/json_value.h"

#include <set>

namespace gatehouse {
namespace {

constexpr int kMaxDepth = 64;

// Builds a value as nlohmann's own DOM parser would, but stops at what two
// parsers may read differently. A callback, since the DOM parser keeps the
// last of two equal keys and says nothing.
class StrictBuilder {
 public:
  bool Allow(int depth, JsonValue::parse_event_t event,
             const JsonValue& parsed) {
    const bool opens = event == JsonValue::parse_event_t::object_start ||
                       event == JsonValue::parse_event_t::array_start;
    if (opens && depth >= kMaxDepth) fault_ = "nested too deeply";
    if (event == JsonValue::parse_event_t::object_start) keys_.emplace_back();
    if (event == JsonValue::parse_event_t::object_end) keys_.pop_back();
    if (event == JsonValue::parse_event_t::key) {
      const auto* key = parsed.get_ptr<const std::string*>();
      if (!keys_.back().insert(*key).second) {
        fault_ = "duplicate key \"" + *key + "\"";
      }
    }
    return true;
  }
  const std::string& fault() const { return fault_; }

 private:
  std::vector<std::set<std::string>> keys_;
  std::string fault_;
};

}  // namespace

JsonKind KindOf(const JsonValue& value) {
  switch (value.type()) {
    case JsonValue::value_t::boolean:
      return JsonKind::kBool;
    case JsonValue::value_t::number_integer:
    case JsonValue::value_t::number_unsigned:
    case JsonValue::value_t::number_float:
      return JsonKind::kNumber;
    case JsonValue::value_t::string:
      return JsonKind::kString;
    case JsonValue::value_t::array:
      return JsonKind::kArray;
    case JsonValue::value_t::object:
      return JsonKind::kObject;
    case JsonValue::value_t::null:
    case JsonValue::value_t::binary:
    case JsonValue::value_t::discarded:
      return JsonKind::kNull;
  }
  return JsonKind::kNull;
}

std::string_view KindName(JsonKind kind) {
  switch (kind) {
    case JsonKind::kNull:
      return "null";
    case JsonKind::kBool:
      return "a boolean";
    case JsonKind::kNumber:
      return "a number";
    case JsonKind::kString:
      return "a string";
    case JsonKind::kArray:
      return "a list";
    case JsonKind::kObject:
      return "an object";
  }
  return "null";
}

const JsonValue* Member(const JsonValue& object, std::string_view key) {
  const auto* members = object.get_ptr<const JsonValue::object_t*>();
  if (members == nullptr) return nullptr;
  for (const auto& [name, value] : *members) {
    if (name == key) return &value;
  }
  return nullptr;
}

std::optional<std::string_view> AsString(const JsonValue& value) {
  const auto* text = value.get_ptr<const std::string*>();
  if (text == nullptr) return std::nullopt;
  return std::string_view(*text);
}

std::optional<bool> AsBool(const JsonValue& value) {
  const auto* flag = value.get_ptr<const bool*>();
  if (flag == nullptr) return std::nullopt;
  return *flag;
}

std::optional<std::int64_t> AsInteger(const JsonValue& value) {
  if (const auto* big = value.get_ptr<const std::uint64_t*>()) {
    if (*big > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
    return static_cast<std::int64_t>(*big);
  }
  const auto* number = value.get_ptr<const std::int64_t*>();
  if (number == nullptr) return std::nullopt;
  return *number;
}

std::optional<double> AsNumber(const JsonValue& value) {
  if (const auto* number = value.get_ptr<const double*>()) return *number;
  if (const auto* big = value.get_ptr<const std::uint64_t*>()) {
    return static_cast<double>(*big);
  }
  if (const auto* number = value.get_ptr<const std::int64_t*>()) {
    return static_cast<double>(*number);
  }
  return std::nullopt;
}

std::optional<std::string_view> StringMember(const JsonValue& object,
                                             std::string_view key) {
  const JsonValue* member = Member(object, key);
  return member == nullptr ? std::nullopt : AsString(*member);
}

std::vector<std::pair<std::string_view, const JsonValue*>> Members(
    const JsonValue& value) {
  std::vector<std::pair<std::string_view, const JsonValue*>> result;
  const auto* members = value.get_ptr<const JsonValue::object_t*>();
  if (members == nullptr) return result;
  result.reserve(members->size());
  for (const auto& [name, member] : *members) {
    result.emplace_back(name, &member);
  }
  return result;
}

std::vector<const JsonValue*> Elements(const JsonValue& value) {
  std::vector<const JsonValue*> result;
  const auto* elements = value.get_ptr<const JsonValue::array_t*>();
  if (elements == nullptr) return result;
  result.reserve(elements->size());
  for (const JsonValue& element : *elements) result.push_back(&element);
  return result;
}

Result<JsonValue> ParseJson(std::string_view text) {
  // nlohmann stops at a NUL and reads the text before it as the whole.
  if (text.find('\0') != std::string_view::npos) {
    return Error{ErrorCode::kInvalid, "the JSON text holds a NUL byte"};
  }
  StrictBuilder builder;
  try {
    JsonValue value = JsonValue::parse(
        text, [&builder](int depth, JsonValue::parse_event_t event,
                         const JsonValue& parsed) {
          return builder.Allow(depth, event, parsed);
        });
    if (builder.fault().empty()) return value;
    return Error{ErrorCode::kInvalid,
                 "the JSON text has a fault: " + builder.fault()};
  } catch (const JsonValue::exception& e) {
    // "[json.exception.parse_error.101] parse error at line …": keep the part
    // that a person can use.
    std::string_view what = e.what();
    const std::size_t end = what.find("] ");
    if (end != std::string_view::npos) what.remove_prefix(end + 2);
    return Error{ErrorCode::kInvalid, "not valid JSON: " + std::string(what)};
  }
}

}  // namespace gatehouse
