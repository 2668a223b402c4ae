// SPDX-License-Identifier: Apache-2.0
#pragma once
// Copies records of a trail to a segment file, in steps of a few milliseconds
// and without the writer lock: rows never change once they are committed. One
// guard at a time; a copy that is cut off is begun anew by the next. When it
// is whole the file is on the disk under its name, and nobody has read it yet:
// that the trail has this segment is said in the database (rotation.h).

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "audit/segment_table.h"
#include "audit/sqlite_database.h"
#include "audit/trail_files.h"
#include "audit/writer_lock.h"
#include "policy/result.h"

namespace gatehouse::audit {

// Kept in the lock file by whoever copies or prunes; no session gets so far.
inline constexpr std::int64_t kSegmentSlot = std::int64_t{1} << 40;

// A call that was let through and has no outcome in what was copied.
struct OpenCall {
  std::string session;
  std::string tool;
};

// Owns its connection. One thread.
class SegmentCopy {
 public:
  // Of `segment`: number, file, first, last, head. kBusy where another guard
  // copies.
  static Result<std::unique_ptr<SegmentCopy>> Start(const TrailFiles& files,
                                                    Segment segment,
                                                    const std::string& chain);
  ~SegmentCopy();

  // Copies some; whether all is copied and on the disk.
  Result<bool> Step();

  const Segment& segment() const { return segment_; }
  const std::map<std::string, OpenCall>& open_calls() const { return open_; }
  // Outcomes of calls that began before.
  const std::vector<std::string>& ended_calls() const { return ended_; }

 private:
  SegmentCopy(const TrailFiles& files, Segment segment);
  Status Prepare(const std::string& chain);
  Status NoteCalls(Sequence from, Sequence to);
  Status Finish();

  TrailFiles files_;
  Segment segment_;
  std::string part_;  // the file while it is not whole
  WriterLock lock_;   // for its slot
  std::optional<Database> file_;
  Statement copy_;
  Statement calls_;
  Sequence copied_ = 0;
  std::map<std::string, OpenCall> open_;  // by call
  std::vector<std::string> ended_;
};

}  // namespace gatehouse::audit
