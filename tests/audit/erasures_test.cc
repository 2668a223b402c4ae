// SPDX-License-Identifier: Apache-2.0
#include "audit/erasures.h"

#include <gtest/gtest.h>

#include "audit/digest.h"

namespace gatehouse::audit {
namespace {

StoredRecord Erased(Sequence seq) {
  StoredRecord row;
  row.seq = seq;
  row.stage = "decision";
  return row;
}

StoredRecord Holding(Sequence seq, std::string payload = "{}",
                     std::string stage = "event") {
  StoredRecord row = Erased(seq);
  row.stage = std::move(stage);
  row.payload = std::move(payload);
  return row;
}

std::string Erasing(Sequence first, Sequence last) {
  return R"({"event":"payloads erased","arguments":{"first":)" +
         std::to_string(first) + R"(,"last":)" + std::to_string(last) + "}}";
}

std::string Pruning(Sequence last, const std::string& hash) {
  return R"({"event":"segments pruned","arguments":{"last":)" +
         std::to_string(last) + R"(,"head":")" + Hex(hash) + "\"}}";
}

// The first record whose loss nobody owns up to; 0 where all is said.
Sequence Unsaid(const std::vector<StoredRecord>& rows,
                const ChainHead& before = {}) {
  Erasures erasures;
  for (const StoredRecord& row : rows) erasures.Note(row);
  const auto found = erasures.Unrecorded(before);
  return found ? found->seq : 0;
}

TEST(Erasures, AreToBeNamedByARecord) {
  EXPECT_EQ(Unsaid({Holding(1), Holding(2)}), 0u);
  EXPECT_EQ(Unsaid({Holding(1), Erased(2)}), 2u);
  EXPECT_EQ(Unsaid({Erased(1), Erased(2), Holding(3, Erasing(1, 2))}), 0u);
  EXPECT_EQ(Unsaid({Erased(1), Erased(2), Holding(3, Erasing(1, 1))}), 1u);
  EXPECT_EQ(
      Unsaid({Erased(1), Holding(2), Erased(3), Holding(4, Erasing(1, 2))}),
      3u);
}

// What a client or a server wrote into a record is no record of an erasure.
TEST(Erasures, OnlyEventsNameThem) {
  EXPECT_EQ(Unsaid({Erased(1), Holding(2, Erasing(1, 1), "decision")}), 1u);
  EXPECT_EQ(Unsaid({Erased(1), Holding(2, Erasing(1, 1), "outcome")}), 1u);
  EXPECT_EQ(Unsaid({Erased(1), Holding(2, R"({"event":"guard stop","detail":)"
                                          R"("payloads erased","arguments":)"
                                          R"({"first":1,"last":1}})")}),
            1u);
  EXPECT_EQ(Unsaid({Erased(1), Holding(2, R"({"event":"payloads erased"})")}),
            1u);
}

TEST(Erasures, WhatStoodBeforeTheFirstRecordIsNamedWithItsHead) {
  ChainHead before;
  before.seq = 9;
  before.hash = std::string(32, 'h');
  EXPECT_EQ(Unsaid({Holding(10)}, before), 1u);
  EXPECT_EQ(Unsaid({Holding(10), Holding(11, Pruning(9, before.hash))}, before),
            0u);
  EXPECT_EQ(Unsaid({Holding(10), Holding(11, Pruning(8, before.hash))}, before),
            1u);
  EXPECT_EQ(Unsaid({Holding(10), Holding(11, Pruning(9, std::string(32, 'x')))},
                   before),
            1u);
}

}  // namespace
}  // namespace gatehouse::audit
