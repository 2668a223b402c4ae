// SPDX-License-Identifier: Apache-2.0
#include "policy/issue.h"

#include <gtest/gtest.h>

#include <set>

#include "policy/fault.h"

namespace gatehouse {
namespace {

TEST(Issue, RendersPositionCodeLineAndCaret) {
  Issue issue;
  issue.code = "P012";
  issue.file = "policy.yaml";
  issue.position = {14, 5, 9};
  issue.message = "unknown field \"namespcae\"";
  issue.line_text = "    namespcae: [dev]";
  EXPECT_EQ(Render(issue),
            "policy.yaml:14:5: error[P012]: unknown field \"namespcae\"\n"
            "   14 |     namespcae: [dev]\n"
            "      |     ^~~~~~~~~\n");
}

TEST(Issue, RendersHostileLinesHarmlessly) {
  Issue issue;
  issue.file = "f";
  issue.position = {1, 6, 1};
  issue.line_text = "é\x1b[2J" + std::string(5000, 'x');
  const std::string text = Render(issue);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_LT(text.size(), 600u);
}

TEST(Issue, SortsByPlaceAndKnowsErrors) {
  Issues issues;
  issues.Add({Severity::kWarning, "P001", "b", {1, 1, 0}, "", ""});
  EXPECT_FALSE(issues.HasErrors());
  issues.Add({Severity::kError, "P002", "a", {9, 1, 0}, "", ""});
  issues.Add({Severity::kError, "P003", "a", {2, 7, 0}, "", ""});
  issues.Sort();
  EXPECT_TRUE(issues.HasErrors());
  EXPECT_EQ(issues.items()[0].code, "P003");
  EXPECT_EQ(issues.items()[2].code, "P001");
}

TEST(NearestWord, AllowsAThirdOfTheLength) {
  const std::vector<std::string_view> known = {"namespaces", "names", "who"};
  EXPECT_EQ(NearestWord("namespcae", known), "namespaces");
  EXPECT_EQ(NearestWord("Names", known), "names");
  EXPECT_EQ(NearestWord("whp", known), "who");
  EXPECT_EQ(NearestWord("zebra", known), "");
  EXPECT_EQ(NearestWord("", known), "");
}

TEST(Fault, CodesAreUniqueAndCounted) {
  std::set<std::string_view> codes;
  std::set<std::string_view> slugs;
  for (const FaultRow& row : AllFaults()) {
    EXPECT_TRUE(codes.insert(row.code).second) << row.code;
    EXPECT_TRUE(slugs.insert(row.slug).second) << row.slug;
    EXPECT_EQ(FaultCode(row.fault), row.code);
    EXPECT_TRUE(row.meaning.ends_with('.'));
  }
  EXPECT_EQ(codes.size(), kFaultCount);
}

TEST(Quoted, CutsAndCleans) {
  EXPECT_EQ(Quoted("a\nb"), "\"a?b\"");
  EXPECT_EQ(Quoted(std::string(100, 'x')), "\"" + std::string(60, 'x') + "…\"");
}

}  // namespace
}  // namespace gatehouse
