// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/type_verbs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace gatehouse {
namespace {

TEST(TypeVerbs, AreTheUsualOnesWhereTheTableSaysNothing) {
  const auto tables = KubernetesTables::Embedded();
  EXPECT_EQ(VerbsOf(*tables->Find("pods").front()).size(), kObjectVerbs.size());
  EXPECT_EQ(VerbsOf(*tables->Find("tokenreviews").front()),
            std::vector<Verb>{Verb::kCreate});
}

// A row for what no type has would be a misspelt one.
TEST(TypeVerbs, OfSubresourcesAreOfSomeType) {
  std::set<std::string, std::less<>> all;
  const auto tables = KubernetesTables::Embedded();
  for (const ResourceType& type : tables->resources()) {
    for (const auto name : type.subresources) all.emplace(name);
  }
  for (const auto name :
       {"log", "status", "token", "scale", "binding", "eviction"}) {
    EXPECT_TRUE(all.contains(name)) << name;
    EXPECT_FALSE(VerbsOfSubresource(name).empty()) << name;
  }
  EXPECT_TRUE(VerbsOfSubresource("proxy").empty());
  EXPECT_TRUE(VerbsOfSubresource("exec").empty());
}

}  // namespace
}  // namespace gatehouse
