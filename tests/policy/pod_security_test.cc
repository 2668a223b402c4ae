// SPDX-License-Identifier: Apache-2.0
// What pods ask for, as rules match it: as deny, as ask, under `unless`.
#include "policy/pod_security.h"

#include <gtest/gtest.h>

#include "policy_fixture.h"

namespace gatehouse {
namespace {

using testing::Brief;
using testing::Compile;

std::string Judged(std::string_view rules, PodSecurity security) {
  Request request = testing::Asked("create pods dev/web");
  request.pods.security = security;
  request.pods.because = "spec.hostPID";
  const auto engine = Compile(rules);
  return Brief(testing::Decide(*engine, testing::Call({request})));
}

TEST(PodSecurity, HasNamesThatReadBack) {
  for (const std::string_view name : kPodStandards) {
    const auto standard = PodStandardFromName(name);
    ASSERT_TRUE(standard.has_value()) << name;
    EXPECT_EQ(PodSecurityName(*standard), name);
    EXPECT_TRUE(IsPodStandard(*standard));
  }
  for (const char* word : {"unknown", "none", "", "Privileged"}) {
    EXPECT_EQ(PodStandardFromName(word), std::nullopt) << word;
  }
  EXPECT_FALSE(IsPodStandard(PodSecurity::kUnknown));
  EXPECT_EQ(PodsFromName("image"), PodsFrom::kImage);
  EXPECT_EQ(PodsFromName("privileged"), std::nullopt);
}

// privileged, baseline, restricted, none, unknown.
TEST(PodSecurity, MatchesTheStandardExactly) {
  const std::string allow = "rules:\n- {id: a, allow: create}\n- ";
  const struct {
    std::string rule;
    std::string_view expected[5];
  } kRows[] = {
      {"{id: d, deny: write, podSecurity: privileged}",
       {"deny by d (denied-by-rule)", "allow by a", "allow by a", "allow by a",
        "deny by d (denied-by-rule)"}},
      {"{id: d, deny: write, podSecurity: [privileged, baseline]}",
       {"deny by d (denied-by-rule)", "deny by d (denied-by-rule)",
        "allow by a", "allow by a", "deny by d (denied-by-rule)"}},
      {"{id: k, ask: create, podSecurity: baseline}",
       {"allow by a", "ask by k", "allow by a", "allow by a",
        "deny by k (unclear)"}},
      // An exception to a deny holds only for what is known.
      {"{id: d, deny: create, unless: {podSecurity: restricted}}",
       {"deny by d (denied-by-rule)", "deny by d (denied-by-rule)",
        "allow by a", "deny by d (denied-by-rule)",
        "deny by d (denied-by-rule)"}},
  };
  const PodSecurity levels[] = {
      PodSecurity::kPrivileged, PodSecurity::kBaseline,
      PodSecurity::kRestricted, PodSecurity::kNone, PodSecurity::kUnknown};
  for (const auto& row : kRows) {
    for (std::size_t i = 0; i < std::size(levels); ++i) {
      EXPECT_EQ(Judged(allow + row.rule, levels[i]), row.expected[i])
          << row.rule << " " << PodSecurityName(levels[i]);
    }
  }
}

TEST(PodSecurity, AnAllowMayExcludeIt) {
  const std::string_view rule =
      "rules:\n- {id: a, allow: create, unless: {podSecurity: privileged}}";
  EXPECT_EQ(Judged(rule, PodSecurity::kBaseline), "allow by a");
  EXPECT_EQ(Judged(rule, PodSecurity::kPrivileged), "deny (no-rule)");
  EXPECT_EQ(Judged(rule, PodSecurity::kUnknown), "deny (no-rule)");
}

TEST(PodSecurity, TheSentenceSaysWhatItIs) {
  Request request = testing::Asked("create pods dev/web");
  request.pods = {PodSecurity::kPrivileged, "spec.hostPID", false, ""};
  const auto engine = Compile(
      "rules:\n- {id: d, deny: write, podSecurity: privileged, "
      "reason: No root on nodes.}");
  EXPECT_EQ(testing::Decide(*engine, testing::Call({request})).sentence,
            "Creating pods \"web\" in namespace \"dev\" (privileged: "
            "spec.hostPID) is not allowed by rule \"d\": No root on nodes.");
}

}  // namespace
}  // namespace gatehouse
