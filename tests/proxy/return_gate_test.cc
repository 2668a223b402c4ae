// SPDX-License-Identifier: Apache-2.0
#include "proxy/return_gate.h"

#include <gtest/gtest.h>

#include "tests/support/gate_bench.h"

namespace gatehouse {
namespace {

using Kind = Verdict::Kind;

std::string Initialize(std::string_view capabilities) {
  return R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{)"
         R"("protocolVersion":"2025-11-25","capabilities":)" +
         std::string(capabilities) + "}}";
}

TEST(ReturnGate, AnAnswerIsRelayedByteForByteAndItsOutcomeRecorded) {
  GateBench bench;
  (void)bench.Client(CallLine("1", "read_pod"));
  bench.clock.Advance(std::chrono::microseconds(1500));
  const std::string line =
      "{ \"result\":{\"content\":[],\"n\":1.0e0,\"t\":\"\xC3\xA9\"}, "
      "\"jsonrpc\":\"2.0\",\"id\":1}";
  EXPECT_EQ(Describe(bench.Server(line)), "forward " + line + "\n");
  EXPECT_EQ(bench.records().size(), 1u);  // rides along with the next commit
  ASSERT_TRUE(bench.back.Flush().ok());
  ASSERT_EQ(bench.records().size(), 2u);
  const audit::Record& outcome = bench.records()[1];
  EXPECT_EQ(outcome.stage, audit::Stage::kOutcome);
  EXPECT_EQ(outcome.outcome, audit::Outcome::kOk);
  EXPECT_EQ(outcome.call, bench.records()[0].call);
  EXPECT_EQ(outcome.bytes, line.size());
  EXPECT_EQ(outcome.duration_us, 1500);
  EXPECT_NE(outcome.result_digest, "");
}

TEST(ReturnGate, TellsTheOutcomesApart) {
  struct Row {
    std::string member;
    audit::Outcome outcome;
  };
  for (const Row& row :
       {Row{R"("result":{"content":[]})", audit::Outcome::kOk},
        Row{R"("result":{"isError":true})", audit::Outcome::kToolError},
        Row{R"("error":{"code":-32602})", audit::Outcome::kRpcError}}) {
    GateBench bench;
    (void)bench.Client(CallLine("1", "read_pod"));
    (void)bench.Server(R"({"jsonrpc":"2.0","id":1,)" + row.member + "}");
    ASSERT_TRUE(bench.back.Flush().ok());
    EXPECT_EQ(bench.records().at(1).outcome, row.outcome) << row.member;
  }
}

TEST(ReturnGate, WhatNobodyAskedForIsDroppedAndRecorded) {
  const std::vector<std::string> lines = {
      ResultLine("2"),      // never asked
      ResultLine("\"1\""),  // another type
      R"({"jsonrpc":"2.0","id":null,"error":{"code":-32700}})",
      "[" + ResultLine("1") + "]",
      "npm notice a new version is out",
      R"({"jsonrpc":"2.0","id":1,"result":{}}{"a":1})",
      R"({"jsonrpc":"2.0","id":1,"id":1,"result":{}})",
      R"({"jsonrpc":"2.0","method":"tools/call","params":{}})",
  };
  for (const std::string& line : lines) {
    GateBench bench;
    (void)bench.Client(CallLine("1", "read_pod"));
    EXPECT_EQ(bench.Server(line).kind, Kind::kDrop) << line;
    EXPECT_EQ(bench.session.in_flight(), 1u) << line;
    ASSERT_TRUE(bench.back.Flush().ok());
    ASSERT_EQ(bench.records().size(), 2u) << line;
    EXPECT_EQ(bench.records()[1].event, "server frame dropped");
    EXPECT_EQ(bench.records()[1].bytes, line.size());
  }
}

TEST(ReturnGate, AnAnswerConsumesItsRequest) {
  GateBench bench;
  (void)bench.Client(CallLine("1", "read_pod"));
  EXPECT_EQ(bench.Server(ResultLine("1")).kind, Kind::kForward);
  EXPECT_EQ(bench.Server(ResultLine("1")).kind, Kind::kDrop);
}

TEST(ReturnGate, ADeniedCallCannotBeAnsweredByTheServer) {
  GateBench bench;
  (void)bench.Client(CallLine("1", "drop_pod"));
  EXPECT_EQ(bench.Server(ResultLine("1")).kind, Kind::kDrop);
}

TEST(ReturnGate, AServerAsksOnlyWhatTheClientDeclared) {
  struct Row {
    std::string capabilities;  // "" for no handshake
    std::string method;
    Kind kind;
  };
  const std::vector<Row> rows = {
      {"{}", "ping", Kind::kForward},
      {"", "ping", Kind::kAnswer},
      {R"({"sampling":{}})", "sampling/createMessage", Kind::kForward},
      {R"({"elicitation":{}})", "elicitation/create", Kind::kForward},
      {R"({"roots":{}})", "roots/list", Kind::kForward},
      {"{}", "sampling/createMessage", Kind::kAnswer},
      {R"({"roots":{}})", "elicitation/create", Kind::kAnswer},
      {R"({"sampling":{}})", "tools/call", Kind::kAnswer},
      {R"({"sampling":{}})", "tasks/get", Kind::kAnswer},
  };
  for (const Row& row : rows) {
    GateBench bench;
    if (!row.capabilities.empty()) {
      (void)bench.Client(Initialize(row.capabilities));
    }
    const Verdict verdict = bench.Server(
        R"({"jsonrpc":"2.0","id":7,"method":")" + row.method + "\"}");
    EXPECT_EQ(verdict.kind, row.kind) << row.method << row.capabilities;
    if (row.kind != Kind::kAnswer) continue;
    EXPECT_NE(verdict.bytes.find(R"("id":7,"error":{"code":-32601)"),
              std::string::npos);
    ASSERT_TRUE(bench.back.Flush().ok());
    EXPECT_EQ(bench.records().back().event, "server frame dropped");
    EXPECT_EQ(bench.records().back().method, row.method);
  }
}

TEST(ReturnGate, AServerUsesOnlyThePartsThatTheClientDeclared) {
  GateBench bench;
  (void)bench.Client(Initialize(R"({"sampling":{}})"));
  const Verdict verdict = bench.Server(
      R"({"jsonrpc":"2.0","id":7,"method":"sampling/createMessage",)"
      R"("params":{"messages":[],"maxTokens":9,"tools":[{"name":"x"}]}})");
  EXPECT_EQ(verdict.kind, Kind::kAnswer);
  EXPECT_NE(verdict.bytes.find("did not declare sampling.tools"),
            std::string::npos);
  ASSERT_TRUE(bench.back.Flush().ok());
  EXPECT_EQ(bench.records().back().detail,
            "the client did not declare sampling.tools [code malformed]");
  EXPECT_FALSE(bench.session.ExpectsAnswers());
}

TEST(ReturnGate, NotificationsPass) {
  GateBench bench;
  for (const char* method : {"notifications/message", "notifications/progress",
                             "notifications/tools/list_changed",
                             "notifications/resources/updated"}) {
    EXPECT_EQ(bench
                  .Server(R"({"jsonrpc":"2.0","method":")" +
                          std::string(method) + "\"}")
                  .kind,
              Kind::kForward);
  }
}

TEST(ReturnGate, WhatMcpDoesNotDefineIsNotToldToTheClient) {
  GateBench bench;
  for (const char* method :
       {"notifications/claude/channel", "notifications/", "tools/call"}) {
    EXPECT_EQ(bench
                  .Server(R"({"jsonrpc":"2.0","method":")" +
                          std::string(method) + "\"}")
                  .kind,
              Kind::kDrop)
        << method;
  }
}

TEST(ReturnGate, ACancelledCallsLateAnswerIsNotRelayed) {
  GateBench bench;
  (void)bench.Client(CallLine("1", "read_pod"));
  (void)bench.Client(R"({"jsonrpc":"2.0","method":"notifications/cancelled",)"
                     R"("params":{"requestId":1}})");
  EXPECT_EQ(bench.Server(ResultLine("1")).kind, Kind::kDrop);
  ASSERT_TRUE(bench.back.Flush().ok());
  EXPECT_EQ(bench.records().back().outcome, audit::Outcome::kCancelled);
}

TEST(ReturnGate, AResultOverTheClientsLimitBecomesAnError) {
  GateBench bench;
  ReturnGate narrow(bench.context, {200});
  const std::string big = R"({"jsonrpc":"2.0","id":1,"result":{"t":")" +
                          std::string(200, 'x') + "\"}}";
  (void)bench.Client(CallLine("1", "read_pod"));
  const Verdict verdict = narrow.Handle(GateBench::Frames({big})).at(0);
  EXPECT_EQ(verdict.kind, Kind::kForward);
  EXPECT_NE(verdict.bytes.find("[code result-too-large]"), std::string::npos);
  EXPECT_NE(verdict.bytes.find(R"("record":1)"), std::string::npos);
  EXPECT_EQ(bench.session.in_flight(), 0u);
}

TEST(ReturnGate, WhenTheServerIsGoneEveryRequestIsAnswered) {
  GateBench bench;
  (void)bench.Client(CallLine("1", "read_pod"));
  bench.clock.Advance(std::chrono::microseconds(1));
  (void)bench.Client(R"({"jsonrpc":"2.0","id":2,"method":"tools/list"})");
  const auto verdicts = bench.back.OnServerGone();
  ASSERT_EQ(verdicts.size(), 2u);
  EXPECT_EQ(verdicts[0].kind, Kind::kForward);
  EXPECT_NE(verdicts[0].bytes.find(R"("isError":true)"), std::string::npos);
  EXPECT_NE(verdicts[0].bytes.find("[code server-died]"), std::string::npos);
  EXPECT_NE(verdicts[1].bytes.find(R"("error":{"code":-32603)"),
            std::string::npos);
  ASSERT_TRUE(bench.back.Flush().ok());
  EXPECT_EQ(bench.records().back().outcome, audit::Outcome::kServerDied);
  EXPECT_TRUE(bench.back.OnServerGone().empty());
}

TEST(ReturnGate, ANoisyServerCannotFillTheTrail) {
  GateBench bench;
  for (int i = 0; i < 500; ++i) (void)bench.Server("noise");
  EXPECT_EQ(bench.trail.waiting(), 100u);
  bench.clock.Advance(std::chrono::seconds(2));
  (void)bench.Server("noise");
  ASSERT_TRUE(bench.back.Flush().ok());
  EXPECT_NE(bench.records().back().detail.find("400 more were not recorded"),
            std::string::npos);
}

TEST(ReturnGate, TheNegotiatedRevisionIsRecorded) {
  GateBench bench;
  (void)bench.Client(Initialize("{}"));
  (void)bench.Server(
      R"({"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-06-18"}})");
  (void)bench.Client(CallLine("1", "read_pod"));
  EXPECT_EQ(bench.records().back().protocol_version, "2025-06-18");
}

TEST(ReturnGate, AHalfLineAtTheEndIsRecorded) {
  GateBench bench;
  bench.back.OnUnfinished(R"({"jsonrpc")");
  ASSERT_TRUE(bench.back.Flush().ok());
  EXPECT_EQ(bench.records().at(0).event, "server frame dropped");
}

}  // namespace
}  // namespace gatehouse
