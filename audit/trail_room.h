// SPDX-License-Identifier: Apache-2.0
#pragma once
// The room that a trail has left, on its disk and of its quota, and what is
// kept back for its last records: a ballast file of 4 MiB beside the database,
// and the end of the quota. Once that is given up the trail counts as full:
// what would act is refused, refusals and outcomes are still written while
// they fit. A ballast that is gone says so to every guard of the database.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "audit/record.h"
#include "audit/sqlite_database.h"
#include "audit/sqlite_sink.h"

namespace gatehouse::audit {

inline constexpr std::uint64_t kBallastBytes = 4u << 20;

// One thread, under the writer lock. Borrows nothing.
class TrailRoom {
 public:
  TrailRoom(std::string ballast, const SinkOptions& options);

  // The quota without what is kept back; 0: none.
  std::uint64_t OrdinaryBytes() const;

  // After the database was opened, and before each batch.
  void Look(Database& database);
  void LookAgain(Database& database);
  bool IsFull() const { return full_; }
  // "12 MiB are free", for a sentence.
  std::string Describe() const;

  // A commit found no room: whether there was something kept back, which it
  // may use now.
  bool UseReserve(Database& database);
  // It did not fit in that either: as before.
  void ReserveWasTooSmall(Database& database);
  // The event that goes with what is written then.
  Record FullRecord() const;

  // Events that ride along with the next commit.
  const std::vector<Record>& notices() const { return notices_; }
  void NoticesWritten() { notices_.clear(); }

 private:
  using Clock = std::chrono::steady_clock;

  bool IsGuard() const { return !options_.self.session.empty(); }
  bool HasBallast() const;
  bool MakeBallast() const;
  bool FreeBallast() const;
  bool IsQuotaLow(Database& database) const;
  void LimitTo(Database& database, std::uint64_t bytes) const;
  void Notice(std::string event, std::string detail);

  std::string ballast_;
  SinkOptions options_;
  bool had_ballast_ = false;
  bool full_ = false;
  bool low_ = false;
  Clock::time_point last_look_;
  Clock::time_point last_ballast_look_;
  std::vector<Record> notices_;
};

// An event that the sink records of itself.
Record SinkEvent(const Record& self, std::string event, std::string detail);

}  // namespace gatehouse::audit
