// SPDX-License-Identifier: Apache-2.0
#include "audit/sqlite_checkpoints.h"

#include <gtest/gtest.h>

#include "audit/sqlite_sink.h"
#include "tests/audit/trail_fixture.h"
#include "tests/support/fault_vfs.h"

namespace gatehouse::audit {
namespace {

class CheckpointsTest : public TrailTest {};

// A checkpoint waits for the disk, and a call must not wait for that which
// a pause will come for.
TEST_F(CheckpointsTest, ALogOfSomeLengthIsMovedInAQuietMoment) {
  testing::FaultVfs disk;
  SinkOptions options;
  options.checkpoint_pages = 80;
  options.disk_patience = std::chrono::seconds(60);
  const auto sink = OpenSink(options);
  const auto commit = [&sink] {
    ASSERT_TRUE(sink->Append(SampleDecision("a")).ok());
    ASSERT_TRUE(sink->Commit(Durability::kNormal).ok());
  };
  commit();
  const std::size_t at_first = disk.syncs();
  sink->Idle();
  EXPECT_EQ(disk.syncs(), at_first);  // not for so little
  for (int i = 0; i < 15; ++i) commit();
  EXPECT_EQ(disk.syncs(), at_first);
  sink->Idle();
  const std::size_t moved = disk.syncs();
  // Of the log, to see that the disk answers; of what is new in it since, and
  // of the database.
  EXPECT_EQ(moved, at_first + 3);
  sink->Idle();
  EXPECT_EQ(disk.syncs(), moved);
}

}  // namespace
}  // namespace gatehouse::audit
