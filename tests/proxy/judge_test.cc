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

 private:
  ClusterView view_{"dev", {{"dev", "c", "https://c", "u", "default"}}};
};

std::shared_ptr<const Engine> ReadOnly() {
  Issues issues;
  const RuleFile file =
      ReadRules({"test.yaml",
                 "apiVersion: gatehouse/v1\nkind: Policy\nname: test\n"
                 "rules:\n  - id: reads\n    allow: read\n"},
                issues);
  CompileOptions options;
  options.current_context = "dev";
  auto engine =
      CompileRules({file}, KubernetesTables::Embedded(), options, issues);
  EXPECT_FALSE(issues.HasErrors());
  return engine;
}

struct JudgeTest : testing::Test {
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
