// SPDX-License-Identifier: Apache-2.0
// `audit stats` and `audit query` as a user runs them, and the filters of
// `audit list` as options.
#include <gtest/gtest.h>

#include "cli/audit.h"
#include "cli/call_joiner.h"
#include "cli/trail_stats.h"
#include "policy/json_value.h"
#include "tests/audit/trail_fixture.h"
#include "tests/cli/command_fixture.h"

namespace gatehouse::cli {
namespace {

class AuditStatsTest : public audit::TrailTest {
 protected:
  AuditStatsTest() {
    const auto sink = OpenSink();
    audit::Fill(*sink, 5);  // c1, c2 answered; c3 not
    audit::Record refused = audit::SampleDecision("d", Effect::kDeny);
    refused.tool = "pods_delete";
    refused.requests[0].verb = Verb::kDelete;
    refused.requests[0].namespace_name = "web";
    EXPECT_TRUE(sink->Append(refused).ok());
    audit::Record event;
    event.event = "guard stop";
    event.time_ns = audit::NowNanoseconds();
    EXPECT_TRUE(sink->Append(event).ok());
    EXPECT_TRUE(sink->Commit(audit::Durability::kFull).ok());
  }
  CommandRun Run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "audit");
    arguments.insert(arguments.end(), {"--db", database_});
    return RunCommand(AddAudit, arguments);
  }
};

TEST_F(AuditStatsTest, GivesAnOverview) {
  const CommandRun run = Run({"stats"});
  EXPECT_EQ(run.exit_code, kExitDone) << run.err;
  for (const char* line :
       {"calls      4: 3 allowed, 1 denied\n", "outcomes   ok 2, unknown 1\n",
        "took       half within 1.5 ms, 95 % within 1.5 ms, the longest 1.5 "
        "ms\n",
        "events     guard stop 1\n",
        "TOOL         CALLS  ALLOW  ASK  DENY\n"
        "pods_list    3      3      0    0\n"
        "pods_delete  1      0      0    1\n",
        "NAMESPACE  CALLS  ALLOW  ASK  DENY\n"
        "dev        3      3      0    0\n"
        "web        1      0      0    1\n"}) {
    EXPECT_NE(run.out.find(line), std::string::npos) << line << run.out;
  }
}

TEST_F(AuditStatsTest, CountsByOneFieldForMachines) {
  EXPECT_EQ(Run({"stats", "--by", "verb", "--format", "csv"}).out,
            "verb,calls,allow,ask,deny,observed\r\n"
            "\"list\",3,3,0,0,0\r\n\"delete\",1,0,0,1,0\r\n");
  const JsonValue json =
      ParseJson(Run({"stats", "--format", "json", "--tool", "pods_list"}).out)
          .value();
  EXPECT_EQ(AsInteger(*Member(json, "calls")), 3);
  EXPECT_EQ(AsInteger(*Member(*Member(json, "duration_us"), "p95")), 1500);
  EXPECT_EQ(Elements(*Member(*Member(json, "by"), "tool")).size(), 1u);
  EXPECT_EQ(Run({"stats", "--format", "csv"}).exit_code, kExitMisuse);
  EXPECT_EQ(Run({"stats", "--by", "moon"}).exit_code, kExitMisuse);
  const CommandRun none = Run({"stats", "--tool", "none"});
  EXPECT_EQ(none.exit_code, kExitDone);
  EXPECT_EQ(none.out, "");
}

TEST_F(AuditStatsTest, NamesEachFieldItCountsBy) {
  for (const StatsField& field : StatsFields()) {
    const CommandRun run = Run({"stats", "--by", field.name});
    EXPECT_EQ(run.exit_code, kExitDone) << field.name;
  }
}

TEST_F(AuditStatsTest, JoinsOutcomesThatComeLater) {
  CallJoiner joiner;
  audit::Sequence seq = 0;
  const auto add = [&](const audit::Record& record) {
    audit::StoredRecord row;
    row.seq = ++seq;
    row.stage = audit::StageName(record.stage);
    row.call = record.call;
    row.decision = record.decision ? "allow" : "";
    row.payload = audit::WritePayload(record);
    return joiner.Add(row);
  };
  EXPECT_FALSE(add(audit::SampleDecision("a")));
  EXPECT_FALSE(add(audit::SampleDecision("b")));
  EXPECT_FALSE(add(audit::SampleOutcome("never seen")));
  const auto whole = add(audit::SampleOutcome("a"));
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->outcome, "ok");
  const auto rest = joiner.Rest();
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest[0].outcome, "unknown");
  EXPECT_TRUE(joiner.Rest().empty());
}

TEST_F(AuditStatsTest, FiltersAreTheSameForListAndStats) {
  for (const char* command : {"list", "stats"}) {
    for (const auto& [flag, word] :
         std::initializer_list<std::pair<const char*, const char*>>{
             {"--since", "1h"},          {"--until", "2026-01-31T00:00:00Z"},
             {"--decision", "deny,ask"}, {"--code", "denied-by-rule"},
             {"--rule", "a-*"},          {"--tool", "pods_list"},
             {"--verb", "delete"},       {"--resource", "pods"},
             {"--namespace", "dev"},     {"--name", "x"},
             {"--session", "s"},         {"--user", "ada"},
             {"--kube-user", "ada"},     {"--client", "c"},
             {"--context", "c"},         {"--server", "s"},
             {"--outcome", "ok"},        {"--mode", "enforce"},
             {"--method", "tools/call"}, {"--event", "guard stop"},
             {"--stage", "event"}}) {
      EXPECT_EQ(Run({command, flag, word}).exit_code, kExitDone)
          << command << " " << flag;
    }
    for (const auto& [flag, word] :
         std::initializer_list<std::pair<const char*, const char*>>{
             {"--since", "soon"},
             {"--until", "then"},
             {"--decision", "maybe"},
             {"--code", "denied"},
             {"--verb", "lst"},
             {"--outcome", "good"},
             {"--mode", "strict"},
             {"--stage", "end"}}) {
      EXPECT_EQ(Run({command, flag, word}).exit_code, kExitMisuse)
          << command << " " << flag;
    }
  }
}

TEST_F(AuditStatsTest, ListsWideWithoutCutting) {
  const CommandRun run = Run({"list", "--wide", "--decision", "deny"});
  EXPECT_EQ(run.exit_code, kExitDone);
  for (const char* word : {"SESSION", "ada", "sample-server", "session-1",
                           "delete pods web", "pods_delete", "Z  deny"}) {
    EXPECT_NE(run.out.find(word), std::string::npos) << word << run.out;
  }
}

TEST_F(AuditStatsTest, QueriesInEveryForm) {
  const std::string sql =
      "SELECT tool, count(*) AS n, NULL AS empty FROM calls GROUP BY tool "
      "ORDER BY n";
  EXPECT_EQ(Run({"query", sql}).out,
            "tool         n  empty\npods_delete  1\npods_list    3\n");
  EXPECT_EQ(Run({"query", sql, "--format", "csv"}).out,
            "\"tool\",\"n\",\"empty\"\r\n\"pods_delete\",1,\r\n"
            "\"pods_list\",3,\r\n");
  EXPECT_EQ(Run({"query", sql, "--format", "json", "--limit", "1"}).out,
            "[{\"tool\":\"pods_delete\",\"n\":1,\"empty\":null}]\n");
  EXPECT_EQ(Run({"query", "SELECT 9e999 AS n", "--format", "jsonl"}).out,
            "{\"n\":\"Inf\"}\n");
  const CommandRun more = Run({"query", sql, "--limit", "1"});
  EXPECT_NE(more.err.find("only the first 1 rows"), std::string::npos);
  const CommandRun bad = Run({"query", "SELEC 1"});
  EXPECT_EQ(bad.exit_code, kExitMisuse);
  EXPECT_NE(bad.err.find("syntax error"), std::string::npos) << bad.err;
  EXPECT_EQ(Run({"query", "DELETE FROM record"}).exit_code, kExitMisuse);
  EXPECT_EQ(Run({"query", sql, "--timeout", "soon"}).exit_code, kExitMisuse);
}

}  // namespace
}  // namespace gatehouse::cli
