// SPDX-License-Identifier: Apache-2.0
// `audit prune` as a user runs it.
#include <gtest/gtest.h>

#include "cli/audit.h"
#include "policy/json_value.h"
#include "tests/audit/trail_fixture.h"
#include "tests/cli/command_fixture.h"

namespace gatehouse::cli {
namespace {

constexpr const char* kNow = "0s";

class AuditPruneTest : public audit::TrailTest {
 protected:
  // Some calls, of which the first ones stand in segments.
  void Write(std::chrono::seconds retention = std::chrono::seconds(0)) {
    audit::SinkOptions options;
    options.self.session = "s1";
    options.segment_bytes = 200'000;
    options.look_every = std::chrono::milliseconds(0);
    options.rotation_pause = std::chrono::milliseconds(0);
    options.retention = retention;
    const auto sink = OpenSink(options);
    for (int i = 0; i < 300; ++i) {
      ASSERT_TRUE(
          sink->Append(audit::SampleDecision("c" + std::to_string(i))).ok());
      ASSERT_TRUE(sink->Commit(audit::Durability::kNormal).ok());
    }
  }
  CommandRun Run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "audit");
    arguments.insert(arguments.end(), {"--db", database_});
    return RunCommand(AddAudit, arguments);
  }
  bool HasSegment() const {
    return std::filesystem::exists(Beside("audit.000001.db"));
  }
  std::int64_t Number(const CommandRun& run, const char* key) const {
    const JsonValue json = ParseJson(run.out).value();
    return AsInteger(*Member(json, key)).value_or(-1);
  }
};

TEST_F(AuditPruneTest, SaysWhatWouldGoAndWhatHasGone) {
  Write();
  ASSERT_TRUE(HasSegment());
  const CommandRun look = Run({"prune", "--before", kNow, "--dry-run"});
  EXPECT_EQ(look.exit_code, kExitDone) << look.err;
  EXPECT_TRUE(look.out.starts_with("Would go: records 1 to ")) << look.out;
  EXPECT_EQ(look.out.find("says so"), std::string::npos) << look.out;
  EXPECT_TRUE(HasSegment());

  const CommandRun gone = Run({"prune", "--before", kNow, "--format", "json"});
  EXPECT_EQ(gone.exit_code, kExitDone) << gone.err;
  EXPECT_EQ(Number(gone, "first"), 1);
  EXPECT_EQ(Number(gone, "records"), Number(gone, "last"));
  EXPECT_GT(Number(gone, "record"), Number(gone, "last"));
  EXPECT_FALSE(HasSegment());

  const CommandRun verified = Run({"verify"});
  EXPECT_EQ(verified.exit_code, kExitDone) << verified.out;
  EXPECT_NE(verified.out.find(std::to_string(Number(gone, "last")) +
                              " before them were pruned"),
            std::string::npos)
      << verified.out;
  const CommandRun again = Run({"prune", "--before", kNow});
  EXPECT_EQ(again.exit_code, kExitDone);
  EXPECT_TRUE(again.out.starts_with("No whole segment is older")) << again.out;
}

TEST_F(AuditPruneTest, ErasesPayloadsAndKeepsTheChain) {
  Write();
  const CommandRun run = Run({"prune", "--before", kNow, "--payloads"});
  EXPECT_EQ(run.exit_code, kExitDone) << run.err;
  EXPECT_TRUE(run.out.starts_with("Gone: the payloads of ")) << run.out;
  EXPECT_NE(run.out.find(" says so.\n"), std::string::npos) << run.out;
  const CommandRun verified = Run({"verify"});
  EXPECT_EQ(verified.exit_code, kExitDone) << verified.out;
  EXPECT_NE(verified.out.find(" have no payload any more"), std::string::npos)
      << verified.out;
}

TEST_F(AuditPruneTest, ARetentionThatWasPromisedIsExitOne) {
  Write(std::chrono::hours(24));
  const CommandRun run = Run({"prune", "--before", "1h"});
  EXPECT_EQ(run.exit_code, kExitNo);
  EXPECT_EQ(run.out, "");
  EXPECT_TRUE(run.err.starts_with("gatehouse: ")) << run.err;
  EXPECT_TRUE(HasSegment());
}

TEST_F(AuditPruneTest, NamesWhatIsWrongWithWhatWasTyped) {
  EXPECT_EQ(Run({"prune", "--before", "soon"}).exit_code, kExitMisuse);
  EXPECT_EQ(Run({"prune"}).exit_code, kExitMisuse);
  const CommandRun none = Run({"prune", "--before", "90d"});
  EXPECT_EQ(none.exit_code, kExitEnvironment);
  EXPECT_NE(none.err.find("there is no audit trail at "), std::string::npos)
      << none.err;
}

}  // namespace
}  // namespace gatehouse::cli
