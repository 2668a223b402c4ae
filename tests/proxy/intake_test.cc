// SPDX-License-Identifier: Apache-2.0
#include "proxy/intake.h"

#include <gtest/gtest.h>

#include "tests/support/gate_bench.h"

namespace gatehouse {
namespace {

struct IntakeTest : testing::Test {
  Step Take(const std::string& line) { return intake.Take(Frame{line}); }

  GateBench bench;
  Intake intake{bench.context};
};

TEST_F(IntakeTest, WritesNothingItself) {
  intake.Begin();
  EXPECT_EQ(Take(CallLine("1", "read_pod")).kind, Step::Kind::kCall);
  EXPECT_EQ(Take("garbage").kind, Step::Kind::kRefuse);
  EXPECT_EQ(bench.sink.appends, 0u);
  EXPECT_EQ(intake.records().size(), 2u);
}

TEST_F(IntakeTest, AStepPointsAtItsRecord) {
  intake.Begin();
  (void)Take(R"({"jsonrpc":"2.0","id":1,"method":"ping"})");
  const Step refused = Take("garbage");
  const Step called = Take(CallLine("2", "read_pod"));
  ASSERT_EQ(refused.record, 0u);
  ASSERT_EQ(called.record, 1u);
  EXPECT_EQ(intake.records()[1].tool, "read_pod");
  intake.Begin();
  EXPECT_TRUE(intake.records().empty());
}

TEST_F(IntakeTest, OnlyCallsThatPassAndMayChangeThingsMustBeOnDisk) {
  struct Row {
    std::string tool;
    bool full;
  };
  for (const Row& row : {Row{"read_pod", false}, Row{"write_pod", true},
                         Row{"drop_pod", false}, Row{"observe_pod", true}}) {
    intake.Begin();
    const Step step = Take(CallLine('"' + row.tool + '"', row.tool));
    EXPECT_EQ(step.changes, row.full) << row.tool;
  }
}

TEST_F(IntakeTest, ARefusedCallLeavesNoPlaceInFlight) {
  intake.Begin();
  (void)Take(CallLine("1", "drop_pod"));
  (void)Take(CallLine("2", "read_pod", R"({"NameSpace":"x"})"));
  EXPECT_EQ(bench.session.in_flight(), 0u);
  (void)Take(CallLine("3", "observe_pod"));
  ASSERT_NE(bench.session.Find({"3"}), nullptr);
  EXPECT_TRUE(bench.session.Find({"3"})->IsJudged());
}

}  // namespace
}  // namespace gatehouse
