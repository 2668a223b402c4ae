// SPDX-License-Identifier: Apache-2.0
#include "policy/json_value.h"

#include <utility>

#include "policy/json_builder.h"

namespace gatehouse {
namespace {

constexpr std::size_t kMaxDepth = 64;

// "[json.exception.parse_error.101] parse error at line …": only the part that
// a person can use.
std::string WordsOf(const JsonValue::exception& error) {
  std::string_view what = error.what();
  const std::size_t end = what.find("] ");
  if (end != std::string_view::npos) what.remove_prefix(end + 2);
  return "not valid JSON: " + std::string(what);
}

// nlohmann's SAX interface, since its DOM parser keeps the last of two equal
// keys and says nothing. Ends at the first fault.
class StrictWalk {
 public:
  bool null() { return Scalar(nullptr); }
  bool boolean(bool flag) { return Scalar(flag); }
  bool number_integer(JsonValue::number_integer_t number) {
    return Scalar(number);
  }
  bool number_unsigned(JsonValue::number_unsigned_t number) {
    return Scalar(number);
  }
  bool number_float(JsonValue::number_float_t number, const std::string&) {
    return Scalar(number);
  }
  bool string(std::string& text) { return Scalar(std::move(text)); }
  bool binary(JsonValue::binary_t&) { return false; }  // not in JSON
  bool start_object(std::size_t) { return Open(JsonValue::object()); }
  bool start_array(std::size_t) { return Open(JsonValue::array()); }
  bool end_object() { return Close(); }
  bool end_array() { return Close(); }
  bool key(std::string& name) {
    if (builder_.Key(name)) return true;
    return Refuse("the JSON text has a fault: duplicate key \"" + name + "\"");
  }
  bool parse_error(std::size_t, const std::string&,
                   const JsonValue::exception& error) {
    return Refuse(WordsOf(error));
  }

  Result<JsonValue> Finish() && {
    if (fault_.empty()) return std::move(builder_).Take();
    return Error{ErrorCode::kInvalid, std::move(fault_)};
  }

 private:
  bool Refuse(std::string fault) {
    fault_ = std::move(fault);
    return false;
  }
  template <typename T>
  bool Scalar(T&& value) {
    builder_.Add(JsonValue(std::forward<T>(value)));
    return true;
  }
  bool Open(JsonValue container) {
    if (builder_.depth() >= kMaxDepth) {
      return Refuse("the JSON text has a fault: nested too deeply");
    }
    builder_.Open(std::move(container));
    return true;
  }
  bool Close() {
    builder_.Close();
    return true;
  }

  JsonBuilder builder_;
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
  StrictWalk walk;
  try {
    JsonValue::sax_parse(text, &walk);
    return std::move(walk).Finish();
  } catch (const JsonValue::exception& error) {
    return Error{ErrorCode::kInvalid, WordsOf(error)};
  }
}

}  // namespace gatehouse
