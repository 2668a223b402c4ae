// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/helm_requests.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "policy/kubernetes/command_arguments.h"
#include "policy/kubernetes/command_place.h"
#include "policy/kubernetes/fields.h"
#include "policy/kubernetes/request_builder.h"

namespace gatehouse {
namespace {

constexpr std::string_view kUnseen =
    "what the chart or release holds is not known; only a rule that says "
    "\"helm: true\" covers it";

constexpr std::array kReading = {Verb::kGet, Verb::kList, Verb::kWatch};
constexpr std::array kChanging = {Verb::kCreate, Verb::kUpdate, Verb::kPatch,
                                  Verb::kDelete};

bool IsUrl(std::string_view text) {
  return text.find("://") != std::string_view::npos;
}

// Not taken for a repository's name by helm.
bool IsPath(std::string_view text) {
  return text.starts_with('/') || text.starts_with('.');
}

class HelmReader {
 public:
  HelmReader(const std::vector<std::string>& argv,
             const KubernetesTables& tables, const ClusterView& cluster)
      : tables_(tables),
        cluster_(cluster),
        arguments_(ParseCommand(argv, tables.helm())) {}

  Meaning Read() {
    ReadPlace();
    for (const GivenFlag& given : arguments_.flags) ReadFlag(given);
    if (arguments_.unclear) {
      Refuse(arguments_.unclear->reason);
    } else if (arguments_.IsOn("help")) {
      Add(PlainRequest(Verb::kNone, place_));
    } else {
      ReadCommand(*arguments_.command);
    }
    if (meaning_.unclear) Add(UnclearRequest(place_));
    return std::move(meaning_);
  }

 private:
  void Refuse(std::string reason) {
    if (!meaning_.unclear) meaning_.unclear = Unclear{std::move(reason), ""};
  }
  void Add(Request request) {
    std::vector<Request>& all = meaning_.requests;
    if (std::find(all.begin(), all.end(), request) == all.end()) {
      all.push_back(std::move(request));
    }
  }
  void AddPlain(Verb verb) { Add(PlainRequest(verb, place_)); }

  void ReadPlace() {
    NamedPlace named = PlaceOfArguments(arguments_, cluster_);
    place_ = std::move(named.place);
    if (!named.unclear.empty()) Refuse(std::move(named.unclear));
  }

  void ReadFlag(const GivenFlag& given) {
    switch (given.flag->role) {
      case FlagRole::kTarget:
        place_.context = std::nullopt;
        return Refuse("--" + given.flag->name +
                      " chooses another cluster or credential");
      case FlagRole::kIdentity:
        return AddPlain(Verb::kImpersonate);
      case FlagRole::kLocal:
        return AddPlain(Verb::kLocal);
      case FlagRole::kFetch:
        if (given.value != "false") AddPlain(Verb::kFetch);
        return;
      case FlagRole::kSource:
        return ReadSources(given.value);
      case FlagRole::kDryRun:
        return CheckDryRun();
      case FlagRole::kPlain:
      case FlagRole::kNamespace:
      case FlagRole::kAllNamespaces:
      case FlagRole::kContext:
      case FlagRole::kMeaning:
        return;
      case FlagRole::kUnknown:
      case FlagRole::kFile:
      case FlagRole::kKustomize:
      case FlagRole::kSelector:
      case FlagRole::kOutput:
      case FlagRole::kRaw:
      case FlagRole::kWatch:
      case FlagRole::kSubresource:
        break;
    }
    Refuse("--" + given.flag->name + " is not resolved");
  }

  // "a.yaml,https://x/b.yaml", "key=https://x": each is read or fetched.
  void ReadSources(const std::string& value) {
    for (const std::string& part : SplitAt(value, ',')) {
      AddPlain(IsUrl(part) ? Verb::kFetch : Verb::kLocal);
    }
  }

  // "--dry-run=" is no dry run at all to helm 3; a bare one is.
  void CheckDryRun() {
    const GivenFlag& last = *arguments_.OfRole(FlagRole::kDryRun);
    for (const std::string_view kind :
         {"client", "server", "true", "none", "false"}) {
      if (last.value == kind) return;
    }
    if (!last.bare) Refuse("a dry run of an unknown kind");
  }

  bool IsOn(const std::string& flag) const {
    const std::string* value = arguments_.Value(flag);
    return value != nullptr && *value != "false" && *value != "none";
  }

  // `template` asks the cluster with each kind of dry run but "client": helm 3
  // with "none" and "false" too.
  bool MayBeOn(const std::string& flag) const {
    return flag == "dry-run" ? arguments_.Value(flag) != nullptr : IsOn(flag);
  }

  template <typename Is>
  static bool Any(const std::vector<std::string>& flags, Is is) {
    return std::any_of(flags.begin(), flags.end(), is);
  }

  void ReadCommand(const CommandRow& command) {
    ReadOperands(command.words);
    for (const RequestTemplate& request : command.requests) {
      const auto may = [&](const std::string& flag) { return MayBeOn(flag); };
      const auto on = [&](const std::string& flag) { return IsOn(flag); };
      if (!request.if_flags.empty() && !Any(request.if_flags, may)) continue;
      if (!Any(request.unless_flags, on)) AddRequest(request);
    }
  }

  void ReadOperands(WordRule rule) {
    const std::vector<std::string> operands = Operands();
    if (rule == WordRule::kUnclear) {
      Refuse("helm " + arguments_.command->path + " is not resolved");
    } else if (rule == WordRule::kCharts) {
      for (const std::string& chart : operands) ReadChart(chart);
    } else if (rule == WordRule::kChart) {
      if (operands.empty()) return Refuse("a chart is missing");
      ReadChart(operands.back());
    }
  }

  std::vector<std::string> Operands() const {
    std::vector<std::string> operands = arguments_.words;
    operands.insert(operands.end(), arguments_.rest.begin(),
                    arguments_.rest.end());
    return operands;
  }

  void ReadChart(const std::string& chart) {
    if (IsUrl(chart)) return AddPlain(Verb::kFetch);
    AddPlain(Verb::kLocal);
    if (!IsPath(chart)) AddPlain(Verb::kFetch);
  }

  void AddRequest(const RequestTemplate& request) {
    if (request.types.empty()) return AddPlain(request.verb);
    const std::string& type = request.types.front();
    if (type == "release") {
      AddRelease(request.verb);
    } else if (type == "chart") {
      AddChart(request.verb);
    } else {
      Operand operand;
      operand.type = tables_.Find(type).front();
      Add(RequestFor(request.verb, operand, "", place_.namespace_name, place_));
    }
  }

  void AddRelease(Verb verb) {
    Operand secrets;
    secrets.type = tables_.FindKind("v1", "Secret");
    std::vector<Verb> verbs = {Verb::kList};
    if (verb != Verb::kList) verbs.push_back(Verb::kGet);
    if (verb == Verb::kCreate) {
      verbs.insert(verbs.end(), {Verb::kCreate, Verb::kUpdate, Verb::kDelete});
    }
    for (const Verb each : verbs) {
      std::optional<std::string> name;
      if (each == Verb::kList) name = "";
      Request request = RequestFor(each, secrets, "", std::move(name), place_);
      request.helm = HelmPart::kRelease;
      Add(std::move(request));
    }
  }

  void AddChart(Verb verb) {
    meaning_.beyond = Unclear{std::string(kUnseen), ""};
    AddUnseen(Verb::kUnclear);
    for (const Verb each : kReading) AddUnseen(each);
    if (verb == Verb::kGet) return;
    for (const Verb each : kChanging) AddUnseen(each);
  }

  void AddUnseen(Verb verb) {
    Request request;
    request.verb = verb;
    request.namespace_name = place_.namespace_name;
    request.all_namespaces = place_.all_namespaces;
    request.context = place_.context;
    request.helm = HelmPart::kChart;
    Add(std::move(request));
  }

  const KubernetesTables& tables_;
  const ClusterView& cluster_;
  const CommandArguments arguments_;
  Place place_;
  Meaning meaning_;
};

}  // namespace

Meaning MeaningOfHelm(const std::vector<std::string>& argv,
                      const KubernetesTables& tables,
                      const ClusterView& cluster) {
  return HelmReader(argv, tables, cluster).Read();
}

}  // namespace gatehouse
