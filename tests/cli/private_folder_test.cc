// SPDX-License-Identifier: Apache-2.0
#include "cli/private_folder.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <optional>

#include "tests/support/process_census.h"
#include "tests/support/waiting_signal.h"

namespace gatehouse::cli {
namespace {

namespace fs = std::filesystem;
using gatehouse::testing::TemporaryFolder;
using gatehouse::testing::WriteFile;

mode_t ModeOf(const std::string& path) {
  struct stat status {};
  stat(path.c_str(), &status);
  return status.st_mode & 0777;
}

TEST(PrivateFolder, IsForItsUserOnlyAndGoesWithItsOwner) {
  const TemporaryFolder home;
  const std::string base = home.File("run/gatehouse");
  std::string path;
  {
    auto folder = PrivateFolder::MakeIn(base);
    ASSERT_TRUE(folder.ok()) << folder.error().sentence;
    path = folder.value().path();
    EXPECT_EQ(ModeOf(path), 0700u);
    EXPECT_EQ(ModeOf(base), 0700u);
    WriteFile(path + "/config", "secret");
    const auto other = PrivateFolder::MakeIn(base);
    ASSERT_TRUE(other.ok());
    EXPECT_NE(other.value().path(), path);
    EXPECT_TRUE(fs::exists(path + "/config")) << "its owner lives";
  }
  EXPECT_FALSE(fs::exists(path));
}

TEST(PrivateFolder, SweepsWhatAKilledSessionLeft) {
  const TemporaryFolder home;
  const std::string base = home.File("gatehouse");
  const pid_t child = fork();
  if (child == 0) {
    auto folder = PrivateFolder::MakeIn(base);
    WriteFile(folder.value().path() + "/config", "secret");
    raise(SIGKILL);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
  const auto count = [&base] {
    return std::distance(fs::directory_iterator(base),
                         fs::directory_iterator());
  };
  EXPECT_EQ(count(), 2) << "the lock and what was left";
  const auto folder = PrivateFolder::MakeIn(base);
  ASSERT_TRUE(folder.ok());
  EXPECT_EQ(count(), 2) << "the lock and our own";
  EXPECT_FALSE(fs::exists(folder.value().path() + "/config"));
}

TEST(PrivateFolder, TakesNoFolderThatOthersMayEnter) {
  const TemporaryFolder home;
  const std::string base = home.File("gatehouse");
  fs::create_directory(base);
  chmod(base.c_str(), 0777);
  ASSERT_TRUE(PrivateFolder::MakeIn(base).ok());
  EXPECT_EQ(ModeOf(base), 0700u);
  const std::string link = home.File("link");
  fs::create_directory_symlink(base, link);
  const auto refused = PrivateFolder::MakeIn(link);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kPermission);
  WriteFile(home.File("file"), "");
  EXPECT_FALSE(PrivateFolder::MakeIn(home.File("file")).ok());
}

// A process that is stopped, or a server that means ill.
TEST(PrivateFolder, SaysSoWhereAnotherKeepsTheLock) {
  const TemporaryFolder home;
  const std::string base = home.File("run");
  ASSERT_TRUE(PrivateFolder::MakeIn(base).ok());
  const int fd = open((base + "/lock").c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(flock(fd, LOCK_EX), 0);
  const auto refused =
      PrivateFolder::MakeIn(base, std::chrono::milliseconds(20));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kBusy);
  EXPECT_EQ(refused.error().sentence,
            base + "/lock is locked by another process");
  close(fd);
  EXPECT_TRUE(PrivateFolder::MakeIn(base).ok());
}

TEST(PrivateFolder, WhoIsToldToEndWaitsForNoLock) {
  const TemporaryFolder home;
  const std::string base = home.File("run");
  ASSERT_TRUE(PrivateFolder::MakeIn(base).ok());
  const int fd = open((base + "/lock").c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(flock(fd, LOCK_EX), 0);
  const gatehouse::testing::WaitingTerm term;
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_FALSE(PrivateFolder::MakeIn(base, std::chrono::seconds(60)).ok());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30));
  close(fd);
}

}  // namespace
}  // namespace gatehouse::cli
