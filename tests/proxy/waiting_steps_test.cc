// SPDX-License-Identifier: Apache-2.0
// Calls whose record must be on the disk first: who waits, who does not, and
// what becomes of those that wait.
#include "proxy/waiting_steps.h"

#include <gtest/gtest.h>

#include "tests/support/gate_bench.h"

namespace gatehouse {
namespace {

using Kind = Verdict::Kind;

const Error kDiskSaidNo{ErrorCode::kIo, "the disk said no"};

std::string Cancel(const std::string& id) {
  return R"({"jsonrpc":"2.0","method":"notifications/cancelled",)"
         R"("params":{"requestId":)" +
         id + "}}";
}

// Over a disk that takes its time.
struct WaitingBench : GateBench {
  explicit WaitingBench(
      audit::Durability durability = audit::Durability::kNormal)
      : GateBench(durability) {
    sink.delays_syncs = true;
  }
  void Wait(const std::string& id, const std::string& tool = "write_pod") {
    EXPECT_EQ(Client(CallLine(id, tool)).kind, Kind::kDrop);
    EXPECT_TRUE(gate.waiting());
  }
  std::vector<Verdict> After(const Status& synced, std::uint64_t through = 0) {
    sink.EndSyncs(synced, through);
    return gate.Release();
  }
  // The outcome that the call has by now, with what is said of it.
  std::string OutcomeOf(const std::string& call) {
    EXPECT_TRUE(back.Flush().ok());
    for (const audit::Record& record : records()) {
      if (record.call == call && record.outcome) {
        return std::string(audit::OutcomeName(*record.outcome)) + ": " +
               record.detail;
      }
    }
    return "none";
  }
};

TEST(WaitingSteps, OnlyWhatWaitsForTheDiskWaits) {
  WaitingBench bench;
  const auto verdicts = bench.FromClient(
      {CallLine("1", "write_pod"),
       R"({"jsonrpc":"2.0","id":2,"method":"ping"})", CallLine("3", "read_pod"),
       CallLine("4", "drop_pod"), "garbage"});
  EXPECT_EQ(verdicts[0].kind, Kind::kDrop);
  EXPECT_EQ(verdicts[1].kind, Kind::kForward);
  EXPECT_EQ(verdicts[2].kind, Kind::kForward);
  EXPECT_EQ(verdicts[3].kind, Kind::kAnswer);
  EXPECT_EQ(verdicts[4].kind, Kind::kAnswer);
  EXPECT_TRUE(bench.gate.Release().empty());
  // The answers of the others do not wait either.
  EXPECT_EQ(bench.Server(ResultLine("3")).kind, Kind::kForward);
  EXPECT_EQ(bench.Client(CallLine("5", "read_pod")).kind, Kind::kForward);
  EXPECT_EQ(bench.sink.commits, 2u);

  const auto released = bench.After(Done{});
  ASSERT_EQ(released.size(), 1u);
  EXPECT_EQ(Describe(released[0]),
            "forward " + CallLine("1", "write_pod") + "\n");
  EXPECT_EQ(bench.session.Find({"1"})->record, 1u);
  EXPECT_FALSE(bench.gate.waiting());
  EXPECT_TRUE(bench.gate.Release().empty());
}

TEST(WaitingSteps, KeepTheirOrderAndGoAsFarAsTheDiskIs) {
  WaitingBench bench;
  for (const char* id : {"1", "2", "3"}) bench.Wait(id);
  const auto first = bench.After(Done{}, 2);
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first[0].bytes, CallLine("1", "write_pod") + "\n");
  EXPECT_EQ(first[1].bytes, CallLine("2", "write_pod") + "\n");
  const auto rest = bench.After(Done{});
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest[0].bytes, CallLine("3", "write_pod") + "\n");
}

TEST(WaitingSteps, NothingOvertakesThemOnceTheDiskIsFast) {
  WaitingBench bench;
  bench.Wait("1");
  bench.sink.delays_syncs = false;
  bench.Wait("2");
  const auto released = bench.gate.Release();
  ASSERT_EQ(released.size(), 2u);
  EXPECT_EQ(released[0].bytes, CallLine("1", "write_pod") + "\n");
}

TEST(WaitingSteps, AFailedSyncRefusesAllThatWaitedForIt) {
  WaitingBench bench;
  for (const char* id : {"1", "2"}) bench.Wait(id);
  const std::string call = bench.session.Find({"1"})->call;
  const auto verdicts = bench.After(kDiskSaidNo);
  ASSERT_EQ(verdicts.size(), 2u);
  for (const Verdict& verdict : verdicts) {
    EXPECT_EQ(verdict.kind, Kind::kAnswer);
    EXPECT_NE(verdict.bytes.find("[code audit-unavailable]"),
              std::string::npos);
  }
  EXPECT_NE(verdicts[1].bytes.find(R"("record":2)"), std::string::npos);
  EXPECT_EQ(bench.session.in_flight(), 0u);
  EXPECT_EQ(bench.warnings.size(), 1u);
  EXPECT_EQ(bench.OutcomeOf(call),
            "cancelled: it was not forwarded: its record did not reach the "
            "disk");
}

TEST(WaitingSteps, ASyncThatFailsAtOnceRefusesInPlace) {
  GateBench bench;
  bench.sink.fail_syncs = true;
  const auto verdicts =
      bench.FromClient({CallLine("1", "write_pod"), CallLine("2", "read_pod")});
  EXPECT_EQ(verdicts[0].kind, Kind::kAnswer);
  EXPECT_EQ(verdicts[1].kind, Kind::kForward);
  EXPECT_EQ(bench.session.in_flight(), 1u);
}

TEST(WaitingSteps, ACancelledCallIsNotMade) {
  WaitingBench bench;
  bench.Wait("1");
  const std::string call = bench.session.Find({"1"})->call;
  EXPECT_EQ(bench.Client(Cancel("1")).kind, Kind::kDrop);
  EXPECT_FALSE(bench.gate.waiting());
  // Its id is free again, and the sync of the first is not that of the second.
  bench.Wait("1", "write_other");
  EXPECT_TRUE(bench.After(Done{}, 1).empty());
  const auto released = bench.After(Done{});
  ASSERT_EQ(released.size(), 1u);
  EXPECT_EQ(released[0].bytes, CallLine("1", "write_other") + "\n");
  EXPECT_EQ(bench.OutcomeOf(call),
            "cancelled: it was cancelled before it was forwarded");
}

TEST(WaitingSteps, ACallCancelledInItsOwnBatchIsNotMade) {
  WaitingBench bench;
  const auto verdicts =
      bench.FromClient({CallLine("1", "write_pod"), Cancel("1"), Cancel("1")});
  for (const Verdict& verdict : verdicts) {
    EXPECT_EQ(verdict.kind, Kind::kDrop);
  }
  EXPECT_TRUE(bench.After(Done{}).empty());
  EXPECT_EQ(bench.session.in_flight(), 0u);
}

TEST(WaitingSteps, AServerCannotAnswerWhatItWasNotGiven) {
  WaitingBench bench;
  bench.Wait("1");
  EXPECT_EQ(bench.Server(ResultLine("1")).kind, Kind::kDrop);
  EXPECT_EQ(bench.After(Done{}).at(0).kind, Kind::kForward);
  EXPECT_EQ(bench.Server(ResultLine("1")).kind, Kind::kForward);
}

TEST(WaitingSteps, WhereTheServerIsGoneTheClientHearsThatOnce) {
  WaitingBench bench;
  bench.Wait("1");
  const std::string call = bench.session.Find({"1"})->call;
  EXPECT_EQ(bench.back.OnServerGone().size(), 1u);
  EXPECT_TRUE(bench.gate.waiting());
  const auto verdicts = bench.After(Done{});
  EXPECT_EQ(verdicts.at(0).kind, Kind::kDrop);
  EXPECT_EQ(bench.OutcomeOf(call), "server-died: it was not forwarded");
}

TEST(WaitingSteps, WithFullDurabilityEveryRecordIsAwaited) {
  WaitingBench bench(audit::Durability::kFull);
  const auto verdicts = bench.FromClient(
      {CallLine("1", "read_pod"), CallLine("2", "drop_pod"), "garbage",
       R"({"jsonrpc":"2.0","id":3,"method":"ping"})"});
  for (const std::size_t i : {0u, 1u, 2u}) {
    EXPECT_EQ(verdicts[i].kind, Kind::kDrop) << i;
  }
  EXPECT_EQ(verdicts[3].kind, Kind::kForward);
  const auto released = bench.After(Done{});
  ASSERT_EQ(released.size(), 3u);
  EXPECT_EQ(released[0].kind, Kind::kForward);
  EXPECT_NE(released[1].bytes.find("[code denied-by-rule]"), std::string::npos)
      << released[1].bytes;
  EXPECT_EQ(released[2].kind, Kind::kAnswer);
}

TEST(WaitingSteps, ACallThatChangesTheKubeconfigHoldsOthersAllTheWay) {
  WaitingBench bench;
  bench.Wait("1", "config_use");
  EXPECT_EQ(bench.Client(CallLine("2", "read_pod")).kind, Kind::kDrop);
  EXPECT_EQ(bench.After(Done{}).size(), 1u);
  (void)bench.Server(ResultLine("1"));
  const auto released = bench.gate.Release();
  ASSERT_EQ(released.size(), 1u);
  EXPECT_EQ(released[0].bytes, CallLine("2", "read_pod") + "\n");
}

TEST(WaitingSteps, ALotOfThemIsToHoldTheClientBack) {
  WaitingBench bench;
  EXPECT_FALSE(bench.gate.full());
  const std::string big =
      R"({"a":")" + std::string(WaitingSteps::kMaxBytes / 2, 'x') + R"("})";
  bench.FromClient({CallLine("1", "write_pod", big)});
  EXPECT_FALSE(bench.gate.full());
  bench.FromClient({CallLine("2", "write_pod", big)});
  EXPECT_TRUE(bench.gate.full());
  EXPECT_EQ(bench.After(Done{}).size(), 2u);
  EXPECT_FALSE(bench.gate.full());
}

}  // namespace
}  // namespace gatehouse
