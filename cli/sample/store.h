// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the sample cluster holds: objects by type, namespace and name, with a
// resource version that counts up and a log of changes for watches. It knows
// nothing of HTTP, and almost nothing of what the objects mean (a scaled
// deployment is at once as it should be).

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "policy/json_value.h"

namespace gatehouse::sample {

// "apps/deployments", "/pods"; versions of one group share their objects.
struct ObjectKey {
  std::string type;
  std::string namespace_name;  // "" for cluster-scoped objects
  std::string name;
  // clang-tidy 14 sees a 0 of its own making in this.
  auto operator<=>(const ObjectKey&) const = default;  // NOLINT
};

// Which objects a list or watch is after; "" is any.
struct ObjectFilter {
  std::string type;
  std::string namespace_name;
  std::string label_selector;
  std::string field_selector;
};
bool Matches(const ObjectFilter& filter, const ObjectKey& key,
             const JsonValue& object);

struct Change {
  std::uint64_t version = 0;
  std::string kind;  // "ADDED", "MODIFIED", "DELETED"
  ObjectKey key;
  JsonValue object;
};

// Any thread. Returned objects are copies.
class Store {
 public:
  std::optional<JsonValue> Get(const ObjectKey& key) const;
  std::vector<JsonValue> List(const ObjectFilter& filter) const;
  std::uint64_t version() const;

  // Fills in uid, resourceVersion, creationTimestamp and generation, keeps the
  // object and returns it as it stands.
  JsonValue Put(const ObjectKey& key, JsonValue object);
  // The removed object, or none.
  std::optional<JsonValue> Delete(const ObjectKey& key);

  // Changes after `version` that match; waits up to `patience` for the first.
  std::vector<Change> ChangesAfter(std::uint64_t version,
                                   const ObjectFilter& filter,
                                   std::chrono::milliseconds patience) const;

 private:
  void Note(std::string kind, const ObjectKey& key, const JsonValue& object);

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::map<ObjectKey, JsonValue> objects_;
  std::vector<Change> changes_;
  std::uint64_t version_ = 1000;
};

// RFC 3339, UTC, whole seconds.
std::string WriteTime(std::chrono::system_clock::time_point time);

}  // namespace gatehouse::sample
