// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/profile_requests.h"

#include <algorithm>
#include <utility>

#include "policy/kubernetes/argv_template.h"
#include "policy/kubernetes/fields.h"
#include "policy/kubernetes/request_builder.h"

namespace gatehouse {
namespace {

// Python servers may read these as JSON, and then no namespace or name is
// given: all of them.
bool IsJsonWord(std::string_view text) {
  return text == "null" || text == "true" || text == "false";
}

bool IsPlainVerb(Verb verb) {
  return verb == Verb::kConfig || verb == Verb::kLocal ||
         verb == Verb::kFetch || verb == Verb::kDiscover || verb == Verb::kNone;
}

class StepReader {
 public:
  StepReader(const RequestStep& step, const StepContext& context)
      : step_(step), context_(context), values_(context.values) {}

  Meaning Read() {
    const Place here = ReadContext();
    if (!step_.manifest_argument.empty()) {
      for (const Place& place : ReadPlaces(here)) ReadObjects(place);
    } else if (IsPlainVerb(step_.verbs.front())) {
      for (const Verb verb : step_.verbs) Add(PlainRequest(verb, here));
    } else {
      const std::vector<Operand> types = ReadTypes();
      for (const Place& place : ReadPlaces(here)) {
        for (const Operand& type : types) AddFor(type, place);
      }
    }
    return std::move(meaning_);
  }

 private:
  void Refuse(std::string reason, const std::string& argument) {
    if (!meaning_.unclear)
      meaning_.unclear = Unclear{std::move(reason), argument};
  }
  void Add(Request request) {
    request.dry_run = step_.dry_run && values_.Holds(*step_.dry_run);
    meaning_.Add(std::move(request));
  }

  Place ReadContext() {
    const std::string& argument = context_.tool.context_argument;
    const bool several = argument.find('{') != std::string::npos;
    if (argument.empty() || (!several && !values_.IsSet(argument))) {
      return MayGoElsewhere() ? Place{} : CurrentPlace(context_.cluster);
    }
    const std::optional<std::string> name =
        several ? FillWord(argument, values_) : values_.Text(argument);
    if (!name) return {};  // not known: a part is missing
    if (!IsContextName(*name)) Refuse("not the name of a context", argument);
    return PlaceInContext(context_.cluster, *name);
  }

  // To a context that was current before, or to this one.
  bool MayGoElsewhere() const {
    const Verb verb = step_.verbs.front();
    const bool asks = !IsPlainVerb(verb) || verb == Verb::kDiscover;
    return asks && context_.tool.remembers_context && context_.cluster.switched;
  }

  std::vector<Place> ReadPlaces(const Place& here) {
    const NamespaceSource& source = step_.namespace_source;
    if (source.all && values_.Holds(*source.all)) {
      return {InAllNamespaces(here)};
    }
    if (!source.argument.empty() && values_.IsSet(source.argument)) {
      std::vector<Place> places;
      for (const std::string& name : Given(source.argument)) {
        places.push_back(InGivenNamespace(here, name));
      }
      if (!places.empty()) return places;
    }
    if (source.absent == "all") return {InAllNamespaces(here)};
    if (source.absent == "context") return {here};
    if (source.absent == "?") return {SomewhereIn(here)};
    return {InNamespace(here, source.absent)};
  }

  // One text or a list of them.
  std::vector<std::string> Given(const std::string& argument) {
    if (!IsList(argument)) return {values_.Text(argument).value_or("")};
    std::vector<std::string> texts = values_.Texts(argument);
    if (texts.size() > kMaxObjects) {
      Refuse(TooManyObjects(), argument);
      texts.resize(kMaxObjects);
    }
    return texts;
  }
  bool IsList(const std::string& argument) const {
    const auto found = context_.tool.arguments.find(argument);
    return found != context_.tool.arguments.end() &&
           (found->second == ArgumentType::kTexts ||
            found->second == ArgumentType::kWordList);
  }

  // Anything but a label may be a path: "../nodes/n/proxy", "..".
  Place InGivenNamespace(const Place& here, const std::string& name) {
    if (IsNamespaceName(name) && !IsJsonWord(name)) {
      return InNamespace(here, name);
    }
    Refuse("not the name of a namespace", step_.namespace_source.argument);
    return SomewhereIn(here);
  }
  static Place SomewhereIn(Place place) {
    place.namespace_name = std::nullopt;
    return place;
  }

  std::vector<Operand> ReadTypes() {
    if (step_.type.empty() && step_.kind_argument.empty()) return TypesOfWord();
    std::vector<Operand> one;
    one.push_back(step_.type.empty() ? TypeOfKind() : FixedType());
    return one;
  }

  std::vector<Operand> TypesOfWord() {
    const std::string word = values_.Text(step_.type_argument).value_or("");
    // Only kubectl takes TYPE/NAME apart; elsewhere "pods/log" is a type.
    if (std::ranges::find(word, '/') != word.end()) {
      Refuse("not a resource type", step_.type_argument);
      return std::vector<Operand>(1);
    }
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

  // Some servers take any case, so all are taken to: a kind that only looks
  // unknown must not pass for a custom one.
  Operand TypeOfKind() {
    if (!step_.api_version_argument.empty()) return TypeOfApiVersion();
    Operand operand;
    const std::string kind = Lower(step_.kind_argument);
    const std::string group = Lower(step_.group_argument);
    for (const ResourceType& type : context_.tables.resources()) {
      const bool gone = group.empty() && type.group == "extensions";
      const bool in_group = group.empty() || type.group == group;
      if (gone || !in_group || LowerCase(type.kind) != kind) continue;
      operand.type = &type;
      return operand;
    }
    if (!group.empty()) operand.group = group;
    return operand;
  }
  std::string Lower(const std::string& argument) const {
    return LowerCase(values_.Text(argument).value_or(""));
  }

  // What another case or version resolves to is the API server's own choice.
  Operand TypeOfApiVersion() {
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

  // The names of one request each; nullopt: not known, "": none.
  std::vector<std::optional<std::string>> ReadNames() {
    if (step_.name_unknown) return {std::nullopt};
    if (!step_.fixed_name.empty()) return {step_.fixed_name};
    if (step_.name_argument.empty()) return {""};
    std::vector<std::optional<std::string>> names;
    if (values_.IsSet(step_.name_argument)) {
      for (std::string& name : Given(step_.name_argument)) {
        if (!IsPlainName(name) || IsJsonWord(name)) {
          Refuse("not a resource name", step_.name_argument);
        }
        names.emplace_back(std::move(name));
      }
    }
    if (!names.empty()) return names;
    // What is changed without a name gets one that the server makes up.
    const Verb verb = step_.verbs.front();
    if (verb == Verb::kGet || verb == Verb::kList) return {""};
    return {std::nullopt};
  }

  void AddFor(const Operand& operand, const Place& place) {
    std::vector<std::optional<std::string>> names = ReadNames();
    if (!operand.name.empty()) names = {operand.name};
    for (const std::optional<std::string>& name : names) {
      for (const Verb verb : step_.verbs) AddOne(verb, operand, name, place);
    }
  }

  // The namespace is in the path, whatever the cluster says of the type: what
  // is not namespaced is not found there.
  bool IsCustomInPath(Verb verb, const Operand& operand) const {
    const NamespaceSource& source = step_.namespace_source;
    return source.in_path && values_.IsSet(source.argument) &&
           (verb == Verb::kGet || verb == Verb::kList) &&
           !step_.kind_argument.empty() && operand.type == nullptr &&
           operand.group && !context_.tables.IsBuiltInGroup(*operand.group);
  }

  void AddOne(Verb verb, const Operand& operand,
              const std::optional<std::string>& name, const Place& place) {
    if (meaning_.IsFull()) return Refuse(TooManyObjects(), "");
    Request request = RequestFor(verb, operand, step_.subresource,
                                 verb == Verb::kList ? "" : name, place);
    if (operand.type == nullptr && !step_.type.empty()) {
      request.resource = operand.word;
      request.namespace_name = place.namespace_name;
    }
    if (IsCustomInPath(request.verb, operand)) {
      request.namespace_name = place.namespace_name;
    }
    request = WithPods(std::move(request), step_.pods, operand);
    Add(request);
    // The server puts a given namespace into the path of cluster-scoped
    // kinds too.
    const bool cluster_scoped =
        operand.type != nullptr && !operand.type->namespaced;
    if (cluster_scoped && !step_.kind_argument.empty() &&
        values_.IsSet(step_.namespace_source.argument)) {
      request.namespace_name = place.namespace_name;
      Add(std::move(request));
    }
  }

  // A server that makes paths itself puts a namespace that the object names
  // into those of cluster-scoped kinds too.
  void AddObject(Verb verb, const Operand& operand,
                 const ManifestObject& object, const Place& place) {
    Request request = RequestFor(verb, operand, "", object.name, place);
    request = WithPods(std::move(request), PodsFrom::kManifest, operand);
    const bool cluster_scoped = request.namespace_name == "";
    Add(request);
    if (!cluster_scoped || object.namespace_name.empty()) return;
    request.namespace_name = object.namespace_name;
    Add(std::move(request));
  }

  void ReadObjects(const Place& given) {
    const std::string text = values_.Text(step_.manifest_argument).value_or("");
    const Manifest manifest =
        ReadManifest(text, step_.dialect, context_.tables);
    if (manifest.unclear) Refuse(*manifest.unclear, step_.manifest_argument);
    for (const ManifestObject& object : manifest.objects) {
      const Operand operand = OperandOf(object);
      for (const Place& place : PlacesOf(object, given)) {
        for (const Verb verb : step_.verbs) {
          AddObject(verb, operand, object, place);
        }
      }
    }
  }

  // A namespace given is written over the object's by some servers, but not
  // over those in a List: both count.
  std::vector<Place> PlacesOf(const ManifestObject& object,
                              const Place& given) const {
    if (object.namespace_name.empty()) return {given};
    std::vector<Place> places = {InNamespace(given, object.namespace_name)};
    const NamespaceSource& source = step_.namespace_source;
    if (source.overwrites && values_.IsSet(source.argument)) {
      places.push_back(given);
    }
    return places;
  }

  const RequestStep& step_;
  const StepContext& context_;
  const ArgumentValues& values_;
  Meaning meaning_;
};

}  // namespace

Meaning MeaningOfStep(const RequestStep& step, const StepContext& context) {
  return StepReader(step, context).Read();
}

}  // namespace gatehouse
