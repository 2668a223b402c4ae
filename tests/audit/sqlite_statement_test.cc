// SPDX-License-Identifier: Apache-2.0
// Statements that are compiled when they are first run.
#include <gtest/gtest.h>

#include <utility>

#include "audit/sqlite_database.h"

namespace gatehouse::audit {
namespace {

class LaterTest : public ::testing::Test {
 protected:
  LaterTest() : database_(std::move(Database::OpenInMemory()).value()) {}
  std::int64_t Sum() {
    return database_.QueryInteger("SELECT coalesce(sum(a), 0) FROM t").value();
  }
  void MakeTable() {
    ASSERT_TRUE(database_.Execute("CREATE TABLE t(a INTEGER NOT NULL)").ok());
  }

  Database database_;
};

TEST_F(LaterTest, RunsAsOneThatWasPrepared) {
  Statement insert = database_.Later("INSERT INTO t(a) VALUES (?)");
  MakeTable();  // was not looked for before
  for (const int number : {1, 2, 4}) {
    EXPECT_TRUE(insert.BindInteger(1, number).Run().ok());
  }
  EXPECT_EQ(Sum(), 7);
  Statement moved = std::move(insert);
  EXPECT_TRUE(moved.BindInteger(1, 8).Run().ok());
  EXPECT_EQ(Sum(), 15);
}

TEST_F(LaterTest, RunsWithoutAnythingBound) {
  MakeTable();
  Statement insert = database_.Later("INSERT INTO t(a) VALUES (5)");
  EXPECT_TRUE(insert.Run().ok());
  EXPECT_EQ(Sum(), 5);
}

TEST_F(LaterTest, FailsWhereItCannotBeCompiledAndMayLater) {
  Statement insert = database_.Later("INSERT INTO t(a) VALUES (?)");
  EXPECT_FALSE(insert.BindInteger(1, 1).Run().ok());
  MakeTable();
  EXPECT_TRUE(insert.BindInteger(1, 2).Run().ok());
  EXPECT_EQ(Sum(), 2);
}

// Compiled in between, it would run without what was bound.
TEST_F(LaterTest, StaysAtItsFaultUntilItIsReset) {
  Statement all = database_.Later("DELETE FROM t WHERE a IS NOT ?");
  all.BindInteger(1, 3);
  MakeTable();
  ASSERT_TRUE(database_.Execute("INSERT INTO t(a) VALUES (3)").ok());
  EXPECT_FALSE(all.Step().ok());
  EXPECT_FALSE(all.Step().ok());
  EXPECT_EQ(Sum(), 3);
  all.Reset();
  EXPECT_TRUE(all.BindInteger(1, 3).Run().ok());
  EXPECT_EQ(Sum(), 3);
}

}  // namespace
}  // namespace gatehouse::audit
