// SPDX-License-Identifier: Apache-2.0
#pragma once
// Memory that a start is about to touch, taken with a few system calls. Else it
// comes page by page, each by a fault when it is first touched: nearly half of
// those of a short session are left out so (docs/performance.md). Where the
// kernel cannot do it (before 5.14), and where malloc is not glibc's,
// everything is as it was.

#include <cstddef>

namespace gatehouse::cli {

// The code of this program, as far as the file is in memory: a fault brings in
// 64 KiB of it, and a start comes by nearly all of them.
void MapProgramAhead();

// So much of the heap that this thread allocates from, ready to be written.
// Made after the last fork, since what stands before one is copied page by page
// after it. Hold it while the memory is to stay with the heap; one thread.
class HeapAhead {
 public:
  explicit HeapAhead(std::size_t bytes);
  ~HeapAhead();
  HeapAhead(const HeapAhead&) = delete;
  HeapAhead& operator=(const HeapAhead&) = delete;

 private:
  void* last_ = nullptr;
};

}  // namespace gatehouse::cli
