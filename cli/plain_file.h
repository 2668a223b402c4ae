// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads the small files that calls are judged by: policies, kubeconfigs,
// profiles. They are looked at again while a session runs, and the server can
// write some of their places: so nothing that such a path may lead to (a pipe
// that nobody writes, a device without an end, a file of gigabytes) holds the
// guard up or fills its memory.

#include <cstddef>
#include <string>

#include "policy/result.h"

namespace gatehouse::cli {

inline constexpr std::size_t kMostPlainBytes = std::size_t{4} << 20;

// The file's bytes; links are followed, and /dev/null is an empty file.
// kNotFound; kPermission where it is there and cannot be read, is no plain file
// or has more than kMostPlainBytes. The sentence is what is to be said behind
// the file's name: "is no plain file". Any thread; throws nothing.
Result<std::string> ReadPlainFile(const std::string& path);

// The rest of what `fd`, borrowed, is open on; else as above.
Result<std::string> ReadPlainFile(int fd);

}  // namespace gatehouse::cli
