// SPDX-License-Identifier: Apache-2.0
// An anchor vouches for what is on the disk: this program's fsync notes what it
// was asked for.
#include "audit/anchor_point.h"

#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <mutex>
#include <string>
#include <vector>

#include "audit/reader.h"
#include "tests/audit/trail_fixture.h"

namespace {

std::mutex noting;
std::vector<std::string> synced;  // paths

}  // namespace

extern "C" int fsync(int fd) {
  char path[512] = "";
  const std::string link = "/proc/self/fd/" + std::to_string(fd);
  const ssize_t size = readlink(link.c_str(), path, sizeof path);
  {
    const std::lock_guard lock(noting);
    if (size > 0) synced.emplace_back(path, static_cast<std::size_t>(size));
  }
  return static_cast<int>(syscall(SYS_fsync, fd));
}

namespace gatehouse::audit {
namespace {

class AnchorPointTest : public TrailTest {
 protected:
  static bool WasSynced(const std::string& path) {
    const std::lock_guard lock(noting);
    return std::ranges::count(synced, path) != 0;
  }
};

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
  {
    const std::lock_guard lock(noting);
    synced.clear();
  }
  ASSERT_EQ(SyncHead(database_).value().seq, 3u);
  EXPECT_TRUE(WasSynced(database_ + "-wal"));
  EXPECT_TRUE(WasSynced(folder_ + "/state"));
}

TEST_F(AnchorPointTest, NeedsATrail) {
  EXPECT_EQ(SyncHead(database_).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace gatehouse::audit
