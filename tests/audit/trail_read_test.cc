// SPDX-License-Identifier: Apache-2.0
#include "audit/trail_read.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/filter.h"
#include "audit/reader.h"
#include "tests/audit/trail_fixture.h"

namespace gatehouse::audit {
namespace {

class TrailReadTest : public TrailTest {
 protected:
  TrailReadTest() { Fill(*OpenSink(), 2); }
  static Record Reading() {
    Record record;
    record.event = kTrailRead;
    return record;
  }
  Sequence Count() const {
    return OpenReader(database_).value()->HeadRow().value().seq;
  }
};

TEST_F(TrailReadTest, AppendsOneRecord) {
  ASSERT_TRUE(RecordRead(database_, Reading()).ok());
  EXPECT_EQ(Count(), 3u);
}

// While a guard writes, too: by turns, under the lock.
TEST_F(TrailReadTest, GoesBetweenAGuardsRecords) {
  const auto sink = OpenSink();
  Fill(*sink, 1);
  ASSERT_TRUE(RecordRead(database_, Reading()).ok());
  Fill(*sink, 1);
  EXPECT_EQ(Count(), 5u);
}

TEST_F(TrailReadTest, LeavesAloneWhatItMayNotWrite) {
  EXPECT_EQ(RecordRead(Beside("none.db"), Reading()).error().code,
            ErrorCode::kNotFound);
  Tamper(database_, "PRAGMA user_version = 1");
  EXPECT_EQ(RecordRead(database_, Reading()).error().code,
            ErrorCode::kUnsupported);
  chmod(database_.c_str(), 0400);
  EXPECT_EQ(RecordRead(database_, Reading()).error().code,
            ErrorCode::kPermission);
  EXPECT_EQ(Count(), 2u);
}

// Root could write to anybody's trail, and would leave a lock behind that its
// owner cannot open.
TEST_F(TrailReadTest, LeavesAnotherUsersTrailAlone) {
  constexpr uid_t kNobody = 65534;
  if (chown(database_.c_str(), kNobody, kNobody) != 0) {
    return;  // only root can play this
  }
  std::filesystem::remove(Beside("audit.lock"));
  const Status recorded = RecordRead(database_, Reading());
  EXPECT_EQ(recorded.error().code, ErrorCode::kPermission);
  EXPECT_FALSE(std::filesystem::exists(Beside("audit.lock")));
}

}  // namespace
}  // namespace gatehouse::audit
