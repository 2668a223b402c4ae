// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a power cut may leave of what was done to a folder's files (fault_vfs.h
// keeps the log of it). A name is on the disk once the folder was synced after
// the file was made; until then the file may be gone, or a deleted one back.

#include <cstdint>
#include <map>
#include <span>
#include <string>

namespace gatehouse::testing {

// What a power cut leaves of the writes that were not synced, per sector.
enum class Cut {
  kNothing = 0,  // none of them
  kAll,          // all of them
  kSome,         // each or not, in any order
  kTorn,         // each, not, half of it, or garbage in its place
};

struct DiskEntry {
  // kFound: what the file holds when it is first opened, on the disk already.
  // kNames: the folder was synced.
  enum class Kind { kWrite, kTruncate, kSync, kDelete, kFound, kNames };
  Kind kind;
  std::string file;
  std::int64_t offset = 0;  // kTruncate: the size
  std::string bytes = {};
};

// The files there are after `log`, by name.
std::map<std::string, std::string> DiskAfterCut(std::span<const DiskEntry> log,
                                                Cut cut, std::uint64_t seed);

}  // namespace gatehouse::testing
