// SPDX-License-Identifier: Apache-2.0
#include "proxy/limited_events.h"

#include <gtest/gtest.h>

#include "tests/support/gate_bench.h"

namespace gatehouse {
namespace {

TEST(LimitedEvents, CountWhatTheyDoNotRecord) {
  GateBench bench;
  LimitedEvents events(bench.context, "noise");
  const auto add = [&](int count) {
    for (int i = 0; i < count; ++i) {
      if (events.Allow()) events.Queue(events.Make("it"));
    }
    EXPECT_TRUE(bench.trail.Flush().ok());
    return bench.records().size();
  };
  EXPECT_EQ(add(500), 100u);
  EXPECT_EQ(bench.records().back().detail, "it");
  bench.clock.Advance(std::chrono::seconds(1));
  EXPECT_EQ(add(3), 101u);
  EXPECT_EQ(bench.records().back().detail, "it; 400 more were not recorded");
  // Nothing comes that could tell of the last two.
  events.TellRest();
  EXPECT_EQ(add(0), 102u);
  EXPECT_EQ(bench.records().back().event, "noise");
  EXPECT_EQ(bench.records().back().detail, "2 more were not recorded");
  events.TellRest();
  EXPECT_EQ(add(0), 102u);
}

}  // namespace
}  // namespace gatehouse
