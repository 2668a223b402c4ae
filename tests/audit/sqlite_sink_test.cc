// SPDX-License-Identifier: Apache-2.0
#include "audit/sqlite_sink.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <vector>

#include "audit/head_file.h"
#include "audit/reader.h"
#include "audit/sqlite_database.h"
#include "audit/verify.h"
#include "audit/writer_lock.h"
#include "tests/audit/sink_fixture.h"

namespace gatehouse::audit {
namespace {

TEST_F(SqliteSinkTest, NumbersRecordsWithoutAGapOverBatchesAndSinks) {
  Sequence expected = 0;
  for (int i = 0; i < 3; ++i) {
    const auto sink = OpenSink();
    for (const Durability durability :
         {Durability::kNormal, Durability::kFull, Durability::kNormal}) {
      EXPECT_EQ(sink->Append(SampleDecision("a")).value(), ++expected);
      EXPECT_EQ(sink->Append(SampleOutcome("a")).value(), ++expected);
      ASSERT_TRUE(sink->Commit(durability).ok());
    }
  }
  EXPECT_EQ(VerifyNow().count, expected);
}

TEST_F(SqliteSinkTest, KeepsEachDefinitionOnceAndWithItsBatchOnly) {
  const auto sink = OpenSink();
  const ToolDefinition first{"sha256:s", "get", "sha256:1", "{}", 7, true};
  const ToolDefinition changed{"sha256:s", "get", "sha256:2", "{1}", 9, false};
  ASSERT_TRUE(sink->KeepDefinition(first).ok());
  sink->Rollback();
  EXPECT_TRUE(sink->Definitions("sha256:s").value().empty());
  for (const ToolDefinition& each : {first, changed, first}) {
    ASSERT_TRUE(sink->KeepDefinition(each).ok());
  }
  ASSERT_TRUE(sink->Commit(Durability::kNormal).ok());
  EXPECT_EQ(sink->Definitions("sha256:s").value(),
            (std::vector<ToolDefinition>{first, changed}));
  EXPECT_TRUE(sink->Definitions("sha256:t").value().empty());
}

TEST_F(SqliteSinkTest, ADefinitionIsAcceptedAndNeverUnaccepted) {
  ToolDefinition definition{"sha256:s", "get", "sha256:1", "{}", 7, false};
  for (const bool accepted : {false, true, false}) {
    definition.accepted = accepted;
    const auto sink = OpenSink();
    ASSERT_TRUE(sink->KeepDefinition(definition).ok());
    ASSERT_TRUE(sink->Commit(Durability::kFull).ok());
  }
  EXPECT_TRUE(OpenSink()->Definitions("sha256:s").value().at(0).accepted);
}

TEST_F(SqliteSinkTest, ForgetsARolledBackBatchAndGivesItsNumbersAgain) {
  const auto sink = OpenSink();
  Fill(*sink, 3);
  EXPECT_EQ(sink->Append(SampleDecision("x")).value(), 4u);
  sink->Rollback();
  EXPECT_EQ(sink->Append(SampleDecision("y")).value(), 4u);
  ASSERT_TRUE(sink->Commit(Durability::kNormal).ok());
  EXPECT_EQ(VerifyNow().count, 4u);
  EXPECT_EQ(OpenReader(database_).value()->Show(4).value().decision.call, "y");
}

TEST_F(SqliteSinkTest, CommitWithoutABatchDoesNothing) {
  const auto sink = OpenSink();
  EXPECT_TRUE(sink->Commit(Durability::kFull).ok());
  sink->Rollback();
  sink->Idle();
  EXPECT_EQ(VerifyNow().count, 0u);
}

TEST_F(SqliteSinkTest, KeepsAPolicyOnceUnderItsHash) {
  const auto sink = OpenSink();
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(sink->KeepPolicy("sha256:aa", "rules: []\n").ok());
    ASSERT_TRUE(sink->Commit(Durability::kNormal).ok());
  }
  const auto reader = OpenReader(database_);
  EXPECT_EQ(reader.value()->PolicyText("sha256:aa").value(), "rules: []\n");
  EXPECT_EQ(reader.value()->PolicyText("sha256:bb").error().code,
            ErrorCode::kNotFound);
}

TEST_F(SqliteSinkTest, KeepsItsFilesPrivateWhateverTheUmask) {
  const mode_t old = umask(0);
  const auto sink = OpenSink();
  Fill(*sink, 2);
  umask(old);
  EXPECT_EQ(ModeOf(Beside("")), 0700u);
  for (const auto& entry : std::filesystem::directory_iterator(Beside(""))) {
    EXPECT_EQ(ModeOf(entry.path()), 0600u) << entry.path();
  }
}

TEST_F(SqliteSinkTest, NarrowsADatabaseThatOthersCouldRead) {
  OpenSink();
  chmod(database_.c_str(), 0644);
  OpenSink();
  EXPECT_EQ(ModeOf(database_), 0600u);
}

TEST_F(SqliteSinkTest, RefusesAnotherProgramsDatabaseAndLeavesItAlone) {
  std::filesystem::create_directories(Beside(""));
  Tamper(database_, "CREATE TABLE theirs(x); INSERT INTO theirs VALUES (1)");
  const std::string before = ReadWholeFile(database_);
  const auto sink = OpenSqliteSink(database_);
  ASSERT_FALSE(sink.ok());
  EXPECT_EQ(sink.error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(ReadWholeFile(database_), before);
}

TEST_F(SqliteSinkTest, RefusesANewerTrailAndAFileThatIsNoDatabase) {
  OpenSink();
  Tamper(database_, "PRAGMA user_version = 99");
  EXPECT_EQ(OpenSqliteSink(database_).error().code, ErrorCode::kUnsupported);
  std::ofstream(Beside("text.db")) << std::string(9000, 'x');
  EXPECT_EQ(OpenSqliteSink(Beside("text.db")).error().code,
            ErrorCode::kCorrupt);
}

TEST_F(SqliteSinkTest, RefusesWhenAnotherGuardHoldsTheLockForTooLong) {
  SinkOptions options;
  options.lock_wait = std::chrono::milliseconds(30);
  const auto sink = OpenSink(options);
  WriterLock other(Beside("audit.lock"));
  ASSERT_TRUE(other.Acquire(std::chrono::milliseconds(0)).ok());
  const auto refused = sink->Append(SampleDecision("a"));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kBusy);
  other.Release();
  EXPECT_TRUE(sink->Append(SampleDecision("a")).ok());
}

// As root every folder may be entered, so this is done as nobody.
TEST_F(SqliteSinkTest, RefusesWhileItsFolderMayNotBeEntered) {
  constexpr uid_t kNobody = 65534;
  if (geteuid() == 0) {
    ASSERT_EQ(chown(folder_.c_str(), kNobody, kNobody), 0);
  }
  const pid_t child = fork();
  if (child == 0) {
    if (geteuid() == 0 && setresuid(kNobody, kNobody, kNobody) != 0) _exit(2);
    auto sink = OpenSqliteSink(database_);
    if (!sink.ok()) _exit(3);
    const auto writes = [&sink] {
      const bool written = sink.value()->Append(SampleDecision("a")).ok() &&
                           sink.value()->Commit(Durability::kFull).ok();
      if (!written) sink.value()->Rollback();
      return written;
    };
    if (!writes()) _exit(4);
    chmod(Beside("").c_str(), 0);
    if (writes()) _exit(5);
    if (OpenSqliteSink(database_).ok()) _exit(6);
    chmod(Beside("").c_str(), 0700);
    if (!writes()) _exit(7);
    sink.value().reset();
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0) << WEXITSTATUS(status);
  EXPECT_EQ(VerifyNow().count, 2u);
}

// A full database rolls the batch back whole; smaller ones fit again.
TEST_F(SqliteSinkTest, RefusesWhatDoesNotFitAndGoesOn) {
  SinkOptions options;
  options.max_bytes = std::uint64_t{64} * 1024;
  const auto sink = OpenSink(options);
  Fill(*sink, 2);
  ASSERT_TRUE(sink->Append(SampleDecision("small")).ok());
  Record big = SampleDecision("big");
  big.detail = std::string(200'000, 'x');
  ASSERT_TRUE(sink->Append(big).ok());
  EXPECT_FALSE(sink->Commit(Durability::kFull).ok());
  EXPECT_EQ(sink->Append(SampleDecision("next")).value(), 3u);
  EXPECT_TRUE(sink->Commit(Durability::kFull).ok());
  EXPECT_EQ(VerifyNow().count, 3u);
}

// The disk itself says no in the middle of a write.
TEST_F(SqliteSinkTest, SurvivesAFailedWriteOfTheLog) {
  const auto sink = OpenSink();
  Fill(*sink, 2);
  signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &old), 0);
  rlimit small = old;
  small.rlim_cur = std::filesystem::file_size(database_ + "-wal") + 5000;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  Record big = SampleDecision("big");
  big.detail = std::string(50'000, 'x');
  const bool appended = sink->Append(big).ok();
  const Status refused = sink->Commit(Durability::kNormal);
  setrlimit(RLIMIT_FSIZE, &old);
  EXPECT_TRUE(appended);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kIo);
  EXPECT_EQ(sink->Append(SampleDecision("next")).value(), 3u);
  EXPECT_TRUE(sink->Commit(Durability::kFull).ok());
  EXPECT_EQ(VerifyNow().count, 3u);
}

TEST_F(SqliteSinkTest, ChecksPointsWhileItWritesAndWhenIdle) {
  SinkOptions options;
  options.checkpoint_pages = 10;
  options.checkpoint_every = std::chrono::seconds(0);
  const auto sink = OpenSink(options);
  for (int i = 0; i < 200; ++i) Fill(*sink, 2);
  EXPECT_LT(std::filesystem::file_size(database_ + "-wal"), 40u * 4200);
  sink->Idle();
  EXPECT_EQ(std::filesystem::file_size(database_ + "-wal"), 0u);
  EXPECT_TRUE(VerifyNow().good());
}

// A checkpoint that a reader holds back syncs nothing of what came after its
// view; a head file that told of it would lead after a power cut.
TEST_F(SqliteSinkTest, TheHeadFileWaitsForAWholeCheckpoint) {
  SinkOptions options;
  options.checkpoint_pages = 1;  // after every commit
  const auto sink = OpenSink(options);
  const auto write = [&sink] {
    ASSERT_TRUE(sink->Append(SampleDecision("a")).ok());
    ASSERT_TRUE(sink->Commit(Durability::kNormal).ok());
  };
  const auto head = [this] {
    return ReadHeadFile(Beside("audit.head")).value()->seq;
  };
  Fill(*sink, 2);
  ASSERT_EQ(head(), 2u);
  {
    Database reader =
        Database::Open(database_, Database::Access::kReadOnly).value();
    ASSERT_TRUE(reader.Execute("BEGIN; SELECT count(*) FROM record").ok());
    for (int i = 0; i < 5; ++i) write();
    EXPECT_EQ(head(), 2u);
  }
  write();
  EXPECT_EQ(head(), 8u);
}

// Child processes: each writes one byte to `ready` after its first commit.
pid_t StartWriter(const std::string& database, int ready, int calls) {
  const pid_t child = fork();
  if (child != 0) return child;
  SinkOptions patient;
  patient.lock_wait = std::chrono::seconds(60);
  auto sink = OpenSqliteSink(database, patient);
  if (!sink.ok()) _exit(2);
  for (int i = 0; calls == 0 || i < calls; ++i) {
    const auto call = std::to_string(getpid()) + "-" + std::to_string(i);
    const bool written =
        sink.value()->Append(SampleDecision(call)).ok() &&
        sink.value()
            ->Commit(i % 5 == 0 ? Durability::kFull : Durability::kNormal)
            .ok() &&
        sink.value()->Append(SampleOutcome(call)).ok();
    if (!written) _exit(3);
    if (i == 0 && write(ready, "x", 1) != 1) _exit(4);
  }
  const bool last = sink.value()->Commit(Durability::kNormal).ok();
  sink.value().reset();
  _exit(last ? 0 : 5);
}

int WaitFor(pid_t child) {
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return status;
}

// Eight guards on a database that does not exist yet: made once, one chain.
TEST_F(SqliteSinkTest, EightWritersMakeOneChain) {
  int ready[2];
  ASSERT_EQ(pipe2(ready, O_CLOEXEC), 0);
  std::vector<pid_t> children;
  children.reserve(8);
  for (int i = 0; i < 8; ++i) {
    children.push_back(StartWriter(database_, ready[1], 50));
  }
  for (const pid_t child : children) EXPECT_EQ(WaitFor(child), 0);
  close(ready[0]);
  close(ready[1]);
  const VerifyReport report = VerifyNow();
  EXPECT_TRUE(report.good()) << report.sentence;
  EXPECT_EQ(report.count, 8u * 50 * 2);
}

TEST_F(SqliteSinkTest, KilledWritersLeaveAChainThatVerifies) {
  std::uint64_t before = 0;
  for (int round = 0; round < 10; ++round) {
    int ready[2];
    ASSERT_EQ(pipe2(ready, O_CLOEXEC), 0);
    const pid_t one = StartWriter(database_, ready[1], 0);
    const pid_t other = StartWriter(database_, ready[1], 0);
    char byte = 0;
    for (int i = 0; i < 2; ++i) ASSERT_EQ(read(ready[0], &byte, 1), 1);
    // How far they get before they die is the scheduler's choice.
    poll(nullptr, 0, round);
    kill(one, SIGKILL);
    kill(other, SIGKILL);
    WaitFor(one);
    WaitFor(other);
    close(ready[0]);
    close(ready[1]);
    const VerifyReport report = VerifyNow();
    ASSERT_TRUE(report.good()) << report.sentence;
    ASSERT_GT(report.count, before);
    before = report.count;
  }
  Fill(*OpenSink(), 2);  // and the next guard goes on
  EXPECT_EQ(VerifyNow().count, before + 2);
}

}  // namespace
}  // namespace gatehouse::audit
