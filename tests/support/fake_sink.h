// SPDX-License-Identifier: Apache-2.0
#pragma once
// A trail in memory that fails when a test wants it to: at its n-th append or
// commit, counted from 1 over its whole life.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/sink.h"

namespace gatehouse::audit {

class FakeSink final : public Sink {
 public:
  Result<Sequence> Append(const Record& record) override {
    if (++appends == fail_append_at || broken) return Failure();
    open_.push_back(record);
    return static_cast<Sequence>(committed.size() + open_.size());
  }
  // Used up where `used_up` says so.
  Result<std::optional<std::size_t>> CountLimits(
      std::span<const LimitUse> uses) override {
    if (broken) return Failure();
    for (std::size_t i = 0; i < uses.size(); ++i) {
      if (uses[i].key == used_up) return std::optional<std::size_t>(i);
    }
    counted.insert(counted.end(), uses.begin(), uses.end());
    return std::optional<std::size_t>();
  }
  Status Commit(Durability durability) override {
    if (++commits == fail_commit_at || broken) return Failure();
    committed.insert(committed.end(), open_.begin(), open_.end());
    open_.clear();
    durabilities.push_back(durability);
    return Done{};
  }
  // At once, unless a test delays it.
  std::uint64_t StartSync() override {
    if (!durabilities.empty()) durabilities.back() = Durability::kFull;
    ++syncs;
    if (!delays_syncs)
      EndSyncs(fail_syncs ? Status(Failure()) : Status(Done{}));
    return syncs;
  }
  std::optional<Synced> TakeSynced() override {
    return std::exchange(synced_, std::nullopt);
  }
  int synced_fd() const override { return -1; }
  // All that were started, or the first of them.
  void EndSyncs(const Status& status, std::uint64_t through = 0) {
    synced_ = Synced{through == 0 ? syncs : through, status};
  }
  void Rollback() override {
    ++rollbacks;
    open_.clear();
  }
  Status KeepPolicy(std::string_view, std::string_view) override {
    return Done{};
  }
  // Kept at once: a test of the batch uses the real one.
  Status KeepDefinition(const ToolDefinition& definition) override {
    if (broken) return Failure();
    for (ToolDefinition& kept : definitions) {
      const bool same = kept.server == definition.server &&
                        kept.tool == definition.tool &&
                        kept.hash == definition.hash;
      if (!same) continue;
      kept.accepted = kept.accepted || definition.accepted;
      return Done{};
    }
    definitions.push_back(definition);
    return Done{};
  }
  Result<std::vector<ToolDefinition>> Definitions(
      std::string_view server) override {
    if (broken) return Failure();
    std::vector<ToolDefinition> found;
    for (const ToolDefinition& kept : definitions) {
      if (kept.server == server) found.push_back(kept);
    }
    return found;
  }
  void Idle() override {}

  std::size_t open() const { return open_.size(); }

  std::vector<Record> committed;
  std::vector<ToolDefinition> definitions;
  std::vector<LimitUse> counted;
  std::string used_up;                   // a key
  std::vector<Durability> durabilities;  // of each commit that succeeded
  std::size_t appends = 0;
  std::size_t commits = 0;
  std::uint64_t syncs = 0;
  bool fail_syncs = false;    // of those that are not delayed
  bool delays_syncs = false;  // until EndSyncs
  std::size_t rollbacks = 0;
  std::size_t fail_append_at = 0;  // 0: never
  std::size_t fail_commit_at = 0;
  bool broken = false;  // everything fails

 private:
  std::optional<Synced> synced_;

  static Error Failure() { return {ErrorCode::kIo, "the disk said no"}; }

  std::vector<Record> open_;
};

}  // namespace gatehouse::audit
