// SPDX-License-Identifier: Apache-2.0
#include "audit/sqlite_query.h"

#include <gtest/gtest.h>

#include "tests/audit/trail_fixture.h"

namespace gatehouse::audit {
namespace {

using std::chrono::milliseconds;

class QueryTest : public TrailTest {
 protected:
  QueryTest() {
    const auto sink = OpenSink();
    Fill(*sink, 3);  // c1 with its outcome, c2 without
    Record event;
    event.event = "guard stop";
    EXPECT_TRUE(sink->Append(event).ok());
    EXPECT_TRUE(sink->Commit(Durability::kNormal).ok());
  }
  // Cells with "|" between, lines with "/"; an error's sentence.
  std::string Answer(const std::string& sql,
                     milliseconds limit = milliseconds(20'000)) {
    auto query = TrailQuery::Open(database_, sql, limit);
    if (!query.ok()) return query.error().sentence;
    std::string text;
    while (true) {
      const auto row = query.value().Next();
      if (!row.ok()) return row.error().sentence;
      if (row.value().empty()) return text;
      if (!text.empty()) text += "/";
      for (const QueryCell& cell : row.value()) {
        if (&cell != &row.value().front()) text += "|";
        text += cell.kind == QueryCell::Kind::kNull ? "NULL" : cell.text;
      }
    }
  }
};

TEST_F(QueryTest, AnswersFromTablesAndViews) {
  EXPECT_EQ(Answer("SELECT count(*), 1.5, NULL, x'0aff' FROM record"),
            "4|1.5|NULL|0aff");
  EXPECT_EQ(Answer("SELECT seq, tool, rule, outcome, duration_us, os_user "
                   "FROM calls ORDER BY seq;"),
            "1|pods_list|a-rule|ok|1500|ada/3|pods_list|a-rule|NULL|NULL|ada");
  EXPECT_EQ(Answer("SELECT verb, resource, namespace FROM requests"),
            "list|pods|dev/list|pods|dev");
  EXPECT_EQ(Answer("SELECT event FROM events"), "guard stop");
  EXPECT_EQ(Answer("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
                   "FROM n WHERE i < 3) SELECT sum(i) FROM n"),
            "6");
}

TEST_F(QueryTest, PassesOverErasedAndBrokenPayloads) {
  Tamper(database_, "UPDATE record SET payload = NULL WHERE seq = 1");
  Tamper(database_, "UPDATE record SET payload = '{' WHERE seq = 2");
  EXPECT_EQ(Answer("SELECT seq, rule, outcome FROM calls ORDER BY seq"),
            "1|NULL|NULL/3|a-rule|NULL");
  EXPECT_EQ(Answer("SELECT seq FROM requests"), "3");
}

// Whatever is asked, the file stays as it was.
TEST_F(QueryTest, CanDoNothingButRead) {
  const std::string before = ReadWholeFile(database_);
  const std::string other = folder_ + "/other.db";
  for (const std::string& sql :
       std::vector<std::string>{"DELETE FROM record",
                                "UPDATE record SET tool = 'x'",
                                "INSERT INTO policy VALUES ('a', 'b')",
                                "DROP TABLE record",
                                "CREATE TABLE t(a)",
                                "CREATE TEMP TABLE t(a)",
                                "ATTACH '" + other + "' AS o",
                                "VACUUM INTO '" + other + "'",
                                "PRAGMA journal_mode",
                                "PRAGMA query_only = 0",
                                "PRAGMA user_version = 9",
                                "SELECT * FROM pragma_user_version",
                                "BEGIN IMMEDIATE",
                                "REINDEX",
                                "ANALYZE",
                                "SELECT load_extension('x')",
                                "SELECT 1; DELETE FROM record",
                                "",
                                "-- nothing",
                                "SELECT nothing FROM record",
                                "SELECT zeroblob(1000000000)"}) {
    auto query = TrailQuery::Open(database_, sql, milliseconds(20'000));
    if (query.ok()) {
      EXPECT_FALSE(query.value().Next().ok()) << sql;
    } else {
      EXPECT_EQ(query.error().code, ErrorCode::kInvalid) << sql;
    }
  }
  EXPECT_FALSE(std::filesystem::exists(other));
  EXPECT_EQ(ReadWholeFile(database_), before);
  EXPECT_EQ(Answer("SELECT count(*) FROM record"), "4");
}

TEST_F(QueryTest, EndsAtItsTimeLimit) {
  EXPECT_EQ(Answer("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
                   "FROM n) SELECT count(*) FROM n",
                   milliseconds(20)),
            "the query took longer than it may");
}

TEST_F(QueryTest, NeedsATrail) {
  const auto missing =
      TrailQuery::Open(Beside("none.db"), "SELECT 1", milliseconds(1000));
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace gatehouse::audit
