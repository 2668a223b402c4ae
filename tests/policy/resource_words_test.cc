// SPDX-License-Identifier: Apache-2.0
#include "policy/resource_words.h"

#include <gtest/gtest.h>

#include "policy/verb_groups.h"
#include "policy_fixture.h"

namespace gatehouse {
namespace {

// "pods./log!": RESOURCE.GROUP[/SUB], "!" where the word is exact, "/**" where
// it covers everything below.
std::string Resolved(std::string_view word) {
  const auto patterns = ResolveResourceWord(word, *testing::Tables());
  if (!patterns.ok()) return "error";
  std::string out;
  for (const ResourcePattern& pattern : patterns.value()) {
    if (!out.empty()) out += " ";
    out += pattern.resource.text() + ".";
    out += pattern.group ? pattern.group->text() : "*";
    switch (pattern.subresource_match) {
      case SubresourceMatch::kNone:
        break;
      case SubresourceMatch::kPattern:
        out += "/" + pattern.subresource.text();
        break;
      case SubresourceMatch::kEvery:
        out += "/**";
        break;
    }
    if (pattern.exact) out += "!";
  }
  return out;
}

TEST(ResourceWords, AreResolvedThroughTheTable) {
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"po", "pods.!"},
      {"Deployment", "deployments.apps!"},
      {"deployments.apps/scale", "deployments.apps/scale!"},
      {"deployments.v1.apps", "deployments.apps!"},
      // Metrics have pods as well; a word means every type of its name.
      {"pods/*", "pods./* pods.metrics.k8s.io/*"},
      {"*", "*.*/**"},
      {"*/scale", "*.*/scale"},
      {"secret*", "secret*.*"},
      {"*.cert-manager.io", "*.cert-manager.io"},
      {"certificates.cert-manager.io", "certificates.cert-manager.io!"},
      {"certificates.v1.cert-manager.io", "certificates.cert-manager.io!"},
      {"/pods/", "error"},
      {"pods/", "error"},
      {"pods/logs", "error"},
      {"podz", "error"},
      {"foo.apps", "error"},
      {"", "error"},
  };
  for (const auto& [word, expected] : rows) {
    EXPECT_EQ(Resolved(word), expected) << word;
  }
}

TEST(ResourceWords, CategoriesNameNothingExactly) {
  const std::string all = Resolved("all");
  EXPECT_NE(all.find("pods."), std::string::npos);
  EXPECT_EQ(all.find('!'), std::string::npos);
}

TEST(VerbGroups, AreThoseOfTheLanguage) {
  const VerbSet read = VerbsOfWord("read").value();
  const VerbSet write = VerbsOfWord("write").value();
  const VerbSet any = VerbsOfWord("any").value();
  for (std::size_t i = 0; i < kVerbCount; ++i) {
    const Verb verb = static_cast<Verb>(i);
    const bool known = verb != Verb::kUnknown && verb != Verb::kUnclear;
    EXPECT_EQ(Contains(any, verb), known) << VerbName(verb);
    EXPECT_FALSE(Contains(read, verb) && Contains(write, verb));
  }
  for (Verb verb :
       {Verb::kExec, Verb::kForward, Verb::kRaw, Verb::kImpersonate,
        Verb::kEscalate, Verb::kConfig, Verb::kLocal, Verb::kFetch}) {
    EXPECT_FALSE(Contains(read | write, verb)) << VerbName(verb);
  }
  EXPECT_EQ(VerbsOfWord("delete"),
            SetOf(Verb::kDelete) | SetOf(Verb::kDeleteCollection));
  EXPECT_EQ(VerbsOfWord("unknown"), std::nullopt);
  EXPECT_EQ(VerbsOfWord("Read"), std::nullopt);
}

}  // namespace
}  // namespace gatehouse
