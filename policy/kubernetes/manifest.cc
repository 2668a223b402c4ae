// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/manifest.h"

#include <algorithm>
#include <utility>

#include "policy/document.h"
#include "policy/fault.h"
#include "policy/json_value.h"
#include "policy/kubernetes/fields.h"
#include "policy/kubernetes/pod_template.h"
#include "policy/kubernetes/resource_words.h"

namespace gatehouse {
namespace {

constexpr YamlLimits kLimits = {
    .max_bytes = 1u << 20, .max_depth = 48, .max_nodes = 100'000};
// A list in a list is an error to kubectl; one level is what it opens.
constexpr int kMaxListDepth = 1;
constexpr std::string_view kListSuffix = "List";

bool IsJsonBlank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// Kinds are words in ASCII, by the API server's own rules: no other can exist,
// and readers may take what only resembles one for it.
bool IsKind(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '-';
  });
}

class ManifestReader {
 public:
  explicit ManifestReader(const KubernetesTables& tables) : tables_(tables) {}

  Manifest Take() {
    if (manifest_.objects.empty()) Refuse("a manifest without objects");
    return std::move(manifest_);
  }

  void Refuse(std::string reason) {
    if (!manifest_.unclear) manifest_.unclear = std::move(reason);
  }

  // `line`: of the whole text, counted from 1.
  void Refuse(int line, const std::string& reason) {
    Refuse("line " + std::to_string(line) + " of the manifest: " + reason);
  }

  // YAML documents that begin after `lines_before` lines of the whole text.
  void ReadDocuments(std::string_view text, int lines_before) {
    if (manifest_.unclear) return;
    lines_before_ = lines_before;
    Issues issues;
    const std::vector<YamlNode> documents =
        ReadYaml({"manifest", std::string(text)}, issues, kLimits);
    if (issues.HasErrors()) {
      const Issue& first = issues.items().front();
      if (first.position.line == 0) return Refuse(first.message);
      return Refuse(first.position.line + lines_before_, first.message);
    }
    for (const YamlNode& document : documents) {
      if (document.kind != NodeKind::kNull) ReadObject(document, 0);
    }
  }

 private:
  void Refuse(const YamlNode& at, const std::string& reason) {
    Refuse(at.position.line + lines_before_, reason);
  }

  void ReadObject(const YamlNode& node, int depth) {
    if (manifest_.unclear) return;
    if (node.kind != NodeKind::kMap) {
      return Refuse(
          node,
          "this is not an object but " +
              std::string(node.kind == NodeKind::kList ? "a list" : "a text"));
    }
    ManifestObject object;
    object.api_version = Text(node, "apiVersion");
    object.kind = Text(node, "kind");
    if (manifest_.unclear) return;
    if (!IsApiVersion(object.api_version)) {
      return Refuse(*node.Find("apiVersion"),
                    Quoted(object.api_version) + " is not an apiVersion");
    }
    if (!IsKind(object.kind)) {
      return Refuse(*node.Find("kind"),
                    Quoted(object.kind) + " is not the name of a kind");
    }
    const YamlNode* items = node.Find("items");
    if (items != nullptr) return ReadList(object, *items, depth);
    if (IsKnownList(object)) return Refuse(node, "a list without items");
    ReadMetadata(node, object);
    if (manifest_.unclear) return;
    if (manifest_.objects.size() >= kMaxObjects) {
      return Refuse(node, TooManyObjects());
    }
    object.type = TypeOfObject(object, tables_);
    object.custom = !tables_.IsBuiltInGroup(GroupOf(object.api_version));
    if (object.type != nullptr) {
      object.pods = ReadPodTemplate(node, object.type->pods_at);
    }
    manifest_.objects.push_back(std::move(object));
  }

  // A required scalar that every reader takes for the same string.
  std::string Text(const YamlNode& map, std::string_view key) {
    const YamlNode* value = map.Find(key);
    if (value == nullptr) {
      Refuse(map, "an object without " + std::string(key));
      return "";
    }
    if (value->kind != NodeKind::kScalar || value->scalar.empty()) {
      Refuse(*value, std::string(key) + " is not a text");
      return "";
    }
    if (!value->IsString()) {
      Refuse(*value, "readers take the " + std::string(key) + " " +
                         Quoted(value->scalar) +
                         " for different things; put it in quotation marks");
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

  // "List" itself, and "PodList" where "Pod" is built in; a custom kind may
  // well be called PlayList.
  bool IsKnownList(const ManifestObject& object) const {
    if (!object.kind.ends_with(kListSuffix)) return false;
    ManifestObject item = object;
    item.kind.resize(item.kind.size() - kListSuffix.size());
    return item.kind.empty() || TypeOfObject(item, tables_) != nullptr;
  }

  void ReadList(const ManifestObject& list, const YamlNode& items, int depth) {
    if (!list.kind.ends_with(kListSuffix)) {
      return Refuse(items,
                    "kubectl takes an object with items for a list of "
                    "other objects");
    }
    if (items.kind != NodeKind::kList || depth >= kMaxListDepth) {
      return Refuse(items, "readers open this list differently");
    }
    const std::size_t first = manifest_.objects.size();
    for (const YamlNode& item : items.items) ReadObject(item, depth + 1);
    for (std::size_t i = first; i < manifest_.objects.size(); ++i) {
      if (!IsListOf(list, manifest_.objects[i])) {
        return Refuse(items, "a " + Quoted(list.kind) +
                                 " of another kind than its items");
      }
    }
  }

  // A plain List holds anything, a ConfigMapList nothing but its own kind;
  // what kubectl makes of a "WhateverList" is its own affair.
  static bool IsListOf(const ManifestObject& list, const ManifestObject& item) {
    if (list.kind == kListSuffix) return list.api_version == "v1";
    return list.api_version == item.api_version &&
           list.kind == item.kind + std::string(kListSuffix);
  }

  void ReadMetadata(const YamlNode& node, ManifestObject& object) {
    const YamlNode* metadata = node.Find("metadata");
    if (metadata == nullptr || metadata->kind != NodeKind::kMap) {
      return Refuse(node, "an object without metadata");
    }
    object.name = OptionalText(*metadata, "name");
    object.generate_name = OptionalText(*metadata, "generateName");
    object.namespace_name = OptionalText(*metadata, "namespace");
    if (manifest_.unclear) return;
    if (object.name.empty() && object.generate_name.empty()) {
      return Refuse(*metadata, "an object without a name");
    }
    const std::string& name =
        object.name.empty() ? object.generate_name : object.name;
    if (!IsPlainName(name)) {
      return Refuse(*metadata, Quoted(name) + " is not a plain name");
    }
    if (!object.namespace_name.empty() &&
        !IsNamespaceName(object.namespace_name)) {
      Refuse(*metadata,
             Quoted(object.namespace_name) + " is not a namespace's name");
    }
  }

  const KubernetesTables& tables_;
  int lines_before_ = 0;
  Manifest manifest_;
};

// The line of the first separator that a server which cuts at "\n---\n" only
// does not see ("--- # next", "---\t"); 0 where there is none.
int OddSeparator(std::string_view text) {
  int number = 0;
  for (std::string_view line : SplitAt(text, '\n')) {
    ++number;
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.starts_with("---") && line != "---") return number;
  }
  return 0;
}

// One JSON object after another with nothing but blanks between them, as
// kubectl reads them; empty where the text is anything else (one object alone
// included) or has too many.
std::vector<std::string_view> JsonStream(std::string_view text) {
  std::vector<std::string_view> objects;
  std::size_t begin = 0;
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      quoted = c != '"';
    } else if (depth == 0) {
      if (IsJsonBlank(c)) continue;
      if (c != '{') return {};
      begin = i;
      depth = 1;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if ((c == '}' || c == ']') && --depth == 0) {
      objects.push_back(text.substr(begin, i - begin + 1));
      const bool whole = objects.size() <= kMaxObjects;
      if (!whole || !ParseJson(objects.back()).ok()) return {};
    }
  }
  if (depth != 0 || objects.size() < 2) return {};
  return objects;
}

// False where the text is no such stream.
bool ReadJsonStream(std::string_view text, ManifestReader& reader) {
  if (text.size() > kLimits.max_bytes) return false;
  const std::vector<std::string_view> objects = JsonStream(text);
  const char* counted = text.data();
  std::ptrdiff_t lines = 0;
  for (const std::string_view object : objects) {
    lines += std::count(counted, object.data(), '\n');
    counted = object.data();
    reader.ReadDocuments(object, static_cast<int>(lines));
  }
  return !objects.empty();
}

}  // namespace

Manifest ReadManifest(std::string_view text, ManifestDialect dialect,
                      const KubernetesTables& tables) {
  ManifestReader reader(tables);
  if (dialect == ManifestDialect::kExactSeparators) {
    if (const int line = OddSeparator(text)) {
      reader.Refuse(line, "the server does not see this separator");
    }
  } else if (ReadJsonStream(text, reader)) {
    return reader.Take();
  }
  reader.ReadDocuments(text, 0);
  return reader.Take();
}

Operand OperandOf(const ManifestObject& object) {
  Operand operand;
  operand.type = object.type;
  operand.group = std::string(GroupOf(object.api_version));
  operand.word = object.kind;
  operand.custom = object.custom;
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
