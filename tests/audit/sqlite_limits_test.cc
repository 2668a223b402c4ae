// SPDX-License-Identifier: Apache-2.0
#include "audit/sqlite_limits.h"

#include <gtest/gtest.h>

#include "tests/audit/trail_fixture.h"

namespace gatehouse::audit {
namespace {

constexpr std::int64_t kLimitSecond = 1'000'000'000;
constexpr std::int64_t kNow = 1'800'000'000 * kLimitSecond;

LimitUse Use(const std::string& key, std::int64_t seconds,
             std::int64_t calls = 2) {
  return {key, kNow + seconds * kLimitSecond, calls, 60 * kLimitSecond};
}

class SqliteLimitsTest : public TrailTest {
 protected:
  // "": counted; else the index that is used up.
  static std::string Count(Sink& sink, std::vector<LimitUse> uses) {
    const auto counted = sink.CountLimits(uses);
    if (!counted.ok()) return counted.error().sentence;
    return counted.value() ? std::to_string(*counted.value()) : "";
  }
  static std::string CountAndCommit(Sink& sink, std::vector<LimitUse> uses) {
    std::string counted = Count(sink, std::move(uses));
    EXPECT_TRUE(sink.Commit(Durability::kNormal).ok());
    return counted;
  }
};

TEST_F(SqliteLimitsTest, CountsInASlidingSpan) {
  const auto sink = OpenSink();
  EXPECT_EQ(CountAndCommit(*sink, {Use("a", 0)}), "");
  EXPECT_EQ(CountAndCommit(*sink, {Use("a", 30)}), "");
  EXPECT_EQ(CountAndCommit(*sink, {Use("a", 59)}), "0");
  EXPECT_EQ(CountAndCommit(*sink, {Use("b", 59)}), "") << "a key of its own";
  EXPECT_EQ(CountAndCommit(*sink, {Use("a", 60)}), "") << "the first is over";
  EXPECT_EQ(CountAndCommit(*sink, {Use("a", 61)}), "0");
}

TEST_F(SqliteLimitsTest, CountsWithinOneBatch) {
  const auto sink = OpenSink();
  EXPECT_EQ(Count(*sink, {Use("a", 0)}), "");
  EXPECT_EQ(Count(*sink, {Use("a", 0)}), "");
  EXPECT_EQ(Count(*sink, {Use("a", 0)}), "0");
}

TEST_F(SqliteLimitsTest, CountsAllOrNone) {
  const auto sink = OpenSink();
  EXPECT_EQ(CountAndCommit(*sink, {Use("b", 0, 1)}), "");
  EXPECT_EQ(CountAndCommit(*sink, {Use("a", 1, 1), Use("b", 1, 1)}), "1");
  EXPECT_EQ(CountAndCommit(*sink, {Use("a", 2, 1)}), "") << "a was not counted";
}

TEST_F(SqliteLimitsTest, ForgetsWhatIsRolledBack) {
  const auto sink = OpenSink();
  EXPECT_EQ(Count(*sink, {Use("a", 0, 1)}), "");
  sink->Rollback();
  EXPECT_EQ(CountAndCommit(*sink, {Use("a", 1, 1)}), "");
}

TEST_F(SqliteLimitsTest, HoldsOverARestartAndBetweenGuards) {
  {
    const auto sink = OpenSink();
    EXPECT_EQ(CountAndCommit(*sink, {Use("a", 0, 1)}), "");
  }
  const auto again = OpenSink();
  const auto other = OpenSink();
  EXPECT_EQ(CountAndCommit(*again, {Use("a", 1, 1)}), "0");
  EXPECT_EQ(CountAndCommit(*other, {Use("a", 2, 1)}), "0");
}

TEST_F(SqliteLimitsTest, KeepsNothingThatNoLimitLooksAt) {
  const auto sink = OpenSink();
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(CountAndCommit(*sink, {Use("a", std::int64_t{i} * 100)}), "");
  }
  Database database =
      Database::Open(database_, Database::Access::kReadOnly).value();
  EXPECT_EQ(database.QueryInteger("SELECT count(*) FROM limit_use").value(), 1);
}

TEST_F(SqliteLimitsTest, AClockThatWasFarAheadIsNotHeldAgainstAnybody) {
  const auto sink = OpenSink();
  EXPECT_EQ(CountAndCommit(*sink, {Use("a", 100'000, 1)}), "");
  EXPECT_EQ(CountAndCommit(*sink, {Use("a", 0, 1)}), "");
  EXPECT_EQ(CountAndCommit(*sink, {Use("a", -5, 1)}), "0") << "a small step is";
}

}  // namespace
}  // namespace gatehouse::audit
