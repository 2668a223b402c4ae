// SPDX-License-Identifier: Apache-2.0
#include "policy/rule_cover.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "policy/field_match.h"

namespace gatehouse {
namespace {

// Each of `b` is covered by one of `a`.
template <typename List>
bool EachCovered(const List& a, const List& b, auto covers) {
  return std::all_of(b.begin(), b.end(), [&](const auto& each) {
    return std::any_of(a.begin(), a.end(),
                       [&](const auto& one) { return covers(one, each); });
  });
}

bool CoversAll(const Patterns& a, const Patterns& b) {
  return EachCovered(a, b, [](const Pattern& one, const Pattern& each) {
    return Covers(one, each);
  });
}

bool CoversField(const std::optional<Patterns>& a,
                 const std::optional<Patterns>& b) {
  if (!a) return true;
  return b ? CoversAll(*a, *b) : HasAny(*a);
}

bool CoversNamespaces(const std::optional<NamespacePatterns>& a,
                      const std::optional<NamespacePatterns>& b) {
  if (!a) return true;
  if (!b) return a->cluster_scope && HasAny(a->patterns);
  return CoversAll(a->patterns, b->patterns) &&
         (a->cluster_scope || !b->cluster_scope);
}

bool CoversResource(const ResourcePattern& a, const ResourcePattern& b) {
  if (!Covers(a.resource, b.resource)) return false;
  if (a.group && (!b.group || !Covers(*a.group, *b.group))) return false;
  if (a.subresource_match == SubresourceMatch::kEvery) return true;
  if (a.subresource_match != b.subresource_match) return false;
  return a.subresource_match == SubresourceMatch::kNone ||
         Covers(a.subresource, b.subresource);
}

bool CoversResources(const CompiledRule& a, const CompiledRule& b) {
  if (!a.match.resources) return true;
  if (b.match.resources) {
    return EachCovered(*a.match.resources, *b.match.resources, CoversResource);
  }
  return std::any_of(a.match.resources->begin(), a.match.resources->end(),
                     [](const ResourcePattern& pattern) {
                       return pattern.resource.IsAny() && !pattern.group &&
                              pattern.subresource_match ==
                                  SubresourceMatch::kEvery;
                     });
}

// URIs are resources' only, and prompts prompts': "*" of one is not all.
bool CoversTargets(const std::optional<Patterns>& a,
                   const std::optional<Patterns>& b) {
  return !a || (b && CoversAll(*a, *b));
}

// Which messages: tool calls, other methods or both.
bool CoversMessages(const CompiledMatch& a, const CompiledMatch& b) {
  if (MeansToolCalls(b) &&
      !(MeansToolCalls(a) && CoversField(a.tools, b.tools))) {
    return false;
  }
  return !MeansMethods(b) ||
         (MeansMethods(a) && CoversField(a.methods, b.methods) &&
          CoversTargets(a.uris, b.uris) && CoversTargets(a.prompts, b.prompts));
}

VerbSet VerbsOf(const CompiledRule& rule) {
  VerbSet verbs = rule.verbs;
  if (!rule.match.resources) return verbs;
  for (const ResourcePattern& pattern : *rule.match.resources) {
    verbs |= pattern.extra_verbs;
  }
  return verbs;
}

// From the ends backwards, so that no pattern makes it slow.
bool GlobsOverlap(std::string_view a, std::string_view b) {
  const std::size_t columns = b.size() + 1;
  // [i][j]: a's rest from i and b's from j have a value in common.
  std::vector<bool> common((a.size() + 1) * columns, false);
  const auto at = [&](std::size_t i, std::size_t j) {
    return common[i * columns + j];
  };
  for (std::size_t i = a.size() + 1; i-- > 0;) {
    for (std::size_t j = b.size() + 1; j-- > 0;) {
      const bool more_a = i < a.size();
      const bool more_b = j < b.size();
      bool found = !more_a && !more_b;
      if (more_a && a[i] == '*') {
        found = at(i + 1, j) || (more_b && at(i, j + 1));
      } else if (more_b && b[j] == '*') {
        found = at(i, j + 1) || (more_a && at(i + 1, j));
      } else if (more_a && more_b) {
        const bool same = a[i] == b[j] || a[i] == '?' || b[j] == '?';
        found = same && at(i + 1, j + 1);
      }
      common[i * columns + j] = found;
    }
  }
  return at(0, 0);
}

}  // namespace

bool Covers(const Pattern& a, const Pattern& b) {
  if (a.IsAny() || a.text() == b.text()) return true;
  return b.IsLiteral() && a.Matches(b.text());
}

bool Covers(const CompiledRule& a, const CompiledRule& b) {
  const CompiledMatch& match = a.match;
  const bool always = a.reveal == b.reveal && !a.unless && !a.until &&
                      !a.observe && !a.limit && !match.when && !match.who &&
                      !match.pod_security;
  return always && (VerbsOf(b) & ~a.verbs) == 0 && CoversResources(a, b) &&
         CoversNamespaces(match.namespaces, b.match.namespaces) &&
         CoversField(match.names, b.match.names) &&
         CoversField(match.contexts, b.match.contexts) &&
         CoversField(match.servers, b.match.servers) &&
         CoversMessages(match, b.match);
}

bool Overlap(const Pattern& a, const Pattern& b) {
  if (a.IsLiteral()) return b.Matches(a.text());
  if (b.IsLiteral()) return a.Matches(b.text());
  const bool expression =
      a.text().starts_with('/') || b.text().starts_with('/');
  return expression || GlobsOverlap(a.text(), b.text());
}

bool Overlap(const Patterns& a, const Patterns& b) {
  return std::any_of(a.begin(), a.end(), [&](const Pattern& one) {
    return std::any_of(b.begin(), b.end(), [&](const Pattern& other) {
      return Overlap(one, other);
    });
  });
}

bool Overlap(const NamespacePatterns& a, const NamespacePatterns& b) {
  return (a.cluster_scope && b.cluster_scope) ||
         Overlap(a.patterns, b.patterns);
}

}  // namespace gatehouse
