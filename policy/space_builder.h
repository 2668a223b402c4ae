// SPDX-License-Identifier: Apache-2.0
#pragma once
// Makes a QuestionSpace: collects what both policies match by, and turns it
// into classes. Inside of question_space.

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "policy/question_space.h"

namespace gatehouse {

// The patterns of two policies, each field's in one list.
struct MatchedPatterns {
  std::vector<ResourcePattern> resources;
  Patterns namespaces;
  Patterns names;
  Patterns protect;
  Patterns contexts;
  Patterns servers;
  Patterns tools;
  Patterns methods;
  Patterns uris;
  Patterns prompts;
  Patterns users;
  Patterns groups;
  Patterns kube_users;
  Patterns clients;
  std::vector<TimeWindow> windows;
  std::vector<std::chrono::sys_seconds> ends;  // each rule's `until`
  bool pods = false;
  bool dry_run = false;

  static MatchedPatterns Of(const CompiledPolicy& a, const CompiledPolicy& b);

 private:
  void Add(const CompiledPolicy& policy);
  void Add(const CompiledMatch& match);
};

// The resources of the table, those that patterns name besides, and what is
// not fully known; put together where no pattern tells them apart.
class ResourceClasses {
 public:
  ResourceClasses(const CompiledPolicy& policy,
                  const MatchedPatterns& patterns);

  struct Item {
    std::string name;
    Request sample;
    bool odd = false;  // not what a person has in mind
    enum class Kind : std::uint8_t {
      kNamespaced,
      kCluster,
      kCustom,
      kUnknown,
      kPlain,   // verbs without an object
      kOpaque,  // raw, unclear
      kChart,
    } kind = Kind::kNamespaced;
  };
  // Items of one class stand together, in the order of the table.
  const std::vector<std::vector<Item>>& classes() const { return classes_; }
  bool exact() const { return exact_; }
  // Index of the class that an item is in, or would be; classes().size() where
  // there is none.
  std::size_t Find(const Item& item) const;

 private:
  void AddTable();
  void AddNamed();
  void AddUnknown();
  std::vector<std::optional<std::string>> Subresources() const;
  bool IsInTable(std::string_view group, std::string_view resource) const;
  void AddOthers();
  void Add(Item item);
  std::string SignatureOf(const Item& item) const;

  const CompiledPolicy& policy_;
  const MatchedPatterns& patterns_;
  std::set<std::string> subresources_;
  std::vector<std::string> groups_;     // a value of each class
  std::vector<std::string> resources_;  // likewise
  std::map<std::string, std::size_t> by_signature_;
  std::vector<std::vector<Item>> classes_;
  bool exact_ = true;
};

}  // namespace gatehouse
