// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/version_range.h"

#include <gtest/gtest.h>

#include <string>

#include "policy/kubernetes/tool_profile.h"

namespace gatehouse {
namespace {

TEST(VersionRange, HoldsAVersionAgainstAProfilesRange) {
  constexpr VersionFit kIn = VersionFit::kInside;
  constexpr VersionFit kOut = VersionFit::kOutside;
  constexpr VersionFit kNone = VersionFit::kUnknown;
  struct Case {
    const char* version;
    const char* range;
    VersionFit fit;
  };
  const Case cases[] = {
      {"0.0.54", ">=0.0.54 <0.0.68", kIn},
      {"v0.0.67", ">=0.0.54 <0.0.68", kIn},
      {"0.0.67-12-gabcdef", ">=0.0.54 <0.0.68", kIn},
      {"0.0.68", ">=0.0.54 <0.0.68", kOut},
      {"0.0.68-rc1", ">=0.0.54 <0.0.68", kOut},
      {"0.0.53", ">=0.0.54 <0.0.68", kOut},
      {"0.0.9", ">=0.0.54 <0.0.68", kOut},
      {"4.10", ">=4.1 <5", kIn},
      {"4.1.0", ">=4.1 <5", kIn},
      {"4.0.9", ">=4.1 <5", kOut},
      {"5", ">=4.1  <5", kOut},
      {"1.2.3", ">1.2.3", kOut},
      {"1.2.4", ">1.2.3", kIn},
      {"1.2.3", "<=1.2.3", kIn},
      {"1.2.4", "<=1.2.3", kOut},
      {"1.2.3.dev0", "=1.2.3", kIn},
      {"1.2.3rc1+x", "v1.2.3", kIn},
      {"1.2.4", "1.2.3", kOut},
      {"anything", "any", kIn},
      {"", "", kIn},
      {"", ">=1", kNone},
      {"dev", ">=1", kNone},
      {"1a2b3c", ">=1", kNone},
      {".1", ">=1", kNone},
      {"1..2", ">=1", kNone},
      {"-1", ">=1", kNone},
      {"99999999999999999999", ">=1", kNone},
      {"1.2.3.4.5.6.7", ">=1", kNone},
      {"1.2", "1.x", kNone},
      {"1.2.4", "1.2.x", kNone},
      {"1.2.3rc1", "1.2.3rc1", kIn},
      {"dev", "dev", kIn},
      {"1.2", "newer ones", kNone},
      {"1.2", ">=", kNone},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(FitOf(each.version, each.range), each.fit)
        << each.version << " in " << each.range;
  }
}

// A range that cannot be read would never warn.
TEST(VersionRange, ThoseOfTheShippedProfilesCanBeRead) {
  for (const std::string& name : EmbeddedProfileNames()) {
    const std::string versions = EmbeddedProfile(name)->versions;
    EXPECT_FALSE(versions.empty()) << name;
    EXPECT_NE(FitOf("1.2.3", versions), VersionFit::kUnknown)
        << name << ": " << versions;
  }
}

}  // namespace
}  // namespace gatehouse
