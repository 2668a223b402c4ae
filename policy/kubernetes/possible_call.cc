// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/possible_call.h"

#include <algorithm>
#include <string>
#include <utility>

#include "policy/kubernetes/command_table.h"
#include "policy/kubernetes/request_builder.h"

namespace gatehouse {
namespace {

// Which context a call goes to may change while the server runs.
const Place kNowhereKnown{};

bool IsWritten(Verb verb) {
  return verb >= Verb::kCreate && verb <= Verb::kDeleteCollection;
}

// A request with nothing known but its verb.
Request Anything(Verb verb = Verb::kUnknown) {
  Request request;
  request.verb = verb;
  return request;
}

PossiblePart AnythingPart() { return {false, {Anything()}}; }

bool NamesNoResource(Verb verb) {
  return HasNoObject(verb) && verb != Verb::kUnclear;
}

// "pods", "routes.route.openshift.io": a type that the tables know, or one
// whose group and plural are all that is known.
void SetType(const std::string& type, const KubernetesTables& tables,
             Request& request) {
  const auto types = tables.Find(type);
  if (!types.empty()) {
    request.group = types.front()->group;
    request.resource = types.front()->plural;
    if (!types.front()->namespaced) request.namespace_name = "";
    return;
  }
  const std::size_t dot = type.find('.');
  request.resource = type.substr(0, dot);
  request.group = dot == std::string::npos ? "" : type.substr(dot + 1);
}

void SetAllNamespaces(Request& request) {
  request.all_namespaces = true;
  request.namespace_name = "";
}

// A get that is given no name is a list.
std::vector<Request> WithAnyName(Request request) {
  if (request.verb != Verb::kGet) return {std::move(request)};
  Request list = request;
  list.verb = Verb::kList;
  list.name = "";
  return {std::move(request), std::move(list)};
}

// Of steps that run no program.

void SetNamespace(const NamespaceSource& source, Request& request) {
  if (!source.argument.empty() || source.all) return;
  if (source.absent == "all") return SetAllNamespaces(request);
  if (source.absent != "context") request.namespace_name = source.absent;
}

PossiblePart PartOf(Verb verb, const RequestStep& step, bool certain,
                    const KubernetesTables& tables) {
  if (NamesNoResource(verb)) {
    Request plain = PlainRequest(verb, kNowhereKnown);
    return {certain, {std::move(plain)}};
  }
  Request request = Anything(verb);
  if (step.type.empty()) {
    // Nothing but the verb is known, and of a dry run not even what it counts
    // for.
    if (step.dry_run) return {false, {Anything()}};
    return {certain, WithAnyName(std::move(request))};
  }
  request.subresource = step.subresource;
  SetNamespace(step.namespace_source, request);
  SetType(step.type, tables, request);
  if (verb == Verb::kList) request.name = "";
  PossiblePart part{certain, WithAnyName(std::move(request))};
  // A policy may take a dry run for a read.
  if (step.dry_run) {
    Request dry = part.alternatives.front();
    dry.dry_run = true;
    part.alternatives.push_back(std::move(dry));
  }
  return part;
}

// Of kubectl and helm runs.

// What a template of an argument vector tells: its first fixed words, and
// whether an argument may hold whole flags.
class PossibleArgv {
 public:
  PossibleArgv(const std::vector<ArgvItem>& items, const CommandTable& table)
      : items_(items), table_(table) {
    Scan(items);
  }

  bool takes_flags() const { return takes_flags_; }
  bool may_dry_run() const { return may_dry_run_; }

  // The commands that it may run; none where that is not known.
  std::vector<const CommandRow*> Commands() {
    const std::string first = NextWord();
    if (first.empty()) return {};
    if (!table_.IsGroup(first)) return One(first);
    const std::string second = NextWord();
    if (second.empty()) return Under(first);
    const CommandRow* both = table_.Find(first + " " + second);
    return both != nullptr ? std::vector{both} : One(first);
  }

 private:
  // "" at the end, or where the next one is not fixed. Flags are stepped over,
  // with their value where that is a word of its own.
  std::string NextWord() {
    while (at_ < items_.size()) {
      const ArgvItem& item = items_[at_++];
      if (item.kind != ArgvItem::Kind::kWord) return "";
      if (item.text.find('{') != std::string::npos) return "";
      if (!item.text.starts_with('-')) return item.text;
      if (TakesValue(item.text)) ++at_;
    }
    return "";
  }

  bool TakesValue(const std::string& word) const {
    const CommandRow& global = table_.global();
    const CommandFlag* flag = word.size() == 2
                                  ? global.FindShort(word[1])
                                  : global.FindFlag(word.substr(2));
    return flag != nullptr && flag->takes_value;
  }

  std::vector<const CommandRow*> One(const std::string& path) const {
    const CommandRow* command = table_.Find(path);
    if (command == nullptr) return {};
    return {command};
  }

  std::vector<const CommandRow*> Under(const std::string& group) const {
    std::vector<const CommandRow*> commands = One(group);
    for (const CommandRow& command : table_.commands()) {
      if (command.path.starts_with(group + " ")) commands.push_back(&command);
    }
    return commands;
  }

  // What follows "--" is no flag any more.
  void Scan(const std::vector<ArgvItem>& items) {
    for (const ArgvItem& item : items) {
      if (item.kind == ArgvItem::Kind::kWord && item.text == "--") return;
      if (item.text.starts_with("--dry-run")) may_dry_run_ = true;
      const bool whole = item.kind == ArgvItem::Kind::kEach ||
                         item.kind == ArgvItem::Kind::kFlags ||
                         item.kind == ArgvItem::Kind::kWords;
      takes_flags_ = takes_flags_ || whole;
      Scan(item.items);
      Scan(item.otherwise);
    }
  }

  const std::vector<ArgvItem>& items_;
  const CommandTable& table_;
  std::size_t at_ = 0;
  bool takes_flags_ = false;
  bool may_dry_run_ = false;
};

Request Unseen(HelmPart part, Verb verb) {
  Request request = Anything(verb);
  request.helm = part;
  return request;
}

// helm's record of a release is a Secret; what a chart holds is not known.
std::vector<Request> HelmAlternatives(Verb verb, std::string_view type,
                                      const KubernetesTables& tables) {
  if (type == "chart") return {Unseen(HelmPart::kChart, Verb::kUnclear)};
  Request record =
      Unseen(HelmPart::kRelease, verb == Verb::kCreate ? verb : Verb::kList);
  record.subresource = "";
  SetType("secrets", tables, record);
  return {std::move(record)};
}

// "{}" is each operand's, "<FLAG>" what a flag names: any type.
bool IsFixed(std::string_view type) {
  return !type.starts_with('{') && !type.starts_with('<');
}

void SetScope(const std::string& scope, Request& request) {
  if (scope == "*") return SetAllNamespaces(request);
  if (scope.empty() || scope == "name" || !IsFixed(scope)) return;
  request.namespace_name = scope;
}

std::vector<Request> AlternativesOf(const RequestTemplate& row,
                                    const std::string& type,
                                    const KubernetesTables& tables) {
  if (type == "chart" || type == "release") {
    return HelmAlternatives(row.verb, type, tables);
  }
  Request request = Anything(row.verb);
  request.dry_run = row.dry_run;
  // An operand of unknown type may bring its own subresource.
  if (IsFixed(type) || !row.subresource.empty()) {
    request.subresource = row.subresource;
  }
  SetScope(row.scope, request);
  if (IsFixed(type)) SetType(type, tables, request);
  return WithAnyName(std::move(request));
}

class CommandParts {
 public:
  CommandParts(const std::vector<ArgvItem>& argv, const CommandTable& table,
               const KubernetesTables& tables)
      : tables_(tables), reader_(argv, table) {}

  std::vector<PossiblePart> Read() {
    const std::vector<const CommandRow*> commands = reader_.Commands();
    if (commands.empty() || reader_.takes_flags()) return {AnythingPart()};
    if (commands.size() == 1) return PartsOf(*commands.front());
    PossiblePart some{true, {}};
    for (const CommandRow* command : commands) {
      for (PossiblePart& part : PartsOf(*command)) {
        for (Request& request : part.alternatives) {
          some.alternatives.push_back(std::move(request));
        }
      }
    }
    return {std::move(some)};
  }

 private:
  std::vector<PossiblePart> PartsOf(const CommandRow& command) const {
    std::vector<PossiblePart> parts;
    if (command.words == WordRule::kUnclear) {
      parts.push_back({true, {Anything(Verb::kUnclear)}});
    }
    // A chart is a path, a URL or a name in a repository.
    if (command.words == WordRule::kChart ||
        command.words == WordRule::kCharts) {
      parts.push_back({true,
                       {PlainRequest(Verb::kLocal, kNowhereKnown),
                        PlainRequest(Verb::kFetch, kNowhereKnown)}});
    }
    for (const RequestTemplate& row : command.requests) AddRow(row, parts);
    return parts;
  }

  void AddRow(const RequestTemplate& row,
              std::vector<PossiblePart>& parts) const {
    if (row.types.empty()) {
      parts.push_back({IsAlways(row), {PlainRequest(row.verb, kNowhereKnown)}});
    }
    const bool dropped = IsWritten(row.verb) && reader_.may_dry_run();
    for (const std::string& type : row.types) {
      PossiblePart part{IsAlways(row) && !dropped && !type.starts_with('<'),
                        AlternativesOf(row, type, tables_)};
      if (dropped) AddDryRun(part);
      parts.push_back(std::move(part));
    }
    // A dry run that has nothing left to do only discovers.
    if (dropped) parts.push_back({false, {PlainRequest(Verb::kDiscover, {})}});
  }

  static bool IsAlways(const RequestTemplate& row) {
    return row.for_types.empty() && row.if_flags.empty() &&
           row.unless_flags.empty();
  }

  // A policy may take a server's dry run for a read.
  static void AddDryRun(PossiblePart& part) {
    Request dry = part.alternatives.front();
    dry.dry_run = true;
    part.alternatives.push_back(std::move(dry));
  }

  const KubernetesTables& tables_;
  PossibleArgv reader_;
};

void Append(std::vector<PossiblePart> more, std::vector<PossiblePart>& parts) {
  std::move(more.begin(), more.end(), std::back_inserter(parts));
}

}  // namespace

std::vector<PossibleStep> PossibleSteps(const ToolSpec& tool,
                                        const KubernetesTables& tables) {
  std::vector<PossibleStep> steps;
  for (const ToolStep& step : tool.steps) {
    PossibleStep possible{!step.when, {}};
    std::vector<PossiblePart>& parts = possible.parts;
    if (!step.unclear.empty()) {
      parts.push_back({true, {Anything(Verb::kUnclear)}});
    }
    if (!step.kubectl.empty()) {
      Append(CommandParts(step.kubectl, tables.kubectl(), tables).Read(),
             parts);
    }
    if (!step.helm.empty()) {
      Append(CommandParts(step.helm, tables.helm(), tables).Read(), parts);
    }
    for (const RequestStep& request : step.requests) {
      for (const Verb verb : request.verbs) {
        parts.push_back(PartOf(verb, request, !request.when, tables));
      }
    }
    // A kind of step that is not known here.
    if (parts.empty()) parts.push_back(AnythingPart());
    steps.push_back(std::move(possible));
  }
  return steps;
}

}  // namespace gatehouse
