// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/kubeconfig.h"

#include <string>
#include <string_view>

#include "policy/document.h"

namespace gatehouse {
namespace {

std::string ScalarOf(const YamlNode& node, std::string_view key) {
  const YamlNode* member = node.Find(key);
  return member != nullptr && member->kind == NodeKind::kScalar ? member->scalar
                                                                : "";
}

// What a `clusters:` entry tells; the rest of it is nobody's business here.
struct ClusterEntry {
  std::string name;
  std::string server;
};

struct Merged {
  ClusterView view;
  std::vector<ClusterEntry> clusters;
};

// The list `name` of the file; empty where it is absent or null.
const std::vector<YamlNode>& ListOf(const YamlNode& root,
                                    std::string_view name) {
  static const std::vector<YamlNode> kNone;
  const YamlNode* list = root.Find(name);
  return list == nullptr ? kNone : list->items;
}

void MergeContexts(const YamlNode& root, ClusterView& view) {
  for (const YamlNode& entry : ListOf(root, "contexts")) {
    ContextView context;
    context.name = ScalarOf(entry, "name");
    if (view.Find(context.name) != nullptr) continue;  // the first file wins
    if (const YamlNode* body = entry.Find("context")) {
      context.cluster = ScalarOf(*body, "cluster");
      context.user = ScalarOf(*body, "user");
      context.namespace_name = ScalarOf(*body, "namespace");
    }
    if (context.namespace_name.empty()) context.namespace_name = "default";
    view.contexts.push_back(std::move(context));
  }
}

void MergeClusters(const YamlNode& root, std::vector<ClusterEntry>& clusters) {
  for (const YamlNode& entry : ListOf(root, "clusters")) {
    const YamlNode* body = entry.Find("cluster");
    // Appended even where the name is known: the first one is found first.
    clusters.push_back({ScalarOf(entry, "name"),
                        body == nullptr ? "" : ScalarOf(*body, "server")});
  }
}

std::optional<Error> MergeFile(const SourceText& file, Merged& merged) {
  Issues issues;
  const std::vector<YamlNode> documents = ReadYaml(file, issues);
  if (issues.HasErrors()) {
    issues.Sort();
    return Error{ErrorCode::kInvalid, "the kubeconfig cannot be read: " +
                                          Render(issues.items().front())};
  }
  if (documents.empty() || documents[0].kind == NodeKind::kNull) {
    return std::nullopt;  // an empty file says nothing
  }
  if (documents.size() > 1 || documents[0].kind != NodeKind::kMap) {
    return Error{ErrorCode::kInvalid,
                 "the kubeconfig " + file.name + " is not one YAML map"};
  }
  const YamlNode& root = documents[0];
  if (merged.view.current.empty()) {
    merged.view.current = ScalarOf(root, "current-context");
  }
  MergeContexts(root, merged.view);
  MergeClusters(root, merged.clusters);
  return std::nullopt;
}

}  // namespace

Result<ClusterView> ReadKubeconfig(std::span<const SourceText> files) {
  Merged merged;
  for (const SourceText& file : files) {
    if (auto error = MergeFile(file, merged)) return *std::move(error);
  }
  for (ContextView& context : merged.view.contexts) {
    for (const ClusterEntry& cluster : merged.clusters) {
      if (cluster.name != context.cluster) continue;
      context.server = cluster.server;
      break;
    }
  }
  return std::move(merged.view);
}

}  // namespace gatehouse
