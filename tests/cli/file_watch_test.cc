// SPDX-License-Identifier: Apache-2.0
#include "cli/file_watch.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <chrono>
#include <filesystem>

#include "tests/support/process_census.h"

namespace gatehouse::cli {
namespace {

namespace fs = std::filesystem;
using gatehouse::testing::TemporaryFolder;
using gatehouse::testing::WriteFile;

bool Told(FileWatch& watch) {
  pollfd ready = {watch.fd(), POLLIN, 0};
  const bool told = poll(&ready, 1, 2000) == 1;
  watch.Rearm();
  return told;
}

TEST(FileWatch, TellsOfAFileThatIsWrittenReplacedOrMade) {
  const TemporaryFolder folder;
  const std::string path = folder.File("config");
  FileWatch watch({path, folder.File("no/such/folder")});
  WriteFile(path, "a");
  EXPECT_TRUE(Told(watch)) << "made";
  WriteFile(path, "b");
  EXPECT_TRUE(Told(watch)) << "written";
  WriteFile(folder.File("next"), "c");
  Told(watch);
  fs::rename(folder.File("next"), path);
  EXPECT_TRUE(Told(watch)) << "replaced";
}

TEST(FileWatch, FollowsLinksAndTheirTargets) {
  const TemporaryFolder folder;
  for (const char* name : {"one", "two", "home"}) {
    fs::create_directory(folder.File(name));
    WriteFile(folder.File(name) + "/config", name);
  }
  fs::remove(folder.File("home/config"));
  fs::create_symlink("../one/config", folder.File("home/config"));
  FileWatch watch({folder.File("home/config")});
  WriteFile(folder.File("one/config"), "x");
  EXPECT_TRUE(Told(watch)) << "the target";
  fs::create_symlink("../two/config", folder.File("home/next"));
  fs::rename(folder.File("home/next"), folder.File("home/config"));
  EXPECT_TRUE(Told(watch)) << "the link";
  WriteFile(folder.File("two/config"), "y");
  EXPECT_TRUE(Told(watch)) << "the new target";
}

TEST(FileWatch, WatchesWhatIsAddedLater) {
  const TemporaryFolder folder;
  FileWatch watch({});
  watch.Add({folder.File("policy")});
  watch.Add({folder.File("policy")});
  WriteFile(folder.File("policy"), "a");
  EXPECT_TRUE(Told(watch));
}

TEST(FilePace, IsDueAtFirstAtNewsAndAfterAWhile) {
  FileWatch watch({});
  FilePace pace(&watch);
  std::chrono::steady_clock::time_point now{std::chrono::hours(1)};
  EXPECT_TRUE(pace.IsDue(now)) << "never looked";
  EXPECT_FALSE(pace.IsDue(now));
  watch.Rearm();
  EXPECT_TRUE(pace.IsDue(now)) << "told";
  EXPECT_FALSE(pace.IsDue(now + std::chrono::milliseconds(99)));
  EXPECT_TRUE(pace.IsDue(now + std::chrono::milliseconds(100))) << "later";
}

// A wake-up may have been for the message alone, and the change a moment later.
TEST(FilePace, IsDueWhileThereIsNewsThatNobodyTook) {
  const TemporaryFolder folder;
  FileWatch watch({folder.File("policy")});
  FilePace pace(&watch);
  const std::chrono::steady_clock::time_point now{std::chrono::hours(1)};
  EXPECT_TRUE(pace.IsDue(now));
  EXPECT_FALSE(pace.IsDue(now));
  WriteFile(folder.File("policy"), "a");
  EXPECT_TRUE(pace.IsDue(now));
}

TEST(FileWatch, LooksOnceForABatchThatHasNoNews) {
  const TemporaryFolder folder;
  FileWatch watch({folder.File("policy")});
  watch.BeginBatch();
  EXPECT_FALSE(watch.HasNews());
  WriteFile(folder.File("policy"), "a");
  EXPECT_FALSE(watch.HasNews()) << "later than all of its messages";
  watch.EndBatch();
  EXPECT_TRUE(watch.HasNews());
  watch.BeginBatch();
  EXPECT_TRUE(watch.HasNews());
  EXPECT_TRUE(watch.HasNews());
}

TEST(FilePace, IsAlwaysDueWithoutAWatch) {
  FilePace pace(nullptr);
  const std::chrono::steady_clock::time_point now{std::chrono::hours(1)};
  EXPECT_TRUE(pace.IsDue(now));
  EXPECT_TRUE(pace.IsDue(now));
}

}  // namespace
}  // namespace gatehouse::cli
