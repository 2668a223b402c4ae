// SPDX-License-Identifier: Apache-2.0
// Nothing acts unrecorded: a sink that fails at its n-th append or commit, for
// every n that a batch reaches.
#include <gtest/gtest.h>

#include "tests/support/gate_bench.h"

namespace gatehouse {
namespace {

using Kind = Verdict::Kind;

const std::vector<std::string>& Batch() {
  static const std::vector<std::string> lines = {
      CallLine("1", "read_pod"),
      R"({"jsonrpc":"2.0","id":2,"method":"ping"})",
      CallLine("3", "write_pod"),
      "garbage",
      CallLine("4", "drop_pod"),
      CallLine("5", "observe_pod"),
      R"({"jsonrpc":"2.0","method":"notifications/cancelled",)"
      R"("params":{"requestId":1}})",
      R"({"jsonrpc":"2.0","id":6,"method":"tools/list"})",
  };
  return lines;
}

constexpr std::size_t kRecordsOfBatch = 5;

void ExpectNothingJudgedLeft(GateBench& bench,
                             const std::vector<Verdict>& verdicts) {
  ASSERT_EQ(verdicts.size(), Batch().size());
  for (const std::size_t call : {0u, 2u, 4u, 5u}) {
    EXPECT_EQ(verdicts[call].kind, Kind::kAnswer) << call;
    EXPECT_NE(verdicts[call].bytes.find("[code audit-unavailable]"),
              std::string::npos)
        << verdicts[call].bytes;
    EXPECT_NE(verdicts[call].bytes.find(R"("record":null)"), std::string::npos);
  }
  EXPECT_EQ(verdicts[3].kind, Kind::kAnswer);   // refused, audit or not
  EXPECT_EQ(verdicts[6].kind, Kind::kDrop);     // its call never left
  EXPECT_EQ(verdicts[1].kind, Kind::kForward);  // needs no record
  EXPECT_EQ(verdicts[7].kind, Kind::kForward);
  EXPECT_TRUE(bench.records().empty());
  EXPECT_EQ(bench.sink.open(), 0u);
  EXPECT_EQ(bench.session.in_flight(), 2u);
  EXPECT_EQ(bench.warnings.size(), 1u);
}

TEST(GateFailure, AtEachAppendNothingOfTheBatchLeaves) {
  for (std::size_t n = 1; n <= kRecordsOfBatch; ++n) {
    SCOPED_TRACE(n);
    GateBench bench;
    bench.sink.fail_append_at = n;
    ExpectNothingJudgedLeft(bench, bench.FromClient(Batch()));
  }
}

TEST(GateFailure, AtTheCommitNothingOfTheBatchLeaves) {
  GateBench bench;
  bench.sink.fail_commit_at = 1;
  ExpectNothingJudgedLeft(bench, bench.FromClient(Batch()));
}

TEST(GateFailure, OneFailureMoreThanTheBatchReachesIsNone) {
  GateBench bench;
  bench.sink.fail_append_at = kRecordsOfBatch + 1;
  bench.sink.fail_commit_at = 2;
  const auto verdicts = bench.FromClient(Batch());
  EXPECT_EQ(verdicts[0].kind, Kind::kForward);
  EXPECT_EQ(bench.records().size(), kRecordsOfBatch);
  EXPECT_TRUE(bench.warnings.empty());
}

TEST(GateFailure, EachOfManyCallsIsForwardedOnlyWithItsRecord) {
  // One call a batch; the n-th commit fails: exactly that call is refused.
  for (std::size_t n = 1; n <= 5; ++n) {
    GateBench bench;
    bench.sink.fail_commit_at = n;
    for (std::size_t call = 1; call <= 5; ++call) {
      const Verdict verdict =
          bench.Client(CallLine(std::to_string(call), "write_pod"));
      EXPECT_EQ(verdict.kind, call == n ? Kind::kAnswer : Kind::kForward);
    }
    EXPECT_EQ(bench.session.in_flight(), 4u);
  }
}

TEST(GateFailure, WhatWasRefusedMeanwhileIsRecordedLater) {
  GateBench bench;
  bench.sink.broken = true;
  (void)bench.Client(CallLine("1", "write_pod", R"({"name":"web"})"));
  (void)bench.Client("garbage");
  bench.sink.broken = false;
  EXPECT_EQ(bench.Client(CallLine("2", "read_pod")).kind, Kind::kForward);
  ASSERT_EQ(bench.records().size(), 3u);
  EXPECT_EQ(bench.records()[0].decision->code, Code::kAuditUnavailable);
  EXPECT_EQ(bench.records()[0].tool, "write_pod");
  EXPECT_EQ(bench.records()[0].arguments, "");
  EXPECT_EQ(bench.records()[1].decision->code, Code::kMalformed);
  EXPECT_EQ(bench.records()[2].decision->code, Code::kAllowed);
}

TEST(GateFailure, NoOutcomeIsLostToAFailedCommit) {
  GateBench bench;
  (void)bench.Client(CallLine("1", "read_pod"));
  (void)bench.Server(ResultLine("1"));
  bench.sink.broken = true;
  EXPECT_FALSE(bench.back.Flush().ok());
  bench.sink.broken = false;
  EXPECT_TRUE(bench.back.Flush().ok());
  ASSERT_EQ(bench.records().size(), 2u);
  EXPECT_EQ(bench.records()[1].outcome, audit::Outcome::kOk);
  EXPECT_EQ(bench.records()[1].call, bench.records()[0].call);
}

}  // namespace
}  // namespace gatehouse
