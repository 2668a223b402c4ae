// SPDX-License-Identifier: Apache-2.0
#include "proxy/trail.h"

#include <gtest/gtest.h>

#include "tests/support/gate_bench.h"

namespace gatehouse {
namespace {

audit::Record Named(const GateBench& bench, std::string detail) {
  audit::Record record = bench.trail.Make(audit::Stage::kEvent);
  record.detail = std::move(detail);
  return record;
}

std::string Details(const std::vector<audit::Record>& records) {
  std::string all;
  for (const audit::Record& record : records) all += record.detail + ";";
  return all;
}

TEST(Trail, ARecordBearsWhoAndWhen) {
  GateBench bench;
  const audit::Record record = bench.trail.Make(audit::Stage::kDecision);
  EXPECT_EQ(record.stage, audit::Stage::kDecision);
  EXPECT_EQ(record.time_ns, 1785542400LL * 1'000'000'000);
  EXPECT_EQ(record.session, "0198-session");
  EXPECT_EQ(record.os_user, "ana");
  EXPECT_EQ(record.kube_user, "ana-kube");
  EXPECT_EQ(record.uid, 1000u);
  EXPECT_EQ(record.pid, 4711);
  EXPECT_EQ(record.server, "sample-server");
}

TEST(Trail, WhatWaitsRidesAlongBeforeTheBatch) {
  GateBench bench;
  bench.trail.Queue(Named(bench, "first"));
  EXPECT_EQ(bench.sink.appends, 0u);  // no transaction is held open
  const auto written =
      bench.trail.Write({Named(bench, "second"), Named(bench, "third")});
  ASSERT_TRUE(written.ok());
  EXPECT_EQ(written.value(), (std::vector<audit::Sequence>{2, 3}));
  EXPECT_EQ(Details(bench.records()), "first;second;third;");
  EXPECT_EQ(bench.sink.durabilities,
            std::vector<audit::Durability>{audit::Durability::kNormal});
  EXPECT_EQ(bench.trail.waiting(), 0u);
}

TEST(Trail, AFailureKeepsWhatWaitedAndNothingOfTheBatch) {
  for (const bool at_commit : {false, true}) {
    GateBench bench;
    (at_commit ? bench.sink.fail_commit_at : bench.sink.fail_append_at) =
        at_commit ? 1 : 2;
    bench.trail.Queue(Named(bench, "waits"));
    EXPECT_FALSE(bench.trail.Write({Named(bench, "lost")}).ok());
    EXPECT_EQ(bench.sink.rollbacks, 1u);
    EXPECT_EQ(bench.sink.open(), 0u);
    ASSERT_TRUE(bench.trail.Flush().ok());
    EXPECT_EQ(Details(bench.records()), "waits;");
  }
}

TEST(Trail, NothingToWriteIsNoCommit) {
  GateBench bench;
  EXPECT_TRUE(bench.trail.Flush().ok());
  EXPECT_EQ(bench.sink.commits, 0u);
}

TEST(Trail, TheQueueIsBoundedAndSaysWhatItLost) {
  GateBench bench;
  for (int i = 0; i < 10'001; ++i) {
    bench.trail.Queue(Named(bench, std::to_string(i)));
  }
  EXPECT_EQ(bench.trail.waiting(), 10'000u);
  ASSERT_TRUE(bench.trail.Flush().ok());
  EXPECT_EQ(bench.records().front().detail, "1");
  EXPECT_EQ(bench.records().back().detail,
            "10000; 1 records before were lost: the trail was not writable");
}

}  // namespace
}  // namespace gatehouse
