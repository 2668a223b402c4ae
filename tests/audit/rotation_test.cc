// SPDX-License-Identifier: Apache-2.0
// Old records go to files of their own, and the trail stays one.
#include "audit/rotation.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>
#include <utility>

#include "audit/reader.h"
#include "audit/verify.h"
#include "tests/audit/trail_fixture.h"

namespace gatehouse::audit {
namespace {

class RotationTest : public TrailTest {
 protected:
  static SinkOptions Small(const std::string& session = "s1") {
    SinkOptions options;
    options.self.session = session;
    options.self.pid = getpid();
    // Eight guards that start at once on a slow disk wait for each other.
    options.lock_wait = std::chrono::seconds(60);
    options.segment_bytes = 200'000;
    options.look_every = std::chrono::milliseconds(0);
    options.rotation_pause = std::chrono::milliseconds(0);
    return options;
  }
  // Calls "c<from>" … in commits of five.
  static void Run(Sink& sink, int from, int to) {
    for (int i = from; i < to; ++i) {
      const std::string call = "c" + std::to_string(i);
      ASSERT_TRUE(sink.Append(SampleDecision(call)).ok());
      ASSERT_TRUE(sink.Append(SampleOutcome(call)).ok());
      if (i % 5 == 4) {
        ASSERT_TRUE(sink.Commit(Durability::kNormal).ok());
      }
    }
    ASSERT_TRUE(sink.Commit(Durability::kNormal).ok());
  }
  std::int64_t Count(const std::string& sql) const {
    return Database::Open(database_, Database::Access::kReadOnly)
        .value()
        .QueryInteger(sql)
        .value();
  }
  std::int64_t Segments() const {
    return Count("SELECT count(*) FROM segment");
  }
  VerifyReport VerifyNow() const {
    return Verify(*OpenReader(database_).value()).value();
  }
};

TEST_F(RotationTest, ATrailInSegmentsReadsAndVerifiesAsOne) {
  const auto sink = OpenSink(Small());
  Run(*sink, 0, 2000);
  ASSERT_GE(Segments(), 3);
  EXPECT_TRUE(std::filesystem::exists(Beside("audit.000001.db")));
  const VerifyReport report = VerifyNow();
  EXPECT_TRUE(report.good()) << report.sentence;
  EXPECT_EQ(report.count, 4000u + static_cast<std::uint64_t>(Segments()));
  const auto reader = OpenReader(database_);
  EXPECT_EQ(reader.value()->Show(1).value().decision.call, "c0");
  EXPECT_TRUE(reader.value()->Show(1).value().outcome);
  Filter filter;
  filter.limit = 0;
  EXPECT_EQ(reader.value()->List(filter).value().size(),
            2000u + static_cast<std::size_t>(Segments()));
  const std::string python = "python3 " GATEHOUSE_SOURCE_DIR
                             "/tests/audit/verify_trail.py " +
                             database_ + " >/dev/null";
  EXPECT_EQ(std::system(python.c_str()), 0);
  // What stands in a segment has left the database.
  EXPECT_EQ(Count("SELECT count(*) FROM record WHERE seq <="
                  " (SELECT max(last_seq) FROM segment)"),
            0);
  for (const auto& entry : std::filesystem::directory_iterator(Beside(""))) {
    struct stat info {};
    ASSERT_EQ(stat(entry.path().c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600u) << entry.path();
  }
}

TEST_F(RotationTest, TheRecordOfASegmentSaysWhatWentWhere) {
  const auto sink = OpenSink(Small());
  Run(*sink, 0, 700);
  ASSERT_GE(Segments(), 1);
  std::string payload;
  const auto reader = OpenReader(database_);
  const auto walked = reader.value()->ForEach([&payload](const auto& row) {
    if (row.stage != "event") return Reader::Next::kGoOn;
    payload = *row.payload;
    return Reader::Next::kStop;
  });
  EXPECT_TRUE(walked.ok());
  EXPECT_NE(payload.find(R"("event":"segment closed")"), std::string::npos);
  EXPECT_NE(payload.find(R"("arguments":{"file":"audit.000001.db","count":)"),
            std::string::npos)
      << payload;
  EXPECT_NE(payload.find(R"("first":1,"last":)"), std::string::npos);
}

// Of a reader that was there before: no false gap, and nothing twice.
TEST_F(RotationTest, AReaderSeesWhatMovesToSegmentsMeanwhile) {
  const auto sink = OpenSink(Small());
  Run(*sink, 0, 100);
  const auto reader = OpenReader(database_);
  OpenCalls open;
  Filter filter;
  std::size_t calls = 0;
  int done = 100;
  for (const int end : {700, 1300, 2000}) {
    Run(*sink, std::exchange(done, end), end);
    const VerifyReport report = Verify(*reader.value()).value();
    EXPECT_TRUE(report.good()) << report.sentence;
    const auto last =
        reader.value()->Follow(filter, open, [&calls](const auto& row) {
          calls += row.stage == "decision" ? 1 : 0;
        });
    ASSERT_TRUE(last.ok());
    EXPECT_EQ(last.value(), report.count);
    filter.after = last.value();
    EXPECT_EQ(reader.value()->Show(1).value().decision.call, "c0");
  }
  EXPECT_GE(Segments(), 3);
  EXPECT_EQ(calls, 2000u);
  EXPECT_TRUE(open.empty());
}

TEST_F(RotationTest, AMissingOrEditedSegmentIsNamed) {
  Run(*OpenSink(Small()), 0, 1200);
  ASSERT_GE(Segments(), 2);
  Tamper(Beside("audit.000001.db"),
         "UPDATE record SET tool = 'other' WHERE seq = 7");
  EXPECT_EQ(VerifyNow().first_bad, 7u);
  std::filesystem::remove(Beside("audit.000001.db"));
  const VerifyReport report = VerifyNow();
  EXPECT_EQ(report.fault, ChainFault::kGap);
  EXPECT_EQ(report.first_bad, 1u);
}

TEST_F(RotationTest, AnOldTrailIsRotatedByAge) {
  SinkOptions options = Small();
  options.segment_bytes = 0;
  options.segment_age = std::chrono::hours(1);
  {
    const auto sink = OpenSink(options);
    Run(*sink, 0, 20);
    EXPECT_EQ(Segments(), 0);
    Record old = SampleDecision("old");
    old.decision->effect = Effect::kDeny;
    ASSERT_TRUE(sink->Append(old).ok());
  }
  std::filesystem::remove_all(Beside(""));
  const auto sink = OpenSink(options);
  Record old = SampleOutcome("old");
  old.time_ns -= std::int64_t{2} * 3600 * 1'000'000'000;
  ASSERT_TRUE(sink->Append(old).ok());
  Run(*sink, 0, 30);
  EXPECT_EQ(Segments(), 1);
  EXPECT_TRUE(VerifyNow().good());
}

TEST_F(RotationTest, EightGuardsRotateOneTrail) {
  std::vector<pid_t> children;
  for (int guard = 0; guard < 8; ++guard) {
    const pid_t child = fork();
    if (child == 0) {
      auto sink = OpenSqliteSink(database_, Small("s" + std::to_string(guard)));
      if (!sink.ok()) _exit(2);
      for (int i = 0; i < 200; ++i) {
        const auto call = std::to_string(guard) + "-" + std::to_string(i);
        if (!sink.value()->Append(SampleDecision(call)).ok()) _exit(3);
        if (!sink.value()->Append(SampleOutcome(call)).ok()) _exit(3);
        if (!sink.value()->Commit(Durability::kNormal).ok()) _exit(4);
      }
      sink.value().reset();
      _exit(0);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  EXPECT_GE(Segments(), 1);
  const VerifyReport report = VerifyNow();
  EXPECT_TRUE(report.good()) << report.sentence;
  EXPECT_EQ(report.count, 3200u + static_cast<std::uint64_t>(Segments()));
}

// However far a copy, or the deletion after it, has come.
TEST_F(RotationTest, AKilledGuardLeavesAWholeTrail) {
  for (int round = 0; round < 12; ++round) {
    const pid_t child = fork();
    if (child == 0) {
      auto sink = OpenSqliteSink(database_, Small());
      if (!sink.ok()) _exit(2);
      for (int i = 0; i < 60 + round * 23; ++i) {
        const auto call = std::to_string(round) + "-" + std::to_string(i);
        if (!sink.value()->Append(SampleDecision(call)).ok()) _exit(3);
        if (!sink.value()->Append(SampleOutcome(call)).ok()) _exit(3);
        if (!sink.value()->Commit(Durability::kNormal).ok()) _exit(4);
      }
      kill(getpid(), SIGKILL);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << WEXITSTATUS(status);
    const VerifyReport report = VerifyNow();
    ASSERT_TRUE(report.good()) << report.sentence;
  }
  EXPECT_GE(Segments(), 2);
}

// The calls that a guard has open when their decisions go to a segment.
TEST_F(RotationTest, OpenCallsAreClosedThoughTheyStandInASegment) {
  const auto other = OpenSink(Small("other"));
  const pid_t child = fork();
  if (child == 0) {
    auto sink = OpenSqliteSink(database_, Small("gone"));
    if (!sink.ok()) _exit(2);
    for (const char* call : {"cut off", "ends later"}) {
      Record record = SampleDecision(call);
      record.session = "gone";
      if (!sink.value()->Append(record).ok()) _exit(3);
    }
    if (!sink.value()->Commit(Durability::kNormal).ok()) _exit(4);
    kill(getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  Run(*other, 0, 600);
  ASSERT_GE(Segments(), 1);
  EXPECT_EQ(Count("SELECT count(*) FROM open_call"), 2);
  Record outcome = SampleOutcome("ends later");  // as if it still lived
  outcome.session = "gone";
  ASSERT_TRUE(other->Append(outcome).ok());
  Run(*other, 600, 1200);
  ASSERT_GE(Segments(), 2);
  OpenSink(Small("next"));
  const auto reader = OpenReader(database_);
  std::multiset<std::string> ends;
  const auto walked = reader.value()->ForEach([&](const StoredRecord& row) {
    if (row.stage == "outcome" && row.session == "gone") ends.insert(row.call);
    return Reader::Next::kGoOn;
  });
  EXPECT_TRUE(walked.ok());
  EXPECT_EQ(ends, (std::multiset<std::string>{"cut off", "ends later"}));
}

TEST_F(RotationTest, NoMoreSegmentsThanOneReaderCanSee) {
  SinkOptions options = Small();
  options.segment_bytes = 80'000;
  const auto sink = OpenSink(options);
  Run(*sink, 0, 2600);
  EXPECT_EQ(Segments(), kMaxSegments);
  EXPECT_TRUE(VerifyNow().good());
}

}  // namespace
}  // namespace gatehouse::audit
