// SPDX-License-Identifier: Apache-2.0
// `audit tail`, in this process without -f and as a process of its own with
// it; and that every reading command leaves its record.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>

#include "cli/audit.h"
#include "cli/line_process.h"
#include "cli/policy.h"
#include "cli/trail_watch.h"
#include "policy/json_value.h"
#include "tests/audit/trail_fixture.h"
#include "tests/cli/command_fixture.h"
#include "tests/support/guard_process.h"

namespace gatehouse::cli {
namespace {

using std::chrono::milliseconds;

class AuditTailTest : public audit::TrailTest {
 protected:
  AuditTailTest() {
    const auto sink = OpenSink();
    audit::Fill(*sink, 3);
    EXPECT_TRUE(sink->Append(audit::SampleDecision("d", Effect::kDeny)).ok());
    EXPECT_TRUE(sink->Commit(audit::Durability::kFull).ok());
  }
  CommandRun Run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "audit");
    arguments.insert(arguments.end(), {"--db", database_});
    return RunCommand(AddAudit, arguments);
  }
  std::vector<std::string> Readings() const {
    std::vector<std::string> found;
    const auto reader = audit::OpenReader(database_);
    audit::Filter filter;
    filter.event = audit::kTrailRead;
    const auto reads = reader.value()->List(filter);
    for (const audit::StoredCall& read : reads.value()) {
      const JsonValue payload = ParseJson(*read.decision.payload).value();
      found.emplace_back(StringMember(payload, "detail").value_or(""));
      EXPECT_NE(StringMember(payload, "os_user"), std::nullopt);
    }
    return found;
  }
};

TEST_F(AuditTailTest, SaysWhatHappenedLineByLine) {
  const CommandRun run = Run({"tail"});
  EXPECT_EQ(run.exit_code, kExitDone) << run.err;
  std::istringstream lines(run.out);
  std::vector<std::string> said;
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 82u) << line;
    said.push_back(line.substr(10));  // after the time
  }
  EXPECT_EQ(said,
            (std::vector<std::string>{
                "1       allow        pods_list             list pods dev @?",
                "2       ok           pods_list             of 1 in 1.5 "
                "ms, 7 bytes",
                "3       allow        pods_list             list pods dev @?",
                "4       deny         pods_list             list pods dev @? "
                "[a-rule]"}))
      << run.out;
}

TEST_F(AuditTailTest, BeginsWhereItIsTold) {
  EXPECT_TRUE(Run({"tail", "-n", "1"}).out.find("deny") != std::string::npos);
  EXPECT_EQ(Run({"tail", "-n", "0"}).out, "");
  const CommandRun json = Run({"tail", "--format", "jsonl", "--outcome", "o*"});
  std::istringstream lines(json.out);
  std::vector<std::string> stages;
  for (std::string line; std::getline(lines, line);) {
    const JsonValue row = ParseJson(line).value();
    stages.emplace_back(*StringMember(row, "stage"));
    EXPECT_EQ(StringMember(row, "call"), "c1");
  }
  EXPECT_EQ(stages, (std::vector<std::string>{"decision", "outcome"}));
}

class TailProcess {
 public:
  explicit TailProcess(const std::string& database,
                       std::vector<std::string> more = {}) {
    LineProcessSpec spec;
    spec.argv = {testing::GatehousePath(),
                 "audit",
                 "tail",
                 "-f",
                 "--db",
                 database,
                 "--format",
                 "jsonl"};
    spec.argv.insert(spec.argv.end(), more.begin(), more.end());
    auto started = LineProcess::Start(spec);
    process_.emplace(std::move(started).value());
  }
  std::int64_t NextSeq() {
    const auto line = process_->ReadLine(milliseconds(20'000));
    if (!line.ok()) return -1;
    const JsonValue row = ParseJson(line.value()).value();
    return AsInteger(*Member(row, "seq")).value_or(-1);
  }
  LineProcess& process() { return *process_; }

 private:
  std::optional<LineProcess> process_;
};

TEST_F(AuditTailTest, FollowsWhatIsWritten) {
  TailProcess tail(database_, {"-n", "1"});
  EXPECT_EQ(tail.NextSeq(), 4);
  const auto sink = OpenSink();
  for (const audit::Record& next :
       {audit::SampleDecision("e"), audit::SampleOutcome("e")}) {
    const auto seq = sink->Append(next);
    ASSERT_TRUE(sink->Commit(audit::Durability::kNormal).ok());
    EXPECT_EQ(tail.NextSeq(), static_cast<std::int64_t>(seq.value()));
  }
  kill(tail.process().pid(), SIGINT);
  EXPECT_EQ(tail.process().Finish(milliseconds(20'000)), 0);
}

TEST_F(AuditTailTest, EndsWhenNobodyReads) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    close(ends[1]);
    const std::string program = testing::GatehousePath();
    execl(program.c_str(), program.c_str(), "audit", "tail", "-f", "--db",
          database_.c_str(), nullptr);
    _exit(127);
  }
  close(ends[1]);
  char first = 0;
  EXPECT_EQ(read(ends[0], &first, 1), 1);
  close(ends[0]);
  int status = -1;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST(TrailWatch, IsPatientAndAwakeAgain) {
  Patience patience;
  EXPECT_EQ(patience.Next(), milliseconds(2));
  patience.Next();
  patience.Next();
  EXPECT_EQ(patience.Next(), milliseconds(5000));
  EXPECT_EQ(patience.Next(), milliseconds(5000));
  patience.Renew();
  EXPECT_EQ(patience.Next(), milliseconds(2));
}

// Issue 7: reading the trail is recorded, by whichever command.
TEST_F(AuditTailTest, EveryReadingIsRecorded) {
  EXPECT_EQ(Run({"list", "--decision", "deny"}).exit_code, kExitDone);
  EXPECT_EQ(Run({"show", "1"}).exit_code, kExitDone);
  EXPECT_EQ(Run({"tail"}).exit_code, kExitDone);
  EXPECT_EQ(Run({"stats", "--by", "tool"}).exit_code, kExitDone);
  EXPECT_EQ(Run({"query", "SELECT 1"}).exit_code, kExitDone);
  EXPECT_EQ(Run({"verify"}).exit_code, kExitDone);
  for (const char* command : {"replay", "generate"}) {
    const CommandRun run =
        RunCommand(AddPolicy, {"policy", command, "--db", database_});
    EXPECT_NE(run.exit_code, kExitMisuse) << run.err;
  }
  EXPECT_EQ(Readings(),
            (std::vector<std::string>{
                "audit list --decision deny", "audit show 1", "audit tail",
                "audit stats --by tool", "audit query 'SELECT 1'",
                "audit verify", "policy replay", "policy generate"}));
  EXPECT_NE(Run({"verify"}).out.find("12 records"), std::string::npos);
}

TEST_F(AuditTailTest, ReadingsAreListedOnlyWhereTheyAreAskedFor) {
  Run({"list"});
  EXPECT_EQ(Run({"list"}).out.find("trail read"), std::string::npos);
  EXPECT_NE(Run({"list", "--reads"}).out.find("trail read"), std::string::npos);
}

TEST_F(AuditTailTest, SaysThatAReadingWasNotRecorded) {
  chmod(database_.c_str(), 0400);
  const CommandRun run = Run({"list"});
  EXPECT_EQ(run.exit_code, kExitDone);
  EXPECT_NE(run.out.find("pods_list"), std::string::npos);
  EXPECT_NE(run.err.find("was not recorded: " + database_ + " is read-only"),
            std::string::npos)
      << run.err;
  EXPECT_TRUE(Readings().empty());
}

TEST_F(AuditTailTest, NamesNoSecretThatWasLookedFor) {
  Run({"query", "SELECT 'password=hunter2hunter2'"});
  ASSERT_EQ(Readings().size(), 1u);
  EXPECT_EQ(Readings()[0].find("hunter2"), std::string::npos) << Readings()[0];
}

// What is broken stays as it was found: not even the reading is added.
TEST_F(AuditTailTest, ABrokenTrailIsNotWrittenTo) {
  audit::Tamper(database_, "UPDATE record SET tool = 'x' WHERE seq = 2");
  EXPECT_EQ(Run({"verify"}).exit_code, kExitNo);
  EXPECT_TRUE(Readings().empty());
}

}  // namespace
}  // namespace gatehouse::cli
