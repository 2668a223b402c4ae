// SPDX-License-Identifier: Apache-2.0
// Thousands of calls with faults between them: each is answered or accounted
// for, the chain verifies, and memory is flat. GATEHOUSE_SOAK_CALLS and
// GATEHOUSE_SOAK_SEED choose another run; the nightly one has 200,000 calls.

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <numeric>

#include "audit/reader.h"
#include "tests/e2e/e2e_fixture.h"
#include "tests/e2e/soak.h"

namespace gatehouse {
namespace {

using testing::Setting;

constexpr std::size_t kCalls = 5'000;
constexpr std::uint64_t kSeed = 20261127;

double Mean(const std::vector<std::size_t>& samples, std::size_t quarter) {
  const std::size_t size = samples.size() / 4;
  const auto first =
      samples.begin() + static_cast<std::ptrdiff_t>(quarter * size);
  const auto last = first + static_cast<std::ptrdiff_t>(size);
  return std::accumulate(first, last, 0.0) / static_cast<double>(size);
}

std::size_t Decisions(const std::string& database) {
  std::size_t decisions = 0;
  const auto reader = audit::OpenReader(database);
  if (!reader.ok()) return 0;
  const auto walked =
      reader.value()->ForEach([&](const audit::StoredRecord& record) {
        if (record.payload->find(R"("stage":"decision")") !=
            std::string::npos) {
          ++decisions;
        }
        return audit::Reader::Next::kGoOn;
      });
  EXPECT_TRUE(walked.ok());
  return decisions;
}

TEST(Soak, EachCallIsAccountedForAndMemoryIsFlat) {
  const std::uint64_t seed = Setting("GATEHOUSE_SOAK_SEED", kSeed);
  testing::Soak soak(seed);
  soak.Run(Setting("GATEHOUSE_SOAK_CALLS", kCalls));
  if (HasFatalFailure()) return;
  std::cout << "seed " << seed << ": " << soak.Summary() << "\n";
  EXPECT_GE(Decisions(soak.database()), soak.judged());
  EXPECT_EQ(testing::RunGatehouse({"audit", "verify", "--db", soak.database()})
                .exit_code,
            0);
  ASSERT_GE(soak.memory().size(), 8u);
  const double second = Mean(soak.memory(), 1);
  const double last = Mean(soak.memory(), 3);
  std::cout << "resident: second quarter " << second / 1e6 << " MB, last "
            << last / 1e6 << " MB\n";
  EXPECT_LE(last, second * 1.05);
}

}  // namespace
}  // namespace gatehouse
