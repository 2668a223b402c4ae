// SPDX-License-Identifier: Apache-2.0
// No rule lets anything past a fence: a row that turns to "inside" is a hole.
#include "policy/fence.h"

#include <gtest/gtest.h>

#include "policy_fixture.h"

namespace gatehouse {
namespace {

using testing::Asked;

Patterns Globs(std::initializer_list<std::string_view> words) {
  Patterns patterns;
  for (std::string_view word : words) {
    patterns.push_back(Pattern::Compile(word).value());
  }
  return patterns;
}

std::string Shown(const CompiledPolicy& policy, const Request& request) {
  const FenceCheck check = CheckFences(policy, request);
  const std::string code(CodeName(check.code));
  switch (check.answer) {
    case FenceAnswer::kInside:
      return "inside " + code;
    case FenceAnswer::kOutside:
      return "outside " + code;
    case FenceAnswer::kOutsideUnknown:
      return "unknown " + code;
  }
  return "";
}

struct FenceRow {
  std::string_view request;
  std::string_view expected;
};

TEST(Fence, OfNamespacesHoldsEveryPlace) {
  CompiledPolicy policy;
  policy.namespace_fences = {{Globs({"dev", "team-*"}), false},
                             {Globs({"*"}), true}};
  const FenceRow rows[] = {
      {"get pods dev/web", "inside allowed"},
      {"get pods team-a/web", "inside allowed"},
      {"get pods prod/web", "outside outside-scope"},
      {"get pods ?/web", "unknown outside-scope"},
      {"list pods *", "outside outside-scope"},
      {"get nodes -/n1", "outside outside-scope"},
      {"get namespaces dev/dev", "outside outside-scope"},
      {"discover  -", "inside allowed"},
      {"none  -", "inside allowed"},
  };
  for (const FenceRow& row : rows) {
    EXPECT_EQ(Shown(policy, Asked(row.request)), row.expected) << row.request;
  }
  policy.namespace_fences.erase(policy.namespace_fences.begin());
  for (const char* request : {"list pods *", "get nodes -/n1"}) {
    EXPECT_EQ(Shown(policy, Asked(request)), "inside allowed") << request;
  }
}

TEST(Fence, ProtectStopsEveryChangeThere) {
  CompiledPolicy policy;
  policy.protect = Globs({"kube-*"});
  const FenceRow rows[] = {
      {"get secrets kube-system/x", "inside allowed"},
      {"watch pods *", "inside allowed"},
      {"none  -", "inside allowed"},
      {"delete pods dev/x", "inside allowed"},
      {"delete pods kube-system/x", "outside protected"},
      {"exec pods/exec kube-system/x", "outside protected"},
      {"deletecollection pods *", "outside protected"},
      {"delete pods ?/x", "unknown protected"},
      {"delete nodes -/n1", "inside allowed"},
      {"delete namespaces -/dev", "inside allowed"},
      {"delete namespaces -/kube-system", "outside protected"},
      {"delete namespaces dev/kube-system", "outside protected"},
      {"deletecollection namespaces -", "outside protected"},
      {"delete namespaces -/?", "unknown protected"},
      {"delete ? -/dev", "inside allowed"},
      {"delete ? -/kube-system", "unknown protected"},
      {"? pods kube-system/x", "outside protected"},
  };
  for (const FenceRow& row : rows) {
    EXPECT_EQ(Shown(policy, Asked(row.request)), row.expected) << row.request;
  }
}

TEST(Fence, OfContextsStandsFirstAndAllOfThemHold) {
  CompiledPolicy policy;
  policy.context_fences = {Globs({"*"}), Globs({"dev"})};
  policy.namespace_fences = {{Globs({"dev"}), false}};
  Request request = Asked("get pods prod/web");
  EXPECT_EQ(Shown(policy, request), "outside outside-scope");
  request.context = "prod";
  EXPECT_EQ(Shown(policy, request), "outside context");
  request.context = std::nullopt;
  EXPECT_EQ(Shown(policy, request), "unknown context");
  request.verb = Verb::kDiscover;
  EXPECT_EQ(Shown(policy, request), "unknown context");
  request.verb = Verb::kNone;
  EXPECT_EQ(Shown(policy, request), "inside allowed");
}

}  // namespace
}  // namespace gatehouse
