// SPDX-License-Identifier: Apache-2.0
// Calls after one that changes the kubeconfig: held until it is answered.
#include "proxy/held_calls.h"

#include <gtest/gtest.h>

#include "tests/support/gate_bench.h"

namespace gatehouse {
namespace {

using Kind = Verdict::Kind;

std::string Cancel(std::string_view id) {
  return R"({"jsonrpc":"2.0","method":"notifications/cancelled",)"
         R"("params":{"requestId":)" +
         std::string(id) + "}}";
}

HeldCall Held(const std::string& id, std::size_t bytes) {
  HeldCall call;
  call.message.id = RpcId{id};
  call.bytes = bytes;
  return call;
}

TEST(HeldCalls, KeepTheirOrderAndAreBounded) {
  HeldCalls held;
  EXPECT_TRUE(held.empty());
  EXPECT_TRUE(held.Add(Held("1", 10)));
  EXPECT_TRUE(held.Add(Held("2", HeldCalls::kMaxBytes - 10)));
  HeldCall one_more = Held("3", 1);
  EXPECT_FALSE(held.Add(std::move(one_more)));
  EXPECT_EQ(one_more.message.id->text, "3") << "left as it was";
  EXPECT_TRUE(held.Remove({"1"}));
  EXPECT_FALSE(held.Remove({"1"}));
  EXPECT_TRUE(held.Add(Held("3", 1)));
  const std::vector<HeldCall> all = held.TakeAll();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].message.id->text, "2");
  EXPECT_TRUE(held.empty());
  for (std::size_t i = 0; i < HeldCalls::kMaxCalls; ++i) {
    ASSERT_TRUE(held.Add(Held(std::to_string(i), 1)));
  }
  EXPECT_FALSE(held.Add(Held("x", 1)));
}

TEST(HeldCalls, ACallAfterAConfigCallWaitsForItsAnswer) {
  GateBench bench;
  // In one wake-up: the second must not be judged by the old kubeconfig.
  const auto verdicts =
      bench.FromClient({CallLine("1", "config_use"), CallLine("2", "read_pod"),
                        CallLine("3", "drop_pod")});
  EXPECT_EQ(verdicts[0].kind, Kind::kForward);
  EXPECT_EQ(verdicts[1].kind, Kind::kDrop);
  EXPECT_EQ(verdicts[2].kind, Kind::kDrop);
  EXPECT_EQ(bench.judge.calls, 1);
  EXPECT_EQ(bench.records().size(), 1u);
  EXPECT_TRUE(bench.gate.Release().empty()) << "not answered yet";

  EXPECT_EQ(bench.Server(ResultLine("1")).kind, Kind::kForward);
  EXPECT_EQ(bench.judge.forgotten, 0);
  const auto released = bench.gate.Release();
  ASSERT_EQ(released.size(), 2u);
  EXPECT_EQ(released[0].kind, Kind::kForward);
  EXPECT_EQ(released[1].kind, Kind::kAnswer);
  EXPECT_EQ(bench.judge.forgotten, 1) << "read again, once";
  EXPECT_EQ(bench.judge.calls, 3);
  EXPECT_TRUE(bench.gate.Release().empty());
}

TEST(HeldCalls, WhatIsNotJudgedPasses) {
  GateBench bench;
  bench.Client(CallLine("1", "config_use"));
  EXPECT_EQ(bench.Client(R"({"jsonrpc":"2.0","id":9,"method":"ping"})").kind,
            Kind::kForward);
}

TEST(HeldCalls, AConfigCallAmongThemHoldsTheRestAgain) {
  GateBench bench;
  bench.FromClient({CallLine("1", "config_use"), CallLine("2", "config_use"),
                    CallLine("3", "read_pod")});
  bench.Server(ResultLine("1"));
  const auto first = bench.gate.Release();
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first[0].kind, Kind::kForward);
  EXPECT_EQ(first[1].kind, Kind::kDrop);
  bench.Server(ResultLine("2"));
  const auto second = bench.gate.Release();
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(second[0].kind, Kind::kForward);
}

TEST(HeldCalls, ARefusedConfigCallHoldsNothing) {
  GateBench bench;
  bench.sink.fail_append_at = 1;
  bench.Client(CallLine("1", "config_use"));  // cannot be recorded: refused
  EXPECT_EQ(bench.Client(CallLine("2", "read_pod")).kind, Kind::kForward);
}

TEST(HeldCalls, ACancelledOneIsNeverForwarded) {
  GateBench bench;
  bench.FromClient({CallLine("1", "config_use"), CallLine("2", "read_pod")});
  EXPECT_EQ(bench.Client(Cancel("2")).kind, Kind::kDrop);
  bench.Server(ResultLine("1"));
  EXPECT_TRUE(bench.gate.Release().empty());
  EXPECT_EQ(bench.judge.calls, 1);
}

TEST(HeldCalls, ACancelledConfigCallEndsASecondLater) {
  GateBench bench;
  bench.FromClient({CallLine("1", "config_use"), CallLine("2", "read_pod")});
  EXPECT_EQ(bench.Client(Cancel("1")).kind, Kind::kForward);
  EXPECT_TRUE(bench.gate.Release().empty());
  bench.clock.Advance(std::chrono::milliseconds(1000));
  ASSERT_EQ(bench.gate.Release().size(), 1u);
}

// Some servers answer what was cancelled; that says nothing of the next one.
TEST(HeldCalls, ALateAnswerToACancelledOneDoesNotEndTheNext) {
  GateBench bench;
  bench.FromClient({CallLine("1", "config_use"), Cancel("1")});
  bench.clock.Advance(std::chrono::milliseconds(1000));
  EXPECT_EQ(bench.Client(CallLine("2", "config_use")).kind, Kind::kForward);
  EXPECT_EQ(bench.Server(ResultLine("1")).kind, Kind::kDrop);
  EXPECT_EQ(bench.Client(CallLine("3", "read_pod")).kind, Kind::kDrop);
  EXPECT_TRUE(bench.gate.Release().empty());
  bench.Server(ResultLine("2"));
  EXPECT_EQ(bench.gate.Release().size(), 1u);
}

TEST(HeldCalls, AreAnsweredWhenTheServerDies) {
  GateBench bench;
  bench.FromClient({CallLine("1", "config_use"), CallLine("2", "read_pod")});
  bench.back.OnServerGone();
  const auto released = bench.gate.Release();
  ASSERT_EQ(released.size(), 1u);
  EXPECT_EQ(released[0].kind, Kind::kAnswer);
  EXPECT_NE(released[0].bytes.find("server-died"), std::string::npos);
}

// It has no answer that could end the wait.
TEST(HeldCalls, AStreamHoldsNobody) {
  GateBench bench;
  EXPECT_EQ(bench
                .Client(R"({"jsonrpc":"2.0","id":1,)"
                        R"("method":"subscriptions/listen","params":)"
                        R"({"notifications":{"resourceSubscriptions":)"
                        R"(["k8s://dev/config_x"]}}})")
                .kind,
            Verdict::Kind::kForward);
  EXPECT_EQ(bench.Client(CallLine("2", "read_pod")).kind,
            Verdict::Kind::kForward);
}

TEST(HeldCalls, BeyondTheLimitAreAnsweredAsCalls) {
  GateBench bench;
  (void)bench.Client(CallLine("0", "config_use"));
  std::vector<std::string> lines;
  for (std::size_t i = 1; i <= HeldCalls::kMaxCalls + 1; ++i) {
    lines.push_back(CallLine(std::to_string(i), "read_pod"));
  }
  const auto verdicts = bench.FromClient(lines);
  EXPECT_EQ(verdicts[HeldCalls::kMaxCalls - 1].kind, Kind::kDrop);
  const Verdict& last = verdicts.back();
  EXPECT_EQ(last.kind, Kind::kAnswer);
  EXPECT_NE(last.bytes.find(R"("isError":true)"), last.bytes.npos);
  EXPECT_NE(last.bytes.find("[code server-busy]"), last.bytes.npos);
}

}  // namespace
}  // namespace gatehouse
