// SPDX-License-Identifier: Apache-2.0
// What is taken for unchanged is not looked at by its name: nothing that could
// lead a record astray may be taken for it.
#include "audit/known_name.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "tests/support/process_census.h"

namespace gatehouse::audit {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

class KnownNameTest : public ::testing::Test {
 protected:
  KnownNameTest() : path_(folder_.File("state/file")) {
    fs::create_directories(folder_.File("state"));
    std::ofstream{path_};
    fd_ = open(path_.c_str(), O_PATH | O_CLOEXEC);
  }
  ~KnownNameTest() override { close(fd_); }

  // A file that was just made is not trusted; whether it comes to that.
  bool Settle() {
    const auto late = steady_clock::now() + std::chrono::seconds(20);
    while (steady_clock::now() < late) {
      name_.Note(fd_);
      if (name_.IsUnchanged(fd_)) return true;
      usleep(1000);
    }
    return false;
  }

  testing::TemporaryFolder folder_;
  std::string path_;
  int fd_ = -1;
  KnownName name_;
};

TEST_F(KnownNameTest, TrustsNoFileThatChangedJustNow) {
  EXPECT_FALSE(name_.IsUnchanged(fd_));
  name_.Note(fd_);
  EXPECT_FALSE(name_.IsUnchanged(fd_));
  EXPECT_TRUE(Settle());
  name_.Forget();
  EXPECT_FALSE(name_.IsUnchanged(fd_));
  EXPECT_FALSE(name_.IsUnchanged(-1));
}

TEST_F(KnownNameTest, SeesAtOnceWhatIsDoneToTheFilesNames) {
  const std::vector<std::function<void()>> deeds = {
      [this] { fs::rename(path_, folder_.File("away")); },
      [this] { fs::remove(path_); },
      [this] {
        std::ofstream{folder_.File("other")};
        fs::rename(folder_.File("other"), path_);
      },
  };
  for (const auto& deed : deeds) {
    close(fd_);
    fs::remove(path_);
    std::ofstream{path_};
    fd_ = open(path_.c_str(), O_PATH | O_CLOEXEC);
    ASSERT_TRUE(Settle());
    deed();
    EXPECT_FALSE(name_.IsUnchanged(fd_));
  }
}

TEST_F(KnownNameTest, WantsTheNameLookedAtAgainSoon) {
  ASSERT_TRUE(Settle());
  const auto noted = steady_clock::now();
  while (name_.IsUnchanged(fd_)) usleep(1000);
  EXPECT_LT(steady_clock::now() - noted, std::chrono::seconds(20));
}

}  // namespace
}  // namespace gatehouse::audit
