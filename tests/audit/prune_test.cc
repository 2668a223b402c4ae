// SPDX-License-Identifier: Apache-2.0
// What is let go is said in the trail, and the rest still verifies.
#include "audit/prune.h"

#include <gtest/gtest.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/anchor_keeper.h"
#include "audit/anchor_set.h"
#include "audit/reader.h"
#include "audit/segment_copy.h"
#include "audit/segment_table.h"
#include "audit/trail_files.h"
#include "audit/verify.h"
#include "tests/audit/trail_fixture.h"

namespace gatehouse::audit {
namespace {

constexpr std::int64_t kHour = std::int64_t{3600} * 1'000'000'000;

class PruneTest : public TrailTest {
 protected:
  // `calls` calls, with segments of about 130 each; then the time.
  std::int64_t Run(int calls) {
    SinkOptions options;
    options.self.session = "s1";
    options.segment_bytes = 200'000;
    options.look_every = std::chrono::milliseconds(0);
    options.rotation_pause = std::chrono::milliseconds(0);
    options.retention = retention_;
    const auto sink = OpenSink(options);
    for (int i = 0; i < calls; ++i) {
      const std::string call = "c" + std::to_string(++calls_);
      Record decision = SampleDecision(call);
      decision.arguments = R"({"canary":"CANARY)" + call + "\"}";
      EXPECT_TRUE(sink->Append(decision).ok());
      EXPECT_TRUE(sink->Append(SampleOutcome(call)).ok());
      EXPECT_TRUE(sink->Commit(Durability::kNormal).ok());
    }
    return NowNanoseconds();
  }
  Result<PruneReport> PruneBefore(std::int64_t before_ns, PruneWhat what,
                                  bool only_look = false) {
    PrunePlan plan;
    plan.what = what;
    plan.before_ns = before_ns;
    plan.only_look = only_look;
    plan.self.os_user = "ada";
    plan.lock_wait = std::chrono::milliseconds(500);
    return Prune(database_, plan);
  }
  VerifyReport VerifyNow() const {
    const auto reader = OpenReader(database_);
    EXPECT_TRUE(reader.ok()) << reader.error().sentence;
    return Verify(*reader.value()).value();
  }
  VerifyReport VerifyAgainst(const std::string& anchors) const {
    auto set = AnchorSet::Read(anchors, {});
    EXPECT_TRUE(set.ok());
    VerifyOptions options;
    options.anchors = &set.value();
    return Verify(*OpenReader(database_).value(), options).value();
  }
  bool IsInSomeFile(const std::string& text) const {
    for (const auto& entry : std::filesystem::directory_iterator(Beside(""))) {
      if (ReadWholeFile(entry.path()).find(text) != std::string::npos) {
        return true;
      }
    }
    return false;
  }
  bool Exists(const std::string& name) const {
    return std::filesystem::exists(Beside(name));
  }
  // What guards leave that are killed when a copy is whole but not entered, and
  // when it is half; its name.
  std::string LeaveUnlistedCopy() const {
    Segment segment;
    {
      Database database =
          Database::Open(database_, Database::Access::kReadOnly).value();
      const auto segments = ReadSegments(database).value();
      if (!segments.empty()) segment = segments.back();
      segment.number += 1;
      segment.file = SegmentName(database_, segment.number);
      segment.first = segment.last + 1;
      segment.last = static_cast<Sequence>(
          database.QueryInteger("SELECT max(seq) FROM record").value());
    }
    auto copy = SegmentCopy::Start(FindTrailFiles(database_), segment, "a");
    EXPECT_TRUE(copy.ok()) << copy.error().sentence;
    auto step = copy.value()->Step();
    while (step.ok() && !step.value()) step = copy.value()->Step();
    EXPECT_TRUE(step.ok()) << step.error().sentence;
    for (const char* end : {".part", ".part-journal"}) {
      std::ofstream(Beside(segment.file + end)) << "CANARYhalf";
    }
    return segment.file;
  }
  ino_t InodeOf(const std::string& name) const {
    const auto identity = IdentityOf(Beside(name));
    EXPECT_TRUE(identity) << name;
    return identity ? identity->inode : 0;
  }

  std::chrono::seconds retention_{0};
  int calls_ = 0;
};

TEST_F(PruneTest, WholeOldSegmentsGoAndTheTrailSaysSo) {
  const std::int64_t then = Run(600);
  Run(100);
  ASSERT_TRUE(Exists("audit.000002.db"));
  const auto look = PruneBefore(then, PruneWhat::kSegments, /*only_look=*/true);
  ASSERT_TRUE(look.ok()) << look.error().sentence;
  EXPECT_GE(look.value().segments, 2u);
  EXPECT_EQ(look.value().record, 0u);
  EXPECT_TRUE(Exists("audit.000001.db"));
  const std::uint64_t before = VerifyNow().count;

  const auto gone = PruneBefore(then, PruneWhat::kSegments);
  ASSERT_TRUE(gone.ok()) << gone.error().sentence;
  EXPECT_EQ(gone.value().records, look.value().records);
  EXPECT_EQ(gone.value().first, 1u);
  EXPECT_FALSE(Exists("audit.000001.db"));
  const VerifyReport report = VerifyNow();
  EXPECT_TRUE(report.good()) << report.sentence;
  EXPECT_EQ(report.pruned, gone.value().last);
  const std::string python = "python3 " GATEHOUSE_SOURCE_DIR
                             "/tests/audit/verify_trail.py " +
                             database_ + " >/dev/null";
  EXPECT_EQ(std::system(python.c_str()), 0);
  EXPECT_EQ(report.count, before + 1 - gone.value().records);
  const auto said =
      OpenReader(database_).value()->Show(gone.value().record).value();
  EXPECT_NE(said.decision.payload->find(R"("event":"segments pruned")"),
            std::string::npos);
  EXPECT_NE(said.decision.payload->find(R"("os_user":"ada")"),
            std::string::npos);
  // A second time there is nothing, and nothing is written.
  EXPECT_EQ(PruneBefore(then, PruneWhat::kSegments).value().record, 0u);
  EXPECT_EQ(VerifyNow().count, report.count);
  // And the trail goes on, with more of it.
  Run(400);
  EXPECT_TRUE(VerifyNow().good());
}

TEST_F(PruneTest, ASegmentThatIsGoneWithoutARecordIsAGap) {
  Run(600);
  Tamper(database_, "UPDATE segment SET pruned = 1 WHERE number = 1");
  std::filesystem::remove(Beside("audit.000001.db"));
  const VerifyReport report = VerifyNow();
  EXPECT_EQ(report.fault, ChainFault::kErased);
  EXPECT_EQ(report.first_bad, 1u);
}

TEST_F(PruneTest, ErasedPayloadsAreOutOfEveryFile) {
  const std::int64_t then = Run(400);
  Run(60);
  ASSERT_TRUE(Exists("audit.000001.db"));
  ASSERT_TRUE(IsInSomeFile("CANARYc1\""));
  ASSERT_TRUE(IsInSomeFile("CANARYc400\""));
  const auto gone = PruneBefore(then, PruneWhat::kPayloads);
  ASSERT_TRUE(gone.ok()) << gone.error().sentence;
  EXPECT_EQ(gone.value().records, 800u);
  EXPECT_FALSE(IsInSomeFile("CANARYc1\""));
  EXPECT_FALSE(IsInSomeFile("CANARYc400\""));
  EXPECT_TRUE(IsInSomeFile("CANARYc460\""));
  const VerifyReport report = VerifyNow();
  EXPECT_TRUE(report.good()) << report.sentence;
  EXPECT_EQ(report.erased, 800u);
  // What goes without a record after that is seen all the same.
  Tamper(database_,
         "UPDATE record SET payload = NULL, salt = NULL WHERE seq ="
         " (SELECT max(seq) FROM record)");
  EXPECT_EQ(VerifyNow().fault, ChainFault::kErased);
}

// Neither of the first segment, nor of one after others, which stay.
TEST_F(PruneTest, PayloadsAreOutOfACopyThatNeverBecameASegment) {
  for (const int calls : {60, 400}) {
    const std::int64_t then = Run(calls);
    const std::string copy = LeaveUnlistedCopy();
    const std::string newest = "CANARYc" + std::to_string(calls_) + "\"";
    ASSERT_NE(ReadWholeFile(Beside(copy)).find(newest), std::string::npos);
    const auto gone = PruneBefore(then, PruneWhat::kPayloads);
    ASSERT_TRUE(gone.ok()) << gone.error().sentence;
    for (const char* end : {"", ".part", ".part-journal"}) {
      EXPECT_FALSE(Exists(copy + end)) << copy << end;
    }
    EXPECT_FALSE(IsInSomeFile(newest));
    EXPECT_FALSE(IsInSomeFile("CANARYhalf"));
    const VerifyReport report = VerifyNow();
    EXPECT_TRUE(report.good()) << report.sentence;
  }
  EXPECT_TRUE(Exists("audit.000001.db"));
}

// A guard that was killed behind `segment closed` deleted nothing yet.
TEST_F(PruneTest, PayloadsAreOutOfWhatAlsoStandsInASegment) {
  const std::int64_t then = Run(400);
  {
    Database database =
        Database::Open(database_, Database::Access::kReadWrite).value();
    const std::string attach =
        "ATTACH '" + Beside("audit.000001.db") + "' AS moved;";
    ASSERT_TRUE(database.Execute(attach.c_str()).ok());
    ASSERT_TRUE(database
                    .Execute("INSERT INTO main.record"
                             " SELECT * FROM moved.record")
                    .ok());
    ASSERT_GT(database.Changes(), 100);
  }
  const auto looked = PruneBefore(then, PruneWhat::kPayloads, true);
  ASSERT_TRUE(looked.ok()) << looked.error().sentence;
  EXPECT_EQ(looked.value().records, 800u) << "none twice";
  ASSERT_TRUE(PruneBefore(then, PruneWhat::kPayloads).ok());
  EXPECT_FALSE(IsInSomeFile("CANARYc1\""));
  EXPECT_FALSE(IsInSomeFile("CANARYc400\""));
  const VerifyReport report = VerifyNow();
  EXPECT_TRUE(report.good()) << report.sentence;
}

TEST_F(PruneTest, ASegmentThatWasErasedIsNotWrittenAnew) {
  const std::int64_t then = Run(400);
  const ino_t whole = InodeOf("audit.000001.db");
  ASSERT_TRUE(PruneBefore(then, PruneWhat::kPayloads).ok());
  const ino_t erased = InodeOf("audit.000001.db");
  EXPECT_NE(erased, whole);
  const std::int64_t later = Run(20);
  const auto again = PruneBefore(later, PruneWhat::kPayloads);
  ASSERT_TRUE(again.ok()) << again.error().sentence;
  ASSERT_GE(again.value().records, 40u);
  EXPECT_EQ(InodeOf("audit.000001.db"), erased);
  EXPECT_FALSE(IsInSomeFile("CANARYc420\""));
  const VerifyReport report = VerifyNow();
  EXPECT_TRUE(report.good()) << report.sentence;
}

// Whoever is killed meanwhile leaves the segment as it was, or as it is to be.
TEST_F(PruneTest, ASegmentIsErasedWithoutAJournalBesideIt) {
  const std::int64_t then = Run(400);
  const int watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  ASSERT_GE(inotify_add_watch(watch, Beside("").c_str(), IN_CREATE), 0);
  ASSERT_TRUE(PruneBefore(then, PruneWhat::kPayloads).ok());
  std::string names(65'536, '\0');
  const ssize_t got = read(watch, names.data(), names.size());
  close(watch);
  ASSERT_GT(got, 0);
  names.resize(static_cast<std::size_t>(got));
  EXPECT_NE(names.find("audit.000001.db.part"), std::string::npos);
  EXPECT_EQ(names.find("-journal"), std::string::npos);
  EXPECT_FALSE(Exists("audit.000001.db.part"));
  struct stat segment {};
  ASSERT_EQ(stat(Beside("audit.000001.db").c_str(), &segment), 0);
  EXPECT_EQ(segment.st_mode & 0777, 0600u);
}

// A copy of what is there in the midst of a transaction is what whoever is
// killed then leaves.
TEST_F(PruneTest, MendsWhatSomebodyKilledLeft) {
  const std::int64_t then = Run(400);
  const std::string segment = Beside("audit.000001.db");
  const std::string kept = folder_ + "/kept";
  {
    Database file =
        Database::Open(segment, Database::Access::kReadWrite).value();
    ASSERT_TRUE(file.Execute("PRAGMA cache_size=1; BEGIN IMMEDIATE;"
                             "UPDATE record SET payload = NULL")
                    .ok());
    std::filesystem::copy_file(segment, kept);
    std::filesystem::copy_file(segment + "-journal", kept + "-journal");
  }
  std::filesystem::rename(kept, segment);
  std::filesystem::rename(kept + "-journal", segment + "-journal");
  std::ofstream(segment + ".part") << "half";
  const auto unread = OpenReader(database_);
  ASSERT_FALSE(unread.ok() && Verify(*unread.value()).ok());
  const auto looked = PruneBefore(then, PruneWhat::kPayloads, true);
  ASSERT_TRUE(looked.ok()) << looked.error().sentence;
  EXPECT_EQ(looked.value().records, 800u) << "nothing was erased";
  EXPECT_FALSE(std::filesystem::exists(segment + ".part"));
  EXPECT_TRUE(VerifyNow().good());
}

TEST_F(PruneTest, TheRetentionOfTheTrailHoldsAndIsOnlyRaised) {
  retention_ = std::chrono::hours(72);
  const std::int64_t then = Run(600);
  retention_ = std::chrono::hours(1);
  Run(10);
  for (const PruneWhat what : {PruneWhat::kSegments, PruneWhat::kPayloads}) {
    const auto refused = PruneBefore(then, what);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalid);
    EXPECT_NE(refused.error().sentence.find("retention is 3d"),
              std::string::npos)
        << refused.error().sentence;
  }
  EXPECT_TRUE(
      PruneBefore(NowNanoseconds() - 73 * kHour, PruneWhat::kSegments).ok());
}

TEST_F(PruneTest, WaitsForNoGuardThatMakesASegment) {
  const std::int64_t then = Run(600);
  WriterLock guard(Beside("audit.lock"));
  ASSERT_TRUE(guard.KeepSlot(kSegmentSlot).value());
  EXPECT_EQ(PruneBefore(then, PruneWhat::kSegments).error().code,
            ErrorCode::kBusy);
}

TEST_F(PruneTest, AnchorsOfWhatWasPrunedDoNotSpeakAgainstTheRest) {
  Run(100);
  std::ofstream anchors(Beside("anchors"));
  anchors << FormatAnchor(MakeAnchor(database_, nullptr).value()) << "\n";
  const std::int64_t then = Run(500);
  anchors << FormatAnchor(MakeAnchor(database_, nullptr).value()) << "\n";
  anchors.close();
  ASSERT_TRUE(PruneBefore(then, PruneWhat::kSegments).ok());
  const VerifyReport report = VerifyAgainst(Beside("anchors"));
  EXPECT_TRUE(report.good()) << report.sentence;
  EXPECT_GT(report.pruned, 200u);
  EXPECT_EQ(report.anchors->pruned, 1u);
  EXPECT_EQ(report.anchors->fitting, 1u);
}

// Nor for it: else whoever says that all was pruned up to the last anchor could
// write anything after it.
TEST_F(PruneTest, AnchorsOfWhatWasPrunedDoNotVouchForTheRest) {
  OpenSink();
  std::ofstream anchors(Beside("anchors"));
  const auto put = [&] {
    anchors << FormatAnchor(MakeAnchor(database_, nullptr).value()) << "\n";
  };
  put();  // of the empty chain
  Run(100);
  put();
  anchors.close();
  const std::int64_t then = Run(500);
  ASSERT_TRUE(PruneBefore(then, PruneWhat::kSegments).ok());
  const VerifyReport report = VerifyAgainst(Beside("anchors"));
  EXPECT_EQ(ChainFaultName(report.fault), "unanchored") << report.sentence;
  EXPECT_EQ(report.anchors->pruned, 2u);
}

}  // namespace
}  // namespace gatehouse::audit
