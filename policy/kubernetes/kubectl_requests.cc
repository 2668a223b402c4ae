// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/kubectl_requests.h"

#include <algorithm>
#include <utility>

#include "policy/kubernetes/command_arguments.h"
#include "policy/kubernetes/command_place.h"
#include "policy/kubernetes/fields.h"
#include "policy/kubernetes/request_builder.h"

namespace gatehouse {
namespace {

// An operand and, where it comes from a manifest, its own namespace.
struct Target {
  Operand operand;
  std::optional<std::string> namespace_name;
};

bool IsRead(Verb verb) {
  return verb == Verb::kGet || verb == Verb::kList || verb == Verb::kWatch ||
         verb == Verb::kDiscover;
}

bool IsUrl(std::string_view text) {
  return text.starts_with("http://") || text.starts_with("https://");
}

class KubectlReader {
 public:
  KubectlReader(const KubectlRun& run, const KubernetesTables& tables,
                const ClusterView& cluster)
      : run_(run),
        tables_(tables),
        cluster_(cluster),
        arguments_(ParseCommand(run.argv, tables.kubectl())) {}

  Meaning Read() {
    ReadPlace();
    for (const GivenFlag& given : arguments_.flags) ReadFlag(given);
    if (arguments_.unclear) {
      Refuse(arguments_.unclear->reason);
    } else if (!arguments_.IsOn("help")) {
      ReadCommand();
    } else {
      Add(PlainRequest(Verb::kDiscover, place_));
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

  void ReadPlace() {
    NamedPlace named = PlaceOfArguments(arguments_, cluster_);
    place_ = std::move(named.place);
    if (!named.unclear.empty()) Refuse(std::move(named.unclear));
  }

  void ReadFlag(const GivenFlag& given) {
    switch (given.flag->role) {
      case FlagRole::kUnknown:
        return Refuse("--" + given.flag->name + " is not resolved");
      case FlagRole::kTarget:
        place_.context = std::nullopt;
        return Refuse("--" + given.flag->name +
                      " chooses another cluster or credential");
      case FlagRole::kIdentity:
        return Add(PlainRequest(Verb::kImpersonate, place_));
      case FlagRole::kLocal:
        return Add(PlainRequest(Verb::kLocal, place_));
      case FlagRole::kOutput:
        // "-o go-template-file=F" reads F.
        if (given.value.find("file") != std::string::npos) {
          Add(PlainRequest(Verb::kLocal, place_));
        }
        return;
      case FlagRole::kFile:
        return ReadFile(given.value);
      case FlagRole::kFetch:
      case FlagRole::kSource:  // helm's
        return Refuse("--" + given.flag->name + " is not resolved");
      case FlagRole::kDryRun:
      case FlagRole::kPlain:
      case FlagRole::kNamespace:
      case FlagRole::kAllNamespaces:
      case FlagRole::kContext:
      case FlagRole::kSelector:
      case FlagRole::kRaw:
      case FlagRole::kWatch:
      case FlagRole::kSubresource:
      case FlagRole::kMeaning:
        return;
    }
  }

  void ReadFile(const std::string& file) {
    if (file == kInlineManifest && run_.manifest != nullptr) {
      return ReadInlineManifest(*run_.manifest);
    }
    const bool url = file.find("://") != std::string::npos || IsUrl(file);
    Add(PlainRequest(url ? Verb::kFetch : Verb::kLocal, place_));
    Refuse(url ? "what a URL holds is not known"
               : "what a file holds is not known");
  }

  void ReadInlineManifest(const std::string& text) {
    const Manifest manifest =
        ReadManifest(text, ManifestDialect::kKubectl, tables_);
    for (const ManifestObject& object : manifest.objects) {
      Target target;
      target.operand = OperandOf(object);
      if (!object.namespace_name.empty()) {
        target.namespace_name = object.namespace_name;
      }
      targets_.push_back(std::move(target));
    }
    if (manifest.unclear) Refuse(*manifest.unclear);
  }

  void ReadCommand() {
    const CommandRow& command = *arguments_.command;
    const GivenFlag* raw = arguments_.OfRole(FlagRole::kRaw);
    if (raw != nullptr && raw->flag->takes_value) {
      // The path says where; namespace and operands do not count.
      return Add(RawRequest(raw->value, place_));
    }
    ReadWords(command);
    if (command.words == WordRule::kUnclear) {
      Refuse("kubectl " + command.path + " is not resolved");
    }
    for (const RequestTemplate& request : command.requests) Fill(request);
    if (command.path == "describe") AddDescribed();
    if (arguments_.OfRole(FlagRole::kWatch) != nullptr) AddWatches();
    ApplyDryRun();
  }

  void ReadWords(const CommandRow& command) {
    switch (command.words) {
      case WordRule::kTypes:
        return ReadTypes(arguments_.words);
      case WordRule::kPairs:
        return ReadTypes(WithoutPairs());
      case WordRule::kPod:
      case WordRule::kPods:
        return ReadPod();
      case WordRule::kNames:
        return CheckNames();
      case WordRule::kFiles:
        if (!arguments_.words.empty()) Refuse("operands beside -f");
        if (targets_.empty()) Refuse("no objects are named");
        return;
      case WordRule::kNone:
      case WordRule::kConfig:
      case WordRule::kUnclear:
        return;
      case WordRule::kRelease:
      case WordRule::kChart:
      case WordRule::kCharts:
      case WordRule::kLocal:  // helm's
        return Refuse("operands of another program");
    }
  }

  void ReadTypes(std::vector<std::string> words) {
    words.insert(words.end(), arguments_.rest.begin(), arguments_.rest.end());
    Operands operands = ReadOperands(words, tables_);
    if (operands.unclear) Refuse(operands.unclear->reason);
    for (Operand& operand : operands.items) {
      targets_.push_back({std::move(operand), std::nullopt});
    }
    if (targets_.empty()) Refuse("no resource is named");
  }

  // "label pod web a=b c-": what follows the operands is no name.
  std::vector<std::string> WithoutPairs() const {
    std::vector<std::string> words = arguments_.words;
    words.erase(std::find_if(words.begin(), words.end(), IsPair), words.end());
    return words;
  }

  const ResourceType* Pods() const { return tables_.FindKind("v1", "Pod"); }

  // POD or TYPE/NAME; what follows is a container or a command. Of logs, what
  // has no pod is a selector: any pod.
  void ReadPod() {
    const bool selector = arguments_.OfRole(FlagRole::kSelector) != nullptr;
    if (arguments_.words.empty()) {
      if (!selector) return Refuse("no pod is named");
      return targets_.push_back({{Pods(), std::nullopt, "", ""}, std::nullopt});
    }
    const std::string& word = arguments_.words.front();
    if (word.find('/') != std::string::npos) {
      Operands operands = ReadOperands({word}, tables_);
      if (operands.unclear) Refuse(operands.unclear->reason);
      for (Operand& operand : operands.items) {
        targets_.push_back({std::move(operand), std::nullopt});
      }
      return;
    }
    if (!IsPlainName(word)) return Refuse("not a pod's name");
    targets_.push_back({{Pods(), std::nullopt, word, word}, std::nullopt});
  }

  void CheckNames() {
    for (const std::string& word : arguments_.words) {
      if (!IsPlainName(word)) Refuse("not a name");
    }
  }

  // "create job --from" copies a template, and overrides change one.
  Request WithPodsOfCommand(Request request, const Operand& operand) const {
    const PodsFrom from = arguments_.command->pods;
    if (from != PodsFrom::kImage) return WithPods(request, from, operand);
    if (arguments_.Value("from") || arguments_.Value("overrides")) {
      return request;
    }
    request = WithPods(std::move(request), from, operand);
    const bool privileged = arguments_.IsOn("privileged");
    if (privileged && IsPodStandard(request.pods.security)) {
      request.pods.security = PodSecurity::kPrivileged;
      request.pods.because = "--privileged";
    }
    return request;
  }

  bool Applies(const RequestTemplate& request) const {
    if (!request.if_flag.empty()) return arguments_.IsOn(request.if_flag);
    return request.unless_flag.empty() || !arguments_.IsOn(request.unless_flag);
  }

  Place ScopeOf(const RequestTemplate& request, const Target* target) const {
    if (request.scope == "*") return InAllNamespaces(place_);
    if (request.scope == "name" && target != nullptr) {
      return target->operand.name.empty()
                 ? InAllNamespaces(place_)
                 : InNamespace(place_, target->operand.name);
    }
    if (!request.scope.empty()) return InNamespace(place_, request.scope);
    if (target != nullptr && target->namespace_name) {
      return InNamespace(place_, *target->namespace_name);
    }
    return place_;
  }

  void Fill(const RequestTemplate& request) {
    if (!Applies(request)) return;
    if (request.type.empty()) return Add(PlainRequest(request.verb, place_));
    if (request.type == "{}") {
      for (const Target& target : targets_) FillTarget(request, target);
      return;
    }
    Operand fixed;
    const std::vector<const ResourceType*> types = tables_.Find(request.type);
    if (types.empty()) return Refuse("kubectl.yaml names an unknown type");
    fixed.type = types[0];
    FillFixed(request, fixed);
  }

  void FillTarget(const RequestTemplate& request, const Target& target) {
    std::string subresource = request.subresource;
    const GivenFlag* flag = arguments_.OfRole(FlagRole::kSubresource);
    if (flag != nullptr && subresource.empty()) {
      subresource = flag->value;
      if (!MayHaveSubresource(target.operand, subresource)) {
        Refuse("a subresource that this type does not have");
      }
    }
    std::optional<std::string> name = target.operand.name;
    if (request.name == NameFrom::kNone) name = "";
    if (request.name == NameFrom::kUnknown) name = std::nullopt;
    // A change of what has no name changes whatever a selector finds.
    const bool create = request.verb == Verb::kCreate;
    if (name == "" && !IsRead(request.verb)) {
      name = create ? std::optional<std::string>("") : std::nullopt;
    }
    Add(WithPodsOfCommand(
        RequestFor(request.verb, target.operand, subresource, std::move(name),
                   ScopeOf(request, &target)),
        target.operand));
  }

  void FillFixed(const RequestTemplate& request, const Operand& fixed) {
    const Place place = ScopeOf(request, nullptr);
    const auto add = [&](std::optional<std::string> name) {
      Add(WithPodsOfCommand(RequestFor(request.verb, fixed, request.subresource,
                                       std::move(name), place),
                            fixed));
    };
    switch (request.name) {
      case NameFrom::kNone:
        return add("");
      case NameFrom::kUnknown:
        return add(std::nullopt);
      case NameFrom::kOperand:
        for (const Target& target : targets_) FillPod(request, fixed, target);
        return;
      case NameFrom::kWord:
        for (const std::string& word : arguments_.words) add(word);
        if (arguments_.words.empty()) {
          add(request.verb == Verb::kGet ? std::optional<std::string>("")
                                         : std::nullopt);
        }
        return;
    }
  }

  // "exec deploy/web" reaches some pod of it, after looking for one.
  void FillPod(const RequestTemplate& request, const Operand& fixed,
               const Target& target) {
    const Place place = ScopeOf(request, &target);
    const bool same = target.operand.type == fixed.type;
    std::optional<std::string> name;
    if (same && !target.operand.name.empty()) name = target.operand.name;
    if (!name) {
      Add(RequestFor(Verb::kList, fixed, "", "", place));
      Add(RequestFor(Verb::kWatch, fixed, "", "", place));
      Add(RequestFor(Verb::kGet, fixed, "", std::nullopt, place));
    }
    Add(RequestFor(request.verb, fixed, request.subresource, name, place));
  }

  void AddDescribed() {
    for (const Target& target : targets_) {
      const ResourceType* type = target.operand.type;
      if (type == nullptr) continue;
      std::string key = type->plural;
      if (!type->group.empty()) key += "." + type->group;
      for (const RequestTemplate& request : tables_.kubectl().Described(key)) {
        Operand fixed;
        fixed.type = tables_.Find(request.type).front();
        const bool some = request.name == NameFrom::kUnknown;
        Add(RequestFor(request.verb, fixed, request.subresource,
                       some ? std::nullopt : std::optional<std::string>(""),
                       ScopeOf(request, &target)));
      }
    }
    // An object of the cluster has its events in no known namespace.
    const bool cluster_scoped =
        std::any_of(targets_.begin(), targets_.end(), [](const Target& target) {
          return target.operand.type != nullptr &&
                 !target.operand.type->namespaced;
        });
    if (cluster_scoped) {
      Operand events;
      events.type = tables_.FindKind("v1", "Event");
      Add(RequestFor(Verb::kList, events, "", "", InAllNamespaces(place_)));
    }
  }

  void AddWatches() {
    std::vector<Request> watches;
    for (Request request : meaning_.requests) {
      if (request.verb != Verb::kList && request.verb != Verb::kGet) continue;
      request.verb = Verb::kWatch;
      watches.push_back(std::move(request));
    }
    for (Request& watch : watches) Add(std::move(watch));
  }

  // "client" sends nothing that changes; "server" sends it to be thrown away.
  void ApplyDryRun() {
    const GivenFlag* given = arguments_.OfRole(FlagRole::kDryRun);
    if (given == nullptr || given->value == "none") return;
    if (given->value == "server") {
      for (Request& request : meaning_.requests) {
        request.dry_run = request.verb >= Verb::kCreate &&
                          request.verb <= Verb::kDeleteCollection;
      }
    } else if (given->value.empty() || given->value == "client") {
      std::erase_if(meaning_.requests, [](const Request& request) {
        return request.verb >= Verb::kCreate &&
               request.verb <= Verb::kDeleteCollection;
      });
      if (meaning_.requests.empty()) Add(PlainRequest(Verb::kDiscover, place_));
    } else if (given->value != "false") {
      Refuse("a dry run of an unknown kind");
    }
  }

  const KubectlRun& run_;
  const KubernetesTables& tables_;
  const ClusterView& cluster_;
  const CommandArguments arguments_;
  Place place_;
  std::vector<Target> targets_;
  Meaning meaning_;
};

}  // namespace

Meaning MeaningOfKubectl(const KubectlRun& run, const KubernetesTables& tables,
                         const ClusterView& cluster) {
  return KubectlReader(run, tables, cluster).Read();
}

}  // namespace gatehouse
