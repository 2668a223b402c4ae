// SPDX-License-Identifier: Apache-2.0
// What a policy says of a whole session: over extended files and both layers
// the stricter stands.
#include <gtest/gtest.h>

#include <ostream>

#include "policy/session_settings.h"
#include "tests/policy/policy_fixture.h"

namespace gatehouse {
namespace {

constexpr std::string_view kRule = "\nrules: [{id: r, allow: read}]";

// `inner` is extended by `outer`; "" for none of them.
SessionSettings SettingsOf(std::string_view outer, std::string_view inner,
                           std::string_view system) {
  Issues issues;
  const auto file = [](const char* name, std::string_view body) {
    return SourceText{
        name, testing::PolicyText(std::string(body) + std::string(kRule))};
  };
  CompileOptions options = testing::InDev();
  if (!system.empty()) options.system = {ReadRules(file("s", system), issues)};
  std::vector<RuleFile> files = {ReadRules(file("o", outer), issues)};
  if (!inner.empty()) {
    files.push_back(ReadRules(file("i", inner), issues));
    files.back().name = "inner";
  }
  const auto engine = CompileRules(files, testing::Tables(), options, issues);
  EXPECT_NE(engine, nullptr) << testing::Rendered(issues);
  return engine == nullptr ? SessionSettings() : engine->settings();
}

TEST(SessionSettings, AreAsShippedWhereNothingIsSaid) {
  const SessionSettings settings = SettingsOf("", "", "");
  EXPECT_EQ(settings.controls, TextControls::kStrip);
  EXPECT_EQ(settings.client_features.sampling, FeatureUse::kAsDeclared);
  EXPECT_EQ(settings.client_features.elicitation, FeatureUse::kAsDeclared);
  EXPECT_EQ(settings.client_features.roots, FeatureUse::kAsDeclared);
  EXPECT_TRUE(settings.secret_keys.empty());
  EXPECT_TRUE(settings.formats.empty());
}

struct ControlsRow {
  const char* outer;
  const char* inner;
  const char* system;
  TextControls expected;
};
void PrintTo(const ControlsRow& row, std::ostream* out) {
  *out << row.outer << " / " << row.inner << " / " << row.system;
}

class Controls : public ::testing::TestWithParam<ControlsRow> {};

TEST_P(Controls, AreKeptOnlyWhereNobodyStripsThem) {
  const auto body = [](std::string_view word) {
    if (word.empty()) return std::string();
    return word == "silent" ? "description: x"
                            : "text: {controls: " + std::string(word) + "}";
  };
  EXPECT_EQ(SettingsOf(body(GetParam().outer), body(GetParam().inner),
                       body(GetParam().system))
                .controls,
            GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Session, Controls,
    ::testing::Values(ControlsRow{"keep", "", "", TextControls::kKeep},
                      ControlsRow{"strip", "", "", TextControls::kStrip},
                      ControlsRow{"keep", "strip", "", TextControls::kStrip},
                      ControlsRow{"silent", "keep", "", TextControls::kStrip},
                      ControlsRow{"keep", "keep", "", TextControls::kKeep},
                      ControlsRow{"keep", "", "silent", TextControls::kKeep},
                      ControlsRow{"keep", "", "keep", TextControls::kKeep},
                      ControlsRow{"keep", "", "strip", TextControls::kStrip},
                      ControlsRow{"silent", "", "keep", TextControls::kStrip}));

TEST(SessionSettings, OneDenyOfAFeatureHoldsForAll) {
  const auto deny = [](const char* what) {
    return "clientFeatures: {" + std::string(what) + ": deny}";
  };
  const SessionSettings settings =
      SettingsOf(deny("sampling"), deny("roots"), deny("elicitation"));
  EXPECT_EQ(settings.client_features.sampling, FeatureUse::kDeny);
  EXPECT_EQ(settings.client_features.roots, FeatureUse::kDeny);
  EXPECT_EQ(settings.client_features.elicitation, FeatureUse::kDeny);
  EXPECT_EQ(SettingsOf(deny("roots"), "clientFeatures: {roots: as-declared}",
                       "clientFeatures: {roots: as-declared}")
                .client_features.roots,
            FeatureUse::kDeny);
}

TEST(SessionSettings, RedactionOnlyGrows) {
  const SessionSettings settings =
      SettingsOf("redaction: {keys: employeeNumber}",
                 "redaction: {formats: [email]}", "redaction: {keys: [iban]}");
  EXPECT_EQ(settings.secret_keys,
            (std::vector<std::string>{"employeeNumber", "iban"}));
  EXPECT_EQ(settings.formats, std::vector<std::string>{"email"});
}

struct RevealRow {
  const char* rules;
  const char* call;
  bool reveals;
};
void PrintTo(const RevealRow& row, std::ostream* out) {
  *out << row.call << " by " << row.rules;
}

class Reveal : public ::testing::TestWithParam<RevealRow> {};

TEST_P(Reveal, NeedsARuleThatSaysSoForEachSecret) {
  const auto engine = testing::Compile(GetParam().rules);
  std::vector<Request> requests;
  std::string_view rest = GetParam().call;
  while (!rest.empty()) {
    const std::size_t end = rest.find(" + ");
    requests.push_back(testing::Asked(rest.substr(0, end)));
    rest = end == std::string_view::npos ? "" : rest.substr(end + 3);
  }
  EXPECT_EQ(testing::Decide(*engine, testing::Call(requests)).reveals,
            GetParam().reveals);
}

constexpr const char* kRevealsDb =
    "rules: [{id: s, allow: read, resources: [secrets, pods]}, "
    "{id: db, allow: get, resources: secrets, names: db, reveal: true}]";
constexpr const char* kReversed =
    "rules: [{id: db, allow: get, resources: secrets, names: db, "
    "reveal: true}, {id: s, allow: read, resources: [secrets, pods]}]";
constexpr const char* kCounted =
    "rules: [{id: db, allow: get, resources: secrets, reveal: true, "
    "limit: {calls: 1, per: 1h}}, {id: s, allow: read, resources: secrets}]";
constexpr const char* kHeldBack =
    "rules: [{id: db, allow: get, resources: secrets, reveal: true}, "
    "{id: no, deny: get, resources: secrets, names: tls}]";
constexpr const char* kObserved =
    "rules: [{id: s, allow: read, resources: secrets}, {id: db, allow: get, "
    "resources: secrets, reveal: true, mode: observe}]";

INSTANTIATE_TEST_SUITE_P(
    Session, Reveal,
    ::testing::Values(
        RevealRow{kRevealsDb, "get secrets dev/db", true},
        RevealRow{kReversed, "get secrets dev/db", true},
        RevealRow{kRevealsDb, "get secrets dev/tls", false},
        RevealRow{kRevealsDb, "get pods dev/db", false},
        RevealRow{kRevealsDb, "get secrets dev/db + get pods dev/x", true},
        RevealRow{kRevealsDb, "get secrets dev/db + get secrets dev/x", false},
        RevealRow{kRevealsDb, "list secrets dev", false},
        RevealRow{kHeldBack, "get secrets dev/db", true},
        RevealRow{kHeldBack, "get secrets dev/tls", false},
        RevealRow{kObserved, "get secrets dev/db", false}));

TEST(Reveal, OfALimitedRuleDoesNotStandBeforeAnUnlimitedOne) {
  EXPECT_FALSE(testing::DecideAt(*testing::Compile(kCounted),
                                 "2026-11-27T10:00:00Z", "get secrets dev/db")
                   .reveals);
}

TEST(Reveal, NeedsBothLayers) {
  const char* plain = "rules: [{id: s, allow: read, resources: secrets}]";
  const char* reveals =
      "rules: [{id: s, allow: read, resources: secrets, reveal: true}]";
  for (const auto& [user, system, expected] :
       {std::tuple(reveals, reveals, true), std::tuple(reveals, plain, false),
        std::tuple(plain, reveals, false)}) {
    Issues issues;
    CompileOptions options = testing::InDev();
    options.system = {
        ReadRules({"system", testing::PolicyText(system)}, issues)};
    const auto engine = testing::CompileSource(
        {"user", testing::PolicyText(user)}, options, issues);
    ASSERT_NE(engine, nullptr) << testing::Rendered(issues);
    EXPECT_EQ(
        testing::Decide(*engine, testing::Call("get secrets dev/db")).reveals,
        expected)
        << user << system;
  }
}

TEST(Reveal, IsNothingThatAnObservedRefusalHas) {
  CompileOptions options = testing::InDev();
  options.mode = Mode::kObserve;
  const auto engine = testing::Compile(kHeldBack, options);
  const Decision decision =
      testing::Decide(*engine, testing::Call("get secrets dev/tls"));
  EXPECT_TRUE(decision.Passes());
  EXPECT_FALSE(decision.reveals);
}

}  // namespace
}  // namespace gatehouse
