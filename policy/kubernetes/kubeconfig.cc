// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/kubeconfig.h"

#include <optional>
#include <set>
#include <utility>

#include "policy/fault.h"

namespace gatehouse {
namespace {

std::string ScalarOf(const YamlNode& node, std::string_view key) {
  const YamlNode* member = node.Find(key);
  return member != nullptr && member->kind == NodeKind::kScalar ? member->scalar
                                                                : "";
}

// Reads one file into what the earlier ones said.
class FileMerger {
 public:
  FileMerger(const KubeconfigSource& source, Kubeconfig& merged)
      : source_(source), merged_(merged) {}

  std::optional<Error> Merge() {
    const std::vector<YamlNode> documents = ReadYaml(source_.text, issues_);
    if (issues_.HasErrors()) return FirstIssue();
    if (documents.empty() || documents[0].kind == NodeKind::kNull) {
      return std::nullopt;  // an empty file says nothing
    }
    if (documents.size() > 1 || documents[0].kind != NodeKind::kMap) {
      return Error{ErrorCode::kInvalid, "the kubeconfig " + source_.text.name +
                                            " is not one YAML map"};
    }
    const YamlNode& root = documents[0];
    if (merged_.current.empty()) {
      merged_.current = ScalarOf(root, "current-context");
    }
    MergeList(root, "contexts", "context", merged_.contexts);
    MergeList(root, "clusters", "cluster", merged_.clusters);
    MergeList(root, "users", "user", merged_.users);
    if (issues_.HasErrors()) return FirstIssue();
    return std::nullopt;
  }

 private:
  void MergeList(const YamlNode& root, std::string_view list,
                 std::string_view key, KubeconfigEntries& entries) {
    const YamlNode* node = root.Find(list);
    if (node == nullptr) return;
    std::set<std::string, std::less<>> own;
    for (const YamlNode& item : node->items) {
      const std::string name = ScalarOf(item, "name");
      if (!own.insert(name).second) {
        // client-go refuses it, others take the first or the last.
        AddIssue(source_.text, item.position, FaultCode(Fault::kDuplicateKey),
                 "the name " + Quoted(name) + " stands twice under \"" +
                     std::string(list) + "\"",
                 issues_);
      }
      const YamlNode* body = item.Find(key);
      entries.Add({name, body == nullptr ? YamlNode{} : *body, source_.folder});
    }
  }

  Error FirstIssue() {
    issues_.Sort();
    const Issue& first = issues_.items().front();
    // Without the line itself: it may hold a credential.
    return Error{ErrorCode::kInvalid,
                 "the kubeconfig cannot be read: " + first.file + ":" +
                     std::to_string(first.position.line) + ":" +
                     std::to_string(first.position.column) + ": " +
                     first.message};
  }

  const KubeconfigSource& source_;
  Kubeconfig& merged_;
  Issues issues_;
};

}  // namespace

std::string KubeconfigEntry::Text(std::string_view key) const {
  return ScalarOf(body, key);
}

bool KubeconfigEntries::Add(KubeconfigEntry entry) {
  if (!by_name_.emplace(entry.name, entries_.size()).second) return false;
  entries_.push_back(std::move(entry));
  return true;
}

const KubeconfigEntry* KubeconfigEntries::Find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &entries_[found->second];
}

Result<Kubeconfig> MergeKubeconfigs(std::span<const KubeconfigSource> sources) {
  Kubeconfig merged;
  for (const KubeconfigSource& source : sources) {
    if (auto error = FileMerger(source, merged).Merge()) {
      return *std::move(error);
    }
  }
  return merged;
}

ClusterView ViewOf(const Kubeconfig& kubeconfig) {
  ClusterView view;
  view.current = kubeconfig.current;
  for (const KubeconfigEntry& entry : kubeconfig.contexts) {
    ContextView context;
    context.name = entry.name;
    context.cluster = entry.Text("cluster");
    context.user = entry.Text("user");
    context.namespace_name = entry.Text("namespace");
    if (context.namespace_name.empty()) context.namespace_name = "default";
    const KubeconfigEntry* cluster = kubeconfig.clusters.Find(context.cluster);
    if (cluster != nullptr) context.server = cluster->Text("server");
    view.contexts.push_back(std::move(context));
  }
  return view;
}

Result<ClusterView> ReadKubeconfig(std::span<const SourceText> files) {
  std::vector<KubeconfigSource> sources;
  for (const SourceText& file : files) sources.push_back({file, ""});
  const auto merged = MergeKubeconfigs(sources);
  if (!merged.ok()) return merged.error();
  return ViewOf(merged.value());
}

}  // namespace gatehouse
