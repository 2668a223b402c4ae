// SPDX-License-Identifier: Apache-2.0
#include "audit/sqlite_database.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "tests/audit/trail_fixture.h"

namespace gatehouse::audit {
namespace {

class SqliteDatabaseTest : public TrailTest {
 protected:
  void SetUp() override { std::filesystem::create_directory(Beside("")); }

  // A small database in a file.
  void Make() {
    Database made = Database::OpenInMemory().value();
    ASSERT_TRUE(made.Execute("CREATE TABLE t (n INTEGER NOT NULL, s TEXT) "
                             "STRICT; INSERT INTO t VALUES (7, 'seven')")
                    .ok());
    std::ofstream(database_, std::ios::binary) << made.Image().value();
  }
};

TEST_F(SqliteDatabaseTest, AnImageIsTheFileOfWhatWasInMemory) {
  Make();
  for (const auto access :
       {Database::Access::kReadOnly, Database::Access::kReadWrite,
        Database::Access::kFrozen}) {
    Result<Database> opened = Database::Open(database_, access);
    ASSERT_TRUE(opened.ok()) << opened.error().sentence;
    EXPECT_EQ(opened.value().QueryInteger("SELECT n FROM t").value(), 7);
    const Status written =
        opened.value().Execute("INSERT INTO t VALUES (8, 'eight')");
    EXPECT_EQ(written.ok(), access == Database::Access::kReadWrite);
  }
}

// A trail is never made by opening it, and never found behind a link.
TEST_F(SqliteDatabaseTest, MakesNoFileAndFollowsNoLink) {
  EXPECT_FALSE(Database::Open(database_, Database::Access::kReadWrite).ok());
  EXPECT_FALSE(std::filesystem::exists(database_));
  Make();
  const std::string link = database_ + ".link";
  std::filesystem::create_symlink(database_, link);
  EXPECT_FALSE(Database::Open(link, Database::Access::kReadOnly).ok());
}

// Who made it may be whom the trail is read to judge.
TEST_F(SqliteDatabaseTest, WaitsForNoPipe) {
  const std::string path = Beside("pipe.db");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  const auto opened = Database::OpenToRead(path);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::kCorrupt);
}

TEST_F(SqliteDatabaseTest, SaysWhatKindOfFaultItIs) {
  std::ofstream(database_) << std::string(4096, 'x');
  Database opened =
      Database::Open(database_, Database::Access::kReadOnly).value();
  EXPECT_EQ(opened.QueryInteger("SELECT count(*) FROM t").error().code,
            ErrorCode::kCorrupt);
}

// Bytes of a client go into SQL as values, whatever they hold.
TEST_F(SqliteDatabaseTest, BindsBytesAsTheyAre) {
  Make();
  Database database =
      Database::Open(database_, Database::Access::kReadWrite).value();
  Statement insert = database.Prepare("INSERT INTO t VALUES (?, ?)").value();
  const std::string text("a'; DROP TABLE t; --\0b", 22);
  ASSERT_TRUE(insert.BindInteger(1, -1).BindText(2, text).Run().ok());
  Statement select = database.Prepare("SELECT s FROM t WHERE n = -1").value();
  ASSERT_EQ(select.Step().value(), Statement::Stepped::kRow);
  EXPECT_EQ(select.Text(0), text);
  EXPECT_FALSE(select.IsNull(0));
  select.Reset();
  EXPECT_EQ(database.Changes(), 1);
  // NULL for a text that was never bound is refused by the table.
  Statement none = database.Prepare("INSERT INTO t VALUES (?, 'x')").value();
  EXPECT_EQ(none.Run().error().code, ErrorCode::kCorrupt);
}

TEST_F(SqliteDatabaseTest, VisitsEachRowAndMayBeRunAgain) {
  Make();
  Database database =
      Database::Open(database_, Database::Access::kReadWrite).value();
  ASSERT_TRUE(database.Execute("INSERT INTO t VALUES (8, NULL)").ok());
  Statement rows = database.Prepare("SELECT n, s FROM t ORDER BY n").value();
  for (int round = 0; round < 2; ++round) {
    std::string seen;
    ASSERT_TRUE(ForEachRow(rows, [&seen](const Statement& row) {
                  seen += std::to_string(row.Integer(0)) + "=" +
                          std::string(row.Text(1)) + ";";
                }).ok());
    EXPECT_EQ(seen, "7=seven;8=;");
  }
}

}  // namespace
}  // namespace gatehouse::audit
