// SPDX-License-Identifier: Apache-2.0
// A log whose writes are joined holds at each commit what it would hold without
// that, for its own connection, for others, and for whoever finds it later.
#include "audit/sqlite_log_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <random>

#include "audit/sqlite_database.h"
#include "tests/audit/trail_fixture.h"
#include "tests/support/fault_vfs.h"

namespace gatehouse::audit {
namespace {

using Access = Database::Access;

constexpr const char* kSetUp =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
    "PRAGMA wal_autocheckpoint=0;"
    "CREATE TABLE t(id INTEGER PRIMARY KEY, row TEXT) STRICT";
constexpr const char* kSum =
    "SELECT coalesce(sum((id * 31 + 7) * (length(row) + 1)), 0) FROM t";

class LogFileTest : public TrailTest {
 protected:
  LogFileTest() : path_(folder_ + "/some.db") { std::ofstream{path_}; }

  Database Open() {
    Result<Database> opened = Database::Open(path_, Access::kReadWrite);
    EXPECT_TRUE(opened.ok());
    return std::move(opened).value();
  }
  static std::int64_t Ask(Database& database, const char* sql = kSum) {
    const auto number = database.QueryInteger(sql);
    EXPECT_TRUE(number.ok()) << number.error().sentence;
    return number.ok() ? number.value() : -1;
  }
  // As the next process finds it, had this one been killed now.
  std::int64_t AskCopy() {
    const std::string copy = folder_ + "/copy.db";
    for (const char* part : {"", "-wal"}) {
      std::filesystem::copy_file(
          path_ + part, copy + part,
          std::filesystem::copy_options::overwrite_existing);
    }
    std::filesystem::remove(copy + "-shm");
    auto database = Database::Open(copy, Access::kReadOnly);
    EXPECT_TRUE(database.ok());
    return Ask(database.value());
  }

  std::string path_;
};

TEST_F(LogFileTest, ACommitIsOneWrite) {
  testing::FaultVfs disk;
  Database database = Open();
  ASSERT_TRUE(database.Execute(kSetUp).ok());
  ASSERT_TRUE(database.Execute("INSERT INTO t(row) VALUES ('first')").ok());
  for (int i = 0; i < 20; ++i) {
    const std::size_t before = disk.log_size();
    const std::string insert =
        "INSERT INTO t(row) SELECT printf('%.*c', 3000, 'x')"
        " FROM (VALUES (1), (2), (3))";
    ASSERT_TRUE(database.Execute(insert.c_str()).ok());
    EXPECT_EQ(disk.log_size(), before + 1);
  }
}

// Pages that do not fit into the cache are written before the commit, and then
// once more, where they stand, with the headers of all that follows them. (No
// savepoints: SQLite 3.40.1 itself can write logs with them that do not hold a
// commit; nothing here uses any.)
TEST_F(LogFileTest, HoldsWhatWasCommittedAndNothingElse) {
  Database database = Open();
  ASSERT_TRUE(database.Execute(kSetUp).ok());
  ASSERT_TRUE(database.Execute("PRAGMA cache_size=6").ok());
  Database model = Database::OpenInMemory().value();
  ASSERT_TRUE(model.Execute(kSetUp).ok());
  Database other = Database::Open(path_, Access::kReadOnly).value();
  std::mt19937 random(20261127);
  const auto below = [&random](int most) {
    return std::to_string(random() % static_cast<unsigned>(most));
  };
  for (int round = 0; round < 16; ++round) {
    std::string sql = "BEGIN;";
    for (unsigned step = 0, steps = random() % 8; step <= steps; ++step) {
      switch (random() % 4) {
        case 0:
          sql += "DELETE FROM t WHERE id % 5 = " + below(5) + ";";
          break;
        case 1:
          sql += "UPDATE t SET row = row || 'more' WHERE id % 7 = " + below(7) +
                 ";";
          break;
        default:
          sql += "INSERT INTO t(row) SELECT printf('%.*c', " + below(3000) +
                 ", 'x') FROM (VALUES (1), (2), (3), (4), (5), (6));";
      }
    }
    sql += random() % 6 == 0 ? "ROLLBACK" : "COMMIT";
    ASSERT_TRUE(database.Execute(sql.c_str()).ok());
    ASSERT_TRUE(model.Execute(sql.c_str()).ok());
    const std::int64_t sum = Ask(model);
    // Its own reading, which writes what is held, comes last or not at all.
    ASSERT_EQ(Ask(other), sum) << round;
    ASSERT_EQ(AskCopy(), sum) << round;
    if (random() % 3 == 0) {
      ASSERT_EQ(Ask(database), sum) << round;
    }
    if (random() % 8 == 0) {
      ASSERT_TRUE(database.RunCheckpoint(Database::Checkpoint::kPassive).ok());
    }
  }
}

TEST_F(LogFileTest, AWriteThatFailsFailsItsCommit) {
  testing::FaultVfs disk;
  Database database = Open();
  ASSERT_TRUE(database.Execute(kSetUp).ok());
  Database other = Database::Open(path_, Access::kReadOnly).value();
  ASSERT_TRUE(database.Execute("BEGIN; INSERT INTO t(row) VALUES ('x')").ok());
  const std::int64_t before = Ask(other);
  disk.FailAll("write");
  EXPECT_FALSE(database.Execute("COMMIT").ok());
  disk.Heal();
  EXPECT_EQ(Ask(other), before);
  (void)database.Execute("ROLLBACK");
  ASSERT_TRUE(database.Execute("INSERT INTO t(row) VALUES ('y')").ok());
  EXPECT_NE(Ask(other), before);
  EXPECT_EQ(Ask(database), AskCopy());
}

}  // namespace
}  // namespace gatehouse::audit
