// SPDX-License-Identifier: Apache-2.0
#pragma once
// A trail in memory that fails when a test wants it to: at its n-th append or
// commit, counted from 1 over its whole life.

#include <cstddef>
#include <string>
#include <string_view>
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
  Status Commit(Durability durability) override {
    if (++commits == fail_commit_at || broken) return Failure();
    committed.insert(committed.end(), open_.begin(), open_.end());
    open_.clear();
    durabilities.push_back(durability);
    return Done{};
  }
  void Rollback() override {
    ++rollbacks;
    open_.clear();
  }
  Status KeepPolicy(std::string_view, std::string_view) override {
    return Done{};
  }
  void Idle() override {}

  std::size_t open() const { return open_.size(); }

  std::vector<Record> committed;
  std::vector<Durability> durabilities;  // of each commit that succeeded
  std::size_t appends = 0;
  std::size_t commits = 0;
  std::size_t rollbacks = 0;
  std::size_t fail_append_at = 0;  // 0: never
  std::size_t fail_commit_at = 0;
  bool broken = false;  // everything fails

 private:
  static Error Failure() { return {ErrorCode::kIo, "the disk said no"}; }

  std::vector<Record> open_;
};

}  // namespace gatehouse::audit
