// SPDX-License-Identifier: Apache-2.0
#include "policy/decision.h"

#include <gtest/gtest.h>

#include <set>

namespace gatehouse {
namespace {

TEST(Decision, DeniesWhenZeroed) {
  const Decision decision{};
  EXPECT_EQ(decision.effect, Effect::kDeny);
  EXPECT_EQ(decision.code, Code::kNoPolicy);
  EXPECT_FALSE(decision.Passes());
}

TEST(Decision, PassesWhenAllowedOrOnlyObserved) {
  Decision decision;
  decision.enforced = false;
  EXPECT_TRUE(decision.Passes());
  decision.enforced = true;
  decision.effect = Effect::kAsk;
  EXPECT_FALSE(decision.Passes());
  decision.effect = Effect::kAllow;
  EXPECT_TRUE(decision.Passes());
}

TEST(Codes, SayWhatHelps) {
  EXPECT_NE(RowOf(Code::kDrift).hint.find("server pin --accept -- SERVER"),
            std::string_view::npos);
  EXPECT_NE(RowOf(Code::kResultTooLarge).hint.find("--max-result"),
            std::string_view::npos);
  EXPECT_NE(RowOf(Code::kUnknownMethod).hint.find("prompts, resources"),
            std::string_view::npos);
}

// The slugs are a contract (cli.md): this list only grows.
TEST(Codes, AreTheContract) {
  const std::set<std::string_view> kContract = {"denied-by-rule",
                                                "no-rule",
                                                "outside-scope",
                                                "protected",
                                                "unclear",
                                                "unknown-tool",
                                                "sensitive",
                                                "context",
                                                "limit",
                                                "approval-timeout",
                                                "approval-refused",
                                                "approval-unavailable",
                                                "audit-unavailable",
                                                "malformed",
                                                "duplicate-key",
                                                "too-large",
                                                "too-deep",
                                                "batch",
                                                "drift",
                                                "unknown-method",
                                                "not-in-flight",
                                                "no-policy",
                                                "clock",
                                                "server-died",
                                                "server-busy",
                                                "result-too-large"};
  std::set<std::string_view> slugs;
  for (const CodeRow& row : AllCodes()) {
    EXPECT_TRUE(slugs.insert(row.slug).second) << row.slug;
    EXPECT_EQ(CodeFromName(row.slug), row.code);
    EXPECT_TRUE(row.meaning.ends_with('.')) << row.slug;
    EXPECT_TRUE(row.hint.ends_with('.')) << row.slug;
  }
  for (std::string_view slug : kContract) {
    EXPECT_TRUE(slugs.contains(slug)) << slug;
  }
  EXPECT_EQ(CodeFromName("nonsense"), std::nullopt);
}

}  // namespace
}  // namespace gatehouse
