// SPDX-License-Identifier: Apache-2.0
#include "policy/word_compiler.h"

#include <utility>

#include "policy/document.h"
#include "policy/field_match.h"
#include "policy/resource_words.h"
#include "policy/verb_groups.h"

namespace gatehouse {
namespace {

// The verbs that exec and forward subresources are asked for by in RBAC.
VerbSet ExtraVerbs(const ResourcePattern& pattern, VerbSet verbs) {
  if (pattern.subresource_match != SubresourceMatch::kPattern) return 0;
  const VerbSet by = SetOf(Verb::kGet) | SetOf(Verb::kCreate);
  const auto covers = [&](std::string_view subresource) {
    return pattern.subresource.Matches(subresource);
  };
  VerbSet extra = 0;
  if ((verbs & by) != 0 && (covers("exec") || covers("attach"))) {
    extra |= SetOf(Verb::kExec);
  }
  const VerbSet debug = by | SetOf(Verb::kUpdate) | SetOf(Verb::kPatch);
  if ((verbs & debug) != 0 && covers("ephemeralcontainers")) {
    extra |= SetOf(Verb::kExec);
  }
  if ((verbs & by) != 0 && (covers("portforward") || covers("proxy"))) {
    extra |= SetOf(Verb::kForward);
  }
  return extra;
}

}  // namespace

void WordCompiler::Add(Fault fault, Position position, std::string message) {
  AddIssue(source_, position, FaultCode(fault), std::move(message), issues_);
}

Patterns WordCompiler::Globs(const Words& words) {
  Patterns patterns;
  for (const Word& word : words) {
    auto pattern = Pattern::Compile(word.text);
    if (pattern.ok()) patterns.push_back(std::move(pattern).value());
  }
  return patterns;
}

std::optional<Patterns> WordCompiler::Globs(const std::optional<Words>& words) {
  if (!words) return std::nullopt;
  return Globs(*words);
}

NamespacePatterns WordCompiler::Namespaces(const Words& words) {
  NamespacePatterns namespaces;
  for (const Word& word : words) {
    namespaces.cluster_scope = namespaces.cluster_scope || word.text.empty();
  }
  namespaces.patterns = Globs(words);
  return namespaces;
}

const Result<std::vector<ResourcePattern>>& WordCompiler::Resolve(
    const std::string& word) {
  const auto known = resolved_.find(word);
  if (known != resolved_.end()) return known->second;
  return resolved_.emplace(word, ResolveResourceWord(word, tables_))
      .first->second;
}

std::vector<ResourcePattern> WordCompiler::Resources(const Words& words,
                                                     VerbSet verbs) {
  std::vector<ResourcePattern> patterns;
  for (const Word& word : words) {
    const auto& found = Resolve(word.text);
    if (!found.ok()) {
      const bool unknown = found.error().code == ErrorCode::kNotFound;
      Add(unknown ? Fault::kUnknownResource : Fault::kBadPattern, word.position,
          found.error().sentence);
      continue;
    }
    for (const ResourcePattern& pattern : found.value()) {
      patterns.push_back(pattern);
      patterns.back().extra_verbs = ExtraVerbs(pattern, verbs);
    }
  }
  return patterns;
}

CompiledWho WordCompiler::Who(const WhoFields& fields) {
  return {Globs(fields.users), Globs(fields.groups), Globs(fields.kube_users),
          Globs(fields.clients)};
}

TimeWindow WordCompiler::When(const WhenFields& fields) {
  TimeWindow window{fields.days, fields.hours,
                    std::make_shared<const TimeZone>()};
  if (fields.zone.text == "UTC") return window;
  if (fields.zone.text.empty()) return window;  // reported by the reader
  const Result<std::string> data =
      zones_ ? zones_(fields.zone.text)
             : Error{ErrorCode::kNotFound, "there are no time zones here"};
  Result<TimeZone> zone =
      data.ok() ? TimeZone::Read(data.value()) : Result<TimeZone>(data.error());
  if (zone.ok()) {
    window.zone = std::make_shared<const TimeZone>(std::move(zone).value());
  } else {
    Add(Fault::kUnknownZone, fields.zone.position,
        "unknown time zone " + Quoted(fields.zone.text) + ": " +
            zone.error().sentence);
  }
  return window;
}

PodSecuritySet WordCompiler::PodStandards(const Words& words) {
  PodSecuritySet set = 0;
  for (const Word& word : words) {
    const auto standard = PodStandardFromName(word.text);
    if (standard) set |= SetOf(*standard);
  }
  return set;
}

CompiledMatch WordCompiler::Match(const MatchFields& fields, VerbSet verbs) {
  CompiledMatch match;
  if (fields.resources) match.resources = Resources(*fields.resources, verbs);
  if (fields.namespaces) match.namespaces = Namespaces(*fields.namespaces);
  match.names = Globs(fields.names);
  match.contexts = Globs(fields.contexts);
  match.servers = Globs(fields.servers);
  match.tools = Globs(fields.tools);
  match.methods = Globs(fields.methods);
  match.uris = Globs(fields.uris);
  match.prompts = Globs(fields.prompts);
  if (fields.pod_security) {
    match.pod_security = PodStandards(*fields.pod_security);
  }
  if (fields.who) match.who = Who(*fields.who);
  if (fields.when) match.when = When(*fields.when);
  match.given = FieldsGiven(match);
  return match;
}

CompiledRule WordCompiler::Compile(const Rule& rule,
                                   const std::string& prefix) {
  CompiledRule compiled;
  compiled.source = {prefix + rule.id, source_.name, rule.position.line};
  compiled.effect = rule.effect;
  compiled.observe = rule.observe;
  compiled.helm = rule.helm;
  compiled.reveal = rule.reveal;
  compiled.until = rule.until;
  compiled.limit = rule.limit;
  if (rule.timeout) compiled.timeout = *rule.timeout;
  compiled.reason = rule.reason;
  for (const Word& word : rule.verbs) {
    compiled.verbs |= VerbsOfWord(word.text).value_or(0);
    const std::optional<Verb> verb = VerbFromName(word.text);
    if (verb) compiled.named_verbs |= SetOf(*verb);
  }
  compiled.match = Match(rule.match, compiled.verbs);
  if (rule.unless) compiled.unless = Match(*rule.unless, compiled.verbs);
  return compiled;
}

}  // namespace gatehouse
