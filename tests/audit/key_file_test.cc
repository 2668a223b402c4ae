// SPDX-License-Identifier: Apache-2.0
// The secret key beside the database: made once, private, and never replaced,
// or the digests and mask tags of the trail would no longer match.
#include "audit/key_file.h"

#include <gtest/gtest.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "audit/trail_files.h"
#include "tests/audit/trail_fixture.h"

namespace gatehouse::audit {
namespace {

class KeyFileTest : public TrailTest {
 protected:
  KeyFileTest() : key_(Beside("audit.key")) {}
  void Write(const std::string& bytes) const {
    ASSERT_TRUE(PrepareTrailFiles(database_).ok());
    std::ofstream{key_, std::ios::binary} << bytes;
  }
  mode_t Mode() const {
    struct stat info {};
    EXPECT_EQ(stat(key_.c_str(), &info), 0);
    return info.st_mode & 0777;
  }

  std::string key_;
};

TEST_F(KeyFileTest, IsMadeOnceAndPrivate) {
  const Result<std::string> first = OpenKeyFile(database_);
  ASSERT_TRUE(first.ok()) << first.error().sentence;
  EXPECT_EQ(first.value().size(), 32u);
  EXPECT_NE(first.value(), std::string(32, '\0'));
  EXPECT_EQ(first.value(), ReadWholeFile(key_));
  EXPECT_EQ(Mode(), 0600u);
  EXPECT_EQ(OpenKeyFile(database_).value(), first.value());
  EXPECT_NE(OpenKeyFile(folder_ + "/other/audit.db").value(), first.value());
}

TEST_F(KeyFileTest, LeavesNoDraftBehind) {
  ASSERT_TRUE(OpenKeyFile(database_).ok());
  const std::filesystem::directory_iterator files(folder_ + "/state");
  EXPECT_EQ(std::distance(begin(files), end(files)), 1);
}

// Whoever is killed meanwhile leaves no half a key, nor one under another name.
TEST_F(KeyFileTest, HasNoNameBeforeItIsWhole) {
  ASSERT_TRUE(PrepareTrailFiles(database_).ok());
  const int watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  ASSERT_GE(watch, 0);
  ASSERT_GE(inotify_add_watch(watch, (folder_ + "/state").c_str(),
                              IN_CREATE | IN_MOVE | IN_DELETE),
            0);
  ASSERT_TRUE(OpenKeyFile(database_).ok());
  alignas(inotify_event) std::array<char, 4096> events = {};
  const ssize_t got = read(watch, events.data(), events.size());
  close(watch);
  inotify_event first = {};
  ASSERT_GE(got, ssize_t{sizeof first});
  std::memcpy(&first, events.data(), sizeof first);
  EXPECT_EQ(std::string(events.data() + sizeof first), "audit.key");
  EXPECT_EQ(first.mask, std::uint32_t{IN_CREATE});
  EXPECT_EQ(static_cast<std::size_t>(got), sizeof first + first.len)
      << "and that is all";
}

TEST_F(KeyFileTest, ThatOthersCouldReadIsNarrowed) {
  const std::string bytes(32, 'k');
  Write(bytes);
  ASSERT_EQ(chmod(key_.c_str(), 0644), 0);
  EXPECT_EQ(OpenKeyFile(database_).value(), bytes);
  EXPECT_EQ(Mode(), 0600u);
}

TEST_F(KeyFileTest, OfAnotherLengthIsRefusedAndLeftAlone) {
  for (std::size_t size : {0u, 31u, 33u, 4096u}) {
    const std::string bytes(size, 'k');
    Write(bytes);
    const Result<std::string> key = OpenKeyFile(database_);
    ASSERT_FALSE(key.ok()) << size;
    EXPECT_EQ(key.error().code, ErrorCode::kCorrupt) << size;
    EXPECT_EQ(ReadWholeFile(key_), bytes);
  }
}

TEST_F(KeyFileTest, ThatIsNoFileOfItsOwnIsRefused) {
  ASSERT_TRUE(PrepareTrailFiles(database_).ok());
  const std::string elsewhere = folder_ + "/elsewhere";
  std::filesystem::create_symlink(elsewhere, key_);
  EXPECT_FALSE(OpenKeyFile(database_).ok());  // dangling
  EXPECT_FALSE(std::filesystem::exists(elsewhere));
  std::ofstream{elsewhere} << std::string(32, 'k');
  EXPECT_FALSE(OpenKeyFile(database_).ok());
  std::filesystem::remove(key_);
  std::filesystem::create_directory(key_);
  EXPECT_FALSE(OpenKeyFile(database_).ok());
  std::filesystem::remove(key_);
  ASSERT_EQ(mkfifo(key_.c_str(), 0600), 0);
  const Result<std::string> pipe = OpenKeyFile(database_);  // not waited for
  ASSERT_FALSE(pipe.ok());
  EXPECT_EQ(pipe.error().sentence, key_ + " is no plain file");
}

}  // namespace
}  // namespace gatehouse::audit
