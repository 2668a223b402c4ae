// SPDX-License-Identifier: Apache-2.0
// Any bytes as a manifest. It never crashes; every object that comes back has
// an apiVersion, a kind and a name; what is clear, written out again in the
// plainest JSON, reads back as the same objects; and no object in the text, by
// a slow reading of its own, is missing among them.
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "policy/json_writer.h"
#include "policy/kubernetes/manifest.h"

namespace {

using gatehouse::JsonWriter;
using gatehouse::Manifest;
using gatehouse::ManifestDialect;
using gatehouse::ManifestObject;

Manifest Read(std::string_view text, ManifestDialect dialect) {
  static const auto tables = gatehouse::KubernetesTables::Embedded();
  return ReadManifest(text, dialect, *tables);
}

std::string Written(const Manifest& manifest) {
  JsonWriter out;
  out.BeginObject().Key("apiVersion").String("v1");
  out.Key("kind").String("List").Key("items").BeginArray();
  for (const ManifestObject& object : manifest.objects) {
    out.BeginObject().Key("apiVersion").String(object.api_version);
    out.Key("kind").String(object.kind).Key("metadata").BeginObject();
    out.Key("name").String(object.name);
    out.Key("generateName").String(object.generate_name);
    out.Key("namespace").String(object.namespace_name);
    out.EndObject().EndObject();
  }
  out.EndArray().EndObject();
  return out.Take();
}

// Names only: what pods ask for is not written out again.
bool SameNames(const Manifest& a, const Manifest& b) {
  return Written(a) == Written(b);
}

void Require(bool condition) {
  if (!condition) std::abort();
}

void CheckObject(const ManifestObject& object) {
  Require(!object.api_version.empty());
  Require(!object.kind.empty());
  Require(!object.name.empty() || !object.generate_name.empty());
}

// The reference. It cuts the text at lines that begin with "---", as kubectl
// does, reads each part with the library's own tree, which keeps everything,
// and takes whatever stands at any `namespace` of any `metadata` of the object
// or of anything below an `items`, twice or not.
class Reference {
 public:
  std::vector<std::string> namespaces;
  std::size_t objects = 0;

  void ReadText(const std::string& text) {
    std::istringstream lines(text);
    std::string part;
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with("---")) {
        part += line + "\n";
        continue;
      }
      ReadPart(part);
      part.clear();
    }
    ReadPart(part);
  }

 private:
  void ReadPart(const std::string& part) {
    try {
      for (const YAML::Node& node : YAML::LoadAll(part)) ReadObject(node);
    } catch (const YAML::Exception&) {
      // Nothing that reads it as YAML gets anything out of this part.
    }
  }

  void ReadObject(const YAML::Node& node) {
    if (!node.IsMap()) return;
    bool has_kind = false;
    bool has_items = false;
    for (const auto& pair : node) {
      const std::string key = pair.first.as<std::string>("");
      has_kind = has_kind || key == "kind";
      if (key == "metadata") ReadMetadata(pair.second);
      if (key != "items" || !pair.second.IsSequence()) continue;
      has_items = true;
      for (const YAML::Node& item : pair.second) ReadObject(item);
    }
    if (has_kind && !has_items) ++objects;
  }

  void ReadMetadata(const YAML::Node& metadata) {
    if (!metadata.IsMap()) return;
    for (const auto& pair : metadata) {
      if (pair.first.as<std::string>("") != "namespace") continue;
      namespaces.push_back(pair.second.as<std::string>(""));
    }
  }
};

void CheckAgainstReference(const std::string& text, const Manifest& manifest) {
  Reference reference;
  reference.ReadText(text);
  Require(manifest.objects.size() >= reference.objects);
  for (const std::string& name : reference.namespaces) {
    const auto is_named = [&](const ManifestObject& object) {
      return object.namespace_name == name;
    };
    Require(name.empty() || name == "null" || name == "~" ||
            std::any_of(manifest.objects.begin(), manifest.objects.end(),
                        is_named));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Manifest manifest = Read(text, ManifestDialect::kKubectl);
  for (const ManifestObject& object : manifest.objects) CheckObject(object);
  const Manifest strict = Read(text, ManifestDialect::kExactSeparators);
  Require(strict.unclear || SameNames(strict, manifest));
  if (manifest.unclear) return 0;
  Require(!manifest.objects.empty());
  const Manifest again = Read(Written(manifest), ManifestDialect::kKubectl);
  Require(!again.unclear && SameNames(again, manifest));
  CheckAgainstReference(std::string(text), manifest);
  return 0;
}
