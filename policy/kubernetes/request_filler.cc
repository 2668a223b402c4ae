// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/request_filler.h"

#include <algorithm>
#include <utility>

#include "policy/kubernetes/fields.h"

namespace gatehouse {
namespace {

bool IsRead(Verb verb) {
  return verb == Verb::kGet || verb == Verb::kList || verb == Verb::kWatch;
}

// "deployments.apps", as templates and tables write a type.
std::string KeyOf(const ResourceType& type) {
  return type.group.empty() ? type.plural : type.plural + "." + type.group;
}

class Filler {
 public:
  Filler(const FillContext& context, Meaning& meaning)
      : arguments_(context.arguments),
        tables_(context.tables),
        place_(context.place),
        targets_(context.targets),
        meaning_(meaning) {}

  void Fill(const RequestTemplate& request) {
    if (!Applies(request)) return;
    if (!request.for_types.empty()) {
      for (const Target& target : targets_) FillFor(request, target);
    } else {
      FillTypes(request, targets_);
    }
  }

  void FillDescribed(const Target& target) {
    const CommandTable& table = tables_.kubectl();
    const ResourceType* type = target.operand.type;
    const auto* rows =
        type == nullptr ? nullptr : table.Described(KeyOf(*type));
    if (rows == nullptr) rows = table.Described("*");
    belongs_ = true;
    for (const RequestTemplate& request : *rows) {
      if (Applies(request)) FillTypes(request, {target});
    }
  }

 private:
  bool AnyOn(const std::vector<std::string>& flags) const {
    return std::any_of(
        flags.begin(), flags.end(),
        [&](const std::string& flag) { return arguments_.IsOn(flag); });
  }

  bool Applies(const RequestTemplate& request) const {
    if (!request.if_flags.empty() && !AnyOn(request.if_flags)) return false;
    return !AnyOn(request.unless_flags);
  }

  // A type that is not known may be any of those.
  void FillFor(const RequestTemplate& request, const Target& target) {
    const ResourceType* type = target.operand.type;
    const auto& wanted = request.for_types;
    if (type == nullptr ||
        std::find(wanted.begin(), wanted.end(), KeyOf(*type)) != wanted.end()) {
      FillTypes(request, {target});
    }
  }

  void FillTypes(const RequestTemplate& request,
                 const std::vector<Target>& targets) {
    if (request.types.empty()) return Add(Plain(request.verb));
    for (const std::string& type : request.types) {
      const std::string_view flag = FlagInBrackets(type);
      if (type == "{}") {
        for (const Target& target : targets) FillTarget(request, target);
      } else if (!flag.empty()) {
        FillFlag(request, flag);
      } else {
        Operand fixed;
        fixed.type = tables_.Find(type).front();
        FillFixed(request, fixed, targets);
      }
    }
  }

  // A path that is not known is outside every fence, as a known one is.
  Request Plain(Verb verb) const {
    if (verb != Verb::kRaw) return PlainRequest(verb, place_);
    Request raw = RawRequest("", place_);
    raw.path = std::nullopt;
    return raw;
  }

  // "--from=cronjob/nightly".
  void FillFlag(const RequestTemplate& request, std::string_view flag) {
    const std::string* value = arguments_.Value(flag);
    if (value == nullptr || value->empty()) return;
    Operands operands = ReadOperands({*value}, tables_);
    if (operands.unclear || value->find('/') == std::string::npos) {
      return meaning_.Refuse("--" + std::string(flag) +
                             " is not of the form TYPE/NAME");
    }
    for (Operand& operand : operands.items) {
      FillTarget(request, {std::move(operand), std::nullopt});
    }
  }

  // What belongs to an object of the cluster lies in no known namespace.
  Place PlaceOf(const Target& target, bool namespaced) const {
    if (target.namespace_name) {
      return InNamespace(place_, *target.namespace_name);
    }
    if (!namespaced || place_.all_namespaces) return place_;
    if (target.operand.type == nullptr) {
      Place unknown = place_;
      unknown.namespace_name = std::nullopt;
      return unknown;
    }
    return target.operand.type->namespaced ? place_ : InAllNamespaces(place_);
  }

  std::vector<Place> PlacesInFlag(std::string_view flag) {
    std::vector<Place> places;
    const std::string* value = arguments_.Value(flag);
    for (const std::string& name : SplitAt(value ? *value : "", ',')) {
      if (places.size() == kMaxObjects) {
        meaning_.Refuse(TooManyObjects());
        break;
      }
      if (!IsNamespaceName(name)) meaning_.Refuse("not a list of namespaces");
      places.push_back(InNamespace(place_, name));
    }
    return places;
  }

  std::vector<Place> ScopesOf(const RequestTemplate& request,
                              const Target* target) {
    const std::string& scope = request.scope;
    const std::string_view flag = FlagInBrackets(scope);
    if (!flag.empty()) return PlacesInFlag(flag);
    if (scope == "*") return {InAllNamespaces(place_)};
    if (scope == "name" && target != nullptr) {
      const std::string& name = target->operand.name;
      return {name.empty() ? InAllNamespaces(place_)
                           : InNamespace(place_, name)};
    }
    if (!scope.empty()) return {InNamespace(place_, scope)};
    return {target == nullptr ? place_ : PlaceOf(*target, false)};
  }

  void FillTarget(const RequestTemplate& request, const Target& target) {
    std::string subresource = request.subresource;
    const GivenFlag* flag = arguments_.OfRole(FlagRole::kSubresource);
    if (flag != nullptr && !flag->value.empty() && subresource.empty()) {
      subresource = flag->value;
      if (!MayHaveSubresource(target.operand, subresource)) {
        meaning_.Refuse("a subresource that this type does not have");
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
    for (const Place& place : ScopesOf(request, &target)) {
      Add(request,
          RequestFor(request.verb, target.operand, subresource, name, place),
          target.operand);
    }
  }

  // The names of a request for a fixed type, one request for each.
  std::vector<std::optional<std::string>> NamesOf(
      const RequestTemplate& request, const Target* target) {
    switch (request.name) {
      case NameFrom::kNone:
        return {""};
      case NameFrom::kOperand:
      case NameFrom::kUnknown:
        return {std::nullopt};
      case NameFrom::kWord:
        return WordNames(request.verb);
      case NameFrom::kFlag: {
        const std::string* value = arguments_.Value(request.name_flag);
        if (value == nullptr || !IsPlainName(*value)) return {std::nullopt};
        return {*value};
      }
      case NameFrom::kNamespace: {
        const Place place = target ? PlaceOf(*target, true) : place_;
        if (place.all_namespaces) return {std::nullopt};
        return {place.namespace_name};
      }
    }
    return {std::nullopt};
  }

  std::vector<std::optional<std::string>> WordNames(Verb verb) {
    std::vector<std::optional<std::string>> names(arguments_.words.begin(),
                                                  arguments_.words.end());
    if (names.size() > kMaxObjects) {
      meaning_.Refuse(TooManyObjects());
      names.resize(kMaxObjects);
    }
    if (!names.empty()) return names;
    if (IsRead(verb)) return {""};
    return {std::nullopt};
  }

  void FillFixed(const RequestTemplate& request, const Operand& fixed,
                 const std::vector<Target>& targets) {
    const bool by_target = request.name == NameFrom::kOperand ||
                           request.name == NameFrom::kNamespace ||
                           !request.for_types.empty() || belongs_ ||
                           request.scope == "name";
    if (!by_target) return FillFixedFor(request, fixed, nullptr);
    for (const Target& target : targets) {
      if (request.name == NameFrom::kOperand && !IsOfType(target, fixed)) {
        FillSome(request, fixed, target);
      } else {
        FillFixedFor(request, fixed, &target);
      }
    }
  }

  static bool IsOfType(const Target& target, const Operand& fixed) {
    return target.operand.type == fixed.type && !target.operand.name.empty();
  }

  void FillFixedFor(const RequestTemplate& request, const Operand& fixed,
                    const Target* target) {
    const bool own = request.name == NameFrom::kOperand;
    const auto names =
        own ? std::vector<std::optional<std::string>>{target->operand.name}
            : NamesOf(request, target);
    for (const Place& place : FixedScopes(request, fixed, target)) {
      for (const std::optional<std::string>& name : names) {
        Add(request,
            RequestFor(request.verb, fixed, request.subresource, name, place),
            fixed);
      }
    }
  }

  std::vector<Place> FixedScopes(const RequestTemplate& request,
                                 const Operand& fixed, const Target* target) {
    if (!request.scope.empty() || target == nullptr) {
      return ScopesOf(request, target);
    }
    return {PlaceOf(*target, belongs_ && fixed.type->namespaced)};
  }

  // "exec deploy/web" reaches some pod of it, after looking for one.
  void FillSome(const RequestTemplate& request, const Operand& fixed,
                const Target& target) {
    const Place place = PlaceOf(target, fixed.type->namespaced);
    Add(request, RequestFor(Verb::kList, fixed, "", "", place), fixed);
    Add(request, RequestFor(Verb::kWatch, fixed, "", "", place), fixed);
    Add(request, RequestFor(Verb::kGet, fixed, "", std::nullopt, place), fixed);
    Add(request,
        RequestFor(request.verb, fixed, request.subresource, std::nullopt,
                   place),
        fixed);
  }

  void Add(Request request) { meaning_.Add(std::move(request)); }

  void Add(const RequestTemplate& row, Request request,
           const Operand& operand) {
    request.dry_run = row.dry_run;
    Add(WithPodsOfCommand(std::move(request), operand));
  }

  // "create job --from" copies a template, and overrides change one.
  Request WithPodsOfCommand(Request request, const Operand& operand) const {
    const PodsFrom from = arguments_.command->pods;
    if (from != PodsFrom::kImage) {
      return WithPods(std::move(request), from, operand);
    }
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

  const CommandArguments& arguments_;
  const KubernetesTables& tables_;
  const Place& place_;
  const std::vector<Target>& targets_;
  Meaning& meaning_;
  bool belongs_ = false;  // what is asked for belongs to the target
};

}  // namespace

void FillRequests(const FillContext& context, Meaning& meaning) {
  Filler filler(context, meaning);
  for (const RequestTemplate& row : context.arguments.command->requests) {
    filler.Fill(row);
  }
}

void FillDescribed(const FillContext& context, Meaning& meaning) {
  Filler filler(context, meaning);
  for (const Target& target : context.targets) filler.FillDescribed(target);
}

}  // namespace gatehouse
