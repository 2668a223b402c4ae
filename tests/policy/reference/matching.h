// SPDX-License-Identifier: Apache-2.0
#pragma once
// Inside of the reference: three-valued matching of words, from the smallest.

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/policy/reference/reference.h"

namespace gatehouse::reference {

enum Truth3 { kNo, kMaybe, kYes };

Truth3 Both(Truth3 a, Truth3 b);
Truth3 Either(Truth3 a, Truth3 b);
Truth3 If(bool condition);

bool AnyGlob(const std::vector<std::string>& globs, const std::string& value);
bool Holds(const std::vector<std::string>& words, std::string_view word);
Truth3 GlobMatch(const std::vector<std::string>& globs,
                 const std::optional<std::string>& value);

// resources.cc
std::string VerbOf(const Request& request);
bool Reads(const std::string& verb);
bool IsAboutNoObject(const std::string& verb);
bool IsNamespaceObject(const Request& request);
// "helm: true": what helm touches unseen is covered by verb and place alone.
bool CoversUnseen(const Rule& rule, const Request& request);
// Of a custom type whose scope is not known: what a category lists is taken to
// be namespaced.
bool MayBeClusterScoped(const Request& request);
Truth3 MatchVerbAndResource(const Rule& rule, const Request& request);
Truth3 MatchResources(const Rule& rule, const std::vector<std::string>& words,
                      const Request& request);
Truth3 NamesWhatIsSensitive(const Rule& rule, const Request& request);

// rules.cc
Truth3 MatchRule(const Rule& rule, const Request& request,
                 const Question& question);

}  // namespace gatehouse::reference
