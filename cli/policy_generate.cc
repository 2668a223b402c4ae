// SPDX-License-Identifier: Apache-2.0
// `gatehouse policy generate`: the calls that went through, as the policy (or
// the RBAC manifests) that would have let just them through.

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <iostream>

#include "cli/policy.h"
#include "cli/trail_calls.h"
#include "cli/trail_reading.h"
#include "cli/word_list.h"
#include "policy/file_reader.h"
#include "policy/policy_draft.h"
#include "policy/rule_reader.h"
#include "proxy/fd.h"

namespace gatehouse::cli {
namespace {

struct GenerateOptions {
  TrailChoice trail;
  std::string name = "generated";
  std::string output;
  std::string subject = "User:gatehouse-assistant";
  bool refused = false;
  bool rbac = false;
};

// "User:ana", "Group:sre", "ServiceAccount:NAMESPACE/NAME"
Result<RbacSubject> ReadSubject(const std::string& text) {
  const Error wrong{ErrorCode::kInvalid,
                    "--subject takes User:NAME, Group:NAME or "
                    "ServiceAccount:NAMESPACE/NAME"};
  RbacSubject subject;
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos || colon + 1 == text.size()) return wrong;
  subject.kind = text.substr(0, colon);
  subject.name = text.substr(colon + 1);
  if (subject.kind == "User" || subject.kind == "Group") return subject;
  const std::size_t slash = subject.name.find('/');
  if (subject.kind != "ServiceAccount" || slash == std::string::npos) {
    return wrong;
  }
  subject.namespace_name = subject.name.substr(0, slash);
  subject.name.erase(0, slash + 1);
  return subject;
}

// How many of the calls the draft would let through as it stands.
std::size_t AllowedBy(const std::string& text,
                      const std::vector<TrailCall>& calls) {
  Issues issues;
  CompileOptions options;
  const std::vector<RuleFile> files = {ReadRules({"generated", text}, issues)};
  const auto engine =
      CompileRules(files, KubernetesTables::Embedded(), options, issues);
  if (engine == nullptr || issues.HasErrors()) return 0;
  std::size_t allowed = 0;
  for (const TrailCall& call : calls) {
    const Decision decision =
        engine->Decide(call.call, call.subject, call.time);
    allowed += decision.effect == Effect::kAllow ? 1 : 0;
  }
  return allowed;
}

// Never over a file that is there: it may be in use.
int WriteNew(const std::string& path, const std::string& text) {
  const UniqueFd fd(
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (!fd.open()) {
    std::cerr << "gatehouse: " << path << ": "
              << (errno == EEXIST
                      ? "is there already, and a policy may be in use; name "
                        "another file"
                      : strerror(errno))
              << "\n";
    return kExitEnvironment;
  }
  std::string_view left = text;
  while (!left.empty()) {
    const ssize_t put = write(fd.get(), left.data(), left.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) {
      std::cerr << "gatehouse: " << path << ": " << strerror(errno) << "\n";
      return kExitEnvironment;
    }
    left.remove_prefix(static_cast<std::size_t>(put));
  }
  return kExitDone;
}

int Give(const GenerateOptions& options, const std::string& text) {
  if (!options.output.empty()) return WriteNew(options.output, text);
  std::cout << text;
  return kExitDone;
}

std::vector<Request> RequestsOf(const std::vector<TrailCall>& calls) {
  std::vector<Request> requests;
  for (const TrailCall& call : calls) {
    requests.insert(requests.end(), call.call.requests.begin(),
                    call.call.requests.end());
  }
  return requests;
}

int Generate(const GenerateOptions& options) {
  const auto subject = ReadSubject(options.subject);
  if (!subject.ok() || !IsId(options.name)) {
    std::cerr << "gatehouse: "
              << (subject.ok() ? "--name takes a-z, 0-9 and -"
                               : subject.error().sentence)
              << "\n";
    return kExitMisuse;
  }
  auto trail = ReadTrailCalls(options.trail);
  if (!trail.ok()) {
    std::cerr << "gatehouse: " << trail.error().sentence << "\n";
    return trail.error().code == ErrorCode::kInvalid ? kExitMisuse
                                                     : kExitEnvironment;
  }
  std::vector<TrailCall>& calls = trail.value().calls;
  std::erase_if(calls, [&](const TrailCall& call) {
    return !call.forwarded && !options.refused;
  });
  if (calls.empty()) {
    std::cerr << "gatehouse: the trail holds no such call that went through\n";
    return kExitNo;
  }
  const auto tables = KubernetesTables::Embedded();
  const Grants grants = GatherGrants(RequestsOf(calls), *tables);
  if (options.rbac) {
    return Give(options, "# What " + Calls(calls.size()) +
                             " asked of the cluster.\n" +
                             DraftRbac(grants, options.name, subject.value()));
  }
  const std::string policy =
      DraftPolicy(grants, *tables, options.name,
                  "Drafted from " + Calls(calls.size()) + " of the trail.");
  const int exit_code = Give(options, policy);
  if (exit_code != kExitDone) return exit_code;
  std::cerr << "gatehouse: lets " << AllowedBy(policy, calls) << " of "
            << Calls(calls.size())
            << " through; what is held back stands there commented out\n";
  return kExitDone;
}

constexpr std::string_view kGenerateHelp =
    "\nIt takes the calls that went on to the server, allowed or only "
    "observed: "
    "run with\n--mode observe (or the preset observe-all) for a while, then\n"
    "  gatehouse policy generate --since 14d --output team.yaml\n"
    "  gatehouse policy replay --policy team.yaml\n"
    "\nNarrow in verbs, resources and namespaces, not in names. What is "
    "sensitive, or\nchanges a protected namespace, stands there commented "
    "out.\n"
    "\nExit codes: 0 written, 1 no such call, 2 misuse, 3 no such file or one "
    "is there.\n";

}  // namespace

void AddPolicyGenerate(Command policy) {
  const Command command = policy.AddCommand(
      "generate",
      "Drafts the policy that would have let through what went through");
  auto options = std::make_shared<GenerateOptions>();
  AddTrailOptions(command, options->trail);
  command.Add("--name", options->name, "The policy's or roles' name")
      .ShowDefault();
  command
      .Add("--output,-o", options->output,
           "A new file to write to; standard output if left out")
      .Word("FILE");
  command.AddFlag("--refused", options->refused,
                  "Calls that were refused, too");
  command.AddFlag("--rbac", options->rbac,
                  "Kubernetes manifests instead: roles and their bindings");
  command
      .Add("--subject", options->subject,
           "With --rbac: User:NAME, Group:NAME or "
           "ServiceAccount:NAMESPACE/NAME")
      .ShowDefault();
  command.Footer(std::string(kGenerateHelp));
  command.Do([options, command] {
    options->trail.spoken = command.Spoken();
    return Generate(*options);
  });
}

}  // namespace gatehouse::cli
