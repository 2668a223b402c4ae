// SPDX-License-Identifier: Apache-2.0
// The sink over a disk that takes its time, or fails, while it syncs.
#include "audit/trail_sync.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <set>

#include "audit/head_file.h"
#include "audit/reader.h"
#include "audit/sqlite_sink.h"
#include "audit/verify.h"
#include "tests/audit/trail_fixture.h"
#include "tests/support/fault_vfs.h"
#include "tests/support/no_threads.h"

namespace gatehouse::audit {
namespace {

using testing::Fault;
using testing::FaultVfs;

constexpr int kPatienceMs = 60'000;

class TrailSyncTest : public TrailTest {
 protected:
  static bool Commit(Sink& sink) {
    return sink.Append(SampleDecision("a")).ok() &&
           sink.Commit(Durability::kNormal).ok();
  }
  static std::optional<Synced> Await(Sink& sink) {
    if (auto synced = sink.TakeSynced()) return synced;
    pollfd synced{sink.synced_fd(), POLLIN, 0};
    EXPECT_EQ(poll(&synced, 1, kPatienceMs), 1);
    return sink.TakeSynced();
  }
  std::string HeadPath() const { return FindTrailFiles(database_).head; }
  std::optional<ChainHead> HeadFile() const {
    return ReadHeadFile(HeadPath()).value();
  }

  FaultVfs disk_;
};

TEST_F(TrailSyncTest, TellsWhenWhatIsCommittedIsOnTheDisk) {
  const auto sink = OpenSink();
  EXPECT_FALSE(sink->TakeSynced());
  ASSERT_TRUE(Commit(*sink));
  EXPECT_EQ(sink->StartSync(), 1u);
  const auto synced = Await(*sink);
  ASSERT_TRUE(synced);
  EXPECT_TRUE(synced->status.ok());
  EXPECT_EQ(synced->through, 1u);
  EXPECT_FALSE(sink->TakeSynced());
  EXPECT_EQ(HeadFile()->seq, 1u);
  // The power goes now: what had not been synced is lost, and this had.
  const auto left = disk_.Disk(disk_.log_size(), testing::Cut::kNothing, 1);
  const auto later = disk_.log_size();
  ASSERT_TRUE(Commit(*sink));
  EXPECT_EQ(disk_.Disk(disk_.log_size(), testing::Cut::kNothing, 1), left);
  EXPECT_GT(disk_.log_size(), later);
}

TEST_F(TrailSyncTest, WithoutAThreadTheDiskIsWaitedFor) {
  const auto sink = OpenSink();
  {
    const testing::NoThreads none;
    ASSERT_TRUE(Commit(*sink));
    EXPECT_EQ(sink->StartSync(), 1u);
    const auto synced = sink->TakeSynced();
    ASSERT_TRUE(synced);
    EXPECT_TRUE(synced->status.ok());
    EXPECT_EQ(synced->through, 1u);
    ASSERT_TRUE(Commit(*sink));
    sink->StartSync();
    EXPECT_EQ(sink->TakeSynced()->through, 2u);
  }
  ASSERT_TRUE(Commit(*sink));
  sink->StartSync();
  EXPECT_TRUE(Await(*sink)->status.ok()) << "a thread takes over";
}

// The trail's own and its log's: what nothing leads to any more is lost.
TEST_F(TrailSyncTest, NothingIsPromisedBeforeTheNamesAreOnTheDisk) {
  const auto names = [this] {
    std::set<std::string> found;
    const auto disk = disk_.Disk(disk_.log_size(), testing::Cut::kNothing, 1);
    for (const auto& [name, bytes] : disk) found.insert(name);
    return found;
  };
  SinkOptions options;
  options.self.session = "session-1";  // a start that waits for no sync
  const auto sink = OpenSink(options);
  ASSERT_TRUE(Commit(*sink));
  EXPECT_EQ(names(), std::set<std::string>());
  disk_.FailAll("sync-folder");
  sink->StartSync();
  const auto failed = Await(*sink);
  ASSERT_TRUE(failed);
  ASSERT_FALSE(failed->status.ok());
  EXPECT_NE(failed->status.error().sentence.find("cannot sync"),
            std::string::npos);
  EXPECT_EQ(names(), std::set<std::string>());
  disk_.Heal();
  sink->StartSync();
  EXPECT_TRUE(Await(*sink)->status.ok());
  EXPECT_EQ(names(), (std::set<std::string>{"audit.db", "audit.db-wal"}));
}

TEST_F(TrailSyncTest, CommitsGoOnWhileTheDiskWorks) {
  const auto sink = OpenSink();
  ASSERT_TRUE(Commit(*sink));  // a log that begins is synced with its commit
  disk_.HoldSyncs();
  EXPECT_EQ(sink->StartSync(), 1u);
  for (std::uint64_t more = 2; more <= 5; ++more) {
    EXPECT_TRUE(Commit(*sink));
    EXPECT_EQ(sink->StartSync(), more);
    EXPECT_FALSE(sink->TakeSynced());
  }
  disk_.LetSyncsGo();
  std::uint64_t through = 0;
  int syncs = 0;
  while (through < 5) {
    const auto synced = Await(*sink);
    if (!synced) continue;
    EXPECT_TRUE(synced->status.ok());
    EXPECT_GT(synced->through, through);
    through = synced->through;
    ++syncs;
  }
  EXPECT_LE(syncs, 2);  // the first, and one for all that came meanwhile
  EXPECT_EQ(HeadFile()->seq, 5u);
}

TEST_F(TrailSyncTest, NobodyWaitsForTheLockBecauseOfIt) {
  const auto sink = OpenSink();
  const auto other = OpenSink();
  ASSERT_TRUE(Commit(*sink));
  disk_.HoldSyncs();
  sink->StartSync();
  EXPECT_TRUE(Commit(*other));
  disk_.LetSyncsGo();
  EXPECT_TRUE(Await(*sink)->status.ok());
}

TEST_F(TrailSyncTest, AfterAFailureNoSyncIsBelievedUntilTheLogStartsAnew) {
  const auto sink = OpenSink();
  ASSERT_TRUE(Commit(*sink));
  disk_.FailAt(1, Fault::kForGood);
  sink->StartSync();
  const auto failed = Await(*sink);
  ASSERT_TRUE(failed);
  EXPECT_FALSE(failed->status.ok());
  // The disk is still bad: the log cannot be emptied.
  EXPECT_EQ(sink->StartSync(), 2u);
  EXPECT_FALSE(Await(*sink)->status.ok());
  EXPECT_EQ(HeadFile(), std::nullopt);
  disk_.Heal();
  const std::size_t before = disk_.log_size();
  EXPECT_EQ(sink->StartSync(), 3u);
  EXPECT_TRUE(Await(*sink)->status.ok());
  EXPECT_EQ(HeadFile()->seq, 1u);
  EXPECT_GT(disk_.log_size(), before);
  EXPECT_EQ(std::filesystem::file_size(database_ + "-wal"), 0u);
}

TEST_F(TrailSyncTest, WhatWasAskedForMeanwhileFailsWithIt) {
  const auto sink = OpenSink();
  ASSERT_TRUE(Commit(*sink));
  sink->StartSync();
  ASSERT_TRUE(Await(*sink)->status.ok());
  disk_.HoldSyncs();
  sink->StartSync();
  ASSERT_TRUE(Commit(*sink));
  sink->StartSync();
  disk_.FailAt(1, Fault::kOnce);
  disk_.LetSyncsGo();
  std::uint64_t through = 1;
  while (through < 3) {
    const auto synced = Await(*sink);
    if (!synced) continue;
    EXPECT_FALSE(synced->status.ok());
    through = synced->through;
  }
}

// It would wait for ever: for its thread, or for the checkpoint of its end.
TEST_F(TrailSyncTest, AGuardEndsThoughTheDiskHangs) {
  for (const bool waits_already : {true, false}) {
    std::string warned;
    SinkOptions options;
    options.self.session = "session-1";
    options.disk_patience = std::chrono::milliseconds(0);
    options.warn = [&warned](std::string_view text) { warned += text; };
    auto sink = OpenSink(options);
    const std::size_t open = disk_.open_files();
    ASSERT_TRUE(Commit(*sink));
    disk_.HoldSyncs();
    if (waits_already) sink->StartSync();
    sink.reset();
    EXPECT_EQ(warned,
              "the audit trail: the disk has not answered for 0 ms; the guard "
              "ends without it, and its last records may be lost in a power "
              "cut");
    const auto reader = OpenReader(database_);
    ASSERT_TRUE(reader.ok());
    EXPECT_TRUE(Verify(*reader.value()).value().good());
    disk_.LetSyncsGo();
    disk_.AwaitOpen(open + 2);  // and the reader's; the thread's are closed
    options.warn = nullptr;
    options.disk_patience = std::chrono::seconds(60);
    const auto next = OpenSink(options);
    EXPECT_TRUE(Commit(*next));
    next->StartSync();
    EXPECT_TRUE(Await(*next)->status.ok());
  }
}

// Nor does it hang before its end: it hears its client, and the signal to stop.
TEST_F(TrailSyncTest, NoCheckpointWaitsForADiskThatHangs) {
  SinkOptions options;
  options.self.session = "session-1";
  options.checkpoint_pages = 4;
  options.checkpoint_every = std::chrono::seconds(0);
  options.disk_patience = std::chrono::milliseconds(0);
  auto sink = OpenSink(options);
  const std::size_t open = disk_.open_files();
  disk_.HoldSyncs();
  for (int i = 0; i < 8; ++i) {
    ASSERT_TRUE(Commit(*sink));
    sink->Idle();
  }
  EXPECT_EQ(disk_.syncs(), 0u);
  disk_.LetSyncsGo();
  const auto late = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (disk_.syncs() < 3 && std::chrono::steady_clock::now() < late) {
    ASSERT_TRUE(Commit(*sink));  // once it is seen to answer
  }
  EXPECT_GE(disk_.syncs(), 3u);
  // The end leaves behind who is slow: both threads are seen to be gone, since
  // both have their files by now.
  sink->StartSync();
  EXPECT_TRUE(Await(*sink)->status.ok());
  sink.reset();
  disk_.AwaitOpen(open);
}

TEST_F(TrailSyncTest, ADatabaseThatWasReplacedIsNotSyncedInPlaceOfTheOther) {
  const auto sink = OpenSink();
  ASSERT_TRUE(Commit(*sink));
  TrailSync sync(database_);
  FileIdentity other = *IdentityOf(database_);
  other.inode += 1;
  sync.Start(other, {});
  pollfd synced{sync.fd(), POLLIN, 0};
  ASSERT_EQ(poll(&synced, 1, kPatienceMs), 1);
  const auto ended = sync.Take();
  ASSERT_TRUE(ended);
  EXPECT_EQ(
      ended->status.error().sentence,
      database_ + " was replaced before its last records were on the disk");
  EXPECT_TRUE(sync.failed());
}

}  // namespace
}  // namespace gatehouse::audit
