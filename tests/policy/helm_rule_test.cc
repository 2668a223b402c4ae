// SPDX-License-Identifier: Apache-2.0
// `helm: true`: what a rule must say before helm may change anything, and what
// it then covers. Without it, or outside its namespace, nothing of a chart.
#include <gtest/gtest.h>

#include "policy_fixture.h"

namespace gatehouse {
namespace {

using testing::Brief;
using testing::Compile;
using testing::Decide;
using testing::HelmCall;

struct HelmRuleRow {
  std::string_view policy;
  HelmPart part;
  std::string_view request;
  std::string_view expected;
};

constexpr HelmPart kRelease = HelmPart::kRelease;
constexpr HelmPart kChart = HelmPart::kChart;
constexpr std::string_view kChange = "create ? dev/?";
constexpr std::string_view kBeyond = "unclear ? dev/?";
constexpr std::string_view kWrite =
    "rules: [{id: w, allow: write, namespaces: dev}]";
constexpr std::string_view kHelm =
    "rules: [{id: h, allow: write, namespaces: dev, helm: true}]";
constexpr std::string_view kReadHelm =
    "rules: [{id: r, allow: read, helm: true}]";
constexpr std::string_view kSecrets =
    "rules: [{id: s, allow: [read, write], resources: secrets}]";
constexpr std::string_view kAny = "rules: [{id: y, allow: any}]";
constexpr std::string_view kDenySecrets =
    "rules: [{id: h, allow: write, helm: true},"
    " {id: d, deny: any, resources: secrets}]";
constexpr std::string_view kDenyDelete =
    "rules: [{id: h, allow: write, helm: true}, {id: d, deny: delete}]";
constexpr std::string_view kAskHelm =
    "rules: [{id: a, ask: write, helm: true}]";
constexpr std::string_view kScoped =
    "scope: {namespaces: [team]}\n"
    "rules: [{id: h, allow: write, helm: true}]";
constexpr std::string_view kProtected =
    "protect: [dev]\nrules: [{id: h, allow: write, helm: true}]";
constexpr std::string_view kUnlessDenied =
    "rules: [{id: h, allow: write, helm: true, unless: {resources: secrets}}]";
constexpr std::string_view kPart =
    "rules: [{id: h, allow: [create, patch], helm: true}]";

const HelmRuleRow kHelmRows[] = {
    // What a chart holds is never covered without the word.
    {kWrite, kChart, kChange, "deny (unclear)"},
    {kAny, kChart, kChange, "deny (unclear)"},
    {kSecrets, kChart, kChange, "deny (unclear)"},
    {kWrite, kChart, kBeyond, "deny (unclear)"},
    {kAny, kChart, kBeyond, "deny (unclear)"},
    // With it, in its namespaces.
    {kHelm, kChart, kChange, "allow by h"},
    {kHelm, kChart, "delete ? dev/?", "allow by h"},
    {kHelm, kChart, "get ? dev/?", "allow by h"},
    {kHelm, kChart, "list ? dev/?", "allow by h"},
    {kHelm, kChart, "watch ? dev/?", "allow by h"},
    {kHelm, kChart, kBeyond, "allow by h"},
    {kHelm, kChart, "create ? prod/?", "deny (no-rule)"},
    {kHelm, kChart, "unclear ? prod/?", "deny (unclear)"},
    {kHelm, kChart, "create ? ?/?", "deny (unclear)"},
    {kScoped, kChart, kChange, "deny (outside-scope)"},
    {kScoped, kChart, kBeyond, "deny (outside-scope)"},
    {kProtected, kChart, kChange, "deny (protected)"},
    {kProtected, kChart, kBeyond, "deny (protected)"},
    // The whole of `write` or nothing.
    {kPart, kChart, kChange, "allow by h"},
    {kPart, kChart, "delete ? dev/?", "deny (no-rule)"},
    {kPart, kChart, kBeyond, "deny (unclear)"},
    {kReadHelm, kChart, kBeyond, "deny (unclear)"},
    // It covers nothing that is not helm's, and lifts no deny.
    {kHelm, HelmPart::kNone, kChange, "deny (unclear)"},
    {kHelm, HelmPart::kNone, kBeyond, "deny (unclear)"},
    {kHelm, HelmPart::kNone, "create secrets dev/x", "deny (sensitive)"},
    {kHelm, HelmPart::kNone, "get secrets dev/x", "deny (no-rule)"},
    {kDenySecrets, kChart, kChange, "deny by d (denied-by-rule)"},
    {kDenySecrets, kRelease, "list secrets dev", "deny by d (denied-by-rule)"},
    {kDenyDelete, kChart, "delete ? dev/?", "deny by d (denied-by-rule)"},
    {kUnlessDenied, kChart, kChange, "deny (no-rule)"},
    // An ask takes it too.
    {kAskHelm, kChart, kChange, "ask by a"},
    {kAskHelm, kChart, kBeyond, "ask by a"},
    // helm's own records are Secrets: named, or covered by the word.
    {kAny, kRelease, "list secrets dev", "deny (sensitive)"},
    {kSecrets, kRelease, "list secrets dev", "allow by s"},
    {kReadHelm, kRelease, "list secrets dev", "allow by r"},
    {kReadHelm, kRelease, "list secrets *", "allow by r"},
    {kReadHelm, kRelease, "create secrets dev/?", "deny (no-rule)"},
    {kHelm, kRelease, "list secrets dev", "allow by h"},
    {kHelm, kRelease, "list secrets *", "deny (no-rule)"},
    {kHelm, kRelease, "create secrets dev/?", "allow by h"},
    {kPart, kRelease, "list secrets dev", "deny (no-rule)"},
};

TEST(HelmRule, CoversWhatItSays) {
  for (const HelmRuleRow& row : kHelmRows) {
    EXPECT_EQ(
        Brief(Decide(*Compile(row.policy), HelmCall(row.request, row.part))),
        row.expected)
        << row.policy << " | " << row.request;
  }
}

TEST(HelmRule, SaysWhatItCannotBound) {
  const auto sentence = [](std::string_view policy, std::string_view request) {
    return Decide(*Compile(policy), HelmCall(request, kChart)).sentence;
  };
  EXPECT_EQ(sentence(kHelm, kBeyond),
            "What the chart holds beyond its namespace, where only the "
            "cluster's own rights bound it, is allowed by rule \"h\" of policy "
            "\"test\".");
  EXPECT_EQ(sentence(kHelm, kChange),
            "Creating what the chart holds in namespace \"dev\" is allowed by "
            "rule \"h\" of policy \"test\".");
}

}  // namespace
}  // namespace gatehouse
