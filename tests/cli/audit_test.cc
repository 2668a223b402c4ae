// SPDX-License-Identifier: Apache-2.0
// The commands as a user runs them: arguments in, stdout and exit code out.
#include "cli/audit.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "cli/audit_since.h"
#include "cli/paths.h"
#include "policy/json_value.h"
#include "policy/policy_text.h"
#include "tests/audit/trail_fixture.h"
#include "tests/cli/command_fixture.h"

namespace gatehouse::cli {
namespace {

class AuditCommandTest : public audit::TrailTest {
 protected:
  int Run(const std::vector<std::string>& arguments) {
    CommandRun run = RunCommand(AddAudit, arguments);
    out_ = std::move(run.out);
    err_ = std::move(run.err);
    return run.exit_code;
  }
  void Write() {
    const auto sink = OpenSink();
    audit::Record judged = audit::SampleDecision("c1");
    judged.policy_hash = HashOf("rules: []\n");
    ASSERT_TRUE(sink->Append(judged).ok());
    ASSERT_TRUE(sink->Append(audit::SampleOutcome("c1")).ok());
    ASSERT_TRUE(sink->Append(audit::SampleDecision("c2")).ok());
    ASSERT_TRUE(sink->Append(audit::SampleDecision("d", Effect::kDeny)).ok());
    ASSERT_TRUE(sink->KeepPolicy(HashOf("rules: []\n"), "rules: []\n").ok());
    ASSERT_TRUE(sink->Commit(audit::Durability::kFull).ok());
  }

  std::string out_, err_;
};

TEST_F(AuditCommandTest, ListsATableOfEightyColumns) {
  Write();
  EXPECT_EQ(Run({"audit", "list", "--db", database_}), kExitDone);
  std::istringstream lines(out_);
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    EXPECT_LE(line.size(), 80u + 2 * 10) << line;
  }
  EXPECT_EQ(count, 4u) << out_;
  for (const char* word : {"SEQ", "allow", "deny", "pods_list", "list pods",
                           "a-rule", "ok", "unknown"}) {
    EXPECT_NE(out_.find(word), std::string::npos) << word << "\n" << out_;
  }
  EXPECT_EQ(out_.find('\033'), std::string::npos);
}

TEST_F(AuditCommandTest, ListsForMachines) {
  Write();
  EXPECT_EQ(Run({"audit", "list", "--db", database_, "--format", "json"}), 0);
  const JsonValue list = ParseJson(out_).value();
  ASSERT_EQ(Elements(list).size(), 3u);
  EXPECT_EQ(StringMember(*Elements(list)[0], "outcome"), "ok");
  EXPECT_EQ(StringMember(*Elements(list)[1], "outcome"), "unknown");
  EXPECT_EQ(Run({"audit", "list", "--db", database_, "--format", "jsonl",
                 "--decision", "deny"}),
            0);
  EXPECT_EQ(StringMember(ParseJson(out_).value(), "code"), "denied-by-rule");
  EXPECT_EQ(Run({"audit", "list", "--db", database_, "--format", "csv"}), 0);
  EXPECT_TRUE(out_.starts_with("seq,time,")) << out_;
}

TEST_F(AuditCommandTest, ShowsACallWhole) {
  Write();
  EXPECT_EQ(Run({"audit", "show", "1", "--db", database_}), kExitDone);
  for (const char* word : {"list pods dev", "a-rule", "rules: []", "1500 us",
                           "record 2", "because"}) {
    EXPECT_NE(out_.find(word), std::string::npos) << word << "\n" << out_;
  }
  EXPECT_EQ(Run({"audit", "show", "1", "--db", database_, "--format", "json"}),
            kExitDone);
  EXPECT_TRUE(ParseJson(out_).ok()) << out_;
  EXPECT_EQ(Run({"audit", "show", "99", "--db", database_}), kExitNo);
}

TEST_F(AuditCommandTest, VerifiesAndSaysWhatThatIsWorth) {
  Write();
  EXPECT_EQ(Run({"audit", "verify", "--db", database_}), kExitDone);
  EXPECT_NE(out_.find("4 records"), std::string::npos) << out_;
  EXPECT_NE(out_.find("Without an anchor"), std::string::npos);
  audit::Tamper(database_, "UPDATE record SET tool = 'x' WHERE seq = 2");
  EXPECT_EQ(Run({"audit", "verify", "--db", database_}), kExitNo);
  EXPECT_NE(out_.find("edit at record 2"), std::string::npos) << out_;
  EXPECT_EQ(Run({"audit", "verify", "--db", database_, "--format", "json"}),
            kExitNo);
  EXPECT_EQ(AsInteger(*Member(ParseJson(out_).value(), "first_bad")), 2);
}

TEST_F(AuditCommandTest, SaysWhereThereIsNoTrail) {
  for (const char* command : {"list", "verify"}) {
    EXPECT_EQ(Run({"audit", command, "--db", folder_ + "/none.db"}),
              kExitEnvironment);
    EXPECT_NE(err_.find("gatehouse run"), std::string::npos) << err_;
  }
  EXPECT_EQ(Run({"audit", "prune"}), kExitMisuse);
  EXPECT_EQ(Run({"audit", "list", "--decision", "maybe"}), kExitMisuse);
  EXPECT_EQ(Run({"audit", "list", "--since", "soon", "--db", database_}),
            kExitMisuse);
}

// A chain is broken only where there was one: what never was a trail is the
// wrong file.
TEST_F(AuditCommandTest, TellsAForeignFileFromABrokenTrail) {
  std::filesystem::create_directories(folder_ + "/folder.db");
  const std::string notes = folder_ + "/notes.db";
  const std::string empty = folder_ + "/empty.db";
  std::ofstream{notes} << std::string(200, 'x');
  std::ofstream{empty} << "";
  for (const std::string& file : {notes, empty, folder_ + "/folder.db"}) {
    for (const char* command : {"list", "stats", "verify", "anchor"}) {
      EXPECT_EQ(Run({"audit", command, "--db", file}), kExitEnvironment)
          << command << " " << file;
    }
    EXPECT_EQ(Run({"audit", "prune", "--before", "1d", "--db", file}),
              kExitEnvironment);
  }
  for (const char* name : {"/notes.lock", "/empty.lock"}) {
    std::ofstream{folder_ + name} << "";
  }
  for (const std::string& file : {notes, empty}) {
    EXPECT_EQ(Run({"audit", "verify", "--db", file}), kExitNo) << file;
    EXPECT_EQ(Run({"audit", "list", "--db", file}), kExitEnvironment) << file;
  }
}

TEST(AuditSince, ReadsDurationsAndDays) {
  constexpr std::int64_t kNow = 1'767'225'600'000'000'000;
  EXPECT_EQ(ReadSince("90s", kNow), kNow - 90'000'000'000);
  EXPECT_EQ(ReadSince("2w", kNow), kNow - 1'209'600'000'000'000);
  EXPECT_EQ(ReadSince("2026-01-01", kNow), kNow);
  for (const char* bad :
       {"", "h", "-1h", "1y", "1.5h", "2026-02-30", "999999999w", "1 h"}) {
    EXPECT_EQ(ReadSince(bad, kNow), std::nullopt) << bad;
  }
}

TEST(Paths, FollowEnvironmentThenXdgThenHome) {
  for (const char* name : {"GATEHOUSE_DB", "GATEHOUSE_POLICY", "XDG_STATE_HOME",
                           "XDG_CONFIG_HOME"}) {
    unsetenv(name);
  }
  setenv("HOME", "/h", 1);
  EXPECT_EQ(DefaultDatabase(), "/h/.local/state/gatehouse/audit.db");
  EXPECT_EQ(DefaultPolicy(), "/h/.config/gatehouse/policy.yaml");
  setenv("XDG_STATE_HOME", "relative", 1);
  EXPECT_EQ(DefaultDatabase(), "/h/.local/state/gatehouse/audit.db");
  setenv("XDG_STATE_HOME", "/s", 1);
  EXPECT_EQ(DefaultDatabase(), "/s/gatehouse/audit.db");
  setenv("GATEHOUSE_DB", "/d.db", 1);
  EXPECT_EQ(DefaultDatabase(), "/d.db");
}

}  // namespace
}  // namespace gatehouse::cli
