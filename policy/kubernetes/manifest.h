// SPDX-License-Identifier: Apache-2.0
#pragma once
// The objects that a manifest in a tool argument names. One strict reader: what
// kubectl, a server's own YAML library and this reader might take differently
// (duplicate keys, anchors, merge keys, tags, directives, `items` outside a
// List, `no` as a name) makes the manifest unclear. What real readers
// made of each such construct stands in tests/golden/manifests. Reads
// what objects are called, and of workloads what their pods ask for.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/kubernetes/resource_words.h"
#include "policy/kubernetes/tables.h"
#include "policy/pod_security.h"

namespace gatehouse {

struct ManifestObject {
  std::string api_version;
  std::string kind;
  std::string namespace_name;  // "": none given
  std::string name;            // "": generate_name is given
  std::string generate_name;
  const ResourceType* type = nullptr;  // of the tables; nullptr: not built in
  bool custom = false;                 // of a group that is not built in
  PodFacts pods;                       // of its template

  friend bool operator==(const ManifestObject&,
                         const ManifestObject&) = default;
};

// Where `unclear` is set, `objects` holds what was understood, and there may be
// more. The reason names the construct and the line.
struct Manifest {
  std::vector<ManifestObject> objects;
  std::optional<std::string> unclear;
};

// How the reader of a server cuts the text into documents.
enum class ManifestDialect {
  kKubectl = 0,
  kExactSeparators,  // only at a line that is exactly "---"
};

// YAML or JSON of a tool's argument: hostile. Lists are opened.
Manifest ReadManifest(std::string_view text, ManifestDialect dialect,
                      const KubernetesTables& tables);

// The object as one that words could have named.
Operand OperandOf(const ManifestObject& object);

// The type of an object: by exact kind, else by kind in any case, as kubectl
// maps it when it deletes. nullptr where it is not built in.
const ResourceType* TypeOfObject(const ManifestObject& object,
                                 const KubernetesTables& tables);
// "apps" of "apps/v1", "" of "v1".
std::string_view GroupOf(std::string_view api_version);
// VERSION or GROUP/VERSION and nothing that could be a path, as in "v1" and
// "cert-manager.io/v1": readers agree on these only.
bool IsApiVersion(std::string_view text);

}  // namespace gatehouse
