// SPDX-License-Identifier: Apache-2.0
// Requests of types that are not built in: which rules and fences reach them,
// though their plural and their scope are not known.
#include <gtest/gtest.h>

#include "policy_fixture.h"

namespace gatehouse {
namespace {

using testing::Brief;

// VERB of "widget" in group example.com (or one not known: "?") in dev.
Request Custom(Verb verb, std::string group, std::string word = "widget") {
  Request request;
  request.verb = verb;
  if (group != "?") request.group = std::move(group);
  request.subresource = "";
  request.name = "blue";
  request.context = "dev";
  request.custom = CustomType{std::move(word), "dev"};
  return request;
}

std::string Judged(std::string_view body, const Request& request) {
  const auto engine = testing::Compile(body);
  return Brief(testing::Decide(*engine, testing::Call({request})));
}

TEST(CustomType, ARuleThatNamesItsGroupCoversIt) {
  const Request create = Custom(Verb::kCreate, "example.com");
  const struct {
    std::string_view resources;
    std::string_view expected;
  } kRows[] = {
      {"widgets.example.com", "allow by r"},
      {"'*.example.com'", "allow by r"},
      {"widget.example.com", "allow by r"},
      {"'*'", "allow by r"},
      {"gadgets.example.com", "deny (unclear)"},
      {"widgets.other.org", "deny (no-rule)"},
      {"deployments", "deny (no-rule)"},
      {"'widg*.example.com'", "deny (unclear)"},
  };
  for (const auto& row : kRows) {
    const std::string rule = "rules: [{id: r, allow: write, resources: " +
                             std::string(row.resources) + "}]";
    EXPECT_EQ(Judged(rule, create), row.expected) << row.resources;
  }
}

TEST(CustomType, PluralsAreGuessedAsKubectlGuessesThem) {
  const auto judged = [](std::string_view resource, std::string word) {
    return Judged("rules: [{id: r, allow: write, resources: " +
                      std::string(resource) + ".example.com}]",
                  Custom(Verb::kCreate, "example.com", std::move(word)));
  };
  EXPECT_EQ(judged("policies", "policy"), "allow by r");
  EXPECT_EQ(judged("boxes", "box"), "allow by r");
  EXPECT_EQ(judged("gateways", "gateway"), "allow by r");
  EXPECT_EQ(judged("widgets", "widgetset"), "deny (unclear)");
  EXPECT_EQ(judged("widgets", ""), "deny (unclear)");
}

TEST(CustomType, ADenyFiresOnWhatItMayMean) {
  const std::string allow =
      "rules: [{id: a, allow: write}, {id: d, deny: any, resources: ";
  const Request create = Custom(Verb::kCreate, "example.com");
  EXPECT_EQ(Judged(allow + "gadgets.example.com}]", create),
            "deny by d (denied-by-rule)");
  EXPECT_EQ(Judged(allow + "secrets}]", create), "allow by a");
  EXPECT_EQ(Judged(allow + "widgets.other.org}]", create), "allow by a");
  EXPECT_EQ(Judged(allow + "widgets.other.org}]", Custom(Verb::kCreate, "?")),
            "deny by d (denied-by-rule)");
}

TEST(CustomType, WithoutAGroupOnlyOpenRulesReachIt) {
  const Request get = Custom(Verb::kGet, "?");
  EXPECT_EQ(Judged("rules: [{id: r, allow: read}]", get), "allow by r");
  EXPECT_EQ(Judged("rules: [{id: r, allow: read, resources: "
                   "widgets.example.com}]",
                   get),
            "deny (unclear)");
  EXPECT_EQ(Judged("rules: [{id: r, allow: read, resources: pods}]", get),
            "deny (no-rule)");
}

TEST(CustomType, IsInsideAFenceOfItsNamespaceAndTheCluster) {
  const std::string rules = "rules: [{id: r, allow: any}]";
  Request get = Custom(Verb::kGet, "example.com");
  const auto judged = [&](const std::string& scope) {
    return Judged("scope: {namespaces: " + scope + "}\n" + rules, get);
  };
  EXPECT_EQ(judged("[dev]"), "deny (outside-scope)");
  EXPECT_EQ(judged("['']"), "deny (outside-scope)");
  EXPECT_EQ(judged("[dev, '']"), "allow by r");
  EXPECT_EQ(judged("['*', '']"), "allow by r");
  get.custom->namespace_name = std::nullopt;
  EXPECT_EQ(judged("[dev, '']"), "deny (outside-scope)");
  get = Custom(Verb::kList, "example.com");
  get.all_namespaces = true;
  get.namespace_name = "";
  EXPECT_EQ(judged("['*']"), "deny (outside-scope)");
  EXPECT_EQ(judged("['*', '']"), "allow by r");
}

TEST(CustomType, RulesOfNamespacesMustCoverBothPlaces) {
  const Request create = Custom(Verb::kCreate, "example.com");
  const auto judged = [&](std::string_view namespaces) {
    return Judged("rules: [{id: r, allow: write, namespaces: " +
                      std::string(namespaces) + "}]",
                  create);
  };
  EXPECT_EQ(judged("dev"), "deny (unclear)");
  EXPECT_EQ(judged("[dev, '']"), "allow by r");
  EXPECT_EQ(judged("shop"), "deny (no-rule)");
}

TEST(CustomType, ItsNamespaceMayBeProtected) {
  const std::string rules = "rules: [{id: r, allow: write}]";
  Request create = Custom(Verb::kCreate, "example.com");
  EXPECT_EQ(Judged(rules, create), "allow by r");
  create.custom->namespace_name = "kube-system";
  EXPECT_EQ(Judged(rules, create), "deny (protected)");
  create.custom->namespace_name = std::nullopt;
  EXPECT_EQ(Judged(rules, create), "deny (protected)");
}

// What `get all` lists beside the built-in types.
TEST(CustomType, TheRestOfACategoryIsReadAsNamespaced) {
  Request list = Custom(Verb::kList, "?", "");
  list.namespace_name = "dev";
  const std::string_view fenced =
      "scope: {namespaces: [dev]}\nrules: [{id: r, allow: read}]";
  EXPECT_EQ(Judged(fenced, list), "allow by r");
  EXPECT_EQ(Judged("rules: [{id: r, allow: read, resources: [pods, services]}]",
                   list),
            "deny (no-rule)");
  list.all_namespaces = true;
  EXPECT_EQ(Judged("rules: [{id: r, allow: read, namespaces: '*'}]", list),
            "allow by r");
  list.verb = Verb::kDelete;
  EXPECT_EQ(Judged("protect: []\nrules: [{id: r, allow: delete, namespaces: "
                   "'*'}]",
                   list),
            "deny (no-rule)");
}

}  // namespace
}  // namespace gatehouse
