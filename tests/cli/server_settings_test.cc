// SPDX-License-Identifier: Apache-2.0
#include "cli/server_settings.h"

#include <gtest/gtest.h>

#include <map>

namespace gatehouse::cli {
namespace {

using Variables = std::map<std::string, std::string>;

const std::vector<ServerSetting>& Settings() {
  static const std::vector<ServerSetting> settings = {
      {"TEXT", SettingRole::kKubeconfigText, {}},
      {"--kubeconfig", SettingRole::kKubeconfig, {}},
      {"--config", SettingRole::kCluster, {}},
      {"--cluster-provider", SettingRole::kCluster, {"kcp"}},
      {"--one", SettingRole::kOneContext, {}},
      {"--port", SettingRole::kNetwork, {}},
      {"UNSAFE", SettingRole::kUnsafe, {"true"}},
      {"SERVE", SettingRole::kNetwork, {}},
      {"CTX", SettingRole::kContext, {}},
      {"NS", SettingRole::kDrop, {}},
      {"KUBECONFIG", SettingRole::kKubeconfig, {}},
  };
  return settings;
}

ServerCommand CommandOf(std::vector<std::string> words,
                        const Variables& variables) {
  words.insert(words.begin(), "server");
  return {words, [variables](const std::string& name) {
            const auto found = variables.find(name);
            return found == variables.end()
                       ? std::nullopt
                       : std::optional<std::string>(found->second);
          }};
}

SettingsJudge Strict(std::size_t contexts = 1) {
  return {[](std::string_view) { return false; }, contexts};
}

std::string Refused(std::vector<std::string> words,
                    const Variables& variables = {},
                    const SettingsJudge& judge = Strict()) {
  return RefusedSetting(
      FindSettings(Settings(), CommandOf(std::move(words), variables)), judge);
}

TEST(ServerSettings, RefusesWhatGoesPastTheKubeconfig) {
  const struct {
    std::vector<std::string> words;
    Variables variables;
    std::string refused;  // the setting's name; "" for none
  } kRows[] = {
      {{}, {}, ""},
      {{"--config", "x.toml"}, {}, "--config"},
      {{"--config=x.toml"}, {}, "--config"},
      {{"--configuration", "x"}, {}, ""},
      // Go's flag package takes one dash for two.
      {{"-config", "x.toml"}, {}, "--config"},
      {{"-config=x.toml"}, {}, "--config"},
      {{"-cluster_provider=kcp"}, {}, "--cluster-provider"},
      {{"---config", "x.toml"}, {}, ""},
      {{"config"}, {}, ""},
      {{"-c", "server -port 80"}, {}, "--port"},
      {{"--cluster-provider", "kcp"}, {}, "--cluster-provider"},
      {{"--cluster_provider=kcp"}, {}, "--cluster-provider"},
      {{"--cluster-provider", "kubeconfig"}, {}, ""},
      {{"--port", "8080"}, {}, "--port"},
      {{"--port=0"}, {}, "--port"},
      {{"--port="}, {}, ""},
      {{"--port=false"}, {}, ""},
      {{}, {{"UNSAFE", "true"}}, "UNSAFE"},
      {{}, {{"UNSAFE", "false"}}, ""},
      {{}, {{"SERVE", "false"}}, "SERVE"},  // any text is true to JavaScript
      {{}, {{"SERVE", " "}}, "SERVE"},
      {{}, {{"SERVE", ""}}, ""},
      {{"--kubeconfig", "x"}, {{"KUBECONFIG", "y"}, {"CTX", "dev"}}, ""},
      {{"KUBECONFIG=/x", "server"}, {}, "KUBECONFIG"},  // env NAME=VALUE server
      {{"-c", "server --port 80"}, {}, "--port"},
      {{"-c", "UNSAFE=true server"}, {}, "UNSAFE"},
      {{"-c", "server --portable x"}, {}, ""},
      {{"-c", "cp \"$KUBECONFIG\" x"}, {}, ""},
  };
  for (const auto& row : kRows) {
    const std::string sentence = Refused(row.words, row.variables);
    if (row.refused.empty()) {
      EXPECT_EQ(sentence, "");
    } else {
      EXPECT_NE(sentence.find("setting " + row.refused + " "),
                std::string::npos)
          << row.refused << ": " << sentence;
      EXPECT_NE(sentence.find("serverSettings: [" + row.refused + "]"),
                std::string::npos);
    }
  }
}

TEST(ServerSettings, ThePolicyAllowsByName) {
  SettingsJudge judge = Strict();
  judge.allowed = [](std::string_view name) { return name == "--port"; };
  EXPECT_EQ(Refused({"--port", "1"}, {}, judge), "");
  EXPECT_NE(Refused({"--config", "x"}, {}, judge), "");
}

TEST(ServerSettings, OneContextIsFineWhereThereIsOne) {
  EXPECT_EQ(Refused({"--one"}, {}, Strict(1)), "");
  EXPECT_NE(Refused({"--one"}, {}, Strict(2)).find("--context"),
            std::string::npos);
  EXPECT_EQ(Refused({"--one=false"}, {}, Strict(2)), "");
}

TEST(ServerSettings, TheCopyStandsWhereAKubeconfigWasNamed) {
  const struct {
    std::vector<std::string> words;
    std::vector<std::string> with_copy;
  } kRows[] = {
      {{"--kubeconfig", "a", "x"}, {"server", "--kubeconfig", "/copy", "x"}},
      {{"--kubeconfig=a"}, {"server", "--kubeconfig=/copy"}},
      {{"-kubeconfig", "a"}, {"server", "-kubeconfig", "/copy"}},
      {{"-kubeconfig=a"}, {"server", "-kubeconfig=/copy"}},
      {{"a", "--port=1"}, {"server", "a", "--port=1"}},
  };
  for (const auto& row : kRows) {
    const ServerCommand command = CommandOf(row.words, {});
    const ChildSpec spec =
        WithCopy(command, FindSettings(Settings(), command), "/copy");
    EXPECT_EQ(spec.argv, row.with_copy);
  }
}

// A server that reads no KUBECONFIG would go past the copy without it.
TEST(ServerSettings, ARequiredFlagIsHandedOnAlways) {
  const std::vector<ServerSetting> settings = {
      {"--kubeconfig", SettingRole::kKubeconfig, {}, true}};
  const auto started = [&](std::vector<std::string> words) {
    const ServerCommand command = CommandOf(std::move(words), {});
    const auto given = FindSettings(settings, command);
    ChildSpec spec = WithCopy(command, given, "/copy");
    EXPECT_EQ(AddRequired(settings, given, "/copy", spec), "");
    return spec.argv;
  };
  using Words = std::vector<std::string>;
  EXPECT_EQ(started({}), (Words{"server", "--kubeconfig=/copy"}));
  EXPECT_EQ(started({"--x"}), (Words{"server", "--x", "--kubeconfig=/copy"}));
  EXPECT_EQ(started({"--kubeconfig", "a"}),
            (Words{"server", "--kubeconfig", "/copy"}));
  ChildSpec shell;
  shell.argv = {"/bin/sh", "-c", "mcp-k8s"};
  EXPECT_NE(AddRequired(settings, {}, "/copy", shell), "");
  EXPECT_EQ(shell.argv.size(), 3u);
}

TEST(ServerSettings, WhatMustNotCountIsTakenAway) {
  const ServerCommand command = CommandOf({}, {{"KUBECONFIG", "a:b"},
                                               {"TEXT", "x: y"},
                                               {"CTX", "dev"},
                                               {"NS", "team"},
                                               {"OTHER", "stays"}});
  const ChildSpec spec =
      WithCopy(command, FindSettings(Settings(), command), "/copy");
  std::map<std::string, std::optional<std::string>> changes;
  for (const auto& change : spec.environment) {
    changes[change.name] = change.value;
  }
  EXPECT_EQ(changes, (std::map<std::string, std::optional<std::string>>{
                         {"KUBECONFIG", "/copy"},
                         {"TEXT", std::nullopt},
                         {"CTX", std::nullopt},
                         {"NS", std::nullopt}}));
}

TEST(ServerSettings, AFlagGivenTwiceIsPutRightInItsLast) {
  const ServerCommand command =
      CommandOf({"--kubeconfig", "a", "--kubeconfig", "b"}, {});
  const auto given = FindSettings(Settings(), command);
  ASSERT_EQ(given.size(), 1u);
  EXPECT_EQ(given[0].value, "b");
  EXPECT_EQ(WithCopy(command, given, "/copy").argv,
            (std::vector<std::string>{"server", "--kubeconfig", "a",
                                      "--kubeconfig", "/copy"}));
}

TEST(ServerSettings, KnowsProgramsThatRunTheServerElsewhere) {
  EXPECT_TRUE(RunsElsewhere({"docker", "run", "x"}));
  EXPECT_TRUE(RunsElsewhere({"/usr/bin/podman", "run", "x"}));
  EXPECT_FALSE(RunsElsewhere({"npx", "-y", "docker"}));
  EXPECT_FALSE(RunsElsewhere({}));
}

}  // namespace
}  // namespace gatehouse::cli
