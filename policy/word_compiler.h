// SPDX-License-Identifier: Apache-2.0
#pragma once
// From the words of one file to their compiled forms: patterns, namespaces,
// resources, whole rules. Inside of rule_compiler, which puts files together.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "policy/compiled_policy.h"
#include "policy/fault.h"
#include "policy/rule.h"
#include "policy/rule_compiler.h"

namespace gatehouse {

// Faults are issues of that file. Borrows all, for its own life.
class WordCompiler {
 public:
  WordCompiler(const SourceText& source, const KubernetesTables& tables,
               const ZoneSource& zones, Issues& issues)
      : source_(source), tables_(tables), zones_(zones), issues_(issues) {}

  void Add(Fault fault, Position position, std::string message);

  // The reader has reported bad patterns already; they are left out.
  Patterns Globs(const Words& words);
  std::optional<Patterns> Globs(const std::optional<Words>& words);
  NamespacePatterns Namespaces(const Words& words);

  // `prefix`: what stands before the ids of an extended file's rules.
  CompiledRule Compile(const Rule& rule, const std::string& prefix);

 private:
  std::vector<ResourcePattern> Resources(const Words& words, VerbSet verbs);
  const Result<std::vector<ResourcePattern>>& Resolve(const std::string& word);
  CompiledMatch Match(const MatchFields& fields, VerbSet verbs);
  static PodSecuritySet PodStandards(const Words& words);
  CompiledWho Who(const WhoFields& fields);
  TimeWindow When(const WhenFields& fields);

  const SourceText& source_;
  const KubernetesTables& tables_;
  const ZoneSource& zones_;
  Issues& issues_;
  // Many rules of a file name the same few resources.
  std::map<std::string, Result<std::vector<ResourcePattern>>> resolved_;
};

}  // namespace gatehouse
