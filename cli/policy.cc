// SPDX-License-Identifier: Apache-2.0
// `gatehouse policy check` and `policy show`; hangs `policy explain` beside
// them. A check takes the very path that `run` takes.

#include "cli/policy.h"

#include <iostream>

#include "cli/command.h"
#include "policy/json_writer.h"

namespace gatehouse::cli {
namespace {

struct CheckOptions {
  std::vector<std::string> policies;
  PolicyChoice choice;
  std::string format = "text";
};

void WriteIssue(const Issue& issue, JsonWriter& out) {
  out.BeginObject();
  out.Key("severity")
      .String(issue.severity == Severity::kError ? "error" : "warning");
  out.Key("code").String(issue.code);
  out.Key("file").String(issue.file);
  out.Key("line").Integer(issue.position.line);
  out.Key("column").Integer(issue.position.column);
  out.Key("message").String(issue.message);
  out.EndObject();
}

void WritePolicy(const LoadedPolicy& policy, JsonWriter& out) {
  out.BeginObject().Key("policy").String(policy.origin);
  out.Key("ok").Bool(policy.engine != nullptr);
  if (policy.engine != nullptr) {
    out.Key("name").String(policy.engine->name());
    out.Key("hash").String(policy.engine->hash());
    out.Key("rules").Unsigned(policy.engine->rules().size());
  }
  if (!policy.error.empty()) out.Key("error").String(policy.error);
  out.Key("issues").BeginArray();
  for (const Issue& issue : policy.issues.items()) WriteIssue(issue, out);
  out.EndArray().EndObject();
}

void PrintPolicy(const LoadedPolicy& policy) {
  for (const Issue& issue : policy.issues.items()) {
    std::cerr << Render(issue) << "\n";
  }
  if (!policy.error.empty()) {
    std::cerr << "gatehouse: " << policy.error << "\n";
  }
  if (policy.engine == nullptr) return;
  const std::size_t rules = policy.engine->rules().size();
  std::cout << policy.origin << ": ok, " << rules
            << (rules == 1 ? " rule, " : " rules, ") << policy.engine->hash()
            << "\n";
}

// 3 where a file could not be read, 1 where one has errors, else 0.
int ExitCodeOf(const LoadedPolicy& policy) {
  if (!policy.error.empty()) return kExitEnvironment;
  return policy.engine == nullptr ? kExitNo : kExitDone;
}

int Check(const CheckOptions& options) {
  std::vector<std::string> names = options.policies;
  if (names.empty()) names.push_back(options.choice.policy);
  int exit_code = kExitDone;
  JsonWriter out;
  out.BeginArray();
  for (const std::string& name : names) {
    PolicyChoice choice = options.choice;
    choice.policy = name;
    choice.tables = KubernetesTables::Embedded();
    const LoadedPolicy policy = LoadPolicy(choice);
    exit_code = std::max(exit_code, ExitCodeOf(policy));
    if (options.format == "json") {
      WritePolicy(policy, out);
    } else {
      PrintPolicy(policy);
    }
  }
  out.EndArray();
  if (options.format == "json") std::cout << out.text() << "\n";
  return exit_code;
}

int Show(PolicyChoice choice) {
  choice.tables = KubernetesTables::Embedded();
  const LoadedPolicy policy = LoadPolicy(choice);
  if (policy.engine == nullptr) {
    PrintPolicy(policy);
    return ExitCodeOf(policy);
  }
  std::cout << "# " << policy.origin << ", " << policy.engine->hash() << "\n"
            << policy.engine->text();
  std::cout << "\n# Resources that an allow must name exactly:\n";
  for (const SensitiveEntry& entry : choice.tables->sensitive()) {
    std::cout << "#   " << entry.resource
              << (entry.group.empty() ? "" : "." + entry.group)
              << (entry.subresource.empty() ? "" : "/" + entry.subresource)
              << (entry.writes_only ? " (writing)" : "") << ": " << entry.why
              << "\n";
  }
  return kExitDone;
}

void AddCheck(CLI::App& policy, Action& action) {
  auto* command = policy.add_subcommand(
      "check", "Reads policies as `run` would and reports every fault");
  auto options = std::make_shared<CheckOptions>();
  command->add_option("POLICY", options->policies,
                      "Files or presets; none: the policy in use");
  AddPolicyOptions(*command, options->choice);
  command->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  command->footer("\nExit codes: 0 sound, 1 it has errors, 3 unreadable.\n");
  command->callback(
      [&action, options] { action = [options] { return Check(*options); }; });
}

void AddShow(CLI::App& policy, Action& action) {
  auto* command = policy.add_subcommand(
      "show", "Prints a policy with all that it extends, and its hash");
  auto choice = std::make_shared<PolicyChoice>();
  AddPolicyOptions(*command, *choice);
  command->callback(
      [&action, choice] { action = [choice] { return Show(*choice); }; });
}

}  // namespace

void AddPolicy(CLI::App& app, Action& action) {
  auto* policy =
      app.add_subcommand("policy", "Check, show and explain policies");
  policy->require_subcommand(1);
  AddCheck(*policy, action);
  AddShow(*policy, action);
  AddPolicyExplain(*policy, action);
}

}  // namespace gatehouse::cli
