// SPDX-License-Identifier: Apache-2.0
#pragma once
// Rotation: when the database has grown or aged enough, its records go to a
// segment and then leave it. The chain goes on: numbers and hashes run through
// the segments and the database, and the record `segment closed` {file, count,
// first, last, head} says what went where.
//
// The row in `segment`, which is committed with that record, is the point of no
// return: from then on the file is the record, and what is left of it in the
// database is deleted. Before, a crash costs a copy; after, a deletion, which
// the next guard does.

#include <chrono>
#include <cstdint>
#include <memory>

#include "audit/record.h"
#include "audit/segment_copy.h"
#include "audit/sqlite_database.h"
#include "audit/sqlite_sink.h"
#include "audit/trail_files.h"
#include "policy/result.h"

namespace gatehouse::audit {

// Under the lock: deletes of the database some of what stands in a segment,
// too. Whether more may be left.
Result<bool> DeleteMoved(Database& database);

// One thread. Must go before the database that it is told of.
class Rotation {
 public:
  Rotation(const TrailFiles& files, const SinkOptions& options);

  // Without the lock: looks whether a segment is due, or copies some of one.
  // Failure costs nothing: it is tried again later.
  void CopyStep(Database& database);
  // What was copied waits for a transaction that says so.
  bool IsCopied() const { return copied_; }
  // In that transaction, which is to be FULL, with ClosedRecord among its
  // records.
  Status Close(Database& database);
  Record ClosedRecord() const;
  void Closed();
  // Before the database is closed: what is copied so far is thrown away.
  void Stop();

  // Something may stand in a segment and in the database, too.
  bool HasLeftovers() const { return leftovers_; }
  // Under the lock: deletes some of it.
  void DeleteStep(Database& database);

 private:
  bool IsDue(Database& database);
  Status Start(Database& database);

  TrailFiles files_;
  SinkOptions options_;
  std::chrono::steady_clock::time_point last_look_;
  std::unique_ptr<SegmentCopy> copy_;
  bool copied_ = false;
  bool leftovers_ = true;  // a guard may have died over them
};

}  // namespace gatehouse::audit
