// SPDX-License-Identifier: Apache-2.0
// Every call has an end: what a guard left open is closed by the next, and
// what a living guard has open is left alone.
#include "audit/sqlite_sessions.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audit/reader.h"
#include "audit/verify.h"
#include "tests/audit/trail_fixture.h"

namespace gatehouse::audit {
namespace {

class SqliteSessionsTest : public TrailTest {
 protected:
  static SinkOptions As(const std::string& session) {
    SinkOptions options;
    options.self.session = session;
    options.self.pid = getpid();
    return options;
  }
  static Record Of(const std::string& session, Record record) {
    record.session = session;
    return record;
  }
  // A guard that commits `records` and is killed.
  void RunAndKill(const std::string& session,
                  const std::vector<Record>& records) {
    const pid_t child = fork();
    if (child == 0) {
      auto sink = OpenSqliteSink(database_, As(session));
      if (!sink.ok()) _exit(2);
      for (const Record& record : records) {
        if (!sink.value()->Append(Of(session, record)).ok()) _exit(3);
        if (!sink.value()->Commit(Durability::kNormal).ok()) _exit(4);
      }
      kill(getpid(), SIGKILL);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << WEXITSTATUS(status);
  }
  // "c1=ok c2=unknown …", in order of seq.
  std::string Outcomes() {
    std::string text;
    const auto reader = OpenReader(database_);
    const auto walked =
        reader.value()->ForEach([&text](const StoredRecord& row) {
          if (row.stage != "outcome") return Reader::Next::kGoOn;
          const bool unknown =
              row.payload->find(R"("outcome":"unknown")") != std::string::npos;
          text += (text.empty() ? "" : " ") + row.call +
                  (unknown ? "=unknown" : "=ok");
          return Reader::Next::kGoOn;
        });
    EXPECT_TRUE(walked.ok());
    EXPECT_TRUE(Verify(*reader.value()).value().good());
    return text;
  }
  std::int64_t Rows() {
    Database database =
        Database::Open(database_, Database::Access::kReadOnly).value();
    return database.QueryInteger("SELECT count(*) FROM open_session").value();
  }
};

TEST_F(SqliteSessionsTest, TheNextStartClosesWhatAKilledGuardLeftOpen) {
  Record observed = SampleDecision("c3", Effect::kDeny);
  observed.decision->enforced = false;
  Record denied = SampleDecision("c4", Effect::kDeny);
  denied.arguments = R"({"enforced":false})";  // said by the client
  RunAndKill("s1", {SampleDecision("c1"), SampleOutcome("c1"),
                    SampleDecision("c2"), observed, denied});
  EXPECT_EQ(Outcomes(), "c1=ok");
  OpenSink(As("s2"));
  EXPECT_EQ(Outcomes(), "c1=ok c2=unknown c3=unknown");
  OpenSink(As("s3"));
  EXPECT_EQ(Outcomes(), "c1=ok c2=unknown c3=unknown") << "once";
  EXPECT_EQ(Rows(), 0);
  const auto call = OpenReader(database_).value()->Show(3).value();
  EXPECT_EQ(call.decision.call, "c2");
  ASSERT_TRUE(call.outcome);
  EXPECT_EQ(call.outcome->session, "s1");
  EXPECT_EQ(call.outcome->tool, "pods_list");
  EXPECT_NE(call.outcome->payload->find("was gone before it saw an answer"),
            std::string::npos);
}

TEST_F(SqliteSessionsTest, ALivingGuardsCallsAreLeftAlone) {
  const auto living = OpenSink(As("s1"));
  ASSERT_TRUE(living->Append(Of("s1", SampleDecision("c1"))).ok());
  ASSERT_TRUE(living->Commit(Durability::kNormal).ok());
  RunAndKill("s2", {SampleDecision("c2")});
  const auto next = OpenSink(As("s3"));
  EXPECT_EQ(Outcomes(), "c2=unknown");
  EXPECT_EQ(Rows(), 2);
  ASSERT_TRUE(living->Append(Of("s1", SampleOutcome("c1"))).ok());
  ASSERT_TRUE(living->Commit(Durability::kNormal).ok());
  EXPECT_EQ(Outcomes(), "c2=unknown c1=ok");
}

TEST_F(SqliteSessionsTest, AReplacedLockFileDoesNotMakeAGuardDead) {
  const auto living = OpenSink(As("s1"));
  std::filesystem::remove(Beside("audit.lock"));
  ASSERT_TRUE(living->Append(Of("s1", SampleDecision("c1"))).ok());
  ASSERT_TRUE(living->Commit(Durability::kNormal).ok());
  OpenSink(As("s2"));
  EXPECT_EQ(Outcomes(), "");
}

TEST_F(SqliteSessionsTest, AGuardThatStopsWithACallOpenLeavesItToTheNext) {
  {
    const auto sink = OpenSink(As("s1"));
    ASSERT_TRUE(sink->Append(Of("s1", SampleDecision("c1"))).ok());
    ASSERT_TRUE(sink->Commit(Durability::kNormal).ok());
  }
  EXPECT_EQ(Rows(), 1);
  OpenSink();  // a command that writes and goes closes nothing
  EXPECT_EQ(Outcomes(), "");
  OpenSink(As("s2"));
  EXPECT_EQ(Outcomes(), "c1=unknown");
}

TEST_F(SqliteSessionsTest, AfterARestartOfTheMachineTheReasonSaysSo) {
  RunAndKill("s1", {SampleDecision("c1")});
  Tamper(database_, "UPDATE open_session SET boot = 'another'");
  OpenSink(As("s2"));
  EXPECT_NE(
      OpenReader(database_).value()->Show(1).value().outcome->payload->find(
          "the machine was started anew"),
      std::string::npos);
}

// The row moves on with the records, but never beyond an open call.
TEST_F(SqliteSessionsTest, ALongSessionIsNotReadFromItsStart) {
  const auto count = [this](const char* sql) {
    return Database::Open(database_, Database::Access::kReadOnly)
        .value()
        .QueryInteger(sql)
        .value();
  };
  auto sink = OpenSink(As("s1"));
  const auto run = [&sink](int from, int to) {
    for (int i = from; i < to; ++i) {
      const std::string call = "c" + std::to_string(i);
      ASSERT_TRUE(sink->Append(Of("s1", SampleDecision(call))).ok());
      ASSERT_TRUE(sink->Append(Of("s1", SampleOutcome(call))).ok());
      if (i % 100 == 0) {
        ASSERT_TRUE(sink->Commit(Durability::kNormal).ok());
      }
    }
    ASSERT_TRUE(sink->Commit(Durability::kNormal).ok());
  };
  run(0, 700);
  EXPECT_GT(count("SELECT first_seq FROM open_session"), 700);
  ASSERT_TRUE(sink->Append(Of("s1", SampleDecision("open"))).ok());
  const Sequence opened = 1401;
  run(700, 3000);
  EXPECT_EQ(count("SELECT first_seq FROM open_session"),
            static_cast<std::int64_t>(opened));
  sink.reset();
  OpenSink(As("s2"));
  EXPECT_TRUE(Outcomes().ends_with(" open=unknown"));
}

}  // namespace
}  // namespace gatehouse::audit
