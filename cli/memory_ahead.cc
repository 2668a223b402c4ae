// SPDX-License-Identifier: Apache-2.0
#include "cli/memory_ahead.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <vector>

// The linker's names for where the program's headers begin and its code ends.
extern "C" const char __executable_start;  // NOLINT
extern "C" const char etext;               // NOLINT

namespace gatehouse::cli {
namespace {

// A larger one would be a mapping of its own (M_MMAP_THRESHOLD, 128 KiB).
constexpr std::size_t kBlock = 96 << 10;

// As if each page from `begin` were read, or written; no error matters.
void Populate(const void* begin, std::size_t size, int advice) {
  const auto page = static_cast<std::uintptr_t>(getpagesize());
  const std::uintptr_t before = reinterpret_cast<std::uintptr_t>(begin) % page;
  const auto* const first = static_cast<const char*>(begin) - before;
  madvise(const_cast<char*>(first), before + size, advice);
}

}  // namespace

void MapProgramAhead() {
  Populate(&__executable_start,
           static_cast<std::size_t>(&etext - &__executable_start),
           MADV_POPULATE_READ);
}

HeapAhead::HeapAhead(std::size_t bytes) {
  std::vector<void*> blocks((bytes + kBlock - 1) / kBlock);
  for (void*& block : blocks) block = std::malloc(kBlock);
  // Above them all, since free memory at the end of a heap goes back to the
  // system: as large as they are, so that it comes from there too.
  last_ = std::malloc(kBlock);
  if (void* const small = std::realloc(last_, 1)) last_ = small;
  for (void* const block : blocks) {
    if (block == nullptr) continue;
    Populate(block, kBlock, MADV_POPULATE_WRITE);
    std::free(block);
  }
}

HeapAhead::~HeapAhead() { std::free(last_); }

}  // namespace gatehouse::cli
