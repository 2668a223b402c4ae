// SPDX-License-Identifier: Apache-2.0
#include "cli/access_question.h"

#include <algorithm>
#include <utility>

#include "policy/fault.h"
#include "policy/issue.h"
#include "policy/kubernetes/fields.h"
#include "policy/kubernetes/type_verbs.h"

namespace gatehouse::cli {
namespace {

Error NoQuestion(std::string sentence) {
  return {ErrorCode::kInvalid, std::move(sentence)};
}

// What people say, and a policy's word for it.
struct OtherWord {
  std::string_view said;
  std::string_view ask;
};
constexpr OtherWord kOtherWords[] = {
    {"attach", "exec pods/attach"},
    {"cp", "exec pods"},
    {"debug", "exec pods/ephemeralcontainers"},
    {"port-forward", "forward pods"},
    {"portforward", "forward pods"},
    {"proxy", "forward services"},
    {"logs", "get pods/log"},
    {"log", "get pods/log"},
    {"describe", "get"},
    {"apply", "patch"},
    {"edit", "patch"},
    {"label", "patch"},
    {"annotate", "patch"},
    {"scale", "patch deployments/scale"},
    {"evict", "create pods/eviction"},
    {"bind", "escalate"},
    {"read", "get, list or watch"},
    {"write", "create, update, patch or delete"},
    {"any", "the table, with no question"},
    {"*", "the table, with no question"},
};

Error UnknownVerb(const std::string& word) {
  std::string sentence = "unknown verb " + Quoted(word);
  for (const OtherWord& row : kOtherWords) {
    if (row.said != word) continue;
    return NoQuestion(sentence + "; ask for " + std::string(row.ask));
  }
  std::vector<std::string_view> known;
  for (std::size_t i = 1; i < kVerbCount; ++i) {
    known.push_back(VerbName(static_cast<Verb>(i)));
  }
  const std::string_view nearest = NearestWord(word, known);
  if (!nearest.empty()) sentence += "; did you mean " + Quoted(nearest) + "?";
  return NoQuestion(std::move(sentence));
}

Error UnknownResource(const std::string& word, const KubernetesTables& tables) {
  if (!tables.Category(word).empty()) {
    return NoQuestion(Quoted(word) +
                      " is many resources; ask for one of them, or for the "
                      "table with no question");
  }
  std::vector<std::string_view> known;
  for (const ResourceType& type : tables.resources()) {
    known.push_back(type.plural);
  }
  const std::string_view nearest = NearestWord(word, known);
  return NoQuestion("unknown resource " + Quoted(word) +
                    (nearest.empty()
                         ? "; a custom one is written PLURAL.GROUP"
                         : "; did you mean " + Quoted(nearest) + "?"));
}

bool Reaches(Verb verb) {
  return verb == Verb::kExec || verb == Verb::kForward;
}

// "pods/exec" is what `exec pods` comes to.
std::string ReachedBy(Verb verb, const ResourceType& type) {
  const bool pods = type.plural == "pods" && type.group.empty();
  if (verb == Verb::kExec) return pods ? "exec" : "";
  if (pods) return "portforward";
  return type.subresources.Has("proxy") ? "proxy" : "";
}

std::string Joined(const CommaWords& words) {
  std::string text;
  for (const std::string_view word : words) {
    text += (text.empty() ? "" : ", ") + std::string(word);
  }
  return text;
}

Error UnknownSubresource(const ResourceType& type, const std::string& word,
                         Verb verb) {
  const std::string_view nearest =
      NearestWord(word, {type.subresources.begin(), type.subresources.end()});
  if (!nearest.empty()) {
    return NoQuestion(type.plural + " have no subresource " + Quoted(word) +
                      "; did you mean " +
                      Quoted(type.plural + "/" + std::string(nearest)) + "?");
  }
  std::string sentence =
      type.plural + " have no subresource " + Quoted(word) +
      "; a name is a word of its own: " + std::string(VerbName(verb)) + " " +
      type.plural + " " + word;
  if (!type.subresources.empty()) {
    sentence += ". They have " + Joined(type.subresources);
  }
  return NoQuestion(std::move(sentence));
}

bool HasVerb(const ResourceType& type, const std::string& subresource,
             Verb verb) {
  if (Reaches(verb)) {
    const bool exec = subresource == "exec" || subresource == "attach" ||
                      subresource == "ephemeralcontainers";
    const bool forward = subresource == "portforward" || subresource == "proxy";
    return verb == Verb::kExec ? exec : forward;
  }
  if (verb == Verb::kEscalate || verb == Verb::kImpersonate) return true;
  if (subresource.empty()) {
    const std::vector<Verb> verbs = VerbsOf(type);
    return std::ranges::find(verbs, verb) != verbs.end();
  }
  const auto verbs = VerbsOfSubresource(subresource);
  return verbs.empty() || std::ranges::find(verbs, verb) != verbs.end();
}

Result<Request> AskOfType(Verb verb, const ResourceType& type,
                          std::string subresource, const std::string& name,
                          const Place& place) {
  if (!subresource.empty() && !type.subresources.Has(subresource)) {
    return UnknownSubresource(type, subresource, verb);
  }
  if (subresource.empty() && Reaches(verb)) {
    subresource = ReachedBy(verb, type);
  }
  if (!HasVerb(type, subresource, verb)) {
    std::string sentence = "there is no " + std::string(VerbName(verb)) +
                           " of " + type.plural +
                           (subresource.empty() ? "" : "/" + subresource);
    if (Reaches(verb)) {
      sentence += "; ask for " + std::string(VerbName(verb)) +
                  " pods, where it comes to";
    }
    return NoQuestion(std::move(sentence));
  }
  Operand operand;
  operand.type = &type;
  Request request = RequestFor(verb, operand, subresource, name, place);
  // All of a type may be asked for as `get`, as kubectl's can-i has it.
  if (verb == Verb::kGet && request.verb == Verb::kList) request.verb = verb;
  return request;
}

// A custom resource, taken to be in a namespace.
Request AskOfCustom(Verb verb, const std::string& type, std::string subresource,
                    const std::string& name, const Place& place) {
  const std::size_t dot = type.find('.');
  Request request;
  request.verb = verb;
  request.resource = type.substr(0, dot);
  request.group = type.substr(dot + 1);
  request.subresource = std::move(subresource);
  request.name = name;
  request.namespace_name = place.namespace_name;
  request.all_namespaces = place.all_namespaces;
  request.context = place.context;
  if (IsReading(verb)) request.pods.security = PodSecurity::kNone;
  return request;
}

// raw, local, …, and impersonate: of nothing.
Result<Request> AskOfNothing(Verb verb, const std::vector<std::string>& words,
                             const Place& place) {
  if (words.size() == 1) return PlainRequest(verb, place);
  return NoQuestion("the verb " + Quoted(words[0]) +
                    " is of no resource; ask for it alone");
}

}  // namespace

Result<Request> ReadAccessQuestion(const std::vector<std::string>& words,
                                   const Place& place,
                                   const KubernetesTables& tables) {
  const Verb verb = VerbFromName(words[0]).value_or(Verb::kUnknown);
  if (verb == Verb::kUnknown) return UnknownVerb(words[0]);
  if (HasNoObject(verb) || verb == Verb::kImpersonate) {
    return AskOfNothing(verb, words, place);
  }
  if (words.size() < 2) {
    return NoQuestion("the verb " + Quoted(words[0]) +
                      " is of a resource; ask for " + words[0] + " pods");
  }
  const std::vector<std::string> parts = SplitAt(words[1], '/');
  if (parts.size() > 2) return UnknownResource(words[1], tables);
  std::string subresource = parts.size() > 1 ? parts[1] : "";
  const std::string name = words.size() > 2 ? words[2] : "";
  const auto types = tables.Find(parts[0]);
  if (!types.empty()) {
    return AskOfType(verb, *types.front(), std::move(subresource), name, place);
  }
  const bool told = parts[0].find('.') != std::string::npos;
  if (!told) return UnknownResource(parts[0], tables);
  return AskOfCustom(verb, parts[0], std::move(subresource), name, place);
}

}  // namespace gatehouse::cli
