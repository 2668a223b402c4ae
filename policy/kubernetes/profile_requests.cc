// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/profile_requests.h"

#include <utility>

#include "policy/kubernetes/fields.h"
#include "policy/kubernetes/request_builder.h"

namespace gatehouse {
namespace {

bool NamesNoResource(Verb verb) {
  return verb == Verb::kConfig || verb == Verb::kLocal ||
         verb == Verb::kFetch || verb == Verb::kDiscover || verb == Verb::kNone;
}

class StepReader {
 public:
  StepReader(const RequestStep& step, const StepContext& context)
      : step_(step), context_(context), values_(context.values) {}

  Meaning Read() {
    ReadContext();
    ReadNamespace();
    if (!step_.manifest_argument.empty()) {
      ReadObjects();
    } else if (NamesNoResource(step_.verbs.front())) {
      for (const Verb verb : step_.verbs) Add(PlainRequest(verb, place_));
    } else {
      for (const Operand& operand : ReadTypes()) AddFor(operand);
    }
    return std::move(meaning_);
  }

 private:
  void Refuse(std::string reason, const std::string& argument) {
    if (!meaning_.unclear)
      meaning_.unclear = Unclear{std::move(reason), argument};
  }
  void Add(Request request) { meaning_.requests.push_back(std::move(request)); }

  void ReadContext() {
    place_ = CurrentPlace(context_.cluster);
    const std::string& argument = context_.tool.context_argument;
    if (argument.empty() || !values_.IsSet(argument)) return;
    const std::string name = values_.Text(argument).value_or("");
    if (!IsContextName(name)) Refuse("not the name of a context", argument);
    place_ = PlaceInContext(context_.cluster, name);
  }

  void ReadNamespace() {
    const NamespaceSource& source = step_.namespace_source;
    const bool given =
        !source.argument.empty() && values_.IsSet(source.argument);
    if (!source.all_argument.empty() && values_.IsSet(source.all_argument)) {
      place_ = InAllNamespaces(place_);
    } else if (given) {
      ReadGivenNamespace(source.argument);
    } else if (source.absent == "all") {
      place_ = InAllNamespaces(place_);
    } else if (source.absent != "context") {
      place_ = InNamespace(place_, source.absent);
    }
  }

  // Anything but a label may be a path: "../nodes/n/proxy", "..".
  void ReadGivenNamespace(const std::string& argument) {
    const std::string name = values_.Text(argument).value_or("");
    if (IsNamespaceName(name)) {
      place_ = InNamespace(place_, name);
      return;
    }
    Refuse("not the name of a namespace", argument);
    place_.namespace_name = std::nullopt;
  }

  std::vector<Operand> ReadTypes() {
    if (!step_.type.empty()) return {FixedType()};
    if (!step_.kind_argument.empty()) return {TypeOfKind()};
    const std::string word = values_.Text(step_.type_argument).value_or("");
    Operands operands = ReadOperands({word}, context_.tables);
    if (operands.unclear) {
      Refuse(operands.unclear->reason, step_.type_argument);
    }
    return std::move(operands.items);
  }

  // A fixed type may be a custom one: then its name is all we know, and the
  // profile is trusted to spell the plural.
  Operand FixedType() const {
    Operand operand;
    const auto types = context_.tables.Find(step_.type);
    if (!types.empty()) operand.type = types.front();
    const std::size_t dot = step_.type.find('.');
    operand.word = step_.type.substr(0, dot);
    operand.group = dot == std::string::npos ? "" : step_.type.substr(dot + 1);
    return operand;
  }

  // What another case or version resolves to is the API server's own choice.
  Operand TypeOfKind() {
    ManifestObject object;
    object.api_version = values_.Text(step_.api_version_argument).value_or("");
    object.kind = values_.Text(step_.kind_argument).value_or("");
    Operand operand;
    if (!IsApiVersion(object.api_version)) {
      Refuse("not an apiVersion", step_.api_version_argument);
      return operand;
    }
    operand.type = TypeOfObject(object, context_.tables);
    operand.group = std::string(GroupOf(object.api_version));
    if (operand.type != nullptr && operand.type->kind != object.kind &&
        !IsLowerCaseRead(*operand.type, object)) {
      Refuse("a kind that is not spelt as the API spells it",
             step_.kind_argument);
    }
    return operand;
  }

  // The server also finds "pod", but does not see then that it is namespaced:
  // it needs the namespace given, except where a list of all is meant.
  bool IsLowerCaseRead(const ResourceType& type,
                       const ManifestObject& object) const {
    if (object.kind != LowerCase(type.kind) || !step_.subresource.empty() ||
        context_.tables.FindKind(object.api_version, type.kind) == nullptr) {
      return false;
    }
    const Verb verb = step_.verbs.front();
    if (verb != Verb::kGet && verb != Verb::kList) return false;
    return verb == Verb::kList || !type.namespaced ||
           values_.IsSet(step_.namespace_source.argument);
  }

  std::optional<std::string> ReadName() {
    if (step_.name_unknown) return std::nullopt;
    if (step_.name_argument.empty()) return "";
    if (!values_.IsSet(step_.name_argument)) {
      // What is changed without a name gets one that the server makes up.
      const Verb verb = step_.verbs.front();
      if (verb == Verb::kGet || verb == Verb::kList) return "";
      return std::nullopt;
    }
    std::string name = values_.Text(step_.name_argument).value_or("");
    if (!IsPlainName(name)) Refuse("not a resource name", step_.name_argument);
    return name;
  }

  void AddFor(const Operand& operand) {
    std::optional<std::string> name = ReadName();
    if (!operand.name.empty()) name = operand.name;
    for (const Verb verb : step_.verbs) {
      Request request = RequestFor(verb, operand, step_.subresource,
                                   verb == Verb::kList ? "" : name, place_);
      if (operand.type == nullptr && !step_.type.empty()) {
        request.resource = operand.word;
        request.namespace_name = place_.namespace_name;
      }
      Add(request);
      // The server puts a given namespace into the path of cluster-scoped
      // kinds too.
      const bool cluster_scoped =
          operand.type != nullptr && !operand.type->namespaced;
      if (cluster_scoped && !step_.kind_argument.empty() &&
          values_.IsSet(step_.namespace_source.argument)) {
        request.namespace_name = place_.namespace_name;
        Add(std::move(request));
      }
    }
  }

  void ReadObjects() {
    const std::string text = values_.Text(step_.manifest_argument).value_or("");
    const Manifest manifest = ReadManifest(text, step_.dialect);
    if (manifest.unclear) Refuse(*manifest.unclear, step_.manifest_argument);
    for (const ManifestObject& object : manifest.objects) {
      Operand operand;
      operand.type = TypeOfObject(object, context_.tables);
      operand.group = std::string(GroupOf(object.api_version));
      const Place place = object.namespace_name.empty()
                              ? place_
                              : InNamespace(place_, object.namespace_name);
      for (const Verb verb : step_.verbs) {
        Add(RequestFor(verb, operand, "", object.name, place));
      }
    }
  }

  const RequestStep& step_;
  const StepContext& context_;
  const ArgumentValues& values_;
  Place place_;
  Meaning meaning_;
};

}  // namespace

Meaning MeaningOfStep(const RequestStep& step, const StepContext& context) {
  return StepReader(step, context).Read();
}

}  // namespace gatehouse
