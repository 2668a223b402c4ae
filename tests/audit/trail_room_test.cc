// SPDX-License-Identifier: Apache-2.0
// What a trail does when its room ends, by its quota; a disk that is full is
// tests/e2e/disk_e2e_test.cc.
#include "audit/trail_room.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "audit/reader.h"
#include "audit/trail_files.h"
#include "audit/verify.h"
#include "tests/audit/trail_fixture.h"

namespace gatehouse::audit {
namespace {

class TrailRoomTest : public TrailTest {
 protected:
  SinkOptions Quota(std::uint64_t bytes) {
    SinkOptions options;
    options.self.session = "s1";
    options.max_bytes = bytes;
    options.look_every = std::chrono::milliseconds(0);
    options.warn = [this](std::string_view text) {
      warnings_ += std::string(text) + "\n";
    };
    return options;
  }
  // Whether it was recorded.
  static bool Write(Sink& sink, const Record& record) {
    const bool written =
        sink.Append(record).ok() && sink.Commit(Durability::kNormal).ok();
    if (!written) sink.Rollback();
    return written;
  }
  // How often an event stands in the trail.
  int Events(const std::string& event) const {
    int count = 0;
    const auto reader = OpenReader(database_);
    const auto walked = reader.value()->ForEach([&](const StoredRecord& row) {
      if (row.payload->find("\"event\":\"" + event + "\"") !=
          std::string::npos) {
        ++count;
      }
      return Reader::Next::kGoOn;
    });
    EXPECT_TRUE(walked.ok());
    return count;
  }

  std::string warnings_;
};

TEST_F(TrailRoomTest, AtTheQuotaWhatActsIsRefusedAndTheRestIsRecorded) {
  const auto sink = OpenSink(Quota(700'000));
  int written = 0;
  while (Write(*sink, SampleDecision("c" + std::to_string(written)))) ++written;
  EXPECT_GT(written, 100);
  EXPECT_EQ(Events("storage low"), 1);
  EXPECT_EQ(Events("storage full"), 1);
  EXPECT_NE(warnings_.find("room is short"), std::string::npos) << warnings_;
  EXPECT_NE(warnings_.find("calls are refused"), std::string::npos);
  const auto refused = sink->Append(SampleDecision("x"));
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().sentence.find("is used up"), std::string::npos)
      << refused.error().sentence;
  sink->Rollback();
  // The last call was recorded before it was let through; its end fits still.
  EXPECT_TRUE(Write(*sink, SampleOutcome("c" + std::to_string(written - 1))));
  EXPECT_TRUE(Write(*sink, SampleDecision("denied", Effect::kDeny)));
  EXPECT_TRUE(Verify(*OpenReader(database_).value()).value().good());
}

TEST_F(TrailRoomTest, WithSegmentsTheQuotaIsNotReached) {
  SinkOptions options = Quota(700'000);
  options.segment_bytes = 300'000;
  options.rotation_pause = std::chrono::milliseconds(0);
  const auto sink = OpenSink(options);
  for (int i = 0; i < 2000; ++i) {
    ASSERT_TRUE(Write(*sink, SampleDecision("c" + std::to_string(i)))) << i;
  }
  EXPECT_EQ(Events("storage full"), 0);
}

TEST_F(TrailRoomTest, WhereThereIsRoomAgainCallsPassAgain) {
  const auto sink = OpenSink(Quota(0));
  ASSERT_TRUE(std::filesystem::exists(Beside("audit.ballast")));
  EXPECT_EQ(std::filesystem::file_size(Beside("audit.ballast")), kBallastBytes);
  // As another guard does for its last records; it is made anew where it fits.
  std::filesystem::remove(Beside("audit.ballast"));
  EXPECT_TRUE(Write(*sink, SampleDecision("a")));
  EXPECT_EQ(Events("storage free"), 1);
  EXPECT_TRUE(std::filesystem::exists(Beside("audit.ballast")));
  SinkOptions seldom = Quota(0);
  seldom.self.session = "s2";
  seldom.look_every = std::chrono::hours(1);
  const auto other = OpenSink(seldom);
  std::filesystem::remove(Beside("audit.ballast"));
  EXPECT_FALSE(Write(*other, SampleDecision("b"))) << "full for every guard";
}

TEST_F(TrailRoomTest, WaitsForNoPipeInTheBallastsPlace) {
  ASSERT_TRUE(PrepareTrailFiles(database_).ok());
  ASSERT_EQ(mkfifo(Beside("audit.ballast").c_str(), 0600), 0);
  const auto sink = OpenSink(Quota(0));
  EXPECT_TRUE(Write(*sink, SampleDecision("a")));
}

TEST_F(TrailRoomTest, ACommandThatWritesARecordMakesNoBallast) {
  OpenSink();
  EXPECT_FALSE(std::filesystem::exists(Beside("audit.ballast")));
}

}  // namespace
}  // namespace gatehouse::audit
