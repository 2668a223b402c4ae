// SPDX-License-Identifier: Apache-2.0
#pragma once
// What tells one state of a file from another, without reading it: for files
// that are read again when they have changed.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace gatehouse::cli {

struct FileStamp {
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns = 0;
  std::uint64_t inode = 0;
  std::int64_t size = -1;  // -1: no file
  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

FileStamp StampOf(const std::string& path);
std::vector<FileStamp> StampsOf(const std::vector<std::string>& paths);

// Whether one of them was written so short before `now` that it could be
// written again within the same tick of the file system's clock.
bool MayChangeUnseen(const std::vector<FileStamp>& stamps,
                     std::chrono::system_clock::time_point now);

}  // namespace gatehouse::cli
