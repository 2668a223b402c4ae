// SPDX-License-Identifier: Apache-2.0
// `gatehouse policy check`, `show` and `explain`: exit codes, and the JSON that
// scripts rely on.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "command_fixture.h"
#include "policy/json_value.h"

namespace gatehouse::cli {
namespace {

namespace fs = std::filesystem;

class PolicyCommandTest : public ::testing::Test {
 protected:
  PolicyCommandTest()
      : folder_(fs::temp_directory_path() /
                ("gatehouse-policy-" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
    unsetenv("GATEHOUSE_POLICY");
    // No kubeconfig of this machine may reach the tests.
    setenv("KUBECONFIG", File("config").c_str(), 1);
    Write("config", kKubeconfig);
  }
  ~PolicyCommandTest() override { fs::remove_all(folder_); }

  std::string File(const std::string& name) const { return folder_ / name; }
  std::string Write(const std::string& name, std::string_view text) {
    std::ofstream(File(name)) << text;
    return File(name);
  }
  static CommandRun Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "policy");
    return RunCommand(AddPolicy, arguments);
  }
  static CommandRun Explain(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"explain", "--policy", "read-only",
                                         "--profile", "sample-server"});
    return Run(std::move(arguments));
  }

  static constexpr std::string_view kKubeconfig =
      "current-context: dev\ncontexts:\n"
      "- {name: dev, context: {namespace: team}}\n"
      "- {name: prod, context: {}}\n";

  fs::path folder_;
};

TEST_F(PolicyCommandTest, ChecksEachPreset) {
  const CommandRun run = Run({"check", "read-only", "observe-all"});
  EXPECT_EQ(run.exit_code, kExitDone) << run.err;
  EXPECT_NE(run.out.find("preset read-only: ok, 1 rule, sha256:"),
            std::string::npos)
      << run.out;
  EXPECT_NE(run.out.find("preset observe-all: ok"), std::string::npos);
}

TEST_F(PolicyCommandTest, SaysWhatAScopedPresetNeeds) {
  const CommandRun without = Run({"check", "read-only-scoped"});
  EXPECT_EQ(without.exit_code, kExitNo);
  EXPECT_NE(without.err.find("scope.namespaces"), std::string::npos);
  const CommandRun with = Run(
      {"check", "read-only-scoped", "--set", "scope.namespaces=dev,team-*"});
  EXPECT_EQ(with.exit_code, kExitDone) << with.err;
  // That of an empty variable.
  EXPECT_EQ(Run({"check", "read-only-scoped", "--set", "scope.namespaces="})
                .exit_code,
            kExitNo);
}

// "$TEAM,dev" of a shell, with no TEAM: not the cluster scope and dev.
TEST_F(PolicyCommandTest, RefusesAnEmptyValueAmongOthers) {
  for (const char* setting :
       {"scope.namespaces=,dev", "scope.namespaces=dev,",
        "scope.namespaces=dev,,team", "scope.namespaces=,"}) {
    const CommandRun run = Run({"check", "read-only-scoped", "--set", setting});
    EXPECT_NE(run.exit_code, kExitDone) << setting;
    EXPECT_NE(run.err.find("(--set scope.namespaces=)"), std::string::npos)
        << run.err;
  }
  const CommandRun alone =
      Run({"check", "read-only-scoped", "--set", "scope.namespaces=", "--set",
           "scope.namespaces=dev"});
  EXPECT_EQ(alone.exit_code, kExitDone) << alone.err;
}

TEST_F(PolicyCommandTest, ShowsAPresetThatNeedsSettings) {
  for (const char* name : {"namespace-editor", "break-glass"}) {
    const CommandRun run = Run({"show", "--policy", name});
    EXPECT_EQ(run.exit_code, kExitDone) << run.err;
    EXPECT_NE(run.out.find("require:"), std::string::npos) << run.out;
    EXPECT_NE(run.err.find("warning[P027]"), std::string::npos) << run.err;
  }
}

TEST_F(PolicyCommandTest, SuggestsThePresetThatIsNear) {
  const CommandRun near = Run({"check", "readonly"});
  EXPECT_EQ(near.exit_code, kExitEnvironment);
  EXPECT_NE(near.err.find("did you mean \"read-only\"?"), std::string::npos)
      << near.err;
  EXPECT_NE(Run({"check", "zzz"}).err.find("the presets are break-glass"),
            std::string::npos);
}

TEST_F(PolicyCommandTest, ReportsFaultsWithTheirPlaces) {
  const std::string file =
      Write("bad.yaml",
            "apiVersion: gatehouse/v1\nkind: Policy\nname: bad\nrules:\n"
            "- id: a\n  allow: read\n  namespcae: [dev]\n");
  const CommandRun run = Run({"check", file});
  EXPECT_EQ(run.exit_code, kExitNo);
  EXPECT_EQ(run.out, "");
  EXPECT_NE(run.err.find(file + ":7:3: error[P"), std::string::npos) << run.err;
  EXPECT_NE(run.err.find("did you mean \"namespaces\"?"), std::string::npos);

  const CommandRun json = Run({"check", file, "--format", "json"});
  const auto value = ParseJson(json.out);
  ASSERT_TRUE(value.ok()) << json.out;
  const JsonValue& first = *Elements(value.value()).at(0);
  EXPECT_EQ(AsBool(*Member(first, "ok")), false);
  EXPECT_EQ(
      AsInteger(*Member(*Elements(*Member(first, "issues")).at(0), "line")), 7);
}

TEST_F(PolicyCommandTest, ExitsWithTheEnvironmentWhereThereIsNoFile) {
  const CommandRun run = Run({"check", File("none.yaml")});
  EXPECT_EQ(run.exit_code, kExitEnvironment);
  EXPECT_NE(run.err.find("read-only"), std::string::npos)
      << "names the presets: " << run.err;
}

TEST_F(PolicyCommandTest, FollowsExtendsBesideTheFile) {
  Write("base.yaml",
        "apiVersion: gatehouse/v1\nkind: Policy\nname: base\nrules:\n"
        "- {id: look, allow: read}\n");
  const std::string file =
      Write("outer.yaml",
            "apiVersion: gatehouse/v1\nkind: Policy\nname: outer\n"
            "extends: [base.yaml]\nrules:\n- {id: no-logs, deny: any, "
            "resources: pods/log}\n");
  const CommandRun run = Run({"check", file});
  EXPECT_EQ(run.exit_code, kExitDone) << run.err;
  EXPECT_NE(run.out.find("2 rules"), std::string::npos) << run.out;
}

TEST_F(PolicyCommandTest, ShowsThePolicyAndWhatMustBeNamed) {
  const CommandRun run = Run({"show", "--policy", "read-only"});
  EXPECT_EQ(run.exit_code, kExitDone);
  EXPECT_NE(run.out.find("read-ordinary"), std::string::npos);
  EXPECT_NE(run.out.find("#   secrets: holds credentials"), std::string::npos);
}

TEST_F(PolicyCommandTest, ShowsWhatHoldsForTheSession) {
  Write("session.yaml",
        "apiVersion: gatehouse/v1\nkind: Policy\nname: s\n"
        "redaction: {keys: [iban, pin], formats: email}\n"
        "clientFeatures: {sampling: deny}\n"
        "rules: [{id: a, allow: read}]\n");
  const CommandRun run = Run({"show", "--policy", File("session.yaml")});
  EXPECT_EQ(run.exit_code, kExitDone) << run.err;
  EXPECT_NE(run.out.find("keys iban, pin; formats email\n"), std::string::npos);
  EXPECT_NE(run.out.find("texts: strip\n"), std::string::npos);
  EXPECT_NE(run.out.find("sampling deny, elicitation as-declared, roots "),
            std::string::npos);
}

TEST_F(PolicyCommandTest, ExplainsACallAsOneJsonObject) {
  const CommandRun run =
      Explain({"--tool", "delete_resource", "--arguments",
               R"({"resource":"pods","name":"web","namespace":"dev"})",
               "--format", "json"});
  EXPECT_EQ(run.exit_code, kExitDone) << run.err;
  const auto value = ParseJson(run.out);
  ASSERT_TRUE(value.ok()) << run.out;
  EXPECT_EQ(StringMember(value.value(), "decision"), "deny");
  EXPECT_EQ(StringMember(value.value(), "code"), "no-rule");
  EXPECT_EQ(KindOf(*Member(value.value(), "rule")), JsonKind::kNull);
  EXPECT_EQ(KindOf(*Member(value.value(), "unclear")), JsonKind::kNull);
  bool deletes = false;
  for (const JsonValue* request :
       Elements(*Member(value.value(), "requests"))) {
    deletes = deletes || StringMember(*request, "verb") == "delete";
    EXPECT_EQ(StringMember(*request, "context"), "dev");
  }
  EXPECT_TRUE(deletes);
}

TEST_F(PolicyCommandTest, RefusesInExplainWhatRunRefuses) {
  const struct {
    std::string tool;
    std::string arguments;
    std::string_view code;
  } kRows[] = {
      {"get_resource", R"({"resource":"pods","Namespace":"dev"})", "malformed"},
      {"get resource", "{}", "malformed"},
      {"get_resource", R"({"resource":"pods","__proto__":1})", "malformed"},
      {"no_such_tool", "{}", "unknown-tool"},
      {"get_resource", R"({"resource":"pods","color":"red"})", "unclear"},
  };
  for (const auto& row : kRows) {
    const CommandRun run = Explain(
        {"--tool", row.tool, "--arguments", row.arguments, "--format", "json"});
    const auto value = ParseJson(run.out);
    ASSERT_TRUE(value.ok()) << run.out << run.err;
    EXPECT_EQ(StringMember(value.value(), "code"), row.code) << row.arguments;
  }
}

TEST_F(PolicyCommandTest, AnswersABadLineAndGoesOn) {
  const std::string calls =
      Write("calls",
            "{\"tool\":\"list_pods\",\"arguments\":{}}\n\nnot json\n"
            "{\"tool\":\"list_pods\",\"arguments\":{\"a\":1,\"a\":2}}\n"
            "{\"tool\":\"echo\"}\n");
  const CommandRun run = Explain({"--calls", calls});
  EXPECT_EQ(run.exit_code, kExitNo);
  std::istringstream lines(run.out);
  std::vector<JsonValue> answers;
  for (std::string line; std::getline(lines, line);) {
    answers.push_back(ParseJson(line).value());
  }
  ASSERT_EQ(answers.size(), 4u);
  EXPECT_EQ(StringMember(answers[0], "decision"), "allow");
  EXPECT_EQ(AsInteger(*Member(answers[1], "line")), 3);
  EXPECT_NE(Member(answers[1], "error"), nullptr);
  EXPECT_NE(Member(answers[2], "error"), nullptr);
  EXPECT_EQ(StringMember(answers[3], "decision"), "allow");
  EXPECT_EQ(StringMember(answers[3], "server"), "sample-server");
}

// --format was taken and not looked at.
TEST_F(PolicyCommandTest, ExplainsManyCallsInTheFormatThatIsAskedFor) {
  const std::string calls = Write("calls",
                                  "{\"tool\":\"list_pods\"}\nnot json\n"
                                  "{\"tool\":\"echo\"}\n");
  const CommandRun json = Explain({"--calls", calls, "--format", "json"});
  EXPECT_EQ(json.exit_code, kExitNo);
  const auto array = ParseJson(json.out);
  ASSERT_TRUE(array.ok()) << json.out;
  ASSERT_EQ(Elements(array.value()).size(), 3u);
  EXPECT_NE(Member(*Elements(array.value())[1], "error"), nullptr);
  const CommandRun text = Explain({"--calls", calls, "--format", "text"});
  EXPECT_EQ(text.exit_code, kExitNo);
  EXPECT_TRUE(text.out.starts_with("line       1\ntool       list_pods"))
      << text.out;
  EXPECT_NE(text.out.find("\n\nline       3\ntool       echo"),
            std::string::npos);
  EXPECT_NE(text.err.find("gatehouse: line 2: "), std::string::npos);
  EXPECT_EQ(Explain({"--calls", Write("none", ""), "--format", "json"}).out,
            "[]\n");
  EXPECT_EQ(Explain({"--calls", calls, "--format", "jsonl"}).out,
            Explain({"--calls", calls}).out);
}

TEST_F(PolicyCommandTest, ExplainsResourcesAndPrompts) {
  const auto explain = [](std::vector<std::string> words) {
    words.insert(words.begin(),
                 {"explain", "--policy", "read-only", "--profile",
                  "mcp-server-kubernetes", "--format", "json"});
    const CommandRun run = Run(std::move(words));
    EXPECT_EQ(run.exit_code, kExitDone) << run.err;
    return ParseJson(run.out).value();
  };
  const JsonValue pods = explain({"--uri", "k8s://dev/pods"});
  EXPECT_EQ(StringMember(pods, "method"), "resources/read");
  EXPECT_EQ(StringMember(pods, "target"), "k8s://dev/pods");
  EXPECT_EQ(StringMember(pods, "decision"), "allow");
  const auto requests = Elements(*Member(pods, "requests"));
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(StringMember(*requests[0], "namespace"), "dev");
  // A path that two readers may take differently, and one nobody described.
  const JsonValue path = explain({"--uri", "k8s://../pods"});
  EXPECT_EQ(StringMember(path, "code"), "malformed");
  EXPECT_EQ(StringMember(explain({"--uri", "k8s://dev/secrets"}), "decision"),
            "deny");
  const JsonValue prompt = explain(
      {"--prompt", "k8s-diagnose", "--arguments", R"({"keyword":"a"})"});
  EXPECT_EQ(StringMember(prompt, "method"), "prompts/get");
  EXPECT_EQ(StringMember(prompt, "decision"), "allow");
  EXPECT_EQ(StringMember(explain({"--prompt", "none"}), "decision"), "deny");
}

TEST_F(PolicyCommandTest, ExplainsResourcesAndPromptsByTheLine) {
  const std::string file =
      Write("calls.jsonl", R"({"uri":"k8s://nodes"})"
                           "\n"
                           R"({"prompt":"k8s-diagnose","arguments":{}})"
                           "\n"
                           R"({"tool":"ping","uri":"k8s://nodes"})"
                           "\n");
  const CommandRun run = Run({"explain", "--policy", "read-only", "--profile",
                              "mcp-server-kubernetes", "--calls", file});
  EXPECT_EQ(run.exit_code, kExitNo);
  std::istringstream lines(run.out);
  std::vector<JsonValue> answers;
  for (std::string line; std::getline(lines, line);) {
    answers.push_back(ParseJson(line).value());
  }
  ASSERT_EQ(answers.size(), 3u) << run.out;
  EXPECT_EQ(StringMember(answers[0], "target"), "k8s://nodes");
  EXPECT_EQ(StringMember(answers[1], "method"), "prompts/get");
  EXPECT_NE(Member(answers[2], "error"), nullptr);
}

TEST_F(PolicyCommandTest, TracesEachCandidateAndTheWinner) {
  const std::string policy =
      Write("trace.yaml",
            "apiVersion: gatehouse/v1\nkind: Policy\nname: trace\nrules:\n"
            "- {id: writes, allow: write}\n"
            "- {id: other-space, allow: read, namespaces: prod}\n"
            "- {id: nobody, deny: read, who: {users: nobody-of-this-name}}\n"
            "- {id: look, allow: read, namespaces: dev}\n");
  const auto explain = [&](std::vector<std::string> more) {
    std::vector<std::string> words = {
        "explain",   "--policy",      policy,
        "--profile", "sample-server", "--tool",
        "list_pods", "--arguments",   R"({"namespace":"dev"})"};
    words.insert(words.end(), more.begin(), more.end());
    return Run(words);
  };
  const std::string text = explain({}).out;
  EXPECT_NE(text.find("  allow [rule look] [code allowed]\n"
                      "    allow other-space  no: namespaces  " +
                      policy +
                      ":6\n"
                      "    deny  nobody       no: who  " +
                      policy +
                      ":7\n"
                      "  > allow look         matches  " +
                      policy +
                      ":8\n"
                      "    1 rule is about other verbs or resources\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("policy     trace, enforce, sha256:"), std::string::npos);

  const auto json = ParseJson(explain({"--format", "json"}).out);
  ASSERT_TRUE(json.ok());
  const JsonValue& about = *Member(json.value(), "policy");
  EXPECT_EQ(StringMember(about, "mode"), "enforce");
  const JsonValue& request = *Elements(*Member(json.value(), "trace")).at(0);
  EXPECT_EQ(StringMember(request, "rule"), "look");
  const auto steps = Elements(*Member(request, "steps"));
  ASSERT_EQ(steps.size(), 4u);
  EXPECT_EQ(StringMember(*steps[0], "outcome"), "no: verbs");
  EXPECT_EQ(StringMember(*steps[3], "outcome"), "matches");
  EXPECT_EQ(AsInteger(*Member(*steps[3], "line")), 8);
}

TEST_F(PolicyCommandTest, NeedsOneCallOrMany) {
  EXPECT_EQ(Explain({}).exit_code, kExitMisuse);
  EXPECT_EQ(Explain({"--tool", "a", "--uri", "b"}).exit_code, kExitMisuse);
  EXPECT_EQ(Explain({"--tool", "a", "--calls", "-"}).exit_code, kExitMisuse);
  EXPECT_EQ(Explain({"--tool", "echo", "--arguments", "{"}).exit_code,
            kExitMisuse);
  const CommandRun profile =
      Run({"explain", "--profile", "sample-servr", "--tool", "echo"});
  EXPECT_EQ(profile.exit_code, kExitMisuse);
  EXPECT_NE(profile.err.find("did you mean \"sample-server\"?"),
            std::string::npos)
      << profile.err;
}

TEST_F(PolicyCommandTest, BindsToTheContextThatIsNamed) {
  const CommandRun run =
      Explain({"--context", "prod", "--tool", "list_pods", "--format", "json"});
  const auto value = ParseJson(run.out);
  ASSERT_TRUE(value.ok()) << run.out << run.err;
  // The server would go to the current one, dev.
  EXPECT_EQ(StringMember(value.value(), "code"), "context");
  EXPECT_EQ(Explain({"--context", "none", "--tool", "list_pods"}).exit_code,
            kExitEnvironment);
}

}  // namespace
}  // namespace gatehouse::cli
