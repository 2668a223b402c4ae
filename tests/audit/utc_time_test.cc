// SPDX-License-Identifier: Apache-2.0
// Instants as people and other programs read them: a wrong day or a lost digit
// would put a call at another time than it happened.
#include "audit/utc_time.h"

#include <gtest/gtest.h>

#include <chrono>
#include <limits>

namespace gatehouse::audit {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;

TEST(UtcTime, IsRfc3339WithNineDigits) {
  const std::pair<std::int64_t, const char*> rows[] = {
      {0, "1970-01-01T00:00:00.000000000Z"},
      {1, "1970-01-01T00:00:00.000000001Z"},
      {-1, "1969-12-31T23:59:59.999999999Z"},
      {86399 * kSecondNs, "1970-01-01T23:59:59.000000000Z"},
      {86400 * kSecondNs, "1970-01-02T00:00:00.000000000Z"},
      {951'782'400 * kSecondNs, "2000-02-29T00:00:00.000000000Z"},
      {4'107'542'400 * kSecondNs, "2100-03-01T00:00:00.000000000Z"},
      {1'234'567'890 * kSecondNs + 123'456'789,
       "2009-02-13T23:31:30.123456789Z"},
      {-9'223'286'400 * kSecondNs, "1677-09-22T00:00:00.000000000Z"},
      {std::numeric_limits<std::int64_t>::max(),
       "2262-04-11T23:47:16.854775807Z"},
  };
  for (const auto& [time, text] : rows) EXPECT_EQ(FormatUtc(time), text);
}

TEST(UtcTime, NowIsTheClockOfTheHost) {
  using std::chrono::duration_cast, std::chrono::nanoseconds;
  const auto host = [] {
    return duration_cast<nanoseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  };
  const std::int64_t slack = 60 * kSecondNs;  // a clock that is set meanwhile
  const std::int64_t before = host(), now = NowNanoseconds(), after = host();
  EXPECT_GE(now, before - slack);
  EXPECT_LE(now, after + slack);
}

TEST(UtcTime, IsReadAsItIsWritten) {
  for (const std::int64_t time_ns :
       {std::int64_t{0}, std::int64_t{1'767'225'600'000'000'001},
        NowNanoseconds()}) {
    EXPECT_EQ(ParseUtc(FormatUtc(time_ns)), time_ns);
  }
  for (const char* bad :
       {"", "2026-02-30T00:00:00.000000000Z", "2026-01-01T00:00:00Z",
        "2026-01-01", "2026-01-01T00:00:00.000000000Z "}) {
    EXPECT_EQ(ParseUtc(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace gatehouse::audit
