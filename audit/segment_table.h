// SPDX-License-Identifier: Apache-2.0
#pragma once
// The segments of a trail: files beside its database that hold its older
// records. The table `segment` of the database says which there are; a reader
// sees through this file the whole trail as one table. Writes nothing.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "audit/record.h"
#include "audit/sqlite_database.h"
#include "policy/result.h"

namespace gatehouse::audit {

// As many as one connection can read beside the database. With so many, the
// database grows on until old ones are pruned.
inline constexpr int kMaxSegments = 9;

struct Segment {
  std::int64_t number = 0;  // 1, 2, …
  std::string file;         // its name: "audit.000001.db"
  Sequence first = 0;
  Sequence last = 0;
  std::string head;     // the hash of record `last`
  bool pruned = false;  // its records were let go

  bool operator==(const Segment&) const = default;
};

std::string SegmentName(const std::string& database, std::int64_t number);
// Beside the database, whatever folders the name may hold.
std::string SegmentPath(const std::string& database,
                        const std::string& segment_file);

// In order; none for a trail of an older version.
Result<std::vector<Segment>> ReadSegments(Database& database);

// Where the trail begins that is still kept: nothing was pruned, or the last
// segment that was. `last` is 0 for the former.
Segment LastPruned(const std::vector<Segment>& segments);

// The segments that one connection reads beside its database, so that what it
// calls `record` is the whole trail. A segment whose file is not there is left
// out: its records are missing. One thread; the database must be the same in
// all calls.
class AttachedSegments {
 public:
  // `database`: the path.
  explicit AttachedSegments(std::string database)
      : path_(std::move(database)) {}

  // Begins a transaction that sees one instant of the whole trail. What guards
  // have moved to segments since the last one would be missing from it, or
  // stand in it twice: then it attaches what there is now, and begins anew.
  Status Begin(Database& database);

 private:
  Status Attach(Database& database, std::vector<Segment> segments);

  std::string path_;
  std::vector<Segment> attached_;
  bool whole_ = true;  // or an attempt to attach them has failed
};

}  // namespace gatehouse::audit
