// SPDX-License-Identifier: Apache-2.0
// `gatehouse policy can-i`: one question answered yes or no, or the whole
// matrix of what a policy lets somebody do, resources with the same answers on
// one line.

#include <algorithm>
#include <iostream>
#include <map>
#include <sstream>

#include "cli/cluster_file.h"
#include "cli/os_user.h"
#include "cli/policy.h"
#include "cli/table.h"
#include "policy/access_matrix.h"
#include "policy/json_writer.h"
#include "policy/kubernetes/fields.h"

namespace gatehouse::cli {
namespace {

constexpr std::size_t kWidth = 80;

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

struct Asked {
  const Engine& engine;
  const KubernetesTables& tables;
  AccessSubject who;
  std::vector<std::string> namespaces;
};

// What a header of the matrix shows for each of kObjectVerbs.
constexpr std::array<std::string_view, kObjectVerbs.size()> kHeads = {
    "GET", "LIST", "WATCH", "CREATE", "UPDATE", "PATCH", "DELETE", "DEL-ALL"};
constexpr std::size_t kHeadsWidth = 50;  // each with a blank before it
constexpr std::size_t kNamesWidth = kWidth - kHeadsWidth - 1;

// "a, b, c" in lines of at most `width`, each word whole where it fits.
std::vector<std::string> Wrapped(const std::vector<std::string>& words,
                                 std::size_t width) {
  std::vector<std::string> lines(1);
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string word = words[i] + (i + 1 < words.size() ? "," : "");
    if (word.size() > width) word = word.substr(0, width - 3) + "..,";
    if (!lines.back().empty() &&
        lines.back().size() + 1 + word.size() > width) {
      lines.emplace_back();
    }
    lines.back() += (lines.back().empty() ? "" : " ") + word;
  }
  return lines;
}

std::string Padded(std::string_view text, std::size_t width) {
  std::string out(text);
  out.resize(std::max(width, out.size()), ' ');
  return out;
}

Style StyleOf(Access access) {
  switch (access) {
    case Access::kYes:
      return Style::kGood;
    case Access::kAsk:
    case Access::kSome:
      return Style::kStrong;
    case Access::kNo:
    case Access::kNoSuchVerb:
      return Style::kPlain;
  }
  return Style::kPlain;
}

std::string Cells(const AccessRow& row) {
  std::string text;
  for (std::size_t i = 0; i < kHeads.size(); ++i) {
    const Access access = row.answers[i];
    const std::string_view word =
        access == Access::kNo ? "-" : AccessName(access);
    text += " " + Styled(StyleOf(access), std::string(word));
    text.append(kHeads[i].size() - word.size(), ' ');
  }
  return text;
}

void PrintLine(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  std::cout << line << "\n";
}

// Resources with the same answers.
struct RowGroup {
  const AccessRow* row = nullptr;
  std::vector<std::string> names;
};

// In the order in which the first of each stands in the table; a large group
// last, as the rest that it is.
std::vector<RowGroup> Grouped(const std::vector<AccessRow>& rows) {
  constexpr std::size_t kMany = 12;
  std::vector<RowGroup> groups;
  for (const AccessRow& row : rows) {
    auto group = std::ranges::find_if(groups, [&](const RowGroup& known) {
      return known.row->answers == row.answers;
    });
    if (group == groups.end()) group = groups.insert(groups.end(), {&row, {}});
    group->names.push_back(row.resource);
  }
  const auto largest = std::ranges::max_element(
      groups, {}, [](const RowGroup& group) { return group.names.size(); });
  if (largest == groups.end() || largest->names.size() < kMany) return groups;
  largest->names = {"everything else (" +
                    std::to_string(largest->names.size()) + ")"};
  std::rotate(largest, largest + 1, groups.end());
  return groups;
}

void PrintObjects(const std::vector<AccessRow>& rows) {
  std::string heads = Padded("RESOURCES", kNamesWidth + 1);
  for (const std::string_view head : kHeads) heads += " " + std::string(head);
  PrintLine(heads);
  for (const auto& [row, names] : Grouped(rows)) {
    const auto lines = Wrapped(names, kNamesWidth);
    PrintLine(Padded(lines[0], kNamesWidth + 1) + Cells(*row));
    for (std::size_t i = 1; i < lines.size(); ++i) PrintLine(lines[i]);
  }
}

std::string WhereOf(const std::string& namespace_name) {
  return namespace_name == "*" ? "all namespaces at once"
                               : "namespace " + Printable(namespace_name);
}

void PrintMatrix(const Asked& asked) {
  const Engine& engine = asked.engine;
  std::cout << "policy     " << engine.name() << " ("
            << (engine.mode() == Mode::kObserve ? "observe" : "enforce")
            << "), " << engine.hash().substr(0, 19) << "\n"
            << "subject    " << Printable(asked.who.subject.user)
            << ", in context "
            << (asked.who.context.empty() ? "(none)"
                                          : Printable(asked.who.context))
            << "\n";
  for (const std::string& space : asked.namespaces) {
    std::cout << "\nIn " << WhereOf(space) << ", and of the cluster:\n";
    PrintObjects(ObjectAccess(engine, asked.tables, asked.who, space));
    std::cout << "\n";
    for (const VerbAccess& answer : FurtherAccess(engine, asked.who, space)) {
      PrintLine(Padded(VerbName(answer.verb), 10) +
                Padded(AccessName(answer.access), 6) + answer.resource);
    }
  }
  std::cout
      << "\nyes: allowed, ask: asked first, some: by the object's name or "
         "its pods, -: no\n"
         "--format json names every resource\n";
}

void WriteVerbs(const std::vector<VerbAccess>& answers, JsonWriter& out) {
  out.BeginArray();
  for (const VerbAccess& answer : answers) {
    out.BeginObject().Key("verb").String(VerbName(answer.verb));
    out.Key("resource").String(answer.resource);
    out.Key("access").String(AccessName(answer.access)).EndObject();
  }
  out.EndArray();
}

void WriteMatrix(const Asked& asked, JsonWriter& out) {
  out.BeginObject().Key("policy").String(asked.engine.name());
  out.Key("hash").String(asked.engine.hash());
  out.Key("user").String(asked.who.subject.user);
  out.Key("context").String(asked.who.context);
  out.Key("namespaces").BeginArray();
  for (const std::string& space : asked.namespaces) {
    out.BeginObject().Key("namespace").String(space);
    out.Key("resources").BeginArray();
    for (const AccessRow& row :
         ObjectAccess(asked.engine, asked.tables, asked.who, space)) {
      out.BeginObject().Key("resource").String(row.resource);
      for (std::size_t i = 0; i < kObjectVerbs.size(); ++i) {
        if (row.answers[i] == Access::kNoSuchVerb) continue;
        out.Key(VerbName(kObjectVerbs[i])).String(AccessName(row.answers[i]));
      }
      out.EndObject();
    }
    out.EndArray().Key("verbs");
    WriteVerbs(FurtherAccess(asked.engine, asked.who, space), out);
    out.EndObject();
  }
  out.EndArray().EndObject();
}

// VERB RESOURCE[/SUBRESOURCE] [NAME]
Result<Request> ReadQuestion(const Asked& asked,
                             const std::vector<std::string>& words) {
  Request request;
  request.verb = VerbFromName(words[0]).value_or(Verb::kUnknown);
  if (request.verb == Verb::kUnknown) {
    return Error{ErrorCode::kInvalid, "unknown verb \"" + words[0] + "\""};
  }
  request.context = asked.who.context;
  request.group = request.resource = request.subresource = "";
  request.name = words.size() > 2 ? words[2] : "";
  if (IsReading(request.verb)) request.pods.security = PodSecurity::kNone;
  if (words.size() < 2) return request;
  const std::vector<std::string> parts = SplitAt(words[1], '/');
  const auto types = asked.tables.Find(parts[0]);
  const std::size_t dot = parts[0].find('.');
  if (types.empty() && dot == std::string::npos) {
    return Error{ErrorCode::kInvalid,
                 "unknown resource \"" + parts[0] +
                     "\"; a custom one is written PLURAL.GROUP"};
  }
  request.resource =
      types.empty() ? parts[0].substr(0, dot) : types.front()->plural;
  request.group =
      types.empty() ? parts[0].substr(dot + 1) : types.front()->group;
  if (parts.size() > 1) request.subresource = parts[1];
  const bool namespaced = types.empty() || types.front()->namespaced;
  const std::string& space = asked.namespaces.front();
  request.all_namespaces = namespaced && space == "*";
  request.namespace_name = namespaced && space != "*" ? space : "";
  return request;
}

int Answer(const Asked& asked, const CanIOptions& options) {
  const auto request = ReadQuestion(asked, options.question);
  if (!request.ok()) {
    std::cerr << "gatehouse: " << request.error().sentence << "\n";
    return kExitMisuse;
  }
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
  auto cluster = ClusterFile::Open(options.kubeconfig, options.context);
  if (!cluster.ok()) {
    std::cerr << "gatehouse: " << cluster.error().sentence << "\n";
    return kExitEnvironment;
  }
  PolicyChoice choice = options.policy;
  choice.current_context = cluster.value()->start_context();
  if (!options.context.empty()) choice.only_context = options.context;
  choice.tables = KubernetesTables::Embedded();
  const LoadedPolicy policy = LoadPolicy(choice);
  if (policy.engine == nullptr) {
    std::cerr << policy.Faults() << "\n";
    return policy.error.empty() ? kExitNo : kExitEnvironment;
  }
  Asked asked{*policy.engine, *choice.tables,
              SubjectOf(options, *cluster.value()), options.namespaces};
  if (options.all_namespaces) asked.namespaces.emplace_back("*");
  if (asked.namespaces.empty()) {
    const ContextView* context =
        cluster.value()->View().Find(choice.current_context);
    asked.namespaces.push_back(context == nullptr ? "default"
                                                  : context->namespace_name);
  }
  if (!options.question.empty()) return Answer(asked, options);
  if (options.format != "json") {
    PrintMatrix(asked);
    return kExitDone;
  }
  JsonWriter out;
  WriteMatrix(asked, out);
  std::cout << out.text() << "\n";
  return kExitDone;
}

constexpr std::string_view kHelp =
    "\nExamples:\n"
    "  gatehouse policy can-i\n"
    "  gatehouse policy can-i delete pods web-0 -n dev --policy team.yaml\n"
    "  gatehouse policy can-i --as ana --as-group sre -n prod\n"
    "\nExit codes of a question: 0 yes, 1 no or only when asked, 2 misuse.\n";

void AddSubjectOptions(CLI::App& command, CanIOptions& options) {
  command
      .add_option("--as", options.as, "As another user of the operating system")
      ->type_name("USER");
  command
      .add_option("--as-group", options.as_groups,
                  "With --as: a group of theirs")
      ->type_name("GROUP")
      ->needs("--as")
      ->allow_extra_args(false);
  command.add_option("--profile,--server", options.server,
                     "Through this server, for rules that name servers");
  command.add_option("--tool", options.tool,
                     "By this tool, for rules that name tools");
}

}  // namespace

void AddPolicyCanI(CLI::App& policy, Action& action) {
  auto* command = policy.add_subcommand(
      "can-i", "What the policy allows: one question, or the whole table");
  auto options = std::make_shared<CanIOptions>();
  command
      ->add_option("QUESTION", options->question,
                   "VERB RESOURCE [NAME]; nothing: the table")
      ->expected(0, 3);
  AddPolicyOptions(*command, options->policy);
  command
      ->add_option("-n,--namespace", options->namespaces,
                   "In this namespace; the kubeconfig's if left out")
      ->allow_extra_args(false);
  command->add_flag("-A,--all-namespaces", options->all_namespaces,
                    "For a request over all namespaces at once");
  AddSubjectOptions(*command, *options);
  command->add_option("--kubeconfig", options->kubeconfig, "The kubeconfig")
      ->type_name("FILE");
  command->add_option("--context", options->context, "The kubeconfig context")
      ->type_name("NAME");
  command->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  command->footer(std::string(kHelp));
  command->callback(
      [&action, options] { action = [options] { return CanI(*options); }; });
}

}  // namespace gatehouse::cli
