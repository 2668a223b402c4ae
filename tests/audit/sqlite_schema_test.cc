// SPDX-License-Identifier: Apache-2.0
#include "audit/sqlite_schema.h"

#include <gtest/gtest.h>

#include "audit/reader.h"
#include "audit/sqlite_trail.h"
#include "audit/verify.h"
#include "tests/audit/trail_fixture.h"

namespace gatehouse::audit {
namespace {

class SqliteSchemaTest : public TrailTest {
 protected:
  Database OpenEmpty() {
    std::filesystem::create_directories(Beside(""));
    std::ofstream{database_} << "";
    return Database::Open(database_, Database::Access::kReadWrite).value();
  }
};

TEST_F(SqliteSchemaTest, MakesAnEmptyFileATrailOfTheCurrentVersion) {
  Database database = OpenEmpty();
  EXPECT_EQ(TrailVersion(database).value(), 0);
  ASSERT_TRUE(CreateTrail(database, "chain-1").ok());
  EXPECT_EQ(TrailVersion(database).value(), kSchemaVersion);
  EXPECT_EQ(database.QueryInteger("SELECT count(*) FROM chain").value(), 1);
  EXPECT_EQ(database.QueryInteger("PRAGMA application_id").value(),
            kApplicationId);
  EXPECT_TRUE(Migrate(database, kSchemaVersion).ok());
}

// From every version that ever was.
TEST_F(SqliteSchemaTest, AnOldTrailKeepsItsRecordsAndGetsTheNewTables) {
  const char* const drops[] = {"DROP TABLE tool_definition;",
                               "DROP TABLE limit_use;",
                               "DROP TABLE open_session;",
                               ("DROP TABLE segment; DROP TABLE open_call;"
                                "DROP TABLE setting;")};
  static_assert(std::size(drops) == kSchemaVersion - 1);
  std::uint64_t count = 0;
  for (std::size_t version = 1; version < kSchemaVersion; ++version) {
    SCOPED_TRACE(version);
    Fill(*OpenSink(), 3);
    std::string sql = "PRAGMA user_version = " + std::to_string(version) + ";";
    for (std::size_t i = version - 1; i < std::size(drops); ++i) {
      sql += drops[i];
    }
    Tamper(database_, sql);
    EXPECT_TRUE(OpenReader(database_).ok()) << "an old trail is read as it is";
    SinkOptions options;
    options.self.session = "a-guard";
    const auto sink = OpenSink(options);
    EXPECT_TRUE(sink->Definitions("s").value().empty());
    Fill(*sink, 1);
    const VerifyReport report = Verify(*OpenReader(database_).value()).value();
    EXPECT_TRUE(report.good());
    EXPECT_EQ(report.count, count += 4);
  }
}

TEST_F(SqliteSchemaTest, CreationIsWholeOrNotAtAll) {
  Database database = OpenEmpty();
  ASSERT_TRUE(database.Execute("PRAGMA max_page_count=3").ok());
  EXPECT_FALSE(CreateTrail(database, "chain-1").ok());
  EXPECT_FALSE(database.InTransaction());
  EXPECT_EQ(TrailVersion(database).value(), 0);
}

TEST_F(SqliteSchemaTest, TablesRefuseOtherTypes) {
  Database database = OpenEmpty();
  ASSERT_TRUE(CreateTrail(database, "chain-1").ok());
  EXPECT_FALSE(database.Execute("UPDATE chain SET head_seq = 'x'").ok());
  EXPECT_FALSE(
      database.Execute("INSERT INTO chain SELECT 2, 'x', 0, x''").ok());
}

TEST_F(SqliteSchemaTest, ATrailIsOpenedAsDesigned) {
  OpenEmpty();
  SqliteTrail trail = OpenSqliteTrail(database_, 40960).value();
  const auto pragma = [&trail](const char* name) {
    return trail.database.QueryInteger(std::string("PRAGMA ") + name).value();
  };
  EXPECT_EQ(pragma("synchronous"), 1);
  EXPECT_EQ(pragma("wal_autocheckpoint"), 0);
  EXPECT_EQ(pragma("trusted_schema"), 0);
  EXPECT_EQ(pragma("cell_size_check"), 1);
  EXPECT_EQ(pragma("mmap_size"), 0);
  EXPECT_EQ(pragma("max_page_count"), 11);
  EXPECT_TRUE(std::filesystem::exists(database_ + "-wal"));
}

TEST_F(SqliteSchemaTest, AReadOnlyConnectionCannotWrite) {
  OpenSink();
  Database database =
      Database::Open(database_, Database::Access::kReadOnly).value();
  EXPECT_FALSE(database.Execute("DELETE FROM chain").ok());
}

}  // namespace
}  // namespace gatehouse::audit
