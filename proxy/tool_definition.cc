// SPDX-License-Identifier: Apache-2.0
#include "proxy/tool_definition.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "policy/json_value.h"
#include "policy/json_writer.h"

namespace gatehouse {
namespace {

constexpr std::size_t kMaxToolBytes = 128;
constexpr std::size_t kMaxArguments = 500;
constexpr std::size_t kMaxArgumentBytes = 256;

// In the order in which they are written.
constexpr std::array<std::string_view, 6> kDefining = {
    "annotations", "description",  "inputSchema",
    "name",        "outputSchema", "title"};

bool IsToolByte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' ||
         c == '.' || c == '-';
}

// Depth is bounded by who parsed the value.
void WriteSorted(const JsonValue& value, JsonWriter& out) {
  switch (KindOf(value)) {
    case JsonKind::kObject: {
      auto members = Members(value);
      std::sort(members.begin(), members.end());
      out.BeginObject();
      for (const auto& [key, member] : members) {
        WriteSorted(*member, out.Key(key));
      }
      out.EndObject();
      return;
    }
    case JsonKind::kArray:
      out.BeginArray();
      for (const JsonValue* element : Elements(value)) {
        WriteSorted(*element, out);
      }
      out.EndArray();
      return;
    case JsonKind::kNull:
    case JsonKind::kBool:
    case JsonKind::kNumber:
    case JsonKind::kString:
      out.Value(value);
      return;
  }
}

std::string DefinitionOf(const JsonValue& entry) {
  JsonWriter out;
  out.BeginObject();
  for (const std::string_view key : kDefining) {
    const JsonValue* member = Member(entry, key);
    if (member != nullptr) WriteSorted(*member, out.Key(key));
  }
  return out.EndObject().Take();
}

std::vector<std::string> ArgumentsOf(const JsonValue& entry) {
  std::vector<std::string> names;
  const JsonValue* schema = Member(entry, "inputSchema");
  const JsonValue* properties =
      schema == nullptr ? nullptr : Member(*schema, "properties");
  if (properties == nullptr) return names;
  for (const auto& [name, property] : Members(*properties)) {
    if (names.size() >= kMaxArguments) break;
    names.emplace_back(name.substr(0, kMaxArgumentBytes));
  }
  return names;
}

std::string TextOf(const JsonValue* member) {
  return member == nullptr ? "" : JsonWriter().Value(*member).Take();
}

}  // namespace

bool IsToolName(std::string_view name) {
  return !name.empty() && name.size() <= kMaxToolBytes &&
         std::all_of(name.begin(), name.end(), IsToolByte);
}

std::optional<ListedTool> ReadListedTool(const JsonValue& entry) {
  const auto name = StringMember(entry, "name");
  if (!name.has_value() || !IsToolName(*name)) return std::nullopt;
  return ListedTool{std::string(*name), ArgumentsOf(entry),
                    DefinitionOf(entry)};
}

std::string ChangedMembers(std::string_view before, std::string_view after) {
  const Result<JsonValue> old_one = ParseJson(before);
  const Result<JsonValue> new_one = ParseJson(after);
  std::string changed;
  if (!old_one.ok() || !new_one.ok()) return "definition";
  for (const std::string_view key : kDefining) {
    if (TextOf(Member(old_one.value(), key)) ==
        TextOf(Member(new_one.value(), key))) {
      continue;
    }
    changed += (changed.empty() ? "" : ", ") + std::string(key);
  }
  return changed.empty() ? "definition" : changed;
}

}  // namespace gatehouse
