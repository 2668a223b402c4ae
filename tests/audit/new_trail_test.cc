// SPDX-License-Identifier: Apache-2.0
#include "audit/new_trail.h"

#include <sys/stat.h>

#include <filesystem>
#include <latch>
#include <thread>
#include <vector>

#include "audit/head_file.h"
#include "audit/reader.h"
#include "audit/sqlite_database.h"
#include "audit/sqlite_schema.h"
#include "audit/verify.h"
#include "tests/audit/trail_fixture.h"
#include "tests/support/fault_vfs.h"

namespace gatehouse::audit {
namespace {

namespace fs = std::filesystem;

class NewTrailTest : public TrailTest {
 protected:
  NewTrailTest() { fs::create_directories(Beside("")); }

  void Touch() { std::ofstream(database_, std::ios::trunc).close(); }

  std::int64_t Ask(const char* sql) {
    auto database = Database::Open(database_, Database::Access::kReadWrite);
    const auto number = database.value().QueryInteger(sql);
    EXPECT_TRUE(number.ok()) << number.error().sentence;
    return number.ok() ? number.value() : -1;
  }

  static SinkOptions OfAGuard() {
    SinkOptions options;
    options.self.session = "session-1";
    options.self.pid = 42;
    return options;
  }
};

TEST_F(NewTrailTest, IsAWholeTrailOfThisVersionThatBeginsWithALog) {
  Touch();
  ASSERT_TRUE(FillNewTrail(database_).ok());
  EXPECT_EQ(fs::file_size(database_) % 4096, 0u);
  EXPECT_EQ(ReadWholeFile(database_).substr(18, 2), "\2\2");
  EXPECT_EQ(Ask("PRAGMA user_version"), kSchemaVersion);
  EXPECT_EQ(Ask("PRAGMA application_id"), kApplicationId);
  EXPECT_EQ(Ask("SELECT count(*) FROM pragma_integrity_check"
                " WHERE integrity_check <> 'ok'"),
            0);
  EXPECT_EQ(Ask("SELECT head_seq FROM chain"), 0);
  struct stat info {};
  ASSERT_EQ(stat(database_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(NewTrailTest, HasAnIdOfItsOwn) {
  Touch();
  ASSERT_TRUE(FillNewTrail(database_).ok());
  const std::string first = ReadWholeFile(database_);
  Touch();
  ASSERT_TRUE(FillNewTrail(database_).ok());
  EXPECT_NE(ReadWholeFile(database_), first);
}

TEST_F(NewTrailTest, LeavesWhatIsThereAlone) {
  for (const char* text : {"x", "SQLite format 3"}) {
    std::ofstream(database_, std::ios::trunc) << text;
    EXPECT_TRUE(FillNewTrail(database_).ok());
    EXPECT_EQ(ReadWholeFile(database_), text);
  }
  fs::remove(database_);
  EXPECT_FALSE(FillNewTrail(database_).ok());
}

// A power cut, or a full disk, in the midst of an earlier start.
TEST_F(NewTrailTest, TakesTheNameOfADraftThatWasLeft) {
  Touch();
  std::ofstream(database_ + ".new") << "half of a trail";
  ASSERT_TRUE(FillNewTrail(database_).ok());
  EXPECT_EQ(Ask("PRAGMA user_version"), kSchemaVersion);
  EXPECT_FALSE(fs::exists(database_ + ".new"));
}

// Whoever can write to the folder leads the draft's name elsewhere.
TEST_F(NewTrailTest, WritesNothingThroughADraftThatIsALink) {
  std::ofstream(Beside("other")) << "somebody's";
  Touch();
  fs::create_symlink(Beside("other"), database_ + ".new");
  ASSERT_TRUE(FillNewTrail(database_).ok());
  EXPECT_EQ(ReadWholeFile(Beside("other")), "somebody's");
  EXPECT_FALSE(fs::is_symlink(database_));
  EXPECT_FALSE(fs::exists(fs::symlink_status(database_ + ".new")));
  EXPECT_EQ(Ask("PRAGMA user_version"), kSchemaVersion);
}

TEST_F(NewTrailTest, SaysWhereAFolderHasTheDraftsNameAndLeavesIt) {
  fs::create_directories(database_ + ".new/full");
  const auto refused = OpenSqliteSink(database_);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().sentence,
            "cannot make " + database_ + ".new: File exists");
  EXPECT_TRUE(fs::exists(database_ + ".new/full"));
  fs::remove_all(database_ + ".new");
  Fill(*OpenSink(), 1);
}

// Clients start a guard twice, as they probe.
TEST_F(NewTrailTest, IsMadeOnceByGuardsThatStartAtOnce) {
  constexpr std::size_t kGuards = 6;
  std::latch all(kGuards);
  std::vector<std::thread> guards;
  for (std::size_t i = 0; i < kGuards; ++i) {
    guards.emplace_back([this, &all] {
      all.arrive_and_wait();
      SinkOptions options = OfAGuard();
      options.lock_wait = std::chrono::seconds(60);
      Fill(*OpenSink(options), 4);  // calls with their ends
    });
  }
  for (std::thread& guard : guards) guard.join();
  const auto reader = OpenReader(database_);
  ASSERT_TRUE(reader.ok());
  const auto report = Verify(*reader.value()).value();
  EXPECT_TRUE(report.good()) << report.sentence;
  EXPECT_EQ(report.count, 4 * kGuards);
  EXPECT_FALSE(fs::exists(database_ + ".new"));
}

// The database was removed and its log was not: its records are no part of the
// new trail, and may be all that is left of them.
TEST_F(NewTrailTest, TakesNothingOutOfALogThatWasLeftAndKeepsIt) {
  {
    const auto sink = OpenSink();
    Fill(*sink, 8);
    fs::copy_file(database_ + "-wal", Beside("kept"));
  }
  const std::string log = ReadWholeFile(Beside("kept"));
  EXPECT_GT(log.size(), 0u);
  Touch();
  fs::rename(Beside("kept"), database_ + "-wal");
  fs::remove(Beside("audit.head"));
  std::vector<std::string> said;
  SinkOptions options;
  options.warn = [&said](std::string_view text) { said.emplace_back(text); };
  const auto sink = OpenSink(options);
  Fill(*sink, 1);
  ASSERT_EQ(said.size(), 1u);
  const std::string start =
      "a new audit trail begins; the log of the one that was here before is "
      "kept as ";
  ASSERT_TRUE(said[0].starts_with(start + database_ + "-wal.")) << said[0];
  EXPECT_EQ(ReadWholeFile(said[0].substr(start.size())), log);
  const auto reader = OpenReader(database_);
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(Verify(*reader.value()).value().count, 1u);
}

// A new trail is whole from its first record on; the head of the one before
// tells how far that went.
TEST_F(NewTrailTest, KeepsTheHeadOfTheTrailBefore) {
  { Fill(*OpenSink(), 4); }
  const std::string head = ReadWholeFile(Beside("audit.head"));
  const auto before = ReadHeadFile(Beside("audit.head"));
  ASSERT_TRUE(before.ok() && before.value());
  fs::remove(database_);
  std::vector<std::string> said;
  SinkOptions options;
  options.warn = [&said](std::string_view text) { said.emplace_back(text); };
  const auto sink = OpenSink(options);
  EXPECT_FALSE(fs::exists(Beside("audit.head")));
  const std::string kept = Beside("audit.head.") + before.value()->chain;
  EXPECT_EQ(ReadWholeFile(kept), head);
  ASSERT_EQ(said.size(), 1u);
  EXPECT_TRUE(
      said[0].ends_with("the head of the one that was here before is "
                        "kept as " +
                        kept))
      << said[0];
  ASSERT_TRUE(sink->Append(SampleDecision("c1")).ok());
  ASSERT_TRUE(sink->Commit(Durability::kNormal).ok());
  const auto reader = OpenReader(database_);
  ASSERT_TRUE(reader.ok());
  EXPECT_TRUE(Verify(*reader.value()).value().good());
}

// A chain's name is part of a file's: one that nobody here gave stays.
TEST_F(NewTrailTest, LeavesAHeadThatNamesNoChain) {
  const std::string line = FormatHead({"../../x", 7, std::string(32, 'h')});
  std::ofstream(Beside("audit.head")) << line;
  Touch();
  ASSERT_TRUE(FillNewTrail(database_).ok());
  EXPECT_EQ(ReadWholeFile(Beside("audit.head")), line);
}

// Its log and its index of it are still in use, under the names of ours.
TEST_F(NewTrailTest, BeginsBesideAGuardWhoseDatabaseWasRemoved) {
  const auto first = OpenSink(OfAGuard());
  Fill(*first, 8);
  fs::remove(database_);
  const auto second = OpenSink(OfAGuard());
  Fill(*second, 1);
  const auto reader = OpenReader(database_);
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(Verify(*reader.value()).value().count, 1u);
}

// What a client waits for at each start. A new trail's one sync is not
// SQLite's; the records' come with the first that is to be on the disk.
TEST_F(NewTrailTest, AStartWaitsForNoSyncOfTheDatabase) {
  for (const char* which : {"a new trail", "a standing one"}) {
    testing::FaultVfs disk;
    const auto sink = OpenSink(OfAGuard());
    ASSERT_TRUE(sink->Append(SampleDecision("c1")).ok());
    ASSERT_TRUE(sink->Commit(Durability::kNormal).ok());
    EXPECT_EQ(disk.syncs(), 0u) << which;
    ASSERT_TRUE(sink->Append(SampleDecision("c2")).ok());
    ASSERT_TRUE(sink->Commit(Durability::kFull).ok());
    EXPECT_EQ(disk.syncs(), 1u) << which;
  }
}

// Another guard's log is there: one more starts nothing over in it.
TEST_F(NewTrailTest, NorWhereAnotherGuardIsAtWork) {
  const auto first = OpenSink(OfAGuard());
  Fill(*first, 2);
  testing::FaultVfs disk;
  const auto second = OpenSink(OfAGuard());
  ASSERT_TRUE(second->Append(SampleDecision("c9")).ok());
  ASSERT_TRUE(second->Commit(Durability::kNormal).ok());
  EXPECT_EQ(disk.syncs(), 0u);
}

}  // namespace
}  // namespace gatehouse::audit
