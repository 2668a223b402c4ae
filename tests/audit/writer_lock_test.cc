// SPDX-License-Identifier: Apache-2.0
// Two writers at once can lose committed rows (SQLite before 3.51.3), so a
// lock that lets two in loses evidence; one that stays shut stops every call.
#include "audit/writer_lock.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <optional>
#include <stop_token>
#include <thread>

#include "audit/trail_files.h"
#include "tests/audit/trail_fixture.h"

namespace gatehouse::audit {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds kOnce{0};
constexpr milliseconds kLong{20'000};

class WriterLockTest : public TrailTest {
 protected:
  WriterLockTest() : path_(Beside("audit.lock")) {
    EXPECT_TRUE(PrepareTrailFiles(database_).ok());
  }
  // "held", or the code's number where not.
  static std::string Try(WriterLock& lock) {
    const Status status = lock.Acquire(kOnce);
    EXPECT_EQ(status.ok(), lock.held());
    if (status.ok()) return "held";
    return status.error().code == ErrorCode::kBusy ? "busy" : "error";
  }

  std::string path_;
};

TEST_F(WriterLockTest, LetsInOneAtATime) {
  WriterLock one(path_), other(path_);
  EXPECT_FALSE(one.held());
  other.Release();  // not held: nothing happens
  EXPECT_EQ(Try(one), "held");
  EXPECT_EQ(Try(one), "held");  // still, and it is not counted
  EXPECT_EQ(Try(other), "busy");
  other.Release();  // not its own to release
  EXPECT_EQ(Try(other), "busy");
  one.Release();
  EXPECT_FALSE(one.held());
  EXPECT_EQ(Try(other), "held");
  EXPECT_EQ(Try(one), "busy");
}

TEST_F(WriterLockTest, WhoIsToStopTriesOnce) {
  std::stop_source stop;
  WriterLock holder(path_), stopped(path_, stop.get_token());
  ASSERT_EQ(Try(holder), "held");
  std::jthread end([&stop] { stop.request_stop(); });
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(stopped.Acquire(kLong).error().code, ErrorCode::kBusy);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, kLong / 2);
  holder.Release();
  EXPECT_EQ(Try(stopped), "held") << "it is free";
}

// Who gave up must not go on holding the place at the door.
TEST_F(WriterLockTest, WhoGaveUpIsInNobodysWay) {
  WriterLock holder(path_), impatient(path_), next(path_);
  ASSERT_EQ(Try(holder), "held");
  EXPECT_EQ(Try(impatient), "busy");
  holder.Release();
  EXPECT_EQ(Try(next), "held");
}

TEST_F(WriterLockTest, IsDroppedWithItsOwner) {
  std::optional<WriterLock> one(path_);
  WriterLock other(path_);
  ASSERT_EQ(Try(*one), "held");
  one.reset();
  EXPECT_EQ(Try(other), "held");
}

TEST_F(WriterLockTest, IsDroppedHoweverItsHolderDies) {
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    WriterLock lock(path_);
    const char held = lock.Acquire(kOnce).ok() ? 'y' : 'n';
    if (write(ready[1], &held, 1) == 1) pause();
    _exit(1);
  }
  char held = '?';
  EXPECT_EQ(read(ready[0], &held, 1), 1);
  EXPECT_EQ(held, 'y');
  WriterLock lock(path_);
  EXPECT_EQ(Try(lock), "busy");
  ASSERT_EQ(kill(child, SIGKILL), 0);
  EXPECT_EQ(waitpid(child, nullptr, 0), child);
  EXPECT_EQ(Try(lock), "held");
  close(ready[0]);
  close(ready[1]);
}

// Four writers, and never two inside.
TEST_F(WriterLockTest, WaitsForItsTurn) {
  std::atomic<int> inside = 0;
  std::atomic<int> turns = 0;
  std::vector<std::thread> writers;
  writers.reserve(4);
  for (int i = 0; i < 4; ++i) {
    writers.emplace_back([&] {
      WriterLock lock(path_);
      for (int turn = 0; turn < 25; ++turn) {
        ASSERT_TRUE(lock.Acquire(kLong).ok());
        EXPECT_EQ(++inside, 1);
        ++turns;
        --inside;
        lock.Release();
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(turns, 100);
}

TEST_F(WriterLockTest, IsNoLinkAndNeedsItsFolder) {
  std::ofstream{folder_ + "/elsewhere"} << "";
  std::filesystem::create_symlink(folder_ + "/elsewhere", path_);
  WriterLock linked(path_), nowhere(folder_ + "/no/lock");
  EXPECT_EQ(Try(linked), "error");
  EXPECT_EQ(Try(nowhere), "error");
}

TEST_F(WriterLockTest, OfARemovedFileIsTakenAnew) {
  WriterLock one(path_), other(path_);
  ASSERT_EQ(Try(one), "held");
  one.Release();
  std::filesystem::remove(path_);
  ASSERT_EQ(Try(other), "held");  // by the new file
  EXPECT_EQ(Try(one), "busy");
  EXPECT_EQ(Try(one), "busy");
}

}  // namespace
}  // namespace gatehouse::audit
