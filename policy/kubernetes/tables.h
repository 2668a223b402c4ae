// SPDX-License-Identifier: Apache-2.0
#pragma once
// The Kubernetes facts that both wings of policy/ read: the resource table and
// the list of sensitive resources. Made once from rules/kubernetes/*.yaml and
// shared as constant data. kubectl's own table is read at its first use, since
// most sessions never need it.

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/issue.h"
#include "policy/kubernetes/comma_words.h"

namespace gatehouse {

// One resource type. All names are lower case except `kind`.
struct ResourceType {
  std::string group;  // "" is core
  std::string version;
  std::string kind;
  std::string plural;
  std::string singular;
  CommaWords short_names;
  CommaWords subresources;
  CommaWords categories;
  CommaWords verbs;
  bool namespaced = true;
  // Where its objects hold a pod's metadata and spec: "spec.template"; "." is
  // the object itself. "": it makes no pods.
  std::string pods_at;
};

// What a sensitive entry asks for: any verb, or writing only.
struct SensitiveEntry {
  std::string group;
  std::string resource;
  std::string subresource;
  bool writes_only = false;
  std::string why;  // one clause for `policy show`
};

class CommandTable;  // policy/kubernetes/command_table.h

// Immutable after construction. Spans and pointers live as long as it does.
class KubernetesTables {
 public:
  KubernetesTables();
  ~KubernetesTables();
  KubernetesTables(const KubernetesTables&) = delete;
  KubernetesTables& operator=(const KubernetesTables&) = delete;

  // From the embedded files; aborts where they are faulty (the build's own
  // test reads them first, so that is a bug and not an input error).
  static std::shared_ptr<const KubernetesTables> Embedded();

  std::span<const ResourceType> resources() const { return resources_; }
  std::span<const SensitiveEntry> sensitive() const { return sensitive_; }

  // Every type that `word` may mean, as kubectl and rule files spell it:
  // plural, singular, kind or short name in any case, TYPE.GROUP,
  // TYPE.VERSION.GROUP. Without a subresource part and not a category. Empty
  // where the word is unknown; more than one where it is ambiguous (events).
  std::vector<const ResourceType*> Find(std::string_view word) const;
  // By exact kind and apiVersion ("apps/v1"); nullptr where unknown.
  const ResourceType* FindKind(std::string_view api_version,
                               std::string_view kind) const;
  // Members of a category ("all"); empty where there is none of that name.
  std::vector<const ResourceType*> Category(std::string_view word) const;

  bool IsBuiltInGroup(std::string_view group) const;

  // The entry that covers this resource, or nullptr. Unknown parts are the
  // caller's business.
  const SensitiveEntry* FindSensitive(std::string_view group,
                                      std::string_view resource,
                                      std::string_view subresource) const;

  // Read on first use; thread-safe.
  const CommandTable& kubectl() const;
  const CommandTable& helm() const;

 private:
  struct Lazy;
  std::vector<ResourceType> resources_;
  std::vector<SensitiveEntry> sensitive_;
  std::unique_ptr<Lazy> lazy_;
};

}  // namespace gatehouse
