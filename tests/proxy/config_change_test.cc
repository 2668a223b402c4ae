// SPDX-License-Identifier: Apache-2.0
#include "proxy/config_change.h"

#include <gtest/gtest.h>

#include "tests/support/gate_bench.h"

namespace gatehouse {
namespace {

using Kind = Verdict::Kind;

std::string TaskLine(std::string_view tool) {
  return R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":")" +
         std::string(tool) + R"(","arguments":{},"task":{"ttl":60000}}})";
}

std::string ModernLine(std::string_view tool, std::string_view extensions) {
  return R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":")" +
         std::string(tool) +
         R"(","arguments":{},"_meta":{)"
         R"("io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
         R"("io.modelcontextprotocol/clientCapabilities":{"extensions":)" +
         std::string(extensions) + "}}}}";
}

constexpr std::string_view kTask =
    R"({"jsonrpc":"2.0","id":1,"result":{"resultType":"task","taskId":"t",)"
    R"("status":"working","ttlMs":null}})";

TEST(ConfigChange, IsWhatSaysSoAndWhatIsUnclearAndAllowed) {
  struct Row {
    std::string_view what;
    Verb verb;
    bool unclear;
    Effect effect;
    bool changes;
  };
  for (const Row& row :
       {Row{"a read", Verb::kGet, false, Effect::kAllow, false},
        Row{"a change", Verb::kConfig, false, Effect::kAllow, true},
        Row{"a change, observed", Verb::kConfig, false, Effect::kDeny, true},
        Row{"unclear", Verb::kGet, true, Effect::kAllow, true},
        Row{"unclear, observed", Verb::kGet, true, Effect::kDeny, false}}) {
    Judgement judgement;
    judgement.call.requests.emplace_back().verb = row.verb;
    if (row.unclear) judgement.call.unclear.emplace();
    judgement.decision.effect = row.effect;
    EXPECT_EQ(MayChangeConfig(judgement), row.changes) << row.what;
  }
}

TEST(ConfigChange, IsNoTaskThatTheClientAsksFor) {
  GateBench bench;
  const Verdict refused = bench.Client(TaskLine("config_use"));
  EXPECT_EQ(refused.kind, Kind::kAnswer);
  EXPECT_NE(refused.bytes.find(R"("error":)"), refused.bytes.npos);
  EXPECT_NE(refused.bytes.find("[code unclear]"), refused.bytes.npos)
      << refused.bytes;
  EXPECT_FALSE(bench.records().at(0).decision->Passes());
  // Nothing waits for it, and it may be made as it should be.
  EXPECT_EQ(bench.Client(TaskLine("read_pod")).kind, Kind::kForward);
  EXPECT_EQ(bench.Client(CallLine("2", "config_use")).kind, Kind::kForward);
  EXPECT_EQ(bench.Client(CallLine("3", "read_pod")).kind, Kind::kDrop);
}

// Who lets it through does not know what it does, and wants it all the same.
TEST(ConfigChange, MayBeATaskWhereItIsOnlyUnclear) {
  GateBench bench;
  EXPECT_EQ(bench.Client(TaskLine("unclear_x")).kind, Kind::kForward);
  EXPECT_EQ(bench.Client(CallLine("2", "read_pod")).kind, Kind::kDrop);
  EXPECT_EQ(bench.Server(std::string(kTask)).kind, Kind::kForward);
  EXPECT_EQ(bench.gate.Release().size(), 1u);
}

// What the policy refuses has the policy's reason.
TEST(ConfigChange, ARefusedTaskKeepsItsReason) {
  GateBench bench;
  const Verdict refused = bench.Client(TaskLine("drop_pod"));
  EXPECT_NE(refused.bytes.find("[code denied-by-rule]"), refused.bytes.npos);
}

TEST(ConfigChange, TakesNoTaskFromTheServer) {
  constexpr std::string_view kBoth =
      R"({"io.modelcontextprotocol/tasks":{},"example.com/x":{}})";
  struct Row {
    std::string_view tool;
    std::string_view said;
    std::string_view forwarded;
  };
  for (const Row& row :
       {Row{"config_use", kBoth, R"({"example.com/x":{}})"},
        Row{"unclear_x", kBoth, kBoth},
        Row{"config_use", R"({"io.modelcontextprotocol/tasks":{}})", "{}"},
        Row{"config_use", R"({"example.com/x":{}})", R"({"example.com/x":{}})"},
        Row{"read_pod", kBoth, kBoth}}) {
    GateBench bench;
    EXPECT_EQ(Describe(bench.Client(ModernLine(row.tool, row.said))),
              "forward " + ModernLine(row.tool, row.forwarded) + "\n");
  }
}

TEST(ConfigChange, ATaskAllTheSameEndsTheSession) {
  GateBench bench;
  bench.Client(ModernLine("config_use", "{}"));
  EXPECT_EQ(bench.Client(CallLine("2", "read_pod")).kind, Kind::kDrop);
  const Verdict end = bench.Server(std::string(kTask));
  EXPECT_EQ(end.kind, Kind::kClose);
  EXPECT_TRUE(bench.gate.Release().empty()) << "the wait goes on";
  ASSERT_TRUE(bench.back.Flush().ok());
  EXPECT_EQ(bench.records().back().event, "server frame dropped");
  EXPECT_NE(bench.records().back().detail.find("made a task of a call"),
            std::string::npos);
  // Its call, and the one that waits, hear of the server's end.
  EXPECT_EQ(bench.back.OnServerGone().size(), 1u);
  EXPECT_EQ(bench.gate.Release().size(), 1u);
}

// Some readers take it for a task, whatever others do.
TEST(ConfigChange, SoDoesATaskThatIsSpeltInAnotherWay) {
  for (const std::string type :
       {R"("result\u0054ype":"task")", R"("resultType":"\u0074ask")",
        R"("resultType":"task","resultType":"complete")",
        R"("ResultType":"task")"}) {
    GateBench bench;
    bench.Client(ModernLine("config_use", "{}"));
    EXPECT_EQ(bench
                  .Server(R"({"jsonrpc":"2.0","id":1,"result":{)" + type +
                          R"(,"taskId":"t"}})")
                  .kind,
              Kind::kClose)
        << type;
    EXPECT_TRUE(bench.gate.Release().empty()) << type;
  }
}

TEST(ConfigChange, ATaskOfAnotherCallDoesNot) {
  GateBench bench;
  bench.Client(
      ModernLine("read_pod", R"({"io.modelcontextprotocol/tasks":{}})"));
  EXPECT_EQ(bench.Server(std::string(kTask)).kind, Kind::kForward);
  EXPECT_NE(bench.session.FindTask("t"), nullptr);
}

// The same of a line that is too long to be held, and of one that streams.
TEST(ConfigChange, ALongTaskEndsTheSessionToo) {
  const std::string head =
      R"({"jsonrpc":"2.0","id":1,"result":{"resultType":"task","x":")" +
      std::string(5000, 'x');
  for (const bool streams : {false, true}) {
    GateBench bench;
    ReturnGate back(bench.context, {streams ? kMaxResultBytes : 1000, streams});
    bench.Client(ModernLine("config_use", "{}"));
    const std::vector<Frame> pieces = {{head, FramePart::kFirst},
                                       {"\"}}", FramePart::kLast}};
    EXPECT_EQ(back.Handle(pieces).back().kind, Kind::kClose) << streams;
  }
}

}  // namespace
}  // namespace gatehouse
