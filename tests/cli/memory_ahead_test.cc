// SPDX-License-Identifier: Apache-2.0
#include "cli/memory_ahead.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstdlib>
#include <cstring>
#include <functional>
#include <thread>
#include <vector>

namespace gatehouse::cli {
namespace {

constexpr std::size_t kPages = 64;
constexpr std::size_t kPageBytes = 4096;

long FaultsOf(const std::function<void()>& work) {
  rusage before = {};
  rusage after = {};
  getrusage(RUSAGE_THREAD, &before);
  work();
  getrusage(RUSAGE_THREAD, &after);
  return after.ru_minflt - before.ru_minflt;
}

// Small blocks, as a start allocates them.
void FillPages() {
  std::vector<void*> blocks(kPages * kPageBytes / 512);
  for (void*& block : blocks) {
    block = std::malloc(500);
    std::memset(block, 1, 500);
  }
  for (void* const block : blocks) std::free(block);
}

// In a thread, whose heap is new: what other tests gave back is not there.
TEST(MemoryAheadTest, HeapComesWithoutAFaultForEachPage) {
  long without = 0;
  long with = 0;
  std::thread([&] { without = FaultsOf(FillPages); }).join();
  std::thread([&] {
    const HeapAhead heap(2 * kPages * kPageBytes);
    with = FaultsOf(FillPages);
  }).join();
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  EXPECT_LE(with, without + 8);  // a malloc that has ways of its own
#else
  EXPECT_LT(with, without / 2) << without << " without";
#endif
}

TEST(MemoryAheadTest, TheProgramGoesOnWithItsCodeMapped) {
  MapProgramAhead();
  MapProgramAhead();
  EXPECT_NE(std::getenv("PATH"), nullptr);
}

}  // namespace
}  // namespace gatehouse::cli
