// SPDX-License-Identifier: Apache-2.0
#include "cli/zone_file.h"

#include <gtest/gtest.h>

#include "policy/time_zone.h"

namespace gatehouse::cli {
namespace {

TEST(ZoneFile, ReadsZonesByNameAndNothingElse) {
  const auto berlin = ReadZoneFile("Europe/Berlin");
  ASSERT_TRUE(berlin.ok()) << "install tzdata";
  EXPECT_TRUE(TimeZone::Read(berlin.value()).ok());
  EXPECT_TRUE(ReadZoneFile("Etc/GMT+3").ok());
  for (const char* bad :
       {"", "/etc/passwd", "../../../etc/passwd", "Europe", "Europe/Atlantis",
        "Europe/../Berlin", "Europe/Berlin\n", "europe berlin"}) {
    EXPECT_FALSE(ReadZoneFile(bad).ok()) << bad;
  }
}

}  // namespace
}  // namespace gatehouse::cli
