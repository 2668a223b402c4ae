// SPDX-License-Identifier: Apache-2.0
// `gatehouse server …` over the sample server inside the program, as a server
// that has a profile and, by another name, as one that has none.
#include "cli/server.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <filesystem>

#include "cli/line_process.h"
#include "policy/json_value.h"
#include "policy/kubernetes/tool_profile.h"
#include "tests/cli/command_fixture.h"
#include "tests/support/guard_process.h"
#include "tests/support/process_census.h"

namespace gatehouse::cli {
namespace {

std::vector<std::string> With(std::vector<std::string> words) {
  words.insert(words.end(), {"--", testing::GatehousePath(), "sample-server"});
  return words;
}

constexpr const char* kKubeconfig =
    "current-context: dev\n"
    "contexts:\n- {name: dev, context: {cluster: c}}\n"
    "- {name: prod, context: {cluster: c}}\n"
    "clusters: [{name: c, cluster: {server: \"https://127.0.0.1:1\"}}]\n";

// Started as `run` would start it: with a kubeconfig, and no policy of this
// user's own.
CommandRun Server(std::vector<std::string> words,
                  const std::string& kubeconfig = kKubeconfig) {
  const testing::TemporaryFolder home;
  testing::WriteFile(home.File("config"), kubeconfig);
  setenv("KUBECONFIG", home.File("config").c_str(), 1);
  setenv("XDG_CONFIG_HOME", home.path().c_str(), 1);
  words.insert(words.begin(), "server");
  CommandRun run = RunCommand(AddServer, words);
  unsetenv("XDG_CONFIG_HOME");
  unsetenv("KUBECONFIG");
  return run;
}

TEST(ServerCommand, ListsTheProfilesShipped) {
  const CommandRun text = Server({"list"});
  EXPECT_EQ(text.exit_code, kExitDone);
  const CommandRun json = Server({"list", "--format", "json"});
  const auto list = ParseJson(json.out);
  ASSERT_TRUE(list.ok());
  EXPECT_EQ(Elements(list.value()).size(), EmbeddedProfileNames().size());
  for (const std::string& name : EmbeddedProfileNames()) {
    EXPECT_NE(json.out.find("\"" + name + "\""), std::string::npos);
  }
  EXPECT_NE(text.out.find("sample-server"), std::string::npos);
}

TEST(ServerCommand, InspectsALiveServer) {
  const CommandRun run =
      Server(With({"inspect", "--profile", "sample-server"}));
  EXPECT_EQ(run.exit_code, kExitDone) << run.err;
  EXPECT_NE(run.out.find("6 covered, 0 drifted, 0 unknown"), std::string::npos)
      << run.out;
  EXPECT_NE(run.err.find("starting "), std::string::npos) << run.err;
}

TEST(ServerCommand, AServerWithoutAProfileIsAllUnknown) {
  const testing::TemporaryFolder folder;
  const std::string nameless = folder.File("nameless");
  std::filesystem::create_symlink(testing::GatehousePath(), nameless);
  const CommandRun run =
      Server({"inspect", "--format", "json", "--", nameless, "sample-server"});
  EXPECT_EQ(run.exit_code, kExitNo) << run.err;
  const auto json = ParseJson(run.out);
  ASSERT_TRUE(json.ok()) << run.out;
  EXPECT_EQ(KindOf(*Member(json.value(), "profile")), JsonKind::kNull);
  for (const JsonValue* tool : Elements(*Member(json.value(), "tools"))) {
    EXPECT_EQ(StringMember(*tool, "state"), "unknown");
  }
}

TEST(ServerCommand, KnowsItsOwnSampleServer) {
  const CommandRun run = Server(With({"inspect", "--format", "json"}));
  EXPECT_EQ(run.exit_code, kExitDone) << run.err;
  const auto json = ParseJson(run.out);
  ASSERT_TRUE(json.ok()) << run.out;
  EXPECT_EQ(StringMember(json.value(), "profile"), "sample-server");
}

TEST(ServerCommand, WhatIsScaffoldedIsInspectedAsCovered) {
  const testing::TemporaryFolder folder;
  const CommandRun draft = Server(With({"scaffold"}));
  ASSERT_EQ(draft.exit_code, kExitDone) << draft.err;
  testing::WriteFile(folder.File("draft.yaml"), draft.out);
  const CommandRun run =
      Server(With({"inspect", "--profile", folder.File("draft.yaml")}));
  EXPECT_EQ(run.exit_code, kExitDone) << run.out << run.err;
  EXPECT_NE(run.out.find("6 covered"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("unclear: drafted only"), std::string::npos);
}

// A server of another version is shown as such, and inspected all the same.
TEST(ServerCommand, SaysWhereAVersionIsNotTheProfiles) {
  const testing::TemporaryFolder folder;
  const std::string profile = folder.File("draft.yaml");
  std::string draft = Server(With({"scaffold"})).out;
  const auto inspect = [&](const std::string& format) {
    testing::WriteFile(profile, draft);
    return Server(With({"inspect", "--profile", profile, "--format", format}));
  };
  EXPECT_EQ(inspect("text").out.find("this is another one"), std::string::npos);
  EXPECT_NE(inspect("json").out.find("\"version_in_profile\":true"),
            std::string::npos);
  const std::size_t at = draft.find("versions: \"") + 11;
  draft.replace(at, draft.find('"', at) - at, ">=99");
  const CommandRun text = inspect("text");
  EXPECT_EQ(text.exit_code, kExitDone) << text.err;
  EXPECT_NE(text.out.find("(versions >=99; this is another one"),
            std::string::npos)
      << text.out;
  EXPECT_NE(inspect("json").out.find("\"version_in_profile\":false"),
            std::string::npos);
  const std::string dated = draft;
  draft.insert(draft.find("versions: "), "reports: sdk\n");
  EXPECT_EQ(inspect("text").out.find("this is another one"), std::string::npos);
  EXPECT_NE(inspect("json").out.find("\"version_in_profile\":null"),
            std::string::npos);
  draft = dated;
  draft.replace(at, 4, "new ones");
  EXPECT_NE(inspect("json").out.find("\"version_in_profile\":null"),
            std::string::npos);
}

// Whether its copy of the kubeconfig stands in `folder`.
bool HasCopy(const testing::TemporaryFolder& folder) {
  const std::filesystem::path base = folder.File("gatehouse");
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(base, none)) {
    if (entry.path().filename().string().starts_with("session-")) return true;
  }
  return false;
}

// While the server is asked and says nothing; another that talks without end.
TEST(ServerCommand, LeavesNoKubeconfigWhenItIsStopped) {
  const std::vector<std::string> servers = {
      "echo up >\"$0\"; exec cat >/dev/null",
      "echo up >\"$0\"; exec yes '{}'",
  };
  for (const int signal : {SIGTERM, SIGINT}) {
    for (const std::string& server : servers) {
      for (const char* command : {"inspect", "pin", "scaffold"}) {
        SCOPED_TRACE(command + (" " + server));
        const testing::TemporaryFolder home;
        testing::WriteFile(home.File("config"), kKubeconfig);
        LineProcessSpec spec;
        spec.argv = {"env",
                     "KUBECONFIG=" + home.File("config"),
                     "XDG_CONFIG_HOME=" + home.path(),
                     "XDG_RUNTIME_DIR=" + home.path(),
                     "XDG_STATE_HOME=" + home.path(),
                     testing::GatehousePath(),
                     "server",
                     command,
                     "--profile",
                     "sample-server",
                     "--",
                     "sh",
                     "-c",
                     server,
                     home.File("up")};
        auto process = LineProcess::Start(spec);
        ASSERT_TRUE(process.ok());
        ASSERT_TRUE(testing::Eventually(
            [&] { return testing::ReadFile(home.File("up")) == "up\n"; }));
        EXPECT_TRUE(HasCopy(home));
        kill(process.value().pid(), signal);
        EXPECT_EQ(process.value().Finish(std::chrono::seconds(10)),
                  128 + signal);
        EXPECT_FALSE(HasCopy(home));
      }
    }
  }
}

TEST(ServerCommand, PinsAndFindsThemAgain) {
  const testing::TemporaryFolder folder;
  const std::vector<std::string> pin = {"pin", "--db", folder.File("a.db"),
                                        "--profile", "sample-server"};
  const CommandRun first = Server(With(pin));
  EXPECT_EQ(first.exit_code, kExitDone) << first.err;
  EXPECT_NE(first.out.find("new"), std::string::npos);
  const CommandRun second = Server(With(pin));
  EXPECT_EQ(second.exit_code, kExitDone) << second.err;
  EXPECT_EQ(second.out.find("new"), std::string::npos) << second.out;
}

// What the server can reach is said before it is asked; all three take the
// words of `run`.
TEST(ServerCommand, StartsTheServerAsRunWould) {
  const testing::TemporaryFolder folder;
  testing::WriteFile(folder.File("faulty.yaml"), "kind: Policy\n");
  struct Case {
    std::vector<std::string> options;
    std::string says;
    bool starts = true;
  };
  const std::vector<Case> cases = {
      {{}, "sample-server, confined to dev\n"},
      {{"--context", "prod"}, "sample-server, confined to prod\n"},
      {{"--set", "scope.contexts=dev,prod"}, "confined to dev, prod\n"},
      {{"--no-confine"}, "not confined (--no-confine)\n"},
      {{"--context", "none"}, "no context \"none\"", false},
      {{"--set", "scope.contexts=none"}, "no context of the", false},
      {{"--kubeconfig", folder.File("none")}, folder.File("none"), false},
      {{"--policy", folder.File("faulty.yaml")}, "faulty.yaml:1", false},
  };
  for (const std::string command : {"inspect", "scaffold", "pin"}) {
    for (const Case& each : cases) {
      std::vector<std::string> words = {command};
      words.insert(words.end(), each.options.begin(), each.options.end());
      if (command == "pin") {
        words.insert(words.end(), {"--db", folder.File("a.db")});
      }
      const CommandRun run = Server(With(words));
      EXPECT_NE(run.err.find(each.says), std::string::npos)
          << command << ": " << run.err;
      EXPECT_EQ(run.exit_code, each.starts ? kExitDone : kExitEnvironment);
      EXPECT_EQ(run.err.find("starting") != std::string::npos, each.starts)
          << run.err;
    }
  }
}

TEST(ServerCommand, SaysWhatIsMissing) {
  for (const char* command : {"inspect", "scaffold", "pin"}) {
    EXPECT_EQ(Server({command}).exit_code, kExitMisuse) << command;
    const CommandRun gone = Server({command, "--", "/no/such/server"});
    EXPECT_EQ(gone.exit_code, kExitEnvironment) << command;
    EXPECT_NE(gone.err.find("cannot start /no/such/server"), std::string::npos)
        << gone.err;
    const CommandRun mute = Server({command, "--", "/bin/true"});
    EXPECT_EQ(mute.exit_code, kExitEnvironment) << command;
    EXPECT_NE(mute.err.find("did not list its tools"), std::string::npos)
        << mute.err;
  }
  const CommandRun odd =
      Server(With({"inspect", "--profile", "/no/such.yaml"}));
  EXPECT_EQ(odd.exit_code, kExitMisuse);
  EXPECT_NE(odd.err.find("cannot be read"), std::string::npos) << odd.err;
  // As a redirection leaves it behind when the draft failed.
  testing::TemporaryFolder folder;
  testing::WriteFile(folder.File("empty.yaml"), "");
  const CommandRun empty =
      Server(With({"inspect", "--profile", folder.File("empty.yaml")}));
  EXPECT_NE(empty.exit_code, kExitDone);
  EXPECT_NE(empty.err.find("empty.yaml:1:1: error[P"), std::string::npos)
      << empty.err;
}

}  // namespace
}  // namespace gatehouse::cli
