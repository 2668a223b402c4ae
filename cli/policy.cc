// SPDX-License-Identifier: Apache-2.0
// `gatehouse policy check` and `policy show`; hangs `policy explain` beside
// them. A check takes the very path that `run` takes.

#include "cli/policy.h"

#include <iostream>

#include "cli/command.h"
#include "cli/policy_check.h"
#include "cli/word_list.h"
#include "policy/schema.h"

namespace gatehouse::cli {
namespace {

struct CheckOptions {
  std::vector<std::string> policies;
  PolicyChoice choice;
  std::string format = "text";
  bool strict = false;
  bool system = false;
};

// 3 where a file could not be read, 1 where one has errors, else 0.
int ExitCodeOf(const LoadedPolicy& policy) {
  if (!policy.error.empty()) return kExitEnvironment;
  return policy.engine == nullptr ? kExitNo : kExitDone;
}

int Check(const CheckOptions& options) {
  std::vector<std::string> names = options.policies;
  if (names.empty()) names.push_back(options.choice.policy);
  const Warnings warnings =
      options.strict ? Warnings::kAreErrors : Warnings::kAreShown;
  int exit_code = kExitDone;
  std::vector<LoadedPolicy> policies;
  for (const std::string& name : names) {
    PolicyChoice choice = options.choice;
    choice.policy = name;
    choice.lint = true;
    choice.tables = KubernetesTables::Embedded();
    policies.push_back(options.system ? LoadSystemPolicy(choice)
                                      : LoadPolicy(choice));
    const LoadedPolicy& policy = policies.back();
    exit_code = std::max(exit_code, ExitCodeOf(policy));
    if (!IsOk(policy, warnings)) {
      exit_code = std::max(exit_code, kExitNo);
    }
  }
  if (options.format == "json") {
    std::cout << PoliciesAsJson(policies, warnings) << "\n";
  } else if (options.format == "sarif") {
    std::cout << PoliciesAsSarif(policies) << "\n";
  } else {
    for (const LoadedPolicy& policy : policies) PrintPolicy(policy, warnings);
  }
  return exit_code;
}

// Of all files and both layers together, which no single file shows.
void PrintSettings(const SessionSettings& settings) {
  const auto feature = [](FeatureUse value) {
    return value == FeatureUse::kDeny ? "deny" : "as-declared";
  };
  const FeatureSettings& features = settings.client_features;
  std::cout << "\n# In force for the whole session:\n"
            << "#   masked beyond the shipped rules: keys "
            << JoinedOrNone(settings.secret_keys) << "; formats "
            << JoinedOrNone(settings.formats) << "\n"
            << "#   control characters in texts: "
            << (settings.controls == TextControls::kKeep ? "keep" : "strip")
            << "\n"
            << "#   the server may ask the client: sampling "
            << feature(features.sampling) << ", elicitation "
            << feature(features.elicitation) << ", roots "
            << feature(features.roots) << "\n";
}

// A preset that needs settings can be read before they are thought of.
int Show(PolicyChoice choice) {
  choice.tables = KubernetesTables::Embedded();
  choice.lacks_settings = true;
  const LoadedPolicy policy = LoadPolicy(choice);
  if (policy.engine == nullptr) {
    PrintPolicy(policy, Warnings::kAreShown);
    return ExitCodeOf(policy);
  }
  for (const Issue& issue : policy.issues.items()) {
    std::cerr << Render(issue) << "\n";
  }
  std::cout << "# " << policy.origin << ", " << policy.engine->hash() << "\n"
            << policy.engine->text();
  PrintSettings(policy.engine->settings());
  std::cout
      << "\n# Resources that an allow must name exactly (exec and forward of "
         "pods and\n"
         "# services may be named by the verb alone, without resources):\n";
  for (const SensitiveEntry& entry : choice.tables->sensitive()) {
    std::cout << "#   " << entry.resource
              << (entry.group.empty() ? "" : "." + entry.group)
              << (entry.subresource.empty() ? "" : "/" + entry.subresource)
              << (entry.writes_only ? " (writing)" : "") << ": " << entry.why
              << "\n";
  }
  return kExitDone;
}

void AddCheck(Command policy) {
  const Command command = policy.AddCommand(
      "check", "Reads policies as `run` would and reports every fault");
  auto options = std::make_shared<CheckOptions>();
  command.Add("POLICY", options->policies,
              "Files or presets; none: the policy in use");
  AddPolicyOptions(command, options->choice);
  command.Add("--format", options->format, "text, json or sarif")
      .OneOf({"text", "json", "sarif"})
      .ShowDefault();
  command.AddFlag("--strict", options->strict, "Warnings are errors too");
  command.AddFlag("--system", options->system,
                  "Read the files as a system policy, whoever they belong "
                  "to");
  command.Footer(
      "\nErrors (P…) refuse the policy; warnings (W…) are worth a second "
      "look.\nExit codes: 0 sound, 1 it has errors, 3 unreadable.\n");
  command.Do([options] { return Check(*options); });
}

void AddSchema(Command policy) {
  const Command command = policy.AddCommand(
      "schema", "Prints the JSON Schema of a policy, for editors");
  command.Footer(
      "\nFor yaml-language-server, put this above a policy:\n"
      "  # yaml-language-server: $schema=./policy.schema.json\n");
  command.Do([] {
    std::cout << PolicySchema();
    return kExitDone;
  });
}

void AddShow(Command policy) {
  const Command command = policy.AddCommand(
      "show", "Prints a policy with all that it extends, and its hash");
  auto choice = std::make_shared<PolicyChoice>();
  AddPolicyOptions(command, *choice);
  command.Do([choice] { return Show(*choice); });
}

}  // namespace

void AddPolicy(Command app) {
  const Command policy = app.AddCommand(
      "policy", "Check, show, compare, test and explain policies");
  policy.NeedsCommand();
  AddCheck(policy);
  AddShow(policy);
  AddSchema(policy);
  AddPolicyExplain(policy);
  AddPolicyDiff(policy);
  AddPolicyTest(policy);
  AddPolicyCanI(policy);
  AddPolicyReplay(policy);
  AddPolicyGenerate(policy);
}

}  // namespace gatehouse::cli
