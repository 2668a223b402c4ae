// SPDX-License-Identifier: Apache-2.0
// `gatehouse policy replay` and `policy generate` over a trail.
#include <gtest/gtest.h>

#include <sstream>

#include "cli/policy.h"
#include "command_fixture.h"
#include "policy/json_value.h"
#include "tests/audit/trail_fixture.h"

namespace gatehouse::cli {
namespace {

class PolicyTrailTest : public audit::TrailTest {
 protected:
  PolicyTrailTest() {
    unsetenv("GATEHOUSE_POLICY");
    const auto sink = OpenSink();
    Append(*sink, "a", Verb::kList, "pods", Effect::kAllow, true);
    Append(*sink, "b", Verb::kList, "pods", Effect::kAllow, true);
    Append(*sink, "c", Verb::kDelete, "pods", Effect::kDeny, false);
    Append(*sink, "d", Verb::kList, "configmaps", Effect::kDeny, true);
    audit::Record malformed = audit::SampleDecision("e", Effect::kDeny);
    malformed.decision->code = Code::kMalformed;
    EXPECT_TRUE(sink->Append(malformed).ok());
    EXPECT_TRUE(sink->Commit(audit::Durability::kFull).ok());
  }

  static void Append(audit::Sink& sink, const std::string& id, Verb verb,
                     const std::string& resource, Effect effect,
                     bool enforced) {
    audit::Record record = audit::SampleDecision(id, effect);
    record.context = "dev";
    Request& request = record.requests[0];
    request.verb = verb;
    request.resource = resource;
    request.context = "dev";
    request.name = verb == Verb::kDelete ? "web" : "";
    record.decision->enforced = enforced;
    record.decision->rule = "";
    if (effect == Effect::kDeny) record.decision->code = Code::kNoRule;
    EXPECT_TRUE(sink.Append(record).ok());
  }

  std::string Policy(const std::string& rules) {
    const std::string path = folder_ + "/new.yaml";
    std::ofstream(path) << "apiVersion: gatehouse/v1\nkind: Policy\nname: "
                           "new\nrules:\n"
                        << rules;
    return path;
  }
  CommandRun Run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "policy");
    arguments.insert(arguments.end(), {"--db", database_});
    return RunCommand(AddPolicy, arguments);
  }
};

TEST_F(PolicyTrailTest, ReplayTellsWhatChanges) {
  const std::string wider = Policy("- {id: look, allow: read}\n");
  const CommandRun same = Run({"replay", "--policy", wider});
  // The observed deletion would be refused.
  EXPECT_EQ(same.exit_code, kExitNo) << same.err;
  EXPECT_NE(same.out.find("4 calls by new, sha256:"), std::string::npos)
      << same.out;
  EXPECT_NE(
      same.out.find("\n3 allowed; 1 newly refused, 1 newly let through, 2 "
                    "as before\n1 call left out"),
      std::string::npos)
      << same.out;
  EXPECT_NE(same.out.find("observed"), std::string::npos) << same.out;
  std::istringstream lines(same.out);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 80u) << line;
  }
}

TEST_F(PolicyTrailTest, ReplayExitsByWhatItIsToldToFailOn) {
  const std::string looks = Policy("- {id: look, allow: read}\n");
  EXPECT_EQ(Run({"replay", "--policy", looks, "--fail-on", "none"}).exit_code,
            kExitDone);
  const std::string pods =
      Policy("- {id: pods, allow: [list, delete], resources: pods}\n");
  EXPECT_EQ(Run({"replay", "--policy", pods}).exit_code, kExitDone);
  const std::string nothing = Policy("- {id: no, deny: any}\n");
  EXPECT_EQ(
      Run({"replay", "--policy", nothing, "--fail-on", "wider"}).exit_code,
      kExitDone);
  EXPECT_EQ(
      Run({"replay", "--policy", nothing, "--fail-on", "narrower"}).exit_code,
      kExitNo);
  EXPECT_EQ(Run({"replay", "--policy", folder_ + "/gone.yaml"}).exit_code,
            kExitEnvironment);
  EXPECT_EQ(Run({"replay", "--policy", pods, "--since", "soon"}).exit_code,
            kExitMisuse);
}

TEST_F(PolicyTrailTest, ReplayWritesJson) {
  const std::string nothing = Policy("- {id: no, deny: any}\n");
  const auto value =
      ParseJson(Run({"replay", "--policy", nothing, "--format", "json"}).out);
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(AsInteger(*Member(value.value(), "narrower")), 3);
  EXPECT_EQ(AsInteger(*Member(value.value(), "wider")), 0);
  const auto changes = Elements(*Member(value.value(), "changes"));
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(AsInteger(*Member(*changes[0], "count")), 2);
  EXPECT_EQ(StringMember(*changes[0], "before"), "allow");
  EXPECT_EQ(StringMember(*changes[0], "why"), "no");
  EXPECT_EQ(StringMember(*changes[0], "requests"), "list pods dev @dev");
  EXPECT_EQ(StringMember(*changes[1], "before"), "observed");
}

TEST_F(PolicyTrailTest, GeneratesWhatReplayFindsUnchanged) {
  const std::string path = folder_ + "/generated.yaml";
  const CommandRun made = Run({"generate", "--output", path});
  EXPECT_EQ(made.exit_code, kExitDone) << made.err;
  EXPECT_NE(made.err.find("lets 3 of 3 calls through"), std::string::npos)
      << made.err;
  const CommandRun replay = Run({"replay", "--policy", path});
  EXPECT_EQ(replay.exit_code, kExitDone) << replay.out << replay.err;
  // Never over a file that is there.
  EXPECT_EQ(Run({"generate", "--output", path}).exit_code, kExitEnvironment);
}

TEST_F(PolicyTrailTest, GeneratesOfWhatWasRefusedOnlyWhenTold) {
  // The observed deletion of pods went through; the refused list did not.
  const CommandRun made = Run({"generate", "--user", "ada"});
  EXPECT_EQ(made.out.find("configmaps"), std::string::npos) << made.out;
  EXPECT_NE(Run({"generate", "--refused"}).out.find("configmaps"),
            std::string::npos);
  EXPECT_EQ(Run({"generate", "--user", "nobody-here"}).exit_code, kExitNo);
  EXPECT_EQ(Run({"generate", "--name", "Not An Id"}).exit_code, kExitMisuse);
  EXPECT_EQ(Run({"generate", "--rbac", "--subject", "ana"}).exit_code,
            kExitMisuse);
  const CommandRun rbac = Run({"generate", "--rbac", "--subject", "Group:sre"});
  EXPECT_NE(rbac.out.find("kind: RoleBinding\n"), std::string::npos)
      << rbac.out;
  EXPECT_NE(rbac.out.find("- kind: Group\n  name: \"sre\"\n"),
            std::string::npos);
}

}  // namespace
}  // namespace gatehouse::cli
