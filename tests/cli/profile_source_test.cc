// SPDX-License-Identifier: Apache-2.0
#include "cli/profile_source.h"

#include <gtest/gtest.h>

namespace gatehouse::cli {
namespace {

TEST(WhyNoProfile, SaysHowToComeByOne) {
  const std::string why = WhyNoProfile({"no-such-server"});
  for (const char* way : {"--profile", "gatehouse server list",
                          "gatehouse server scaffold -- SERVER"}) {
    EXPECT_NE(why.find(way), std::string::npos) << why;
  }
  // A log line, not a table of all that is shipped.
  EXPECT_EQ(why.find("kubernetes-mcp-server"), std::string::npos) << why;
}

}  // namespace
}  // namespace gatehouse::cli
