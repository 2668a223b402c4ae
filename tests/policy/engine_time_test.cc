// SPDX-License-Identifier: Apache-2.0
// Rules that depend on the time, count calls, or look at dry runs.
#include <gtest/gtest.h>

#include "policy/engine.h"
#include "policy_fixture.h"

namespace gatehouse {
namespace {

using testing::Asked;
using testing::Brief;
using testing::Call;
using testing::Compile;
using testing::Decide;
using testing::DecideAt;

constexpr std::string_view kFriday = "2026-11-27T10:00:00Z";
constexpr std::string_view kSunday = "2026-11-29T10:00:00Z";

TEST(EngineTime, AnAllowEndsAtUntil) {
  const auto engine =
      Compile("rules: [{id: a, allow: read, until: 2026-11-27T12:00:00Z}]");
  EXPECT_EQ(Brief(DecideAt(*engine, "2026-11-27T11:59:59Z", "get pods dev/x")),
            "allow by a");
  const Decision over =
      DecideAt(*engine, "2026-11-27T12:00:00Z", "get pods dev/x");
  EXPECT_EQ(Brief(over), "deny (no-rule)");
  EXPECT_NE(over.sentence.find("covered it until 2026-11-27T12:00:00Z"),
            std::string::npos)
      << over.sentence;
}

TEST(EngineTime, ADenyEndsOnlyWhereItSaysSo) {
  const auto engine = Compile(
      "rules: [{id: a, allow: write}, {id: freeze, deny: write, "
      "until: 2026-11-28T00:00:00Z, expires: opens}]");
  EXPECT_EQ(Brief(DecideAt(*engine, kFriday, "patch pods dev/x")),
            "deny by freeze (denied-by-rule)");
  EXPECT_EQ(Brief(DecideAt(*engine, kSunday, "patch pods dev/x")),
            "allow by a");
}

TEST(EngineTime, WhenIsAFieldLikeOthersAndAnException) {
  const auto engine = Compile(
      "rules:\n"
      "- {id: office, allow: write, when: {days: mon-fri, hours: "
      "'09:00-17:00', zone: UTC}}\n"
      "- {id: shut, deny: delete, unless: {when: {days: fri, zone: UTC}}}");
  EXPECT_EQ(Brief(DecideAt(*engine, kFriday, "patch pods dev/x")),
            "allow by office");
  EXPECT_EQ(Brief(DecideAt(*engine, kFriday, "delete pods dev/x")),
            "allow by office");
  EXPECT_EQ(Brief(DecideAt(*engine, kSunday, "patch pods dev/x")),
            "deny (no-rule)");
  EXPECT_EQ(Brief(DecideAt(*engine, kSunday, "delete pods dev/x")),
            "deny by shut (denied-by-rule)");
}

TEST(EngineTime, AClockOutsideItsBoundsIsNoClock) {
  const auto timed =
      Compile("rules: [{id: a, allow: read, until: 2030-01-01T00:00:00Z}]");
  const auto timeless = Compile("rules: [{id: a, allow: read}]");
  for (const char* wrong : {"1970-01-01T00:00:00Z", "2025-12-31T23:59:59Z",
                            "2100-01-01T00:00:00Z"}) {
    const Decision decision = DecideAt(*timed, wrong, "get pods dev/x");
    EXPECT_EQ(Brief(decision), "deny (clock)") << wrong;
    EXPECT_NE(decision.sentence.find("clock"), std::string::npos);
    EXPECT_EQ(Brief(DecideAt(*timeless, wrong, "get pods dev/x")),
              "allow by a");
  }
}

TEST(EngineLimit, NamesTheRulesThatCount) {
  const auto engine = Compile(
      "rules:\n"
      "- {id: r, allow: read, limit: {calls: 30, per: 1m}}\n"
      "- {id: w, allow: patch, limit: {calls: 2, per: 1h}}\n"
      "- {id: free, allow: get, resources: services}\n"
      "- {id: shut, deny: delete}");
  const auto limits = [&](std::vector<Request> requests) {
    std::string text;
    const Decision decision = engine->Decide(
        Call(std::move(requests)), testing::Someone(), *ReadRfc3339(kFriday));
    for (const LimitKey& key : decision.limits) {
      text += key.rule + ":" + std::to_string(key.calls) + "/" +
              DurationText(key.per) + " ";
    }
    return text;
  };
  const Request get = Asked("get pods dev/x");
  const Request patch = Asked("patch pods dev/x");
  EXPECT_EQ(limits({get}), "r:30/1m ");
  EXPECT_EQ(limits({get, get, patch}), "r:30/1m w:2/1h ");
  EXPECT_EQ(limits({get, Asked("delete pods dev/x")}), "");
  EXPECT_EQ(limits({Asked("get services dev/x")}), "")
      << "a rule without a limit allows it too, whatever their order";
}

TEST(EngineDryRun, IsAReadOnlyWhereThePolicySaysSo) {
  Request trial = Asked("patch deployments.apps dev/web");
  trial.dry_run = true;
  Request removal = Asked("delete deployments.apps dev/web");
  removal.dry_run = true;
  Request secret = Asked("patch secrets dev/db");
  secret.dry_run = true;
  const std::string rules =
      "rules: [{id: r, allow: read}, {id: d, deny: write, resources: jobs}]";
  const auto off = Compile(rules);
  const auto on = Compile("dryRun: read\n" + rules);
  EXPECT_EQ(Brief(Decide(*off, Call({trial}))), "deny (no-rule)");
  EXPECT_EQ(Brief(Decide(*on, Call({trial}))), "allow by r");
  EXPECT_EQ(Brief(Decide(*on, Call("patch deployments.apps dev/web"))),
            "deny (no-rule)");
  EXPECT_EQ(Brief(Decide(*on, Call({removal}))), "deny (no-rule)");
  EXPECT_EQ(Brief(Decide(*on, Call({secret}))), "deny (sensitive)");
  trial.namespace_name = "kube-system";
  EXPECT_EQ(Brief(Decide(*on, Call({trial}))), "allow by r");
}

}  // namespace
}  // namespace gatehouse
