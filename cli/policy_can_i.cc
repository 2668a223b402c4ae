// SPDX-License-Identifier: Apache-2.0
// `gatehouse policy can-i`: one question answered yes or no, or the whole
// matrix of what a policy lets somebody do (access_output.h).

#include <iostream>

#include "cli/access_output.h"
#include "cli/access_question.h"
#include "cli/cluster_policy.h"
#include "cli/os_user.h"
#include "cli/policy.h"
#include "policy/access_matrix.h"
#include "policy/json_writer.h"

namespace gatehouse::cli {
namespace {

struct CanIOptions {
  PolicyChoice policy;
  std::string kubeconfig;
  std::string context;
  std::vector<std::string> question;  // VERB RESOURCE [NAME], or nothing
  std::vector<std::string> namespaces;
  bool all_namespaces = false;
  std::string as;
  std::vector<std::string> as_groups;
  std::string server;
  std::string tool;
  std::string format = "text";
};

Place PlaceOf(const AccessQuestion& asked) {
  const std::string& space = asked.namespaces.front();
  const bool all = space == "*";
  return {asked.who.context, all ? "" : space, all};
}

// What the answer rests on, where that is less than it seems.
void TellOfNoKubeconfig(const AccessQuestion& asked) {
  if (!asked.who.context.empty()) return;
  std::cerr << "gatehouse: no kubeconfig here has a current context, so this "
               "is the answer for none; name one with --kubeconfig or "
               "--context\n";
}

int AnswerQuestion(const AccessQuestion& asked, const CanIOptions& options) {
  const auto request =
      ReadAccessQuestion(options.question, PlaceOf(asked), asked.tables);
  if (!request.ok()) {
    std::cerr << "gatehouse: " << request.error().sentence << "\n";
    return kExitMisuse;
  }
  TellOfNoKubeconfig(asked);
  Classification call;
  call.server = asked.who.server;
  call.tool = asked.who.tool;
  call.known_tool = true;
  call.requests = {request.value()};
  const Decision decision =
      asked.engine.Decide(call, asked.who.subject, asked.who.time);
  const bool yes = decision.effect == Effect::kAllow;
  if (options.format == "json") {
    JsonWriter out;
    out.BeginObject().Key("decision").String(EffectName(decision.effect));
    out.Key("code").String(CodeName(decision.code)).Key("rule");
    decision.rule.empty() ? out.Null() : out.String(decision.rule);
    out.Key("request");
    WriteRequest(request.value(), out);
    std::cout << out.EndObject().text() << "\n";
  } else {
    std::cout << (yes                               ? "yes"
                  : decision.effect == Effect::kAsk ? "ask"
                                                    : "no")
              << "\n";
    if (!decision.rule.empty()) {
      std::cerr << "rule " << decision.rule << "\n";
    } else {
      std::cerr << decision.sentence << "\n";
    }
  }
  return yes ? kExitDone : kExitNo;
}

AccessSubject SubjectOf(const CanIOptions& options, ClusterFile& cluster) {
  AccessSubject who;
  const OsUser user = CurrentUser();
  who.subject.user = options.as.empty() ? user.name : options.as;
  // Another's groups are not this user's.
  who.subject.groups = options.as.empty() ? user.groups : options.as_groups;
  who.time = std::chrono::system_clock::now();
  who.context = cluster.start_context();
  const ClusterView& view = cluster.View();
  if (const ContextView* context = view.Find(who.context)) {
    who.subject.kube_user = context->user;
  }
  who.server = options.server;
  who.tool = options.tool;
  return who;
}

int CanI(const CanIOptions& options) {
  const ClusterPolicy opened =
      OpenClusterPolicy(options.policy, options.kubeconfig, options.context);
  if (opened.exit_code != kExitDone) return opened.exit_code;
  ClusterFile& cluster = *opened.cluster;
  AccessQuestion asked{opened.engine(), *opened.tables,
                       SubjectOf(options, cluster), options.namespaces};
  if (options.all_namespaces) asked.namespaces.emplace_back("*");
  if (asked.namespaces.empty()) {
    const ContextView* context = cluster.View().Find(cluster.start_context());
    asked.namespaces.push_back(context == nullptr ? "default"
                                                  : context->namespace_name);
  }
  if (!options.question.empty()) return AnswerQuestion(asked, options);
  TellOfNoKubeconfig(asked);
  if (options.format != "json") {
    PrintMatrix(asked);
    return kExitDone;
  }
  JsonWriter out;
  WriteMatrix(asked, out);
  std::cout << out.text() << "\n";
  return kExitDone;
}

constexpr std::string_view kCanIHelp =
    "\nExamples:\n"
    "  gatehouse policy can-i\n"
    "  gatehouse policy can-i delete pods web-0 -n dev --policy team.yaml\n"
    "  gatehouse policy can-i --as ana --as-group sre -n prod\n"
    "\nExit codes of a question: 0 yes, 1 no or only when asked, 2 misuse.\n";

void AddSubjectOptions(Command command, CanIOptions& options) {
  const Option as =
      command.Add("--as", options.as, "As another user of the operating system")
          .Word("USER");
  command.Add("--as-group", options.as_groups, "With --as: a group of theirs")
      .Word("GROUP")
      .Needs(as)
      .OneWordEach();
  command.Add("--profile,--server", options.server,
              "Through this server, for rules that name servers");
  command.Add("--tool", options.tool,
              "By this tool, for rules that name tools");
}

}  // namespace

void AddPolicyCanI(Command policy) {
  const Command command = policy.AddCommand(
      "can-i", "What the policy allows: one question, or the whole table");
  auto options = std::make_shared<CanIOptions>();
  command
      .Add("QUESTION", options->question,
           "VERB RESOURCE [NAME]; nothing: the table")
      .AtLeastAndMost(0, 3);
  AddPolicyOptions(command, options->policy);
  command
      .Add("-n,--namespace", options->namespaces,
           "In this namespace; the kubeconfig's if left out")
      .OneWordEach();
  command.AddFlag("-A,--all-namespaces", options->all_namespaces,
                  "For a request over all namespaces at once");
  AddSubjectOptions(command, *options);
  command.Add("--kubeconfig", options->kubeconfig, "The kubeconfig")
      .Word("FILE");
  command.Add("--context", options->context, "The kubeconfig context")
      .Word("NAME");
  command.Add("--format", options->format, "text or json")
      .OneOf({"text", "json"})
      .ShowDefault();
  command.Footer(std::string(kCanIHelp));
  command.Do([options] { return CanI(*options); });
}

}  // namespace gatehouse::cli
