// SPDX-License-Identifier: Apache-2.0
// The files beside the database: their names, the key, the head, the lock.
#include "audit/trail_files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <thread>

#include "audit/digest.h"
#include "audit/head_file.h"
#include "audit/key_file.h"
#include "audit/writer_lock.h"
#include "tests/audit/trail_fixture.h"

namespace gatehouse::audit {
namespace {

using std::chrono::milliseconds;
class TrailFilesTest : public TrailTest {};

TEST_F(TrailFilesTest, StandBesideTheRealDatabase) {
  ASSERT_TRUE(PrepareTrailFiles(database_).ok());
  std::ofstream{database_} << "";
  std::filesystem::create_symlink(database_, folder_ + "/link.db");
  EXPECT_EQ(FindTrailFiles(folder_ + "/link.db").lock,
            FindTrailFiles(database_).lock);
  EXPECT_TRUE(FindTrailFiles(database_).lock.ends_with("/state/audit.lock"));
  EXPECT_TRUE(FindTrailFiles("/x/a.b").lock.ends_with("/x/a.b.lock"));
}

TEST_F(TrailFilesTest, NetworkFileSystemsAreRefusedByKind) {
  EXPECT_TRUE(CheckFileSystem("/tmp", FileSystems::kLocalOnly).ok());
  EXPECT_TRUE(CheckFileSystem("/none", FileSystems::kAny).ok());
  EXPECT_FALSE(CheckFileSystem("/none", FileSystems::kLocalOnly).ok());
}

TEST_F(TrailFilesTest, KeyIsMadeOnceEvenByManyAtOnce) {
  std::vector<std::string> keys(8);
  std::vector<std::thread> threads;
  for (std::string& key : keys) {
    threads.emplace_back(
        [&key, this] { key = OpenKeyFile(database_).value(); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& key : keys) EXPECT_EQ(key, keys[0]);
  EXPECT_EQ(keys[0].size(), 32u);
  struct stat info {};
  ASSERT_EQ(stat(Beside("audit.key").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(TrailFilesTest, RefusesAKeyOfAnotherLength) {
  ASSERT_TRUE(PrepareTrailFiles(database_).ok());
  std::ofstream{Beside("audit.key")} << "short";
  EXPECT_EQ(OpenKeyFile(database_).error().code, ErrorCode::kCorrupt);
}

TEST_F(TrailFilesTest, HeadFileHoldsTheLastHeadWritten) {
  ASSERT_TRUE(PrepareTrailFiles(database_).ok());
  const std::string path = Beside("audit.head");
  EXPECT_EQ(ReadHeadFile(path).value(), std::nullopt);
  HeadFile file(path);
  const ChainHead head{"chain", 12, std::string(32, 'h')};
  ASSERT_TRUE(file.Write({"chain", 999, std::string(32, 'g')}).ok());
  ASSERT_TRUE(file.Write(head).ok());
  EXPECT_EQ(ReadHeadFile(path).value(), head);
}

TEST(Head, RefusesWhatIsNoHeadLine) {
  const std::string good = FormatHead({"c", 1, std::string(32, 'h')});
  ASSERT_TRUE(ParseHead(good).has_value());
  for (const std::string& bad :
       {std::string(), good.substr(0, good.size() - 1), "x" + good,
        good.substr(0, good.size() - 2) + "\n", good + "\n",
        std::string("gatehouse-audit-head 1 c 1x 00\n")}) {
    EXPECT_FALSE(ParseHead(bad).has_value()) << bad;
  }
}

TEST_F(TrailFilesTest, LockIsExclusiveAndMovesOn) {
  ASSERT_TRUE(PrepareTrailFiles(database_).ok());
  WriterLock one(Beside("audit.lock")), other(Beside("audit.lock"));
  ASSERT_TRUE(one.Acquire(milliseconds(0)).ok());
  EXPECT_EQ(other.Acquire(milliseconds(5)).error().code, ErrorCode::kBusy);
  one.Release();
  EXPECT_TRUE(other.Acquire(milliseconds(0)).ok());
}

// A removed lock file must not let two guards in by two files of one name.
TEST_F(TrailFilesTest, LockFollowsAReplacedFile) {
  ASSERT_TRUE(PrepareTrailFiles(database_).ok());
  WriterLock one(Beside("audit.lock")), other(Beside("audit.lock"));
  ASSERT_TRUE(one.Acquire(milliseconds(0)).ok());
  one.Release();
  std::filesystem::remove(Beside("audit.lock"));
  ASSERT_TRUE(other.Acquire(milliseconds(0)).ok());
  EXPECT_FALSE(one.Acquire(milliseconds(5)).ok());
}

TEST(Digest, AgreesWithKnownAnswers) {
  Sha256 hasher;
  EXPECT_EQ(Hex(hasher.Add("a").Add("bc").Finish()),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(  // RFC 4231, test case 2
      Hex(HmacSha256("Jefe", "what do ya want for nothing?")),
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_NE(RandomBytes(16), RandomBytes(16));
}

}  // namespace
}  // namespace gatehouse::audit
