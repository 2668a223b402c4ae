// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/server_setting.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "policy/kubernetes/tool_profile.h"

namespace gatehouse {
namespace {

// One line for each setting, in order: "NAME role [values]".
std::string ReadSetting(const std::string& text) {
  const SourceText source{"test.yaml", text};
  Issues issues;
  const auto documents = ReadYaml(source, issues);
  const auto settings = ReadSettings(documents.at(0), source, issues);
  std::string lines;
  if (issues.HasErrors()) return Render(issues.items().front());
  for (const ServerSetting& setting : settings) {
    lines += setting.name + " " + std::string(RoleName(setting.role));
    for (const std::string& value : setting.values) lines += " " + value;
    lines += "\n";
  }
  return lines;
}

TEST(ServerSetting, KeepsTheOrderOfTheFile) {
  EXPECT_EQ(ReadSetting("B: kubeconfig\nA: cluster\n--port: network\n"),
            "B kubeconfig\nA cluster\n--port network\n");
}

TEST(ServerSetting, MayHaveARoleForSomeValuesOnly) {
  EXPECT_EQ(ReadSetting("--p: {cluster: [x, y], one-context: z}\n"),
            "--p cluster x y\n--p one-context z\n");
}

TEST(ServerSetting, FaultsHaveTheirPlace) {
  EXPECT_NE(ReadSetting("A: clutser\n").find("test.yaml:1:4: error"),
            std::string::npos);
  EXPECT_NE(ReadSetting("A: [cluster]\n").find("expected a role"),
            std::string::npos);
  EXPECT_NE(ReadSetting("A: {cluster: []}\n").find("without values"),
            std::string::npos);
  EXPECT_NE(ReadSetting("[A]\n").find("expected a map"), std::string::npos);
}

TEST(ServerSetting, ConcernsEveryValueButNoneUnlessValuesAreNamed) {
  const ServerSetting any{"A", SettingRole::kCluster, {}};
  EXPECT_TRUE(any.Concerns("x"));
  EXPECT_FALSE(any.Concerns(""));
  const ServerSetting some{"--a", SettingRole::kUnsafe, {"true"}};
  EXPECT_TRUE(some.Concerns("true"));
  EXPECT_FALSE(some.Concerns("1"));
  EXPECT_TRUE(some.IsFlag());
  EXPECT_FALSE(any.IsFlag());
}

TEST(ServerSetting, EveryRoleHasItsName) {
  for (int role = 0; role <= static_cast<int>(SettingRole::kDrop); ++role) {
    EXPECT_NE(RoleName(static_cast<SettingRole>(role)), "") << role;
  }
}

TEST(ServerSetting, TheCommonOnesNameTheKubeconfig) {
  const auto settings = CommonSettings();
  ASSERT_FALSE(settings.empty());
  EXPECT_EQ(settings.front().name, "KUBECONFIG");
  EXPECT_EQ(settings.front().role, SettingRole::kKubeconfig);
  for (const ServerSetting& setting : settings) {
    EXPECT_FALSE(setting.IsFlag()) << setting.name;
  }
}

TEST(ServerSetting, ProfilesOfTheNpmServersNameTheirOtherWays) {
  const auto has = [](std::string_view profile, std::string_view name) {
    const auto read = EmbeddedProfile(profile);
    return std::any_of(read->settings.begin(), read->settings.end(),
                       [&](const auto& each) { return each.name == name; });
  };
  EXPECT_TRUE(has("mcp-server-kubernetes", "KUBECONFIG_YAML"));
  EXPECT_TRUE(has("mcp-server-kubernetes", "K8S_SERVER"));
  EXPECT_TRUE(has("kubernetes-mcp-server", "--kubeconfig"));
  EXPECT_TRUE(has("kubernetes-mcp-server", "--config"));
}

}  // namespace
}  // namespace gatehouse
