// SPDX-License-Identifier: Apache-2.0
// Zones against libc's reading of the same files, over two centuries.
#include "policy/time_zone.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <time.h>

#include <random>

#include "policy_fixture.h"

namespace gatehouse {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

// libc's zone is the whole process's; put back at the end.
class LibcZone {
 public:
  explicit LibcZone(const std::string& name) {
    setenv("TZ", (":" + name).c_str(), 1);
    tzset();
  }
  ~LibcZone() {
    unsetenv("TZ");
    tzset();
  }
  static seconds OffsetAt(std::int64_t at) {
    const time_t time = static_cast<time_t>(at);
    struct tm local {};
    localtime_r(&time, &local);
    return seconds(local.tm_gmtoff);
  }
};

class TimeZoneTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(testing::SystemZone("Europe/Berlin").ok()) << "install tzdata";
  }
};

TEST_F(TimeZoneTest, AgreesWithLibcOverTwoCenturies) {
  std::mt19937_64 random(20260202);
  std::uniform_int_distribution<std::int64_t> instant(-2'000'000'000,
                                                      6'000'000'000);
  for (const char* name :
       {"Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu",
        "Australia/Lord_Howe", "America/Sao_Paulo", "Pacific/Apia",
        "Africa/Casablanca", "Europe/Dublin", "Asia/Gaza", "America/Nuuk",
        "Pacific/Kiritimati", "Antarctica/Troll", "Etc/GMT+3", "UTC"}) {
    const auto data = testing::SystemZone(name);
    ASSERT_TRUE(data.ok()) << name;
    const auto zone = TimeZone::Read(data.value());
    ASSERT_TRUE(zone.ok()) << name << ": " << zone.error().sentence;
    const LibcZone libc(name);
    for (int i = 0; i < 2000; ++i) {
      const std::int64_t at = instant(random);
      ASSERT_EQ(zone.value().OffsetAt(sys_seconds(seconds(at))),
                LibcZone::OffsetAt(at))
          << name << " at " << at;
    }
  }
}

TEST_F(TimeZoneTest, ChangesToTheSecond) {
  const auto zone =
      TimeZone::Read(testing::SystemZone("Europe/Berlin").value());
  // 2040-03-25 01:00 UTC: by the rule, beyond what the file lists.
  const sys_seconds change{seconds(2216250000)};
  EXPECT_EQ(zone.value().OffsetAt(change - seconds(1)), seconds(3600));
  EXPECT_EQ(zone.value().OffsetAt(change), seconds(7200));
}

TEST_F(TimeZoneTest, RefusesWhatIsNoZoneAndNeverReadsPastItsEnd) {
  EXPECT_FALSE(TimeZone::Read("").ok());
  EXPECT_FALSE(TimeZone::Read("TZif").ok());
  const std::string good = testing::SystemZone("Europe/Berlin").value();
  for (std::size_t size = 0; size + 1 < good.size(); size += 7) {
    EXPECT_FALSE(TimeZone::Read(good.substr(0, size)).ok()) << size;
  }
  std::mt19937 random(7);
  for (int i = 0; i < 3000; ++i) {
    std::string bytes = good;
    bytes[random() % bytes.size()] = static_cast<char>(random());
    const auto zone = TimeZone::Read(bytes);
    if (zone.ok())
      (void)zone.value().OffsetAt(sys_seconds(seconds(1'800'000'000)));
  }
}

}  // namespace
}  // namespace gatehouse
