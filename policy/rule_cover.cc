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

bool CoversResources(const CompiledMatch& a, const CompiledMatch& b) {
  if (!a.resources) return true;
  if (b.resources) {
    return EachCovered(*a.resources, *b.resources, CoversResource);
  }
  return std::any_of(a.resources->begin(), a.resources->end(),
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

// Whether something holds of two globs, [i][j] of a's rest from i and b's from
// j: from the ends backwards, so that no pattern makes it slow.
template <typename Step>
bool HoldsOfGlobs(std::string_view a, std::string_view b, Step step) {
  const std::size_t columns = b.size() + 1;
  std::vector<bool> cells((a.size() + 1) * columns, false);
  const auto at = [&](std::size_t i, std::size_t j) {
    return cells[i * columns + j];
  };
  for (std::size_t i = a.size() + 1; i-- > 0;) {
    for (std::size_t j = b.size() + 1; j-- > 0;) {
      cells[i * columns + j] = step(i, j, at);
    }
  }
  return at(0, 0);
}

// They have a value in common.
bool GlobsOverlap(std::string_view a, std::string_view b) {
  return HoldsOfGlobs(a, b, [&](std::size_t i, std::size_t j, const auto& at) {
    const bool more_a = i < a.size();
    const bool more_b = j < b.size();
    if (more_a && a[i] == '*') {
      return at(i + 1, j) || (more_b && at(i, j + 1));
    }
    if (more_b && b[j] == '*') {
      return at(i, j + 1) || (more_a && at(i + 1, j));
    }
    if (!more_a || !more_b) return !more_a && !more_b;
    const bool same = a[i] == b[j] || a[i] == '?' || b[j] == '?';
    return same && at(i + 1, j + 1);
  });
}

// Each value of `b` is one of `a`.
bool GlobCovers(std::string_view a, std::string_view b) {
  return HoldsOfGlobs(a, b, [&](std::size_t i, std::size_t j, const auto& at) {
    const bool more_b = j < b.size();
    if (i == a.size()) return !more_b;
    if (a[i] == '*') return at(i + 1, j) || (more_b && at(i, j + 1));
    if (!more_b) return false;
    const bool same = a[i] == '?' ? b[j] != '*' : a[i] == b[j];
    return same && at(i + 1, j + 1);
  });
}

bool MayBeExpression(const Pattern& pattern) {
  return pattern.text().starts_with('/');
}

}  // namespace

bool Covers(const Pattern& a, const Pattern& b) {
  if (a.IsAny() || a.text() == b.text()) return true;
  if (b.IsLiteral()) return a.Matches(b.text());
  return !MayBeExpression(a) && !MayBeExpression(b) && !a.IsLiteral() &&
         GlobCovers(a.text(), b.text());
}

VerbSet VerbsOf(const CompiledRule& rule) {
  VerbSet verbs = rule.verbs;
  if (!rule.match.resources) return verbs;
  for (const ResourcePattern& pattern : *rule.match.resources) {
    verbs |= pattern.extra_verbs;
  }
  return verbs;
}

bool Covers(const CompiledMatch& a, const CompiledMatch& b) {
  return !a.when && !a.who && !a.pod_security && CoversResources(a, b) &&
         CoversNamespaces(a.namespaces, b.namespaces) &&
         CoversField(a.names, b.names) && CoversField(a.contexts, b.contexts) &&
         CoversField(a.servers, b.servers) && CoversMessages(a, b);
}

bool Covers(const CompiledRule& a, const CompiledRule& b) {
  const bool always = !a.unless && !a.until && !a.observe && !a.limit;
  // What is held back is revealed to nobody.
  const bool reveals = a.reveal == b.reveal || a.effect < b.effect;
  // An allow of names matches no request without one, "*" or not.
  const bool named =
      a.effect != Effect::kAllow || !a.match.names || b.match.names;
  const bool helm = a.effect == Effect::kDeny || a.helm || !b.helm;
  return always && reveals && named && helm && (VerbsOf(b) & ~a.verbs) == 0 &&
         Covers(a.match, b.match);
}

bool Overlap(const Pattern& a, const Pattern& b) {
  if (a.IsLiteral()) return b.Matches(a.text());
  if (b.IsLiteral()) return a.Matches(b.text());
  return MayBeExpression(a) || MayBeExpression(b) ||
         GlobsOverlap(a.text(), b.text());
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
