// SPDX-License-Identifier: Apache-2.0
// What `policy diff` finds, as a table; and that it finds everything: where
// two policies of chance decide a request of chance apart, a row covers it.
#include "policy/policy_diff.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "policy_fixture.h"
#include "tests/policy/question_point.h"
#include "tests/policy/reference/generator.h"

namespace gatehouse::testing {
namespace {

constexpr std::string_view kNow = "2026-11-27T10:00:00Z";

std::shared_ptr<const CompiledPolicy> Layer(const std::string& text) {
  Issues issues;
  auto policy = CompileLayer({ReadRules({"p.yaml", text}, issues)}, Tables(),
                             InDev(), issues);
  EXPECT_NE(policy, nullptr) << Rendered(issues) << text;
  return policy;
}

PolicyDiff DiffOf(const CompiledPolicy& a, const CompiledPolicy& b) {
  auto diff = DiffPolicies(a, b, *ReadRfc3339(kNow));
  EXPECT_TRUE(diff.ok());
  return std::move(diff).value();
}

std::string Line(const PolicyDiff& diff, const DiffRow& row) {
  std::string text = std::string(DirectionName(row.direction)) + ": " +
                     row.was + " -> " + row.now;
  for (std::size_t axis = 0; axis < kAxisCount; ++axis) {
    std::string labels;
    for (const std::uint16_t index : row.where[axis]) {
      labels += (labels.empty() ? "" : ",") +
                diff.space.Label(static_cast<Axis>(axis), index);
    }
    if (labels.empty()) continue;
    text +=
        "; " + std::string(AxisName(static_cast<Axis>(axis))) + " " + labels;
  }
  for (const std::string& by : row.now_by) text += "; by " + by;
  return text + "\n";
}

std::string Lines(std::string_view was, std::string_view now) {
  const auto a = Layer(PolicyText(was));
  const auto b = Layer(PolicyText(now));
  const PolicyDiff diff = DiffOf(*a, *b);
  std::string text;
  for (const SettingChange& change : diff.settings) {
    text += std::string(DirectionName(change.direction)) + ": " + change.what +
            "\n";
  }
  for (const DiffRow& row : diff.rows) text += Line(diff, row);
  return text;
}

TEST(PolicyDiff, ShowsWhatChangesInFewRows) {
  struct Row {
    std::string_view was;
    std::string_view now;
    std::string_view expected;
  };
  const Row rows[] = {
      {"rules:\n- {id: a, allow: get, resources: configmaps}",
       "rules:\n- {id: a, allow: [get, list], resources: [configmaps, "
       "services]}",
       "wider: deny -> allow; resources configmaps; verbs list; contexts dev; "
       "by a\n"
       "wider: deny -> allow; resources services; verbs get,list; contexts "
       "dev; by a\n"},
      {"rules:\n- {id: a, allow: get, resources: configmaps, namespaces: "
       "'a-*'}",
       "rules:\n- {id: a, allow: get, resources: configmaps, namespaces: "
       "'a-*'}\n"
       "- {id: b, deny: get, namespaces: a-b}",
       "narrower: allow -> deny; resources configmaps; verbs get; namespaces "
       "a-b; "
       "contexts dev; by b\n"},
      {"rules:\n- {id: a, allow: get, resources: configmaps, limit: {calls: 9, "
       "per: "
       "1m}}",
       "rules:\n- {id: a, allow: get, resources: configmaps, limit: {calls: 3, "
       "per: "
       "1m}}",
       "narrower: allow, 9 calls per 1m -> allow, 3 calls per 1m; resources "
       "configmaps; verbs get; contexts dev; by a\n"},
      {"rules:\n- {id: a, allow: get, resources: secrets, names: x}",
       "rules:\n- {id: a, allow: get, resources: secrets}",
       "wider: deny -> allow; resources secrets,helm releases; verbs get; "
       "names others (as "
       "z),kube-public,kube-system,kube-node-lease,none,not known; contexts "
       "dev; by a\n"},
      {"rules:\n- {id: a, allow: get, resources: nodes}",
       "mode: observe\npin: strict\nrules:\n- {id: a, allow: get, resources: "
       "nodes}",
       "wider: mode: observe; what is refused is let through all the same\n"
       "narrower: pin: strict\n"},
      {"redaction: {keys: [plan]}\nrules:\n- {id: a, allow: get, resources: "
       "secrets}",
       "text: {controls: keep}\nclientFeatures: {sampling: deny}\n"
       "serverSettings: [A]\nrules:\n- {id: a, allow: get, resources: secrets, "
       "reveal: true}",
       "wider: text: controls are kept\n"
       "narrower: clientFeatures: sampling is denied\n"
       "wider: serverSettings: with A\n"
       "wider: redaction keys: without plan\n"
       "wider: allow -> allow, unmasked; resources secrets; verbs get; "
       "contexts "
       "dev; by a\n"},
      {"rules:\n- {id: a, allow: get, resources: configmaps}",
       "rules:\n- {id: a, allow: get, resources: configmaps, who: {users: "
       "ana}}",
       "narrower: allow -> deny; resources configmaps; verbs get; contexts "
       "dev; who "
       "user x,user not known; by (no-rule); by (unclear)\n"},
      {"rules:\n- {id: a, allow: get, resources: configmaps}",
       "rules:\n- {id: a, allow: get, resources: configmaps}\n- {id: b, deny: "
       "get, "
       "resources: configmaps, mode: observe}",
       ""},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(Lines(row.was, row.now), row.expected) << row.now;
  }
}

TEST(PolicyDiff, RefusesMoreThanItCanAsk) {
  std::string rules = "rules:\n";
  const char* fields[] = {"names", "namespaces", "tools"};
  for (int i = 0; i < 150; ++i) {
    rules += "- {id: r" + std::to_string(i) + ", deny: get, " + fields[i % 3] +
             ": n" + std::to_string(i) + "}\n";
  }
  const auto policy = Layer(PolicyText(rules));
  const auto diff = DiffPolicies(*policy, *policy, *ReadRfc3339(kNow));
  ASSERT_FALSE(diff.ok());
  EXPECT_EQ(diff.error().code, ErrorCode::kUnsupported);
}

bool AtNight() { return std::getenv("GATEHOUSE_SWEEP") != nullptr; }

bool Differs(const Decision& a, const Decision& b) {
  const auto counted = [](const Decision& decision) {
    return decision.limits.empty()
               ? std::pair<std::int64_t, std::int64_t>()
               : std::pair(decision.limits[0].calls,
                           std::int64_t{decision.limits[0].per.count()});
  };
  return a.effect != b.effect || counted(a) != counted(b);
}

// By day, without what makes the kinds of requests many: subjects and times.
void Thin(reference::Policy& policy) {
  if (AtNight()) return;
  if (policy.rules.size() > 2) policy.rules.resize(2);
  for (reference::Rule& rule : policy.rules) {
    for (reference::Match* match :
         {&rule.match, rule.unless ? &*rule.unless : nullptr}) {
      if (match == nullptr) continue;
      match->users = match->groups = match->kube_users = match->clients =
          std::nullopt;
      match->servers = std::nullopt;
      match->when.reset();
    }
    if (rule.unless && !rule.unless->resources && !rule.unless->namespaces) {
      rule.unless.reset();
    }
  }
}

// Neighbours, as two versions of one policy are.
std::pair<reference::Policy, reference::Policy> NewPair(
    reference::Generator& generator) {
  reference::Policy was = generator.NewPolicy();
  Thin(was);
  reference::Policy now = was;
  now.rules.pop_back();
  now.rules.push_back(generator.NewRule("new", "allow"));
  now.rules.push_back(generator.NewRule("newer", "deny"));
  Thin(now);
  return {was, now};
}

// How many of some questions the two decide apart.
int CountApart(const CompiledPolicy& was, const CompiledPolicy& now,
               const PolicyDiff& diff, reference::Generator& generator) {
  const Engine engines[2] = {Engine(std::make_unique<CompiledPolicy>(was)),
                             Engine(std::make_unique<CompiledPolicy>(now))};
  PointFinder finder(was, now, diff.space);
  int apart = 0;
  for (int i = 0; i < 200; ++i) {
    const auto question = ComparableQuestion(generator.NewQuestion());
    if (!question) continue;
    const auto decide = [&](const Engine& engine) {
      return engine.Decide(question->call, question->subject,
                           *ReadRfc3339(question->time));
    };
    const auto point = finder.Find(*question);
    const std::string told = Describe(question->call.requests[0]) + "\n" +
                             was.text + "\n" + now.text;
    EXPECT_TRUE(point) << told;
    if (!point) return apart;
    const bool covered = std::ranges::any_of(
        diff.rows, [&](const DiffRow& row) { return row.Covers(*point); });
    EXPECT_EQ(covered, Differs(decide(engines[0]), decide(engines[1]))) << told;
    apart += covered ? 1 : 0;
  }
  return apart;
}

TEST(PolicyDiff, FindsWhateverTwoPoliciesDecideApart) {
  reference::Generator generator(20261127);
  const int pairs = AtNight() ? 40 : 3;
  const std::size_t most = AtNight() ? 100'000 : 40'000;
  int compared = 0;
  int apart = 0;
  for (int i = 0; compared < pairs && i < 3000 && !HasFailure(); ++i) {
    const auto [old_tree, new_tree] = NewPair(generator);
    const auto was = Layer(YamlOf(old_tree));
    const auto now = Layer(YamlOf(new_tree));
    const UtcTime time = *ReadRfc3339(kNow);
    if (QuestionSpace(*was, *now, time).CountPoints() > most) continue;
    const PolicyDiff diff = DiffOf(*was, *now);
    apart += CountApart(*was, *now, diff, generator);
    EXPECT_TRUE(DiffOf(*now, *now).IsEmpty());
    ++compared;
  }
  EXPECT_EQ(compared, pairs);
  EXPECT_GT(apart, pairs);
}

}  // namespace
}  // namespace gatehouse::testing
