// SPDX-License-Identifier: Apache-2.0
// More of it stands in return_gate_test.cc and long_line_test.cc.
#include "proxy/outcomes.h"

#include <gtest/gtest.h>

#include "tests/support/gate_bench.h"

namespace gatehouse {
namespace {

TEST(Outcomes, OfACancelledCallNothingIsToldWhenTheServerEnds) {
  GateBench bench;
  (void)bench.Client(CallLine("1", "read_pod"));
  (void)bench.Client(CallLine("2", "read_pod"));
  (void)bench.session.NoteCancelled(*bench.session.Find({"1"}),
                                    bench.clock.MonotonicNow());
  Outcomes outcomes(bench.context);
  const auto told = outcomes.ServerGone();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_NE(told[0].bytes.find(R"("id":2,)"), std::string::npos);
  ASSERT_TRUE(bench.trail.Flush().ok());
  ASSERT_EQ(bench.records().size(), 4u);
  EXPECT_EQ(bench.records()[2].outcome, audit::Outcome::kCancelled);
  EXPECT_EQ(bench.records()[3].outcome, audit::Outcome::kServerDied);
}

TEST(Outcomes, ATooLargeAnswerToACancelledCallIsOnlyRecorded) {
  GateBench bench;
  (void)bench.Client(CallLine("1", "read_pod"));
  (void)bench.session.NoteCancelled(*bench.session.Find({"1"}),
                                    bench.clock.MonotonicNow());
  Outcomes outcomes(bench.context);
  ServerMessage answer;
  answer.kind = MessageKind::kResponse;
  answer.id = RpcId{"1"};
  EXPECT_EQ(outcomes.TooLarge(answer, 12).kind, Verdict::Kind::kDrop);
  ASSERT_TRUE(bench.trail.Flush().ok());
  EXPECT_EQ(bench.records().back().outcome, audit::Outcome::kCancelled);
  EXPECT_EQ(bench.records().back().bytes, 12u);
}

}  // namespace
}  // namespace gatehouse
