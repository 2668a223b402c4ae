// SPDX-License-Identifier: Apache-2.0
// One rule against one request, as an allow, an ask and a deny: what is not
// known must never make an allow true nor a deny false.
#include "policy/rule_match.h"

#include <gtest/gtest.h>

#include <set>

#include "policy_fixture.h"

namespace gatehouse {
namespace {

using testing::Asked;

Patterns Globs(std::string_view word) {
  return {Pattern::Compile(word).value()};
}

ResourcePattern Exact(std::string_view resource) {
  ResourcePattern pattern;
  pattern.resource = Pattern::Literal(resource);
  pattern.group = Pattern::Literal("");
  pattern.exact = true;
  return pattern;
}

std::string Shown(RuleMatch match) {
  if (match.truth == Truth::kTrue) return "true";
  return std::string(match.truth == Truth::kFalse ? "false: " : "unknown: ") +
         std::string(FieldName(match.field));
}

// "ALLOW | ASK | DENY", or one of them where all agree.
std::string AllEffects(CompiledRule rule, const Request& request,
                       const Subject& subject = testing::Someone()) {
  CompiledPolicy policy;
  policy.tables = testing::Tables();
  const Classification call = testing::Call({request});
  std::vector<std::string> shown;
  for (Effect effect : {Effect::kAllow, Effect::kAsk, Effect::kDeny}) {
    rule.effect = effect;
    shown.push_back(Shown(MatchRule(policy, rule, request, {call, subject})));
  }
  if (shown[0] == shown[1] && shown[1] == shown[2]) return shown[0];
  return shown[0] + " | " + shown[1] + " | " + shown[2];
}

struct RuleMatchRow {
  void (*shape)(CompiledRule&);
  std::string_view request;
  std::string_view expected;
};

void Bare(CompiledRule&) {}
void NamesExec(CompiledRule& r) {
  r.named_verbs = SetOf(Verb::kExec) | SetOf(Verb::kForward);
}
void Pods(CompiledRule& r) { r.match.resources = {Exact("pods")}; }
void Secrets(CompiledRule& r) { r.match.resources = {Exact("secrets")}; }
void InDev(CompiledRule& r) { r.match.namespaces = {Globs("dev"), false}; }
void Web(CompiledRule& r) { r.match.names = Globs("web"); }
void InProd(CompiledRule& r) { r.match.contexts = Globs("prod"); }
void OtherServer(CompiledRule& r) { r.match.servers = Globs("other"); }
void OtherTool(CompiledRule& r) { r.match.tools = Globs("other"); }
void NotInDev(CompiledRule& r) {
  r.unless.emplace().namespaces = {Globs("dev"), false};
}

const RuleMatchRow kMatchRows[] = {
    {Bare, "get pods dev/web", "true"},
    {Bare, "patch pods dev/web", "false: verbs"},
    {Bare, "? pods dev/web", "unknown: verbs"},
    {Pods, "get secrets dev/x", "false: resources"},
    {Pods, "get pods/log dev/x", "false: resources"},
    {Pods, "get pods.example.com dev/x", "false: resources"},
    {Pods, "get ? dev/x", "unknown: resources"},
    {InDev, "get pods prod/x", "false: namespaces"},
    {InDev, "get nodes -/n1", "false: namespaces"},
    {InDev, "get namespaces dev/dev", "false: namespaces"},
    {InDev, "get pods ?/x", "unknown: namespaces"},
    {InDev, "list pods *", "false: namespaces | true | true"},
    {Web, "get pods dev/db", "false: names"},
    {Web, "get pods dev/?", "unknown: names"},
    {Web, "list pods dev", "false: names | true | true"},
    {InProd, "get pods dev/x", "false: contexts"},
    {OtherServer, "get pods dev/x", "false: servers"},
    {OtherTool, "get pods dev/x", "false: tools"},
    {NotInDev, "get pods dev/x", "false: unless"},
    {NotInDev, "get pods prod/x", "true"},
    {NotInDev, "list pods *", "false: unless | unknown: unless | true"},
    {NotInDev, "get pods ?/x", "false: unless | unknown: unless | true"},
    {Bare, "get secrets dev/x",
     "false: sensitive, not named | false: sensitive, not named | true"},
    {Bare, "get ? dev/x",
     "unknown: sensitive, not named | unknown: sensitive, not named | true"},
    {Secrets, "get secrets dev/x", "true"},
    {Bare, "exec pods/exec dev/x",
     "false: sensitive, not named | false: sensitive, not named | true"},
    {NamesExec, "exec pods/exec dev/x", "true"},
    {NamesExec, "forward nodes/proxy -/n1",
     "false: sensitive, not named | false: sensitive, not named | true"},
};

TEST(RuleMatch, IsThreeValuedAndSaysWhichField) {
  for (const RuleMatchRow& row : kMatchRows) {
    CompiledRule rule;
    for (Verb verb : {Verb::kGet, Verb::kList, Verb::kExec, Verb::kForward}) {
      rule.verbs |= SetOf(verb);
    }
    row.shape(rule);
    EXPECT_EQ(AllEffects(rule, Asked(row.request)), row.expected)
        << row.request << " at row " << &row - kMatchRows;
  }
}

TEST(RuleMatch, AnUnknownSubjectIsNoMatchAndNoMismatch) {
  CompiledRule rule;
  rule.verbs = SetOf(Verb::kGet);
  rule.match.who.emplace().users = Globs("ana");
  rule.match.who->groups = Globs("ops");
  const Request request = Asked("get pods dev/web");
  EXPECT_EQ(AllEffects(rule, request), "true");
  EXPECT_EQ(AllEffects(rule, request, {"bob", {"ops"}, "", ""}), "false: who");
  EXPECT_EQ(AllEffects(rule, request, {"ana", {"dev"}, "", ""}), "false: who");
  EXPECT_EQ(AllEffects(rule, request, {"", {"ops"}, "", ""}), "unknown: who");
  EXPECT_EQ(AllEffects(rule, request, {"ana", {}, "", ""}), "unknown: who");
}

TEST(RuleMatch, AnUnknownContextIsUnknown) {
  CompiledRule rule;
  rule.verbs = SetOf(Verb::kGet);
  rule.match.contexts = Globs("dev");
  Request request = Asked("get pods dev/web");
  EXPECT_EQ(AllEffects(rule, request), "true");
  request.context = std::nullopt;
  EXPECT_EQ(AllEffects(rule, request), "unknown: contexts");
}

TEST(RuleMatch, FieldsHaveNamesOfTheirOwn) {
  std::set<std::string_view> names;
  for (int i = 0; i < static_cast<int>(kFieldCount); ++i) {
    names.insert(FieldName(static_cast<Field>(i)));
  }
  EXPECT_EQ(names.size(), kFieldCount);
}

}  // namespace
}  // namespace gatehouse
