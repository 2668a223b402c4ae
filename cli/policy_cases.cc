// SPDX-License-Identifier: Apache-2.0
// `gatehouse policy test`: the cases beside a policy, and how much of it they
// hold in place. Reads no kubeconfig and no system policy: a case must pass or
// fail the same on every machine.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "cli/call_explainer.h"
#include "cli/policy.h"
#include "cli/test_report.h"
#include "policy/case_file.h"
#include "policy/case_runner.h"
#include "policy/mutant.h"
#include "policy/rule_compiler.h"

namespace gatehouse::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".cases.yaml";

struct TestOptions {
  std::vector<std::string> files;
  bool coverage = false;
  bool mutate = false;
  std::string format = "text";
};

// The kubeconfig that a case supposes.
class SupposedCluster final : public ClusterSource {
 public:
  void Suppose(const ContextView& start, const ContextView& current) {
    view_.current = current.name;
    view_.contexts = {current};
    if (start.name != current.name) view_.contexts.push_back(start);
  }
  const ClusterView& View() override { return view_; }

 private:
  ClusterView view_;
};

// Judges cases by one policy after another.
class CaseBench {
 public:
  CaseBench(const CaseFile& file,
            std::shared_ptr<const KubernetesTables> tables)
      : file_(file), calls_(cluster_, std::move(tables)) {}

  CaseJudge JudgeBy(std::shared_ptr<const Engine> engine) {
    engine_ = std::move(engine);
    calls_.Use(engine_);
    return [this](const PolicyCase& asked) { return Judge(asked); };
  }

 private:
  Result<Trace> Judge(const PolicyCase& asked) {
    const UtcTime at = asked.at.value_or(now_);
    if (asked.tool.empty()) {
      Classification call;
      call.server = asked.server;
      call.known_tool = true;
      call.requests = asked.requests;
      return engine_->Explain(call, asked.subject, at);
    }
    cluster_.Suppose(file_.context, asked.context);
    auto answer = calls_.Explain({asked.server, asked.tool, asked.arguments},
                                 asked.subject, at);
    if (!answer.ok()) return answer.error();
    return std::move(answer).value().trace;
  }

  const CaseFile& file_;
  const UtcTime now_ = std::chrono::system_clock::now();
  SupposedCluster cluster_;
  CallExplainer calls_;
  std::shared_ptr<const Engine> engine_;
};

// "team.cases.yaml" for "team.yaml", itself for itself, all of them in a
// folder.
std::vector<std::string> CaseFilesAt(const fs::path& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    std::vector<std::string> files;
    for (const auto& entry : fs::directory_iterator(path, ignored)) {
      if (entry.path().string().ends_with(kSuffix)) {
        files.push_back(entry.path());
      }
    }
    std::ranges::sort(files);
    return files;
  }
  if (path.string().ends_with(kSuffix)) return {path.string()};
  fs::path beside = path;
  beside.replace_extension();
  return {beside.string() + std::string(kSuffix)};
}

// A preset's name as it stands, a file beside the cases.
std::string PolicyOf(const CaseFile& file) {
  if (file.policy.find_first_of("/.") == std::string::npos) return file.policy;
  return (fs::path(file.name).parent_path() / file.policy).string();
}

class TestRun {
 public:
  explicit TestRun(const TestOptions& options)
      : options_(options), tables_(KubernetesTables::Embedded()) {}

  void Add(const std::string& path);
  int Finish() const;

 private:
  void Refuse(int exit_code, const std::string& why) {
    std::cerr << why << "\n";
    exit_code_ = std::max(exit_code_, exit_code);
  }
  void Run(const LoadedPolicy& policy, TestReport& report);
  void TryMutants(const LoadedPolicy& policy, CaseBench& bench,
                  TestReport& report);

  const TestOptions& options_;
  std::shared_ptr<const KubernetesTables> tables_;
  std::vector<TestReport> reports_;
  int exit_code_ = kExitDone;
};

void TestRun::TryMutants(const LoadedPolicy& policy, CaseBench& bench,
                         TestReport& report) {
  report.unnoticed.emplace();
  ForEachMutant(policy.rule_files, [&](const Mutant& mutant) {
    Issues issues;
    auto engine = CompileRules(mutant.files, tables_, policy.options, issues);
    if (engine == nullptr) return;
    ++report.mutants;
    if (AllPass(report.cases, bench.JudgeBy(std::move(engine)))) {
      report.unnoticed->push_back({mutant.change, mutant.rule});
    }
  });
}

void TestRun::Run(const LoadedPolicy& policy, TestReport& report) {
  CaseBench bench(report.cases, tables_);
  report.policy = policy.origin;
  report.hash = policy.engine->hash();
  report.rules = policy.engine->rules().size();
  report.results = RunCases(report.cases, bench.JudgeBy(policy.engine));
  if (options_.coverage) {
    report.uncovered = UncoveredRules(policy.engine->rules(), report.results);
  }
  // Cases that fail already notice nothing.
  if (options_.mutate && report.failed() == 0) {
    TryMutants(policy, bench, report);
  }
}

void TestRun::Add(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) {
    return Refuse(kExitEnvironment,
                  "gatehouse: the cases " + path + " cannot be read");
  }
  Issues issues;
  TestReport report;
  report.cases = ReadCases({path, text.str()}, *tables_, issues);
  issues.Sort();
  for (const Issue& issue : issues.items()) std::cerr << Render(issue) << "\n";
  if (issues.HasErrors()) return Refuse(kExitNo, path + " has errors");
  PolicyChoice choice;
  choice.policy = PolicyOf(report.cases);
  choice.settings = report.cases.settings;
  choice.current_context = report.cases.context.name;
  choice.system.path.clear();
  choice.tables = tables_;
  const LoadedPolicy policy = LoadPolicy(choice);
  if (policy.engine == nullptr) {
    return Refuse(policy.error.empty() ? kExitNo : kExitEnvironment,
                  policy.Faults());
  }
  Run(policy, report);
  if (!report.clean()) exit_code_ = std::max(exit_code_, kExitNo);
  reports_.push_back(std::move(report));
}

int TestRun::Finish() const {
  if (options_.format == "json") {
    std::cout << TestsAsJson(reports_);
  } else if (options_.format == "junit") {
    std::cout << TestsAsJunit(reports_);
  } else if (!reports_.empty()) {
    std::cout << TestsAsText(reports_);
  }
  return exit_code_;
}

int Test(const TestOptions& options) {
  std::vector<std::string> files;
  for (const std::string& named : options.files) {
    const auto found = CaseFilesAt(named);
    files.insert(files.end(), found.begin(), found.end());
  }
  if (files.empty()) {
    std::cerr << "gatehouse: there are no cases; write them beside the policy, "
                 "as NAME.cases.yaml (see `policy test --help`)\n";
    return kExitMisuse;
  }
  TestRun run(options);
  for (const std::string& file : files) run.Add(file);
  return run.Finish();
}

constexpr std::string_view kTestHelp =
    "\nCases stand beside the policy, in NAME.cases.yaml:\n"
    "  policy: team.yaml\n"
    "  cases:\n"
    "    - name: restarts in dev\n"
    "      request: {verb: patch, resource: deployments, namespace: dev,\n"
    "                name: web}\n"
    "      expect: allow\n"
    "    - name: no secrets, whatever the flags\n"
    "      server: mcp-server-kubernetes\n"
    "      call: {tool: kubectl_get, arguments: {resourceType: secrets}}\n"
    "      expect: {decision: deny, code: sensitive}\n"
    "\nExit codes: 0 all pass, 1 a case fails, or a rule or mutant that was "
    "asked\nfor is left open, 3 unreadable.\n";

}  // namespace

void AddPolicyTest(Command policy) {
  const Command command = policy.AddCommand(
      "test", "Runs the cases beside a policy: what it shall allow and deny");
  auto options = std::make_shared<TestOptions>();
  options->files = {"."};
  command
      .Add("FILE", options->files,
           "Cases, policies with cases beside them, or folders")
      .ShowDefault();
  command.AddFlag("--coverage", options->coverage,
                  "Name the rules that no case makes decide");
  command.AddFlag("--mutate", options->mutate,
                  "Turn each rule round, and leave each of its fields out: "
                  "name the changes that no case notices");
  command.Add("--format", options->format, "text, json or junit")
      .OneOf({"text", "json", "junit"})
      .ShowDefault();
  command.Footer(std::string(kTestHelp));
  command.Do([options] { return Test(*options); });
}

}  // namespace gatehouse::cli
