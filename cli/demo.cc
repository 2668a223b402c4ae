// SPDX-License-Identifier: Apache-2.0
// `gatehouse demo`: the product in one command. Starts a sample cluster (or
// takes a real one, reads only), runs this very program as a guard before a
// Kubernetes MCP server, acts as its client, and shows what the guard did and
// kept. The trail is shown by `gatehouse audit` itself.

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>

#include "cli/command.h"
#include "cli/demo_server.h"
#include "cli/demo_session.h"
#include "cli/demo_workspace.h"
#include "cli/line_process.h"
#include "cli/sample_server.h"
#include "cli/text_style.h"

namespace gatehouse::cli {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

struct DemoOptions {
  std::string kubeconfig;
  std::string server = "auto";
  std::string policy;  // "": read-only
  std::string database;
  bool keep = false;
};

// What a demo run has at hand. Members are destroyed from below: the guard
// before the cluster, both before their folder.
struct DemoRun {
  DemoWorkspace workspace;
  std::string self;
  std::string kubeconfig;
  DemoOptions options;
  DemoServer server;
  std::optional<LineProcess> cluster;
  std::optional<LineProcess> guard;

  std::string Policy() const {
    return options.policy.empty() ? "read-only" : options.policy;
  }
  std::string Database() const {
    return options.database.empty() ? workspace.File("audit.db")
                                    : options.database;
  }
  DemoTarget Target() const {
    return cluster || !server.real ? DemoTarget::kSample
                                   : DemoTarget::kRealCluster;
  }
};

std::string SelfPath() {
  std::error_code error;
  fs::path path = fs::read_symlink("/proc/self/exe", error);
  return error ? "gatehouse" : path.string();
}

// Beside the program in a build, in ../libexec/gatehouse once installed.
std::string FindSampleCluster(const std::string& self) {
  fs::path folder = fs::path(self).parent_path();
  for (const char* place : {".", "../libexec/gatehouse"}) {
    fs::path file = folder / place / "gatehouse-sample-cluster";
    if (access(file.c_str(), X_OK) == 0) return file.string();
  }
  return "";
}

constexpr const char* kNoSampleCluster =
    "gatehouse-sample-cluster is neither beside this program nor in "
    "../libexec/gatehouse";

// The choice of --server, as far as there is a cluster for it: a real server
// needs one, the sample server none. Asked before anything is fetched.
Result<std::string> ServerChoice(
    const DemoOptions& options, const std::string& self,
    const std::function<void(const std::string&)>& say) {
  const bool needless =
      options.server == "sample" || !options.kubeconfig.empty();
  if (needless || !FindSampleCluster(self).empty()) return options.server;
  if (options.server == "npm") {
    return Error{ErrorCode::kNotFound,
                 std::string(kNoSampleCluster) +
                     ": put it there, or name a cluster of yours with "
                     "--kubeconfig (reads only), or give --server sample, "
                     "which needs none"};
  }
  say(std::string(kNoSampleCluster) + ": using the sample server.");
  return std::string("sample");
}

Status StartCluster(DemoRun& run) {
  std::string program = FindSampleCluster(run.self);
  if (program.empty()) return Error{ErrorCode::kNotFound, kNoSampleCluster};
  run.kubeconfig = run.workspace.File("kubeconfig");
  LineProcessSpec spec;
  spec.argv = {program, "--port", "0", "--kubeconfig", run.kubeconfig};
  spec.inherited_fd = run.workspace.lifeline();
  Result<LineProcess> process = LineProcess::Start(spec);
  if (!process.ok()) return process.error();
  Result<std::string> ready = process.value().ReadLine(seconds(10));
  if (!ready.ok()) {
    return Error{ErrorCode::kIo, "the sample cluster did not start"};
  }
  run.cluster.emplace(std::move(process).value());
  return Done{};
}

// The sample server asks no cluster; the guard wants to know which one all the
// same.
constexpr std::string_view kSampleKubeconfig =
    "current-context: sample\n"
    "contexts: [{name: sample, context: {cluster: sample}}]\n"
    "clusters: [{name: sample, cluster: {server: \"https://127.0.0.1:1\"}}]\n";

std::vector<std::string> GuardCommand(const DemoRun& run) {
  std::vector<std::string> argv = {
      run.self, "run",          "--policy",   run.Policy(),
      "--db",   run.Database(), "--log-file", run.workspace.File("guard.log")};
  std::string kubeconfig = run.kubeconfig;
  if (kubeconfig.empty()) {
    kubeconfig = run.workspace.File("kubeconfig");
    std::ofstream(kubeconfig) << kSampleKubeconfig;
  }
  argv.insert(argv.end(), {"--kubeconfig", kubeconfig});
  if (!run.server.profile.empty()) {
    argv.insert(argv.end(), {"--profile", run.server.profile});
  }
  argv.push_back("--");
  argv.insert(argv.end(), run.server.argv.begin(), run.server.argv.end());
  return argv;
}

Status StartGuard(DemoRun& run) {
  LineProcessSpec spec;
  spec.argv = GuardCommand(run);
  spec.inherited_fd = run.workspace.lifeline();
  Result<LineProcess> process = LineProcess::Start(spec);
  if (!process.ok()) return process.error();
  run.guard.emplace(std::move(process).value());
  return Done{};
}

// The first lines of a text, indented, and how many were left out.
void ShowText(const std::string& text, std::size_t most_lines) {
  std::size_t shown = 0;
  std::size_t left_out = 0;
  std::string_view rest = text;
  while (!rest.empty()) {
    std::size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    if (shown < most_lines) {
      std::cout << "      " << line << "\n";
      ++shown;
    } else {
      ++left_out;
    }
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  if (left_out > 0) {
    std::cout << "      ... " << left_out << " more lines\n";
  }
}

// True where the answer is what this step is to show; of another policy than
// the demo's own, that is for it to say.
bool ShowAnswer(const DemoRun& run, const DemoStep& step,
                const DemoAnswer& answer) {
  const bool any = !run.options.policy.empty();
  switch (answer.outcome) {
    case DemoOutcome::kAnswered:
      std::cout << "    " << Styled(Style::kGood, "allowed") << "\n";
      ShowText(answer.text, 12);
      return any || !step.refused;
    case DemoOutcome::kRefused:
      std::cout << "    " << Styled(Style::kBad, "refused") << "\n";
      ShowText(answer.text, 12);
      return any || step.refused;
    case DemoOutcome::kFailed:
      std::cout << "    " << Styled(Style::kBad, "failed") << "\n";
      ShowText(answer.text, 12);
      return false;
  }
  return false;
}

void ShowHead(const DemoRun& run, const DemoHello& hello) {
  bool real_cluster = run.Target() == DemoTarget::kRealCluster;
  std::string cluster = "none: the sample server makes its answers up";
  if (run.cluster) cluster = "a small SAMPLE cluster on this machine";
  if (real_cluster) cluster = "yours, reads only: " + run.kubeconfig;
  std::string command = "gatehouse run --policy " + run.Policy() + " --";
  for (const std::string& word : run.server.argv) {
    command += " " + (word == run.self ? "gatehouse" : word);
  }
  std::cout << "\n  client    this demo, as an AI assistant would\n"
            << "  guard     " << command << "\n"
            << "  server    " << run.server.description << " (" << hello.tools
            << " tools)\n"
            << "  cluster   " << cluster << "\n\n";
}

bool ShowSession(DemoRun& run) {
  DemoSession session(*run.guard);
  Result<DemoHello> hello = session.Open();
  if (!hello.ok()) {
    std::cerr << "gatehouse demo: the session did not start: "
              << hello.error().sentence << "\n";
    return false;
  }
  ShowHead(run, hello.value());
  bool as_expected = true;
  for (const DemoStep& step : DemoSteps(run.server, run.Target())) {
    std::cout << Styled(Style::kStrong, "The assistant asks to " + step.asked)
              << "\n    " << step.tool << " " << step.arguments << "\n";
    Result<DemoAnswer> answer = session.Call(step.tool, step.arguments);
    if (!answer.ok()) {
      std::cout << "    failed: " << answer.error().sentence << "\n";
      return false;
    }
    as_expected = ShowAnswer(run, step, answer.value()) && as_expected;
    std::cout << "\n";
  }
  return as_expected;
}

// Runs this program's own `audit` command, with the output where ours goes.
bool ShowAudit(const DemoRun& run, const std::string& command) {
  std::cout << Styled(Style::kStrong, "$ gatehouse audit " + command)
            << std::endl;
  LineProcessSpec spec;
  spec.argv = {run.self, "audit", command, "--db", run.Database()};
  spec.standard_error = LineStderr::kShown;
  spec.standard_output = LineStdout::kShown;
  Result<LineProcess> process = LineProcess::Start(spec);
  bool good = process.ok() && process.value().Finish(seconds(20)) == 0;
  std::cout << std::endl;
  return good;
}

void ShowEnd(const DemoRun& run, bool good, bool keep) {
  if (!good) {
    std::cout << Styled(Style::kBad, "This did not go as it should.") << "\n";
    return;
  }
  if (keep) {
    std::cout << "Kept: " << run.Database() << "\n";
  } else {
    std::cout << "All of this was temporary and is gone (--keep keeps it).\n";
  }
  std::cout << "To guard your own server, put `gatehouse run --` before its "
               "command.\n";
}

Result<DemoRun> Prepare(const DemoOptions& options) {
  auto say = [](const std::string& line) { std::cerr << line << std::endl; };
  Result<DemoWorkspace> workspace = DemoWorkspace::Make();
  if (!workspace.ok()) return workspace.error();
  std::string self = SelfPath();
  const Result<std::string> choice = ServerChoice(options, self, say);
  if (!choice.ok()) return choice.error();
  Result<DemoServer> server = ChooseDemoServer(choice.value(), self, say);
  if (!server.ok()) return server.error();
  DemoRun run{
      std::move(workspace).value(), self,         options.kubeconfig, options,
      std::move(server).value(),    std::nullopt, std::nullopt};
  if (!options.kubeconfig.empty() && !run.server.real) {
    return Error{ErrorCode::kNotFound,
                 "--kubeconfig needs a real server, and there is none: the "
                 "sample server reads no cluster"};
  }
  // On a real cluster the server itself is told so, too.
  if (!options.kubeconfig.empty()) run.server.argv.push_back("--read-only");
  bool needs_cluster = options.kubeconfig.empty() && run.server.real;
  Status cluster = needs_cluster ? StartCluster(run) : Status(Done{});
  if (!cluster.ok()) return cluster.error();
  Status guard = StartGuard(run);
  if (!guard.ok()) return guard.error();
  return run;
}

int RunDemo(const DemoOptions& options) {
  Result<DemoRun> prepared = Prepare(options);
  if (!prepared.ok()) {
    std::cerr << "gatehouse demo: " << prepared.error().sentence << "\n";
    return kExitEnvironment;
  }
  DemoRun& run = prepared.value();
  bool good = ShowSession(run);
  run.guard->Finish(seconds(5));  // its last records are written now
  good = ShowAudit(run, "list") && good;
  good = ShowAudit(run, "verify") && good;
  if (options.keep) run.workspace.Keep();
  ShowEnd(run, good, options.keep || !options.database.empty());
  return good ? kExitDone : kExitNo;
}

}  // namespace

void AddDemo(Command app) {
  const Command command = app.AddCommand(
      "demo", "Show the guard at work on a sample (or your) cluster");
  auto options = std::make_shared<DemoOptions>();
  command
      .Add("--kubeconfig", options->kubeconfig,
           "A real cluster instead of the sample; reads only")
      .Word("FILE")
      .ExistingFile();
  command
      .Add("--server", options->server,
           "The server to wrap: npm, sample, or the best there is")
      .OneOf({"auto", "npm", "sample"})
      .ShowDefault();
  command
      .Add("--policy", options->policy,
           "The guard's policy; read-only if left out")
      .Word("FILE|PRESET");
  command
      .Add("--db", options->database, "Where the trail is to go, and to stay")
      .Word("FILE");
  command.AddFlag("--keep", options->keep,
                  "Keep the demo's folder with its audit database");
  command.Do([options] { return RunDemo(*options); });
  AddSampleServer(app);
}

}  // namespace gatehouse::cli
