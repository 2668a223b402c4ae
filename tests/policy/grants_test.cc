// SPDX-License-Identifier: Apache-2.0
#include "policy/grants.h"

#include <gtest/gtest.h>

#include "policy_fixture.h"

namespace gatehouse::testing {
namespace {

Grants Of(const std::vector<std::string_view>& texts) {
  std::vector<Request> requests;
  for (std::string_view text : texts) requests.push_back(Asked(text));
  return GatherGrants(requests, *Tables());
}

TEST(Grants, MergesPlacesWhereTheSameWasDone) {
  const Grants grants =
      Of({"list pods a", "list pods b", "list services a", "list services b"});
  ASSERT_EQ(grants.ordinary.size(), 1u);
  EXPECT_EQ(grants.ordinary[0].resources.size(), 2u);
  EXPECT_EQ(grants.ordinary[0].namespaces, (std::set<std::string>{"a", "b"}));
  EXPECT_EQ(grants.contexts, std::set<std::string>{"dev"});
  EXPECT_EQ(NamespacesOf(grants), (std::set<std::string>{"a", "b"}));
}

TEST(Grants, KeepPlacesApartWhereTheyDiffer) {
  EXPECT_EQ(Of({"list pods a", "get pods b/x"}).ordinary.size(), 2u);
  const Grants all = Of({"list pods *", "list nodes -"});
  EXPECT_EQ(NamespacesOf(all), (std::set<std::string>{"", "*"}));
}

TEST(Grants, HoldBackByTheReason) {
  const struct {
    std::string_view request;
    std::string_view why;
  } kRows[] = {
      {"get secrets dev/db", "holds credentials"},
      {"delete pods kube-system/dns", "protected namespace"},
      {"delete pods *", "protected namespace"},
      {"raw  -", "beyond ordinary objects"},
  };
  for (const auto& row : kRows) {
    const Grants grants = Of({row.request});
    EXPECT_TRUE(grants.ordinary.empty()) << row.request;
    ASSERT_EQ(grants.held.size(), 1u) << row.request;
    EXPECT_NE(grants.held[0].held.find(row.why), std::string::npos)
        << grants.held[0].held;
  }
  EXPECT_EQ(Of({"list pods kube-system"}).ordinary.size(), 1u);
}

TEST(Grants, LeaveOutWhatNoRuleSays) {
  EXPECT_EQ(Of({"get pods ?/a", "get ? dev/a", "unclear ? ?"}).beyond.size(),
            3u);
  Request helm = Asked("create secrets dev/x");
  helm.helm = HelmPart::kRelease;
  EXPECT_EQ(GatherGrants({helm}, *Tables()).beyond.size(), 1u);
}

}  // namespace
}  // namespace gatehouse::testing
