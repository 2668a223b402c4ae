// SPDX-License-Identifier: Apache-2.0
#include "proxy/judge.h"

#include <gtest/gtest.h>

#include "policy/json_value.h"
#include "policy/kubernetes/tool_profile.h"
#include "policy/rule_compiler.h"
#include "policy/rule_reader.h"

namespace gatehouse {
namespace {

class OneContext final : public ClusterSource {
 public:
  const ClusterView& View() override { return view_; }
  void BecomeUnknown(const std::string& why) {
    view_ = {};
    view_.unknown = why;
  }

 private:
  ClusterView view_{"dev", {{"dev", "c", "https://c", "u", "default"}}};
};

std::shared_ptr<const Engine> Compiled(const std::string& rules,
                                       const std::string& system = "") {
  constexpr const char* kHead =
      "apiVersion: gatehouse/v1\nkind: Policy\nname: test\n";
  Issues issues;
  const RuleFile file = ReadRules({"test.yaml", kHead + rules}, issues);
  CompileOptions options;
  options.current_context = "dev";
  if (!system.empty()) {
    options.system = {ReadRules({"system.yaml", kHead + system}, issues)};
  }
  auto engine =
      CompileRules({file}, KubernetesTables::Embedded(), options, issues);
  EXPECT_FALSE(issues.HasErrors());
  return engine;
}

std::shared_ptr<const Engine> ReadOnly() {
  return Compiled("rules:\n  - id: reads\n    allow: read\n");
}

struct JudgeTest : ::testing::Test {
  std::shared_ptr<const ToolProfile> profile =
      EmbeddedProfile("kubernetes-mcp-server");
  Classifier classifier{profile, KubernetesTables::Embedded()};
  OneContext cluster;
};

TEST_F(JudgeTest, WithoutAnEngineEverythingIsDenied) {
  PolicyJudge none(classifier, nullptr, cluster);
  PolicyJudge gone(
      classifier, [] { return nullptr; }, cluster);
  for (PolicyJudge* judge : {&none, &gone}) {
    const Judgement judgement = judge->Decide({"pods_list", nullptr}, {}, {});
    EXPECT_EQ(judgement.decision.effect, Effect::kDeny);
    EXPECT_EQ(judgement.decision.code, Code::kNoPolicy);
    EXPECT_FALSE(judgement.decision.Passes());
    EXPECT_NE(judgement.decision.sentence, "");
  }
}

TEST_F(JudgeTest, ACallIsClassifiedAndDecidedByTheEngineOfTheMoment) {
  std::shared_ptr<const Engine> engine;
  PolicyJudge judge(
      classifier, [&engine] { return engine; }, cluster, profile);
  EXPECT_FALSE(judge.Decide({"pods_list", nullptr}, {}, {}).decision.Passes());
  engine = ReadOnly();
  ASSERT_NE(engine, nullptr);
  const Judgement read = judge.Decide({"pods_list", nullptr}, {}, {});
  EXPECT_TRUE(read.decision.Passes()) << read.decision.sentence;
  EXPECT_EQ(read.decision.rule, "reads");
  EXPECT_EQ(read.policy_hash, engine->hash());
  EXPECT_EQ(read.context, "dev");
  const JsonValue arguments = ParseJson(R"({"name":"web"})").value();
  const Judgement drop = judge.Decide({"pods_delete", &arguments}, {}, {});
  EXPECT_FALSE(drop.decision.Passes());
  EXPECT_FALSE(
      judge.Decide({"no_such_tool", nullptr}, {}, {}).decision.Passes());
}

// A fence would say that the context "" is outside, and one that is open to
// all contexts nothing at all.
TEST_F(JudgeTest, WhereACallGoesThatNobodyKnowsIsSaid) {
  cluster.BecomeUnknown("the disk is full");
  for (const char* scope : {"", "scope: {contexts: '*'}\n"}) {
    for (const bool observe : {false, true}) {
      const auto engine =
          Compiled(std::string(scope) + (observe ? "mode: observe\n" : "") +
                   "rules:\n  - id: reads\n    allow: read\n");
      PolicyJudge judge(
          classifier, [&engine] { return engine; }, cluster, profile);
      const Judgement call = judge.Decide({"pods_list", nullptr}, {}, {});
      EXPECT_EQ(call.decision.effect, Effect::kDeny);
      EXPECT_EQ(call.decision.code, Code::kUnclear);
      EXPECT_EQ(call.decision.sentence,
                "Where the call goes is not known: the disk is full.");
      EXPECT_EQ(call.decision.Passes(), observe);
      EXPECT_EQ(call.policy_hash, engine->hash());
      const Judgement read = judge.DecideMethod(
          {Asked::kResource, "resources/read", "k8s://pods", nullptr}, {}, {});
      EXPECT_EQ(read.decision.code, Code::kUnclear);
      EXPECT_EQ(read.decision.Passes(), observe);
    }
  }
  const std::string all =
      "scope: {contexts: '*'}\nrules:\n  - id: reads\n"
      "    allow: read\n";
  const auto both = Compiled("mode: observe\n" + all, all);
  PolicyJudge judge(
      classifier, [&both] { return both; }, cluster, profile);
  EXPECT_FALSE(judge.Decide({"pods_list", nullptr}, {}, {}).decision.Passes())
      << "a system policy is enforced always";
}

TEST_F(JudgeTest, DeclaresWhatItsProfileDeclares) {
  PolicyJudge with(classifier, nullptr, cluster, profile);
  EXPECT_TRUE(with.Declares("pods_delete", "name"));
  EXPECT_FALSE(with.Declares("pods_delete", "Name"));
  EXPECT_FALSE(with.Declares("no_such_tool", "name"));
  PolicyJudge without(classifier, nullptr, cluster);
  EXPECT_FALSE(without.Declares("pods_delete", "name"));
}

}  // namespace
}  // namespace gatehouse
