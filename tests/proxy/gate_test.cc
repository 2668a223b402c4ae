// SPDX-License-Identifier: Apache-2.0
#include "proxy/gate.h"

#include <gtest/gtest.h>

#include "tests/support/gate_bench.h"

namespace gatehouse {
namespace {

using Kind = Verdict::Kind;

std::string Asks(std::string_view method, std::string_view params = "{}") {
  return R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(method) +
         R"(","params":)" + std::string(params) + "}";
}

std::string Tells(std::string_view method, std::string_view params = "{}") {
  return R"({"jsonrpc":"2.0","method":")" + std::string(method) +
         R"(","params":)" + std::string(params) + "}";
}

TEST(Gate, AnAllowedCallIsRecordedAndForwardedAsItWasJudged) {
  GateBench bench;
  const Verdict verdict = bench.Client(
      R"( {"jsonrpc":"2.0", "id":1,"method":"tools/call",)"
      R"("params":{"name":"read_pod","arguments":{"n":1.50,"t":"é"}}} )");
  EXPECT_EQ(Describe(verdict),
            R"(forward {"jsonrpc":"2.0","id":1,"method":"tools/call",)"
            R"("params":{"name":"read_pod","arguments":)"
            R"({"n":1.50,"t":"\u00e9"}}})"
            "\n");
  ASSERT_EQ(bench.records().size(), 1u);
  EXPECT_EQ(bench.records()[0].decision->effect, Effect::kAllow);
  EXPECT_EQ(bench.session.Find({"1"})->record, 1u);
}

TEST(Gate, APinnedCallIsJudgedAgainRecordedAndForwardedAsPinned) {
  GateBench bench;
  bench.judge.pin = NamespacePin{"namespace", "dev"};
  const Verdict verdict = bench.Client(CallLine("1", "read_pod"));
  EXPECT_EQ(verdict.kind, Kind::kForward);
  EXPECT_NE(verdict.bytes.find(R"("arguments":{"namespace":"dev"})"),
            std::string::npos)
      << verdict.bytes;
  EXPECT_EQ(bench.judge.calls, 2);
  ASSERT_EQ(bench.records().size(), 1u);
  EXPECT_EQ(bench.records()[0].detail,
            "pinned: namespace \"dev\" was written into the call");
  EXPECT_NE(bench.records()[0].arguments.find("dev"), std::string::npos);
}

TEST(Gate, ACallThatPinningWouldChangeIsForwardedAsItCame) {
  GateBench bench;
  bench.judge.pin = NamespacePin{"namespace", "dev"};
  bench.judge.pinned_is_other = true;
  const Verdict verdict = bench.Client(CallLine("1", "read_pod"));
  EXPECT_EQ(verdict.bytes, CallLine("1", "read_pod") + "\n");
  ASSERT_EQ(bench.records().size(), 1u);
  EXPECT_EQ(bench.records()[0].detail, "");
}

TEST(Gate, ADeniedCallIsAnsweredAndRecorded) {
  GateBench bench;
  const Verdict verdict = bench.Client(CallLine("1", "drop_pod"));
  EXPECT_EQ(verdict.kind, Kind::kAnswer);
  EXPECT_NE(verdict.bytes.find("Denied by gatehouse: Nothing is deleted here. "
                               "[rule no-writes] [code denied-by-rule]"),
            std::string::npos);
  EXPECT_NE(verdict.bytes.find(R"("policy":"sha256:test","record":1)"),
            std::string::npos);
  ASSERT_EQ(bench.records().size(), 1u);
  EXPECT_EQ(bench.records()[0].decision->rule, "no-writes");
}

TEST(Gate, AskingIsRefusedWhileThereIsNoChannel) {
  GateBench bench;
  const Verdict verdict = bench.Client(CallLine("1", "ask_pod"));
  EXPECT_EQ(verdict.kind, Kind::kAnswer);
  EXPECT_NE(verdict.bytes.find("[rule ask-first] [code approval-unavailable]"),
            std::string::npos);
  EXPECT_EQ(bench.records()[0].decision->effect, Effect::kDeny);
}

TEST(Gate, WhatIsOnlyObservedIsForwardedAndRecordedSo) {
  GateBench bench;
  EXPECT_EQ(bench.Client(CallLine("1", "observe_pod")).kind, Kind::kForward);
  ASSERT_EQ(bench.records().size(), 1u);
  EXPECT_EQ(bench.records()[0].decision->effect, Effect::kDeny);
  EXPECT_FALSE(bench.records()[0].decision->enforced);
}

TEST(Gate, ProgressPassesOnlyWhileTheServerWaitsForAnAnswer) {
  GateBench bench;
  const std::string line = Tells("notifications/progress");
  EXPECT_EQ(bench.Client(line).kind, Kind::kDrop);
  ASSERT_TRUE(bench.session.ExpectAnswer(RpcId{"7"}));
  EXPECT_EQ(bench.Client(line).kind, Kind::kForward);
  ASSERT_TRUE(bench.session.TakeExpected(RpcId{"7"}));
  EXPECT_EQ(bench.Client(line).kind, Kind::kDrop);
}

TEST(Gate, EachMethodGoesItsWay) {
  struct Row {
    std::string line;
    Kind kind;
    std::string says;     // found in the answer
    std::size_t records;  // durable ones
  };
  const std::vector<Row> rows = {
      {Asks("ping"), Kind::kForward, "", 0},
      {Asks("tools/list"), Kind::kForward, "", 0},
      {Asks("initialize"), Kind::kForward, "", 0},
      {Asks("server/discover"), Kind::kForward, "", 0},
      {Asks("logging/setLevel"), Kind::kForward, "", 0},
      {Tells("notifications/initialized"), Kind::kForward, "", 0},
      {Tells("notifications/progress"), Kind::kDrop, "", 1},
      {Tells("notifications/roots/list_changed"), Kind::kForward, "", 0},
      {Asks("resources/list"), Kind::kForward, "", 0},
      {Asks("resources/templates/list"), Kind::kForward, "", 0},
      {Asks("prompts/list"), Kind::kForward, "", 0},
      {Asks("tasks/list"), Kind::kForward, "", 0},
      {Asks("resources/read"), Kind::kAnswer, "the request names no URI", 1},
      {Asks("resources/directory/read"), Kind::kAnswer, "unknown-method", 1},
      {Asks("skills/list"), Kind::kAnswer, "unknown-method", 1},
      {Asks("prompts/get"), Kind::kAnswer, "names no prompt", 1},
      {Asks("completion/complete"), Kind::kAnswer, "what to complete", 1},
      {Asks("tasks/result"), Kind::kAnswer, "names no task", 1},
      {Asks("tasks/result", R"({"taskId":"x"})"), Kind::kAnswer,
       "not-in-flight", 1},
      {Asks("subscriptions/listen"), Kind::kAnswer, "no notifications", 1},
      {Asks("admin/reset"), Kind::kAnswer, R"("code":-32601)", 1},
      {Asks("prompts/get", R"({"name":"read_x","task":{}})"), Kind::kAnswer,
       R"("code":-32602)", 1},
      {Asks("notifications/initialized"), Kind::kAnswer, "unknown-method", 1},
      {Tells("notifications/other"), Kind::kDrop, "", 1},
      {Tells("ping"), Kind::kDrop, "", 1},
      {Tells("tools/call", R"({"name":"read_pod"})"), Kind::kDrop, "", 1},
      {Tells("tools/call", R"({"name":7})"), Kind::kDrop, "", 1},
      {" \t", Kind::kDrop, "", 0},
  };
  for (const Row& row : rows) {
    GateBench bench;
    const Verdict verdict = bench.Client(row.line);
    EXPECT_EQ(verdict.kind, row.kind) << row.line;
    EXPECT_NE(verdict.bytes.find(row.says), std::string::npos) << verdict.bytes;
    EXPECT_EQ(bench.records().size(), row.records) << row.line;
    EXPECT_EQ(bench.judge.calls, 0) << row.line;
  }
}

TEST(Gate, AModernDenialHasAResultType) {
  GateBench bench;
  const std::string meta =
      R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
      R"("io.modelcontextprotocol/clientInfo":{"name":"ide"}})";
  const Verdict verdict =
      bench.Client(Asks("tools/call", R"({"name":"drop_pod",)" + meta + "}"));
  EXPECT_NE(verdict.bytes.find(R"("result":{"resultType":"complete",)"),
            std::string::npos);
  EXPECT_EQ(bench.judge.last_subject.client, "ide");
  EXPECT_EQ(bench.judge.last_subject.user, "ana");
  EXPECT_EQ(bench.records()[0].client_name, "ide");
}

TEST(Gate, MethodsThatWereRemovedAreNotFoundWhereARequestIsModern) {
  const std::string meta =
      R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}})";
  for (const char* method : {"resources/subscribe", "resources/unsubscribe",
                             "tasks/list", "tasks/result"}) {
    GateBench bench;
    const Verdict verdict = bench.Client(
        Asks(method, R"({"uri":"k8s://dev/pods","taskId":"x",)" + meta));
    EXPECT_EQ(verdict.kind, Kind::kAnswer) << method;
    EXPECT_NE(verdict.bytes.find(R"("code":-32601)"), std::string::npos)
        << verdict.bytes;
    EXPECT_EQ(bench.records().size(), 1u);
    EXPECT_EQ(bench.session.in_flight(), 0u);
  }
}

TEST(Gate, ATaskOfNobodyIsRefusedAsItsServerWouldRefuseIt) {
  const std::string version =
      R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
      R"("io.modelcontextprotocol/clientCapabilities":)";
  const std::string declared =
      R"({"extensions":{"io.modelcontextprotocol/tasks":{}}}}})";
  const std::vector<std::pair<std::string, std::string>> rows = {
      {version + "{}}}", R"("code":-32021)"},
      {version + R"({"extensions":{}}}})", R"("code":-32021)"},
      {version + declared, R"("code":-32602)"},
      {R"("x":{}})", R"("code":-32602)"}};
  for (const auto& [rest, says] : rows) {
    for (const char* method : {"tasks/get", "tasks/update", "tasks/cancel"}) {
      GateBench bench;
      const Verdict verdict =
          bench.Client(Asks(method, R"({"taskId":"x",)" + rest));
      EXPECT_EQ(verdict.kind, Kind::kAnswer);
      EXPECT_NE(verdict.bytes.find(says), std::string::npos) << verdict.bytes;
      EXPECT_EQ(
          verdict.bytes.find(R"("requiredCapabilities":{"extensions":)"
                             R"({"io.modelcontextprotocol/tasks":{}}})") !=
              std::string::npos,
          says == R"("code":-32021)")
          << verdict.bytes;
    }
  }
}

TEST(Gate, AnIdInFlightIsNotTakenTwice) {
  GateBench bench;
  EXPECT_EQ(bench.Client(CallLine("1", "read_pod")).kind, Kind::kForward);
  for (const char* id : {"1", "\"1\""}) {
    const Verdict verdict = bench.Client(CallLine(id, "read_pod"));
    EXPECT_EQ(verdict.kind, Kind::kAnswer);
    EXPECT_NE(verdict.bytes.find(R"("code":-32600)"), std::string::npos);
  }
  EXPECT_EQ(bench.judge.calls, 1);
  EXPECT_EQ(bench.Server(ResultLine("1")).kind, Kind::kForward);
  EXPECT_EQ(bench.Client(CallLine("\"1\"", "read_pod")).kind, Kind::kForward);
}

TEST(Gate, ACancelPassesOnlyForWhatWasForwarded) {
  GateBench bench;
  const auto cancel = [&bench](std::string_view id) {
    return bench
        .Client(Tells("notifications/cancelled",
                      R"({"requestId":)" + std::string(id) + "}"))
        .kind;
  };
  (void)bench.Client(CallLine("1", "read_pod"));
  (void)bench.Client(CallLine("2", "drop_pod"));
  EXPECT_EQ(cancel("1"), Kind::kForward);
  EXPECT_EQ(cancel("\"1\""), Kind::kDrop);
  EXPECT_EQ(cancel("2"), Kind::kDrop);
  EXPECT_EQ(cancel("{}"), Kind::kDrop);
  EXPECT_EQ(bench.Client(Tells("notifications/cancelled")).kind, Kind::kDrop);
  (void)bench.Client(
      R"({"jsonrpc":"2.0","id":9,"method":"initialize","params":{}})");
  EXPECT_EQ(cancel("9"), Kind::kDrop);
  EXPECT_EQ(bench.records().back().decision->code, Code::kNotInFlight);
}

TEST(Gate, AnAnswerPassesOnlyWhereTheServerAsked) {
  GateBench bench;
  const std::string answer = R"({"jsonrpc":"2.0","id":5,"result":{}})";
  EXPECT_EQ(bench.Client(answer).kind, Kind::kDrop);
  EXPECT_EQ(bench.records().at(0).decision->code, Code::kNotInFlight);
  (void)bench.Client(
      R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{}})");
  EXPECT_EQ(bench.Server(R"({"jsonrpc":"2.0","id":5,"method":"ping"})").kind,
            Kind::kForward);
  EXPECT_EQ(bench.Client(answer).kind, Kind::kForward);
  EXPECT_EQ(bench.Client(answer).kind, Kind::kDrop);
}

TEST(Gate, ArgumentsThatResembleDeclaredOnesAreRefused) {
  GateBench bench;
  (void)bench.Client(R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})");
  (void)bench.Server(
      R"({"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"read_pod",)"
      R"("inputSchema":{"properties":{"podName":{}}}}]}})");
  const auto kind = [&bench](const std::string& id, const std::string& args) {
    return bench.Client(CallLine(id, "read_pod", args)).kind;
  };
  EXPECT_EQ(kind("2", R"({"podName":"x"})"), Kind::kForward);
  EXPECT_EQ(kind("3", R"({"podname":"x"})"), Kind::kAnswer);
  EXPECT_EQ(kind("4", R"({"name\u017fpace":"x"})"), Kind::kAnswer);
  EXPECT_EQ(bench.judge.calls, 1);
  bench.judge.declared = "podname";
  EXPECT_EQ(kind("5", R"({"podname":"x"})"), Kind::kForward);
}

TEST(Gate, ABatchIsOneCommit) {
  GateBench bench;
  const auto verdicts = bench.FromClient(
      {CallLine("1", "read_pod"), "garbage", CallLine("2", "drop_pod"),
       R"({"jsonrpc":"2.0","id":3,"method":"ping"})", "",
       CallLine("4", "read_pod")});
  ASSERT_EQ(verdicts.size(), 6u);
  const std::vector<Kind> kinds = {Kind::kForward, Kind::kAnswer,
                                   Kind::kAnswer,  Kind::kForward,
                                   Kind::kDrop,    Kind::kForward};
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    EXPECT_EQ(verdicts[i].kind, kinds[i]) << i;
  }
  EXPECT_EQ(bench.sink.commits, 1u);
  EXPECT_EQ(bench.records().size(), 4u);
  EXPECT_NE(verdicts[2].bytes.find(R"("record":3)"), std::string::npos);
}

TEST(Gate, OnlyChangesAreSyncedUnlessAllAre) {
  using audit::Durability;
  GateBench bench;
  (void)bench.Client(CallLine("1", "read_pod"));
  (void)bench.FromClient(
      {CallLine("2", "read_pod"), CallLine("3", "write_pod")});
  EXPECT_EQ(bench.sink.durabilities,
            (std::vector<Durability>{Durability::kNormal, Durability::kFull}));
  GateBench strict(Durability::kFull);
  (void)strict.Client(CallLine("1", "read_pod"));
  EXPECT_EQ(strict.sink.durabilities,
            std::vector<Durability>{Durability::kFull});
}

TEST(Gate, AnswersWithoutAnIdAreLimited) {
  GateBench bench;
  int answered = 0;
  for (int i = 0; i < 200; ++i) {
    if (bench.Client("garbage").kind == Kind::kAnswer) ++answered;
  }
  EXPECT_EQ(answered, 64);
  EXPECT_EQ(bench.records().size(), 200u);  // recorded all the same
}

TEST(Gate, AfterTheServersEndEveryRequestIsAnswered) {
  GateBench bench;
  (void)bench.back.OnServerGone();
  const Verdict call = bench.Client(CallLine("1", "read_pod"));
  EXPECT_EQ(call.kind, Kind::kAnswer);
  EXPECT_NE(call.bytes.find("[code server-died]"), std::string::npos);
  const Verdict ping = bench.Client(Asks("ping"));
  EXPECT_NE(ping.bytes.find(R"("code":-32603)"), std::string::npos);
}

TEST(Gate, TooManyInFlightIsBusy) {
  GateBench bench;
  for (std::size_t i = 0; i < kMaxInFlight; ++i) {
    InFlight request;
    request.id = {std::to_string(i)};
    ASSERT_EQ(bench.session.Admit(request), Admission::kAdmitted);
  }
  const Verdict verdict = bench.Client(CallLine("\"new\"", "read_pod"));
  EXPECT_NE(verdict.bytes.find("server-busy"), std::string::npos);
}

TEST(Gate, AHalfLineAtTheEndIsRecorded) {
  GateBench bench;
  bench.gate.OnUnfinished(R"({"jsonrpc")");
  ASSERT_TRUE(bench.trail.Flush().ok());
  ASSERT_EQ(bench.records().size(), 1u);
  EXPECT_EQ(bench.records()[0].decision->code, Code::kMalformed);
}

}  // namespace
}  // namespace gatehouse
