// SPDX-License-Identifier: Apache-2.0
#pragma once
// The room that a trail has left on its disk, and the ballast that is given up
// for its last records: a file of 4 MiB beside the database. Once it is gone,
// the trail counts as full for every guard that writes to it, until there is
// room for it again. Knows nothing of records.

#include <cstdint>
#include <string>

#include "policy/result.h"

namespace gatehouse::audit {

inline constexpr std::uint64_t kBallastBytes = 4u << 20;

// Owns no descriptor. One thread, under the writer lock.
class TrailSpace {
 public:
  explicit TrailSpace(std::string ballast) : ballast_(std::move(ballast)) {}

  // Makes the ballast where it is missing and twice its size is free. Whether
  // it is there.
  bool MakeBallast() const;
  bool HasBallast() const;
  // Whether there was one to give up.
  bool FreeBallast() const;
  // Less than a tenth of the file system is free, and less than a gibibyte.
  // False where that cannot be told.
  bool IsLow() const;
  // "12 MiB are free"
  std::string Describe() const;

 private:
  std::string ballast_;
};

}  // namespace gatehouse::audit
