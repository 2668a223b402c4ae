// SPDX-License-Identifier: Apache-2.0
#include "proxy/call_limits.h"

#include <gtest/gtest.h>

#include "tests/support/gate_bench.h"

namespace gatehouse {
namespace {

Decision Allowed() {
  Decision decision;
  decision.effect = Effect::kAllow;
  decision.code = Code::kAllowed;
  decision.rule = "scale";
  decision.limits = {{"team", "look", 30, std::chrono::seconds(60), true},
                     {"team", "scale", 1, std::chrono::seconds(7200), true}};
  return decision;
}

TEST(CallLimits, CountsEachRulePerUser) {
  GateBench bench;
  const Decision decision =
      WithinLimits(Allowed(), bench.trail, bench.clock.UtcNow());
  EXPECT_EQ(decision.effect, Effect::kAllow);
  ASSERT_EQ(bench.sink.counted.size(), 2u);
  EXPECT_EQ(bench.sink.counted[0].key, "1000 team look");
  EXPECT_EQ(bench.sink.counted[1].per_ns, 7'200'000'000'000);
}

TEST(CallLimits, RefusesWhatIsUsedUpInWords) {
  GateBench bench;
  bench.sink.used_up = "1000 team scale";
  const Decision decision =
      WithinLimits(Allowed(), bench.trail, bench.clock.UtcNow());
  EXPECT_EQ(decision.effect, Effect::kDeny);
  EXPECT_EQ(decision.code, Code::kLimit);
  EXPECT_EQ(decision.rule, "scale");
  EXPECT_FALSE(decision.Passes());
  EXPECT_EQ(decision.sentence,
            "The limit of rule \"scale\" of policy \"team\" is used up: 1 call "
            "per 2h; try again later.");
  EXPECT_TRUE(bench.sink.counted.empty());
}

TEST(CallLimits, APolicyThatObservesForwardsWhatIsUsedUp) {
  GateBench bench;
  bench.sink.used_up = "1000 team scale";
  Decision allowed = Allowed();
  allowed.limits[1].enforced = false;
  const Decision decision =
      WithinLimits(allowed, bench.trail, bench.clock.UtcNow());
  EXPECT_EQ(decision.code, Code::kLimit);
  EXPECT_TRUE(decision.Passes());
}

TEST(CallLimits, WhatCannotBeCountedIsRefused) {
  GateBench bench;
  bench.sink.broken = true;
  const Decision decision =
      WithinLimits(Allowed(), bench.trail, bench.clock.UtcNow());
  EXPECT_EQ(decision.code, Code::kAuditUnavailable);
  EXPECT_FALSE(decision.Passes());
}

TEST(CallLimits, WhatIsNotAllowedCountsForNothing) {
  GateBench bench;
  for (Effect effect : {Effect::kDeny, Effect::kAsk}) {
    Decision decision = Allowed();
    decision.effect = effect;
    EXPECT_EQ(WithinLimits(decision, bench.trail, bench.clock.UtcNow()).effect,
              effect);
  }
  EXPECT_TRUE(bench.sink.counted.empty());
}

}  // namespace
}  // namespace gatehouse
