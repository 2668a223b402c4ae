// SPDX-License-Identifier: Apache-2.0
// One resource word against one request, three-valued; and what must be named.
#include "policy/resource_match.h"

#include <gtest/gtest.h>

#include "policy/resource_words.h"
#include "policy_fixture.h"

namespace gatehouse {
namespace {

using testing::Asked;

std::string Match(std::string_view word, std::string_view request,
                  VerbSet named = 0) {
  Truth any = Truth::kFalse;
  for (const ResourcePattern& pattern :
       ResolveResourceWord(word, *testing::Tables()).value()) {
    any = Or(any, MatchResource(pattern, Asked(request), named));
  }
  return any == Truth::kTrue    ? "true"
         : any == Truth::kFalse ? "false"
                                : "unknown";
}

TEST(ResourceMatch, IsThreeValued) {
  struct Row {
    std::string_view word;
    std::string_view request;
    std::string_view expected;
  };
  const Row rows[] = {
      {"pods", "get pods dev/x", "true"},
      {"pods", "get pods/log dev/x", "false"},
      {"pods", "get pods/? dev/x", "unknown"},
      {"pods", "get ? dev/x", "unknown"},
      {"pods/*", "get pods dev/x", "false"},
      {"pods/*", "get pods/log dev/x", "true"},
      {"pods/*", "get pods/? dev/x", "unknown"},
      {"*", "get ? dev/x", "true"},
      {"*", "get pods/? dev/x", "true"},
      {"deployments", "get deployments.example.com dev/x", "false"},
      {"sec*", "get secrets dev/x", "true"},
      {"sec*", "get ? dev/x", "unknown"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(Match(row.word, row.request), row.expected)
        << row.word << " " << row.request;
  }
  EXPECT_EQ(Match("pods", "exec pods/exec dev/x"), "false");
  EXPECT_EQ(Match("pods", "exec pods/exec dev/x", SetOf(Verb::kExec)), "true");
}

TEST(ResourceMatch, AnUnknownSubresourceIsAsSensitiveAsItsGroup) {
  CompiledPolicy policy;
  policy.tables = testing::Tables();
  const CompiledRule rule;
  const auto covers = [&](std::string_view request) {
    return CoversSensitive(policy, rule, Asked(request));
  };
  EXPECT_EQ(covers("patch deployments.apps/? dev/x"), Truth::kTrue);
  EXPECT_EQ(covers("patch pods/? dev/x"), Truth::kUnknown);
  EXPECT_EQ(covers("get clusterroles.rbac.authorization.k8s.io/? -/x"),
            Truth::kTrue);
  EXPECT_EQ(covers("patch clusterroles.rbac.authorization.k8s.io/? -/x"),
            Truth::kUnknown);
  EXPECT_EQ(covers("get secrets dev/x"), Truth::kFalse);
}

}  // namespace
}  // namespace gatehouse
