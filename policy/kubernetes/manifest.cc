// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/manifest.h"

#include <utility>

#include "policy/document.h"
#include "policy/kubernetes/fields.h"
#include "policy/kubernetes/pod_template.h"
#include "policy/kubernetes/resource_words.h"

namespace gatehouse {
namespace {

constexpr YamlLimits kLimits = {
    .max_bytes = 1u << 20, .max_depth = 48, .max_nodes = 100'000};
constexpr std::size_t kMaxObjects = 500;
// A list in a list is an error to kubectl; one level is what it opens.
constexpr int kMaxListDepth = 1;

class ManifestReader {
 public:
  explicit ManifestReader(const KubernetesTables& tables) : tables_(tables) {}

  Manifest Take() { return std::move(manifest_); }

  void Refuse(std::string reason) {
    if (!manifest_.unclear) manifest_.unclear = std::move(reason);
  }

  void ReadObject(const YamlNode& node, int depth) {
    if (node.kind != NodeKind::kMap) {
      return Refuse("a manifest document that is not a map");
    }
    ManifestObject object;
    object.api_version = Text(node, "apiVersion");
    object.kind = Text(node, "kind");
    if (manifest_.unclear) return;
    if (!IsApiVersion(object.api_version)) {
      return Refuse("a manifest object whose apiVersion is not one");
    }
    const YamlNode* items = node.Find("items");
    if (items != nullptr) return ReadList(object, *items, depth);
    if (object.kind.ends_with("List")) {
      return Refuse("a list without items");
    }
    ReadMetadata(node, object);
    if (manifest_.unclear) return;
    if (manifest_.objects.size() >= kMaxObjects) {
      return Refuse("a manifest with too many objects");
    }
    object.type = TypeOfObject(object, tables_);
    if (object.type != nullptr) {
      object.pods = ReadPodTemplate(node, object.type->pods_at);
    }
    manifest_.objects.push_back(std::move(object));
  }

 private:
  // A required scalar that every reader takes for the same string.
  std::string Text(const YamlNode& map, std::string_view key) {
    const YamlNode* value = map.Find(key);
    if (value == nullptr) {
      Refuse("a manifest object without " + std::string(key));
      return "";
    }
    if (value->kind != NodeKind::kScalar || !value->IsString() ||
        value->scalar.empty()) {
      Refuse("a manifest object whose " + std::string(key) +
             " is not plainly a string");
      return "";
    }
    return value->scalar;
  }

  std::string OptionalText(const YamlNode& map, std::string_view key) {
    const YamlNode* value = map.Find(key);
    if (value == nullptr || value->kind == NodeKind::kNull) return "";
    if (value->kind == NodeKind::kScalar && value->quoted &&
        value->scalar.empty()) {
      return "";
    }
    return Text(map, key);
  }

  void ReadList(const ManifestObject& list, const YamlNode& items, int depth) {
    if (!list.kind.ends_with("List")) {
      return Refuse("an items list in an object that is not a List");
    }
    if (items.kind != NodeKind::kList || depth >= kMaxListDepth) {
      return Refuse("a List that readers open differently");
    }
    const std::size_t first = manifest_.objects.size();
    for (const YamlNode& item : items.items) ReadObject(item, depth + 1);
    for (std::size_t i = first; i < manifest_.objects.size(); ++i) {
      if (!IsListOf(list, manifest_.objects[i])) {
        return Refuse("a List of another kind than its items");
      }
    }
  }

  // A plain List holds anything, a ConfigMapList nothing but its own kind;
  // what kubectl makes of a "WhateverList" is its own affair.
  static bool IsListOf(const ManifestObject& list, const ManifestObject& item) {
    if (list.kind == "List") return list.api_version == "v1";
    return list.api_version == item.api_version &&
           list.kind == item.kind + "List";
  }

  void ReadMetadata(const YamlNode& node, ManifestObject& object) {
    const YamlNode* metadata = node.Find("metadata");
    if (metadata == nullptr || metadata->kind != NodeKind::kMap) {
      return Refuse("a manifest object without metadata");
    }
    object.name = OptionalText(*metadata, "name");
    object.generate_name = OptionalText(*metadata, "generateName");
    object.namespace_name = OptionalText(*metadata, "namespace");
    if (manifest_.unclear) return;
    if (object.name.empty() && object.generate_name.empty()) {
      return Refuse("a manifest object without a name");
    }
    const std::string& name =
        object.name.empty() ? object.generate_name : object.name;
    if (!IsPlainName(name)) return Refuse("a manifest name of odd characters");
    if (!object.namespace_name.empty() &&
        !IsNamespaceName(object.namespace_name)) {
      Refuse("a manifest namespace that is not a namespace's name");
    }
  }

  const KubernetesTables& tables_;
  Manifest manifest_;
};

// A server that cuts at "\n---\n" only would not see "--- # next" or "---\t".
bool HasOnlyExactSeparators(std::string_view text) {
  for (std::string_view line : SplitAt(text, '\n')) {
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.starts_with("---") && line != "---") return false;
  }
  return true;
}

}  // namespace

Manifest ReadManifest(std::string_view text, ManifestDialect dialect,
                      const KubernetesTables& tables) {
  ManifestReader reader(tables);
  Issues issues;
  const std::vector<YamlNode> documents =
      ReadYaml({"manifest", std::string(text)}, issues, kLimits);
  if (issues.HasErrors()) {
    reader.Refuse("not strict YAML: " + issues.items().front().message);
    return reader.Take();
  }
  if (dialect == ManifestDialect::kExactSeparators &&
      !HasOnlyExactSeparators(text)) {
    reader.Refuse("document separators that the server does not see");
  }
  for (const YamlNode& document : documents) {
    if (document.kind != NodeKind::kNull) reader.ReadObject(document, 0);
  }
  Manifest manifest = reader.Take();
  if (manifest.objects.empty() && !manifest.unclear) {
    manifest.unclear = "a manifest without objects";
  }
  return manifest;
}

Operand OperandOf(const ManifestObject& object) {
  Operand operand;
  operand.type = object.type;
  operand.group = std::string(GroupOf(object.api_version));
  operand.name = object.name;
  operand.pods = object.pods;
  return operand;
}

std::string_view GroupOf(std::string_view api_version) {
  const std::size_t slash = api_version.find('/');
  return slash == std::string_view::npos ? "" : api_version.substr(0, slash);
}

bool IsApiVersion(std::string_view text) {
  const std::size_t slash = text.find('/');
  const bool core = slash == std::string_view::npos;
  return IsVersion(core ? text : text.substr(slash + 1)) &&
         (core || IsGroupName(text.substr(0, slash)));
}

const ResourceType* TypeOfObject(const ManifestObject& object,
                                 const KubernetesTables& tables) {
  const ResourceType* exact = tables.FindKind(object.api_version, object.kind);
  if (exact != nullptr) return exact;
  const std::string kind = LowerCase(object.kind);
  for (const ResourceType& type : tables.resources()) {
    if (LowerCase(type.kind) == kind &&
        type.group == GroupOf(object.api_version)) {
      return &type;
    }
  }
  return nullptr;
}

}  // namespace gatehouse
