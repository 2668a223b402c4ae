// SPDX-License-Identifier: Apache-2.0
#pragma once
// From the text of kubeconfig files to one kubeconfig, merged as client-go does
// (tools/clientcmd/loader.go): the first file that names a context, cluster or
// user has it whole, and the first current context that is not empty counts.
// What hangs below a name is kept as it was written; policy/kubernetes/
// confined_kubeconfig makes a server's private copy of it. Opens no file.

#include <cstddef>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/document.h"
#include "policy/issue.h"
#include "policy/kubernetes/cluster_view.h"
#include "policy/result.h"

namespace gatehouse {

// One file, or a text that came another way.
struct KubeconfigSource {
  SourceText text;
  std::string folder;  // absolute; what its relative paths start from
};

// A context, cluster or user.
struct KubeconfigEntry {
  std::string name;
  YamlNode body;       // kMap, or kNull where the file gives none
  std::string folder;  // the source's

  // A scalar's text; "" where absent or no scalar.
  std::string Text(std::string_view key) const;
};

// Entries of one kind in their order, names unique.
class KubeconfigEntries {
 public:
  // False, and nothing changes, where the name is there already.
  bool Add(KubeconfigEntry entry);
  // nullptr where there is none of that name.
  const KubeconfigEntry* Find(std::string_view name) const;

  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }

 private:
  std::vector<KubeconfigEntry> entries_;
  std::map<std::string, std::size_t, std::less<>> by_name_;
};

struct Kubeconfig {
  std::string current;
  KubeconfigEntries contexts;
  KubeconfigEntries clusters;
  KubeconfigEntries users;
};

// `sources` in KUBECONFIG's order; none: an empty one. kInvalid, with the first
// fault and its place, where one is not a kubeconfig or names a thing twice.
// YAML or JSON.
Result<Kubeconfig> MergeKubeconfigs(std::span<const KubeconfigSource> sources);

// What the judge sees of it: no credentials.
ClusterView ViewOf(const Kubeconfig& kubeconfig);

// Both at once, where nothing but the view is wanted.
Result<ClusterView> ReadKubeconfig(std::span<const SourceText> files);

}  // namespace gatehouse
