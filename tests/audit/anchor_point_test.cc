// SPDX-License-Identifier: Apache-2.0
// An anchor vouches for what is on the disk.
#include "audit/anchor_point.h"

#include <gtest/gtest.h>

#include "audit/reader.h"
#include "tests/audit/trail_fixture.h"
#include "tests/support/seen_syncs.h"

namespace gatehouse::audit {
namespace {

class AnchorPointTest : public TrailTest {};

TEST_F(AnchorPointTest, VouchesForTheHead) {
  const auto sink = OpenSink();
  Fill(*sink, 4);
  const auto head = SyncHead(database_);
  ASSERT_TRUE(head.ok()) << head.error().sentence;
  EXPECT_EQ(head.value().seq, 4u);
  EXPECT_EQ(head.value(), OpenReader(database_).value()->HeadRow().value());
  Fill(*sink, 1);
  EXPECT_EQ(SyncHead(database_).value().seq, 5u);
}

// Nobody waits for it: it neither takes the writers' lock nor writes.
TEST_F(AnchorPointTest, VouchesWhileAGuardWrites) {
  const auto sink = OpenSink();
  Fill(*sink, 4);
  ASSERT_TRUE(sink->Append(SampleDecision("open")).ok());  // holds the lock
  EXPECT_EQ(SyncHead(database_).value().seq, 4u);
  ASSERT_TRUE(sink->Commit(Durability::kNormal).ok());
  EXPECT_EQ(SyncHead(database_).value().seq, 5u);
}

// The head is read first: a record that comes in between is synced, too, and
// not vouched for.
TEST_F(AnchorPointTest, BringsTheLogToTheDisk) {
  const auto sink = OpenSink();
  Fill(*sink, 2);
  ASSERT_TRUE(sink->Append(SampleDecision("read")).ok());
  ASSERT_TRUE(sink->Commit(Durability::kNormal).ok());
  testing::SeenSyncs syncs;
  ASSERT_EQ(SyncHead(database_).value().seq, 3u);
  EXPECT_TRUE(syncs.Has(database_ + "-wal"));
  EXPECT_TRUE(syncs.Has(folder_ + "/state"));
}

TEST_F(AnchorPointTest, NeedsATrail) {
  EXPECT_EQ(SyncHead(database_).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace gatehouse::audit
