// SPDX-License-Identifier: Apache-2.0
#include "policy/json_builder.h"

#include <utility>

namespace gatehouse {
namespace {

// From here on a set finds duplicates. A tree, no hash table: a server that
// knows the hash could give all its keys the same one.
constexpr std::size_t kManyMembers = 24;

}  // namespace

bool JsonBuilder::Key(std::string name) {
  Level& level = levels_.back();
  const auto& members = *level.value->get_ptr<JsonValue::object_t*>();
  if (members.size() < kManyMembers) {
    for (const auto& member : members) {
      if (member.first == name) return false;
    }
  } else {
    if (level.keys.empty()) {
      for (const auto& member : members) level.keys.insert(member.first);
    }
    if (!level.keys.insert(name).second) return false;
  }
  key_ = std::move(name);
  return true;
}

void JsonBuilder::Open(JsonValue container) {
  Level level;
  level.value = Place(std::move(container));
  levels_.push_back(std::move(level));
}

// Pointers into open containers stay good: only the innermost one grows.
JsonValue* JsonBuilder::Place(JsonValue value) {
  if (levels_.empty()) {
    root_ = std::move(value);
    return &root_;
  }
  JsonValue& parent = *levels_.back().value;
  if (auto* list = parent.get_ptr<JsonValue::array_t*>()) {
    return &list->emplace_back(std::move(value));
  }
  // As a vector: ordered_map's own emplace searches for the key each time.
  auto& members = *parent.get_ptr<JsonValue::object_t*>();
  using Container = JsonValue::object_t::Container;
  return &static_cast<Container&>(members)
              .emplace_back(std::move(key_), std::move(value))
              .second;
}

}  // namespace gatehouse
