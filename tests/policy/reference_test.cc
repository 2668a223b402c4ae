// SPDX-License-Identifier: Apache-2.0
// The engine against the reference implementation over generated policies and
// calls: 20,000 in CI, as many as GATEHOUSE_SWEEP says at night. And what must
// hold of any policy: a deny more or a scope less never lets more through, and
// neither does knowing less.
#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>

#include "policy_fixture.h"
#include "tests/policy/reference/generator.h"

namespace gatehouse::reference {
namespace {

constexpr int kQuestionsEach = 20;

int Policies() {
  const char* sweep = std::getenv("GATEHOUSE_SWEEP");
  return (sweep == nullptr ? 20'000 : std::atoi(sweep)) / kQuestionsEach;
}

std::shared_ptr<const Engine> CompileTree(const Policy& policy,
                                          const Policy* system = nullptr) {
  Issues issues;
  CompileOptions options = testing::InDev();
  if (system != nullptr) {
    options.system = {ReadRules({"system.yaml", YamlOf(*system)}, issues)};
  }
  auto engine =
      testing::CompileSource({"test.yaml", YamlOf(policy)}, options, issues);
  EXPECT_NE(engine, nullptr) << testing::Rendered(issues) << YamlOf(policy);
  return engine;
}

Decision DecideBy(const Engine& engine, const Question& question) {
  return engine.Decide(question.call, question.subject,
                       *ReadRfc3339(question.time));
}

std::string Told(const Policy& policy, const Question& question) {
  std::string text = YamlOf(policy) + "at " + question.time + ", " +
                     question.call.server + " " + question.call.tool + ", " +
                     question.subject.user + ":\n";
  for (const Request& request : question.call.requests) {
    text += "  " + Describe(request) + "\n";
  }
  return text;
}

// How much a decision lets through; what is only observed passes too.
int Width(const Decision& decision) {
  return decision.Passes() ? 2 : decision.effect == Effect::kAsk ? 1 : 0;
}

struct Tally {
  int allowed = 0;
  int asked = 0;
  int observed = 0;
  int limited = 0;
};

// Two layers have rules of equal names: only a single one's are compared.
void CompareOne(const Policy& policy, const Policy* system,
                const Engine& engine, const Question& question, Tally& tally) {
  const Answer expected = ReferenceDecide(policy, system, question, "dev");
  const Decision decision = DecideBy(engine, question);
  ASSERT_EQ(EffectName(decision.effect), expected.effect)
      << decision.sentence << "\n"
      << Told(policy, question);
  ASSERT_EQ(decision.Passes(), expected.passes) << Told(policy, question);
  const Effect with_observed =
      decision.observed ? decision.observed->first : decision.effect;
  ASSERT_EQ(EffectName(with_observed), expected.with_observed)
      << Told(policy, question);
  if (system == nullptr && !decision.rule.empty() &&
      decision.code != Code::kUnclear) {
    ASSERT_TRUE(expected.rules.contains(decision.rule))
        << decision.rule << "\n"
        << Told(policy, question);
  }
  std::set<std::string> limits;
  for (const LimitKey& key : decision.limits) {
    const bool above = key.rule.starts_with("system/");
    limits.insert(above ? key.rule.substr(7) : key.rule);
  }
  ASSERT_EQ(limits, expected.limits) << Told(policy, question);
  tally.allowed += decision.effect == Effect::kAllow ? 1 : 0;
  tally.asked += decision.effect == Effect::kAsk ? 1 : 0;
  tally.observed += decision.observed ? 1 : 0;
  tally.limited += decision.limits.empty() ? 0 : 1;
}

TEST(Reference, AgreesWithTheEngine) {
  Generator generator(20261127);
  Tally tally;
  const int policies = Policies();
  for (int i = 0; i < policies && !HasFatalFailure(); ++i) {
    const Policy policy = generator.NewPolicy();
    std::optional<Policy> system;
    if (generator.OneIn(4)) {
      system = generator.NewPolicy();
      system->observe = false;
    }
    const Policy* above = system ? &*system : nullptr;
    const auto engine = CompileTree(policy, above);
    ASSERT_NE(engine, nullptr);
    for (int k = 0; k < kQuestionsEach && !HasFatalFailure(); ++k) {
      CompareOne(policy, above, *engine, generator.NewQuestion(), tally);
    }
  }
  // Each of these must be met often, or the sweep shows little.
  const int all = policies * kQuestionsEach;
  EXPECT_GT(tally.allowed, all / 25);
  EXPECT_GT(tally.asked, all / 200);
  EXPECT_GT(tally.observed, all / 200);
  EXPECT_GT(tally.limited, all / 200);
}

// The policy, made stricter in one way.
Policy Stricter(const Policy& policy, Generator& generator, int way) {
  Policy stricter = policy;
  if (way == 0) {
    Rule deny = generator.NewRule("more", "deny");
    deny.observe = false;
    stricter.rules.push_back(deny);
  } else if (way == 1) {
    if (!policy.scope_namespaces)
      stricter.scope_namespaces = {{"a", ""}};
    else
      stricter.scope_namespaces->resize(1);
  } else if (way == 2) {
    if (!policy.scope_contexts)
      stricter.scope_contexts = {{"dev"}};
    else
      stricter.scope_contexts->resize(1);
  } else {
    stricter.protect = policy.protect.value_or(std::vector<std::string>{
        "kube-system", "kube-public", "kube-node-lease"});
    stricter.protect->push_back("a");
  }
  return stricter;
}

TEST(Reference, DenyIsMonotoneAndScopesOnlyNarrow) {
  Generator generator(7);
  int narrowed = 0;
  const int policies = Policies() / 4;  // each in four ways
  for (int i = 0; i < policies && !HasFatalFailure(); ++i) {
    const Policy policy = generator.NewPolicy();
    const auto engine = CompileTree(policy);
    for (int way = 0; way < 4 && !HasFatalFailure(); ++way) {
      const Policy stricter = Stricter(policy, generator, way);
      const auto strict = CompileTree(stricter);
      for (int k = 0; k < kQuestionsEach && !HasFatalFailure(); ++k) {
        const Question question = generator.NewQuestion();
        const int before = Width(DecideBy(*engine, question));
        const int after = Width(DecideBy(*strict, question));
        ASSERT_LE(after, before) << Told(stricter, question);
        narrowed += after < before ? 1 : 0;
      }
    }
  }
  EXPECT_GT(narrowed, policies / 4);
}

// A request of which a field is not known is let through only where every
// value of that field would be, as far as the questions here go.
TEST(Reference, UnknownNeverWidens) {
  Generator generator(11);
  int refused = 0;
  const int policies = Policies();
  for (int i = 0; i < policies && !HasFatalFailure(); ++i) {
    const Policy policy = generator.NewPolicy();
    const auto engine = CompileTree(policy);
    for (int k = 0; k < kQuestionsEach && !HasFatalFailure(); ++k) {
      Question question = generator.NewQuestion();
      if (question.call.requests.empty()) continue;
      question.call.requests.resize(1);
      const Decision known = DecideBy(*engine, question);
      question.call.requests[0] = generator.Forget(question.call.requests[0]);
      const Decision vague = DecideBy(*engine, question);
      ASSERT_LE(Width(vague), Width(known)) << Told(policy, question);
      refused += Width(vague) < Width(known) ? 1 : 0;
    }
  }
  EXPECT_GT(refused, policies / 4);
}

}  // namespace
}  // namespace gatehouse::reference
