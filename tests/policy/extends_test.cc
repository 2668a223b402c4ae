// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <map>

#include "policy_fixture.h"

namespace gatehouse {
namespace {

// Follows `extends` from "a" through texts that hold only what they extend.
std::string Order(const std::map<std::string, std::string>& extends,
                  Issues& issues) {
  const LoadExtended load = [&](std::string_view name,
                                std::string_view) -> Result<SourceText> {
    const auto found = extends.find(std::string(name));
    if (found == extends.end()) return Error{ErrorCode::kNotFound, "gone"};
    return SourceText{
        found->first,
        "apiVersion: gatehouse/v1\nkind: Policy\nname: " + found->first +
            "\nrules: [{id: r, deny: raw}]\n" + found->second};
  };
  const auto files =
      ResolveExtends(ReadRules(load("a", "").value(), issues), load, issues);
  std::string names;
  for (const RuleFile& file : files) names += file.name;
  return names;
}

TEST(Extends, OutermostFirstAndEachOnce) {
  Issues issues;
  EXPECT_EQ(Order({{"a", "extends: [b, c]"},
                   {"b", "extends: [d]"},
                   {"c", "extends: d"},
                   {"d", ""}},
                  issues),
            "abdc");
  EXPECT_EQ(testing::Rendered(issues), "");
}

TEST(Extends, CyclesAndMissingFilesAreIssuesAtTheWord) {
  Issues issues;
  Order({{"a", "extends: [b, x]"}, {"b", "extends: a"}}, issues);
  ASSERT_EQ(issues.items().size(), 2u);
  EXPECT_EQ(issues.items()[0].code, "P029");
  EXPECT_EQ(issues.items()[0].file, "b");
  EXPECT_EQ(issues.items()[1].code, "P028");
  EXPECT_EQ(issues.items()[1].position.column, 14);
}

}  // namespace
}  // namespace gatehouse
