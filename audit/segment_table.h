// SPDX-License-Identifier: Apache-2.0
#pragma once
// The segments of a trail: files beside its database that hold its older
// records. The table `segment` of the database says which there are; a reader
// sees through this file the whole trail as one table. Writes nothing.

#include <cstdint>
#include <string>
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

// What this connection reads as `record` is the whole trail from now on. A
// segment whose file is not there is left out: its records are missing.
Status AttachSegments(Database& database, const std::string& path);

}  // namespace gatehouse::audit
