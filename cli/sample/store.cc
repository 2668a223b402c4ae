// SPDX-License-Identifier: Apache-2.0
#include "cli/sample/store.h"

#include <array>
#include <cstdio>
#include <ctime>
#include <utility>

#include "cli/sample/object.h"
#include "cli/sample/selector.h"
#include "policy/json_value.h"

namespace gatehouse::sample {
namespace {

std::string MakeUid(std::uint64_t number) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "5a3b1e00-0000-4000-8000-%012llx",
                static_cast<unsigned long long>(number));
  return text.data();
}

// A sample has no controllers: a written workload is at once as asked for.
void Settle(const ObjectKey& key, JsonValue& object) {
  if (key.type != "apps/deployments" && key.type != "apps/replicasets" &&
      key.type != "apps/statefulsets") {
    return;
  }
  std::int64_t replicas = Number(object, {"spec", "replicas"}, 1);
  for (std::string_view field :
       {"replicas", "readyReplicas", "availableReplicas", "updatedReplicas"}) {
    Set(object, {"status", field}, replicas);
  }
  Set(object, {"status", "observedGeneration"},
      Number(object, {"metadata", "generation"}, 1));
}

bool SpecDiffers(const JsonValue& before, const JsonValue& after) {
  const JsonValue* old_spec = Find(before, {"spec"});
  const JsonValue* new_spec = Find(after, {"spec"});
  if (old_spec == nullptr || new_spec == nullptr) return old_spec != new_spec;
  return *old_spec != *new_spec;
}

}  // namespace

bool Matches(const ObjectFilter& filter, const ObjectKey& key,
             const JsonValue& object) {
  if (filter.type != key.type) return false;
  if (!filter.namespace_name.empty() &&
      filter.namespace_name != key.namespace_name) {
    return false;
  }
  return MatchesLabels(filter.label_selector, object) &&
         MatchesFields(filter.field_selector, object);
}

std::optional<JsonValue> Store::Get(const ObjectKey& key) const {
  std::lock_guard lock(mutex_);
  auto found = objects_.find(key);
  if (found == objects_.end()) return std::nullopt;
  return found->second;
}

std::vector<JsonValue> Store::List(const ObjectFilter& filter) const {
  std::lock_guard lock(mutex_);
  std::vector<JsonValue> found;
  for (const auto& [key, object] : objects_) {
    if (Matches(filter, key, object)) found.push_back(object);
  }
  return found;
}

std::uint64_t Store::version() const {
  std::lock_guard lock(mutex_);
  return version_;
}

JsonValue Store::Put(const ObjectKey& key, JsonValue object) {
  std::lock_guard lock(mutex_);
  ++version_;
  auto found = objects_.find(key);
  std::int64_t generation = 1;
  if (found != objects_.end()) {
    generation = Number(found->second, {"metadata", "generation"}, 1);
    if (SpecDiffers(found->second, object)) ++generation;
  }
  if (Text(object, {"metadata", "uid"}).empty()) {
    Set(object, {"metadata", "uid"}, MakeUid(version_));
  }
  if (Text(object, {"metadata", "creationTimestamp"}).empty()) {
    Set(object, {"metadata", "creationTimestamp"},
        WriteTime(std::chrono::system_clock::now()));
  }
  Set(object, {"metadata", "resourceVersion"}, std::to_string(version_));
  Set(object, {"metadata", "generation"}, generation);
  Settle(key, object);
  Note(found == objects_.end() ? "ADDED" : "MODIFIED", key, object);
  objects_.insert_or_assign(key, object);
  return object;
}

std::optional<JsonValue> Store::Delete(const ObjectKey& key) {
  std::lock_guard lock(mutex_);
  auto found = objects_.find(key);
  if (found == objects_.end()) return std::nullopt;
  JsonValue object = std::move(found->second);
  objects_.erase(found);
  ++version_;
  Set(object, {"metadata", "resourceVersion"}, std::to_string(version_));
  Note("DELETED", key, object);
  return object;
}

void Store::Note(std::string kind, const ObjectKey& key,
                 const JsonValue& object) {
  changes_.push_back({version_, std::move(kind), key, object});
  changed_.notify_all();
}

std::vector<Change> Store::ChangesAfter(
    std::uint64_t version, const ObjectFilter& filter,
    std::chrono::milliseconds patience) const {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, patience, [&] { return version_ > version; });
  std::vector<Change> found;
  for (const Change& change : changes_) {
    if (change.version > version &&
        Matches(filter, change.key, change.object)) {
      found.push_back(change);
    }
  }
  return found;
}

std::string WriteTime(std::chrono::system_clock::time_point time) {
  std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text.data();
}

}  // namespace gatehouse::sample
