// SPDX-License-Identifier: Apache-2.0
#pragma once
// The sessions that write to a trail, so that each call gets an end: a call
// that was let through and has no outcome is closed as `unknown` by the next
// guard that starts, once the guard that had it is gone.
//
// Each guard has a row here and holds the lock of that row's slot
// (writer_lock.h) for as long as it lives: the kernel drops it however a guard
// dies, also in another container. Not part of the chain; what it leads to is.

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "audit/record.h"
#include "audit/sqlite_database.h"
#include "policy/result.h"

namespace gatehouse::audit {

// Whether a stored decision let its call through: allowed, or merely observed.
bool LetThrough(std::string_view decision, std::string_view payload);

// Must not outlive the database. One thread, under the writer lock and, but
// for Note, Forget and Committed, within a transaction.
class SqliteSessions {
 public:
  static SqliteSessions Open(Database& database);

  // Outcomes for the calls that guards left open which live no more, as far as
  // `lives` tells by the slot; their rows go.
  Result<std::vector<Record>> TakeGone(
      const std::function<bool(std::int64_t slot)>& lives);
  // The lowest slot above all that are taken.
  Result<std::int64_t> NextSlot();
  // This guard's own row. Of `self`: session and pid.
  Status Enter(std::int64_t slot, const Record& self, Sequence next);

  // A record of this guard's that is in the open batch.
  void Note(const Record& record, Sequence seq);
  // With the batch: where to look for open calls from, once in a while.
  Status Write(Sequence head);
  void Forget() { noted_.clear(); }
  void Committed();
  // Takes the row away where no call is open; else the next start finds it.
  Status Leave();

 private:
  struct Noted {
    std::string call;
    Sequence seq = 0;  // 0: the call has its end
  };

  struct Row {
    std::int64_t slot = 0;
    std::string session;
    std::int64_t pid = 0;
    std::string boot;
    std::int64_t first_seq = 0;
  };

  Result<std::vector<Row>> Rows();
  Status CloseCalls(const Row& row, std::vector<Record>& outcomes);

  Statement rows_;
  Statement kept_;
  Statement records_;
  Statement forget_;
  Statement insert_;
  Statement move_;
  Statement remove_;
  std::int64_t slot_ = 0;  // 0: not entered
  Sequence first_seq_ = 0;
  std::map<std::string, Sequence> open_;  // this guard's calls
  std::vector<Noted> noted_;
};

}  // namespace gatehouse::audit
