// SPDX-License-Identifier: Apache-2.0
// `audit anchor` and `audit verify --anchors` as a user runs them.
#include <gtest/gtest.h>

#include "audit/anchor.h"
#include "cli/audit.h"
#include "policy/json_value.h"
#include "tests/audit/forger.h"
#include "tests/audit/trail_fixture.h"
#include "tests/cli/command_fixture.h"

namespace gatehouse::cli {
namespace {

class AuditAnchorTest : public audit::TrailTest {
 protected:
  AuditAnchorTest() { audit::Fill(*OpenSink(), 10); }
  CommandRun Run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "audit");
    arguments.insert(arguments.end(), {"--db", database_});
    return RunCommand(AddAudit, arguments);
  }
  std::string Beyond(const std::string& name) const {
    return folder_ + "/" + name;
  }
};

TEST_F(AuditAnchorTest, PrintsSendsAndSigns) {
  const CommandRun printed = Run({"anchor"});
  EXPECT_EQ(printed.exit_code, kExitDone) << printed.err;
  const auto read = audit::ParseAnchor(printed.out);
  ASSERT_EQ(read.kind, audit::AnchorLine::kAnchor) << printed.out;
  EXPECT_EQ(read.anchor.head.seq, 10u);

  const CommandRun keys =
      RunCommand(AddAudit, {"audit", "anchor", "keygen", Beyond("anchor.key")});
  EXPECT_EQ(keys.exit_code, kExitDone) << keys.err;
  EXPECT_TRUE(keys.out.starts_with("-----BEGIN PUBLIC KEY-----")) << keys.out;
  std::ofstream(Beyond("anchor.pub")) << keys.out;

  const CommandRun sent =
      Run({"anchor", "--to", Beyond("a"), "--to", Beyond("none/b"), "--to",
           Beyond("c"), "--key", Beyond("anchor.key")});
  EXPECT_EQ(sent.exit_code, kExitEnvironment);
  EXPECT_NE(sent.err.find("none/b"), std::string::npos) << sent.err;
  for (const char* name : {"a", "c"}) {
    EXPECT_NE(audit::ReadWholeFile(Beyond(name)).find(" sig="),
              std::string::npos);
    const CommandRun good = Run(
        {"verify", "--anchors", Beyond(name), "--key", Beyond("anchor.pub")});
    EXPECT_EQ(good.exit_code, kExitDone) << good.out << good.err;
    EXPECT_NE(good.out.find("1 anchor vouches for records 1 to 10, as of "),
              std::string::npos)
        << good.out;
    EXPECT_EQ(good.out.find("Without an anchor"), std::string::npos);
  }
}

// Done when 4 of issue 7: a rebuilt chain passes without anchors, and says so;
// it fails with them.
TEST_F(AuditAnchorTest, ARebuiltChainPassesWithoutAnchorsAndFailsWithThem) {
  ASSERT_EQ(Run({"anchor", "--to", Beyond("a")}).exit_code, kExitDone);
  audit::Tamper(database_, "UPDATE record SET tool = 'x' WHERE seq = 5");
  audit::Rehash(database_, 5, 10);
  audit::FixHeadRow(database_);
  std::filesystem::remove(Beside("audit.head"));
  const CommandRun alone = Run({"verify"});
  EXPECT_EQ(alone.exit_code, kExitDone) << alone.out;
  EXPECT_NE(alone.out.find("Without an anchor off this host"),
            std::string::npos);
  const CommandRun anchored = Run({"verify", "--anchors", Beyond("a")});
  EXPECT_EQ(anchored.exit_code, kExitNo);
  EXPECT_NE(anchored.out.find("broken: rebuilt at record 1: records 1 to 10 "
                              "are not those that the anchor of "),
            std::string::npos)
      << anchored.out;
  const CommandRun json =
      Run({"verify", "--anchors", Beyond("a"), "--format", "json"});
  const JsonValue report = ParseJson(json.out).value();
  EXPECT_EQ(StringMember(report, "fault"), "rebuilt");
  EXPECT_EQ(AsInteger(*Member(report, "first_bad")), 1);
  const JsonValue* anchors = Member(report, "anchors");
  EXPECT_EQ(StringMember(*anchors, "fault"), "rebuilt");
  EXPECT_EQ(AsInteger(*Member(*anchors, "line")), 1);
  EXPECT_EQ(AsInteger(*Member(*anchors, "covered")), 0);
}

TEST_F(AuditAnchorTest, NamesFaultsOfItsArguments) {
  EXPECT_EQ(Run({"anchor", "--to", ""}).exit_code, kExitMisuse);
  EXPECT_EQ(Run({"anchor", "--key", Beyond("none")}).exit_code,
            kExitEnvironment);
  EXPECT_EQ(Run({"verify", "--anchors", Beyond("none")}).exit_code,
            kExitEnvironment);
  EXPECT_EQ(Run({"verify", "--key", Beyond("none")}).exit_code, kExitMisuse);
  std::ofstream(Beyond("there")) << "";
  EXPECT_EQ(RunCommand(AddAudit, {"audit", "anchor", "keygen", Beyond("there")})
                .exit_code,
            kExitEnvironment);
}

}  // namespace
}  // namespace gatehouse::cli
