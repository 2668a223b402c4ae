// SPDX-License-Identifier: Apache-2.0
// The line against which a cut tail shows. Its form is in audit/FORMAT.md, so
// other programs read it too; a line that is taken wrongly hides the cut.
#include "audit/head_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <limits>

#include "audit/trail_files.h"
#include "tests/audit/trail_fixture.h"

namespace gatehouse::audit {
namespace {

const std::string kHash(32, '\xab');
const std::string kHex = [] {
  std::string hex;
  for (int i = 0; i < 32; ++i) hex += "ab";
  return hex;
}();

TEST(Head, IsOneLineOfOneLength) {
  const std::string line = FormatHead({"c-1", 42, kHash});
  EXPECT_EQ(line,
            "gatehouse-audit-head 1 c-1 00000000000000000042 " + kHex + "\n");
  const Sequence last = std::numeric_limits<Sequence>::max();
  for (Sequence seq : {Sequence{0}, Sequence{42}, last}) {
    const ChainHead head{"c-1", seq, kHash};
    EXPECT_EQ(FormatHead(head).size(), line.size()) << seq;
    EXPECT_EQ(ParseHead(FormatHead(head)), head) << seq;
  }
}

TEST(Head, RefusesEveryOtherLine) {
  const std::string mark = "gatehouse-audit-head";
  ASSERT_TRUE(ParseHead(mark + " 1 c 7 " + kHex + "\n").has_value());
  for (const std::string& line : {
           std::string(), std::string("\n"),
           mark + " 1 c 7 " + kHex,               // cut short
           mark + " 1 c 7 " + kHex + "\n\n",      // more lines
           mark + " 1 c 7 " + kHex + " x\n",      // more words
           mark + " 1 c  7 " + kHex + "\n",       // an empty word
           mark + " 2 c 7 " + kHex + "\n",        // another version
           "x" + mark + " 1 c 7 " + kHex + "\n",  // another file
           mark + " 1 c -7 " + kHex + "\n",       // no number
           mark + " 1 c 7x " + kHex + "\n",       // no number
           mark + " 1 c  " + kHex + "\n",         // no number
           mark + " 1 c 99999999999999999999 " + kHex + "\n",  // too great
           mark + " 1 c 7 " + kHex.substr(2) + "\n",           // too short
           mark + " 1 c 7 " + kHex + "ab\n",                   // too long
           mark + " 1 c 7 " + kHex.substr(2) + "-1\n",         // no digits
           mark + " 1 c 7 " + kHex.substr(2) + "ag\n",         // no digits
       }) {
    EXPECT_FALSE(ParseHead(line).has_value()) << line;
  }
}

class HeadFileTest : public TrailTest {
 protected:
  HeadFileTest() : path_(Beside("audit.head")) {
    EXPECT_TRUE(PrepareTrailFiles(database_).ok());
  }
  std::string path_;
};

// A full disk makes the name and takes no byte: `audit verify` then said that
// the trail was not what was written.
TEST_F(HeadFileTest, AnEmptyOneIsNone) {
  std::ofstream(path_).close();
  EXPECT_EQ(ReadHeadFile(path_).value(), std::nullopt);
  HeadFile file(path_);
  ASSERT_TRUE(file.Advance({"c", 1, kHash}).ok());
  EXPECT_EQ(ReadHeadFile(path_).value()->seq, 1u);
}

TEST_F(HeadFileTest, HoldsTheLastHeadAndIsPrivate) {
  EXPECT_EQ(ReadHeadFile(path_).value(), std::nullopt);
  HeadFile file(path_);
  EXPECT_FALSE(std::filesystem::exists(path_));  // not before the first write
  for (Sequence seq : {1000u, 7u}) {
    const ChainHead head{"c", seq, kHash};
    ASSERT_TRUE(file.Write(head).ok());
    EXPECT_EQ(ReadHeadFile(path_).value(), head);
    EXPECT_EQ(ReadWholeFile(path_), FormatHead(head));
  }
  struct stat info {};
  ASSERT_EQ(stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(HeadFileTest, AdvancesAndNeverGoesBack) {
  const struct {
    ChainHead head;
    Sequence expected;
  } steps[] = {{{"c", 7, kHash}, 7},
               {{"c", 5, kHash}, 7},
               {{"c", 9, kHash}, 9},
               {{"d", 2, kHash}, 2}};
  for (const auto& step : steps) {
    // Two guards, each with its own.
    HeadFile file(path_);
    ASSERT_TRUE(file.Advance(step.head).ok());
    EXPECT_EQ(ReadHeadFile(path_).value()->seq, step.expected);
  }
}

// Who made it may be whom the trail is read to judge.
TEST_F(HeadFileTest, APipeIsNoHeadAndIsNotWaitedFor) {
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  const auto read = ReadHeadFile(path_);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::kCorrupt);
}

TEST_F(HeadFileTest, ThatIsNoHeadIsCorrupt) {
  for (const char* text : {"\n", "x", "gatehouse-audit-head 1 c 7 00\n"}) {
    std::ofstream{path_} << text;
    const auto head = ReadHeadFile(path_);
    ASSERT_FALSE(head.ok()) << text;
    EXPECT_EQ(head.error().code, ErrorCode::kCorrupt) << text;
  }
}

TEST_F(HeadFileTest, IsNotWrittenThroughALinkOrWithoutAFolder) {
  const std::string elsewhere = folder_ + "/elsewhere";
  std::ofstream{elsewhere} << "precious";
  std::filesystem::create_symlink(elsewhere, path_);
  EXPECT_FALSE(HeadFile(path_).Write({"c", 1, kHash}).ok());
  EXPECT_EQ(ReadWholeFile(elsewhere), "precious");
  EXPECT_FALSE(HeadFile(folder_ + "/no/head").Write({"c", 1, kHash}).ok());
}

}  // namespace
}  // namespace gatehouse::audit
