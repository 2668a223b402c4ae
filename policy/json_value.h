// SPDX-License-Identifier: Apache-2.0
#pragma once
// The door to nlohmann's value type: a parsed JSON value and typed getters
// that never throw and never convert. A getter for the wrong type answers
// "absent", so a caller cannot mistake a list for a name. Outside this file no
// code calls json[...], .at() or .get<>().
//
// Who makes values: proxy/json_reader for messages (strict), ParseJson below
// for files and tests, policy/document for YAML.

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/json_value_fwd.h"
#include "policy/result.h"

namespace gatehouse {

enum class JsonKind { kNull = 0, kBool, kNumber, kString, kArray, kObject };
JsonKind KindOf(const JsonValue& value);
// "null", "a boolean", "a number", "a string", "a list", "an object".
std::string_view KindName(JsonKind kind);

// The member, or nullptr where `object` is no object or has no such member.
// Borrowed from `object`.
const JsonValue* Member(const JsonValue& object, std::string_view key);

// nullopt where the value is of another type. The view borrows from `value`.
std::optional<std::string_view> AsString(const JsonValue& value);
std::optional<bool> AsBool(const JsonValue& value);
std::optional<std::int64_t> AsInteger(const JsonValue& value);
// Any number, rounded to a double.
std::optional<double> AsNumber(const JsonValue& value);

// Member() and AsString() in one: nullopt where absent or not a string.
std::optional<std::string_view> StringMember(const JsonValue& object,
                                             std::string_view key);

// Empty where `value` is not an object / not an array. Borrowed.
std::vector<std::pair<std::string_view, const JsonValue*>> Members(
    const JsonValue& value);
std::vector<const JsonValue*> Elements(const JsonValue& value);

// Strict JSON of a trusted or already judged source: whole text, no comments,
// duplicate keys refused, depth at most 64.
Result<JsonValue> ParseJson(std::string_view text);

}  // namespace gatehouse
