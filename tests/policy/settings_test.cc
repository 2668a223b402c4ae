// SPDX-License-Identifier: Apache-2.0
#include "policy/settings.h"

#include <gtest/gtest.h>

#include "policy/time_text.h"
#include "policy_fixture.h"

namespace gatehouse {
namespace {

std::string Faults(const std::string& name, std::vector<std::string> values) {
  CompileOptions options;
  options.now = *ReadRfc3339("2026-11-27T12:00:00Z");
  options.settings[name] = std::move(values);
  Issues issues;
  CheckSettings(options, issues);
  std::string text;
  for (const Issue& issue : issues.items()) {
    text += issue.code + " " + issue.message;
  }
  return text;
}

TEST(Settings, AreCheckedLikeAFile) {
  EXPECT_EQ(Faults("scope.namespaces", {"dev", "team-*", ""}), "");
  EXPECT_EQ(Faults("scope.contexts", {"dev"}), "");
  EXPECT_EQ(Faults("until", {"2026-11-27T20:00:00Z"}), "");
  EXPECT_EQ(Faults("reason", {"INC-7", " the pod hangs"}), "");
  EXPECT_EQ(Faults("mode", {"observe"}),
            "P026 unknown setting \"mode\"; it is \"scope.namespaces\", "
            "\"scope.contexts\", \"until\" or \"reason\"");
  EXPECT_EQ(Faults("scope.contexts", {"{a}"}).substr(0, 4), "P021");
  EXPECT_EQ(Faults("reason", {""}), "P022 reason needs a value");
}

TEST(Settings, AnEndIsWithinEightHours) {
  EXPECT_EQ(Faults("until", {"2026-11-27T12:00:00Z"}),
            "P015 until is over: it was 2026-11-27T12:00:00Z");
  EXPECT_EQ(Faults("until", {"2026-11-27T20:00:01Z"}),
            "P015 until is more than 8 hours ahead");
  EXPECT_EQ(Faults("until", {"soon"}).substr(0, 4), "P015");
}

}  // namespace
}  // namespace gatehouse
