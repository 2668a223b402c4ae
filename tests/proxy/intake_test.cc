// SPDX-License-Identifier: Apache-2.0
#include "proxy/intake.h"

#include <gtest/gtest.h>

#include "tests/support/gate_bench.h"

namespace gatehouse {
namespace {

struct IntakeTest : ::testing::Test {
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

// A short name lies in the string itself, which a move takes elsewhere.
TEST_F(IntakeTest, JudgesMethodsByTheirNames) {
  for (const char* method :
       {"prompts/get", "resources/read", "resources/subscribe"}) {
    intake.Begin();
    const Step step = Take(
        R"({"jsonrpc":"2.0","id":")" + std::string(method) + R"(","method":")" +
        method + R"(","params":{"name":"read_it","uri":"x://a/read_it"}})");
    ASSERT_EQ(step.kind, Step::Kind::kCall) << method;
    EXPECT_EQ(step.judgement.call.method, method);
  }
}

// After a task is cancelled or told to go on there is no undoing it.
TEST_F(IntakeTest, WhatActsOnATaskMustBeOnDisk) {
  bench.session.BindTask("t1", {});
  const auto changes = [&](const std::string& method) {
    intake.Begin();
    const Step step =
        Take(R"({"jsonrpc":"2.0","id":")" + method + R"(","method":")" +
             method + R"(","params":{"taskId":"t1"}})");
    EXPECT_EQ(step.kind, Step::Kind::kCall) << method;
    return step.changes;
  };
  EXPECT_TRUE(changes("tasks/cancel"));
  EXPECT_FALSE(changes("tasks/result"));
}

// A stalled server's input waits in our memory, so what goes on to it is small.
TEST_F(IntakeTest, ABusyServerGetsNoLongCancellations) {
  // So many bytes in all.
  const auto cancel = [&](const std::string& id, std::size_t length) {
    const std::string head =
        R"({"jsonrpc":"2.0","method":"notifications/cancelled",)"
        R"("params":{"requestId":)" +
        id + R"(,"reason":")";
    return Take(head + std::string(length - head.size() - 3, 'x') + R"("}})");
  };
  intake.Begin();
  for (const char* id : {"1", "2", "3"}) (void)Take(CallLine(id, "read_pod"));
  EXPECT_EQ(cancel("1", 5000).kind, Step::Kind::kCancel);
  bench.session.SetServerBusy(true);
  const Step long_one = cancel("2", 1025);
  EXPECT_EQ(long_one.kind, Step::Kind::kRefuse);
  EXPECT_EQ(long_one.refusal.code, Code::kServerBusy);
  EXPECT_EQ(cancel("3", 1024).kind, Step::Kind::kCancel);
}

TEST_F(IntakeTest, ABusyServerGetsNoLongAnswers) {
  const auto answer = [&](const std::string& id, std::size_t length) {
    EXPECT_TRUE(bench.session.ExpectAnswer({id}));
    const std::string head =
        R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":{"x":")";
    return Take(head + std::string(length - head.size() - 3, 'x') + R"("}})");
  };
  intake.Begin();
  EXPECT_EQ(answer("1", 5000).kind, Step::Kind::kPass);
  bench.session.SetServerBusy(true);
  EXPECT_EQ(answer("2", 1025).refusal.code, Code::kServerBusy);
  EXPECT_EQ(answer("3", 1024).kind, Step::Kind::kPass);
}

TEST_F(IntakeTest, KeepsNoCursorButThatOfAListOfTools) {
  const auto kept = [&](const std::string& id, const std::string& method,
                        const std::string& cursor) {
    (void)Take(R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":")" + method +
               R"(","params":{"cursor":")" + cursor + R"("}})");
    const InFlight* request = bench.session.Find({id});
    return request == nullptr ? std::string("not in flight")
                              : request->cursor.value_or("none");
  };
  const std::string longest(4096, 'c');
  intake.Begin();
  EXPECT_EQ(kept("1", "tools/list", longest), longest);
  EXPECT_EQ(kept("2", "tools/list", longest + "c"), "none");
  EXPECT_EQ(kept("3", "prompts/list", "page2"), "none");
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
