// SPDX-License-Identifier: Apache-2.0
// What a sink does whose files are removed, replaced, cut or emptied under it.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <vector>

#include "audit/head_file.h"
#include "audit/reader.h"
#include "audit/sqlite_database.h"
#include "audit/sqlite_sink.h"
#include "audit/verify.h"
#include "audit/writer_lock.h"
#include "tests/audit/sink_fixture.h"

namespace gatehouse::audit {
namespace {

TEST_F(SqliteSinkTest, RefusesWhenItsFileIsRemovedOrReplaced) {
  const auto sink = OpenSink();
  Fill(*sink, 2);
  std::filesystem::rename(database_, database_ + ".away");
  EXPECT_FALSE(sink->Append(SampleDecision("a")).ok());
  std::ofstream{database_} << "";
  EXPECT_FALSE(sink->Append(SampleDecision("a")).ok());
  std::filesystem::rename(database_ + ".away", database_);
  EXPECT_TRUE(sink->Append(SampleDecision("a")).ok());
}

// Restored, or made by the next guard: the trail goes on in what is there.
// Who puts an older database back has the rest of the records gone: one more
// session does not make that a whole trail.
TEST_F(SqliteSinkTest, TellsOfACutAndLeavesTheHeadThatShowsIt) {
  { Fill(*OpenSink(), 2); }
  std::filesystem::copy_file(database_, Beside("older"));
  { Fill(*OpenSink(), 6); }
  const std::string head = ReadWholeFile(Beside("audit.head"));
  std::filesystem::rename(Beside("older"), database_);
  std::vector<std::string> warned;
  SinkOptions options;
  options.warn = [&warned](std::string_view text) {
    warned.emplace_back(text);
  };
  { Fill(*OpenSink(options), 1); }
  EXPECT_EQ(ReadWholeFile(Beside("audit.head")), head);
  EXPECT_FALSE(VerifyNow().good());
  ASSERT_EQ(warned.size(), 1u);
  EXPECT_NE(warned[0].find("names record 8 of this chain"), std::string::npos)
      << warned[0];
  const auto reader = OpenReader(database_);
  const auto cut = reader.value()->Show(4);
  ASSERT_TRUE(cut.ok()) << cut.error().sentence;
  EXPECT_NE(cut.value().decision.payload->find("\"event\":\"trail cut\""),
            std::string::npos);
}

TEST_F(SqliteSinkTest, FindsNoCutAfterAKillOrAnOrdinaryEnd) {
  std::vector<std::string> warned;
  SinkOptions options;
  options.warn = [&warned](std::string_view text) {
    warned.emplace_back(text);
  };
  for (int i = 0; i < 3; ++i) Fill(*OpenSink(options), 3);
  if (const pid_t child = fork(); child == 0) {
    Fill(*OpenSink(), 5);
    const auto killed = OpenSink();
    Fill(*killed, 5);
    kill(getpid(), SIGKILL);
  } else {
    waitpid(child, nullptr, 0);
  }
  Fill(*OpenSink(options), 3);
  EXPECT_TRUE(warned.empty()) << warned[0];
  EXPECT_TRUE(VerifyNow().good());
}

TEST_F(SqliteSinkTest, RefusesOnceItsDatabaseIsEmptiedAndSparesTheLog) {
  {
    const auto sink = OpenSink();
    Fill(*sink, 4);
    std::filesystem::resize_file(database_, 0);
    const auto refused = sink->Append(SampleDecision("c9"));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().sentence,
              database_ +
                  " was emptied; put it back, or start another session,"
                  " which begins a new trail");
  }
  EXPECT_EQ(std::filesystem::file_size(database_), 0u);
  EXPECT_GT(std::filesystem::file_size(database_ + "-wal"), 0u);
}

TEST_F(SqliteSinkTest, RefusesOnceItsLogIsRemovedOrRenamedAndLosesNoRecord) {
  const std::string log = database_ + "-wal";
  for (const bool renamed : {false, true}) {
    const auto sink = OpenSink();
    Fill(*sink, 4);
    if (renamed) {
      std::filesystem::rename(log, Beside("elsewhere"));
      usleep(150'000);  // a name is looked at so often
    } else {
      std::filesystem::remove(log);
    }
    const auto refused = sink->Append(SampleDecision("c9"));
    ASSERT_FALSE(refused.ok()) << renamed;
    EXPECT_EQ(refused.error().sentence,
              log +
                  " was removed or replaced; end all sessions of this trail, "
                  "and start them anew");
  }
  const auto report = VerifyNow();
  EXPECT_TRUE(report.good()) << report.sentence;
  EXPECT_EQ(report.count, 8u);
}

// Its pages would be written over what the other log's guard recorded.
TEST_F(SqliteSinkTest, LeavesTheDatabaseToTheLogThatTookItsLogsName) {
  std::string before;
  {
    const auto sink = OpenSink();
    Fill(*sink, 4);
    before = ReadWholeFile(database_);
    std::filesystem::remove(database_ + "-wal");
    std::ofstream(database_ + "-wal") << "another";
  }
  EXPECT_EQ(ReadWholeFile(database_), before);
  EXPECT_EQ(ReadWholeFile(database_ + "-wal"), "another");
}

TEST_F(SqliteSinkTest, GoesOnInAnotherTrailThatTookThePlaceOfItsOwn) {
  SinkOptions options;
  options.self.session = "s1";
  auto sink = OpenSink(options);
  Fill(*sink, 2);
  std::filesystem::create_directory(Beside("away"));
  for (const char* name : {"audit.db", "audit.db-wal", "audit.db-shm"}) {
    std::filesystem::rename(Beside(name), Beside("away/") + name);
  }
  EXPECT_FALSE(sink->Append(SampleDecision("a")).ok());
  SinkOptions next = options;
  next.self.session = "s2";
  auto other = OpenSink(next);
  Fill(*other, 2);
  EXPECT_EQ(sink->Append(SampleDecision("b")).value(), 3u);
  ASSERT_TRUE(sink->Commit(Durability::kFull).ok());
  const auto replaced = OpenReader(database_).value()->Show(4).value();
  EXPECT_NE(replaced.decision.payload->find("\"event\":\"trail replaced\""),
            std::string::npos);
  // The last to close the old file must not take the new one's log with it.
  other.reset();
  EXPECT_EQ(VerifyNow().count, 4u);
  sink.reset();
  EXPECT_EQ(VerifyNow().count, 4u);
  EXPECT_EQ(Verify(*OpenReader(Beside("away/audit.db")).value()).value().count,
            2u);
}

// The folder was moved away for good, and another guard made a new one.
TEST_F(SqliteSinkTest, WritesNothingIntoATrailThatWasMovedAway) {
  const std::string moved = folder_ + "/archive";
  {
    const auto sink = OpenSink();
    Fill(*sink, 4);
    std::filesystem::rename(folder_ + "/state", moved);
    const std::string head = ReadWholeFile(moved + "/audit.head");
    const auto next = OpenSink();
    Fill(*next, 1);
    Fill(*sink, 1);
    EXPECT_EQ(ReadWholeFile(moved + "/audit.head"), head);
  }
  EXPECT_TRUE(VerifyNow().good());
  database_ = moved + "/audit.db";
  EXPECT_TRUE(VerifyNow().good());
}

TEST_F(SqliteSinkTest, ClosingAReplacedFileLeavesTheNewOnesLogAlone) {
  auto sink = OpenSink();
  Fill(*sink, 2);
  std::filesystem::remove(database_);
  const auto other = OpenSink();
  Fill(*other, 4);
  sink.reset();
  EXPECT_TRUE(std::filesystem::exists(database_ + "-wal"));
  EXPECT_EQ(VerifyNow().count, 4u);
}

}  // namespace
}  // namespace gatehouse::audit
