// SPDX-License-Identifier: Apache-2.0
#pragma once
// The one reader of all YAML: policies, profiles, tables, and the manifests in
// tool arguments. Built from the events of policy/document_events, where
// positions, duplicate keys, anchors and tags are all visible. What two YAML
// readers may read differently is a fault here: duplicate keys, anchors,
// aliases, merge keys, tags, directives, text after "...", keys that are not
// plain scalars.
//
// It yields trees with positions and knows nothing of what they mean.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/issue.h"
#include "policy/packed_yaml.h"

namespace gatehouse {

struct YamlMember;

// A node and what hangs below it. A value; owns everything.
struct YamlNode {
  NodeKind kind = NodeKind::kNull;
  Position position;
  std::string scalar;           // kScalar only: the value, escapes resolved
  bool quoted = false;          // quoted or block scalar: certainly a string
  std::vector<YamlNode> items;  // kList only
  std::vector<YamlMember> members;  // kMap only, in file order, keys unique

  // nullptr where this is no map or has no such key.
  const YamlNode* Find(std::string_view key) const;
  // YAML 1.2 core: plain true/false only.
  std::optional<bool> AsBool() const;
  // A plain scalar that YAML 1.1 and 1.2 readers type differently (`no`, `on`,
  // `y`, `0o7`, `1_0`, `1:30`, …).
  bool IsAmbiguousScalar() const;
  // A plain scalar that is certainly read as a string by every YAML reader, or
  // a quoted one: not null, boolean, number, date or ambiguous.
  bool IsString() const;
};

struct YamlMember {
  std::string key;
  Position position;  // of the key
  YamlNode value;
};

struct YamlLimits {
  std::size_t max_bytes = 4u << 20;
  std::size_t max_depth = 64;
  std::size_t max_nodes = 500'000;
};

// Whether every reader takes `word` for no value where it stands plain.
bool IsNullWord(std::string_view word);

// All documents of `source`, in order; an empty document is a kNull node. Every
// fault that can be found is added to `issues`; where there is an error the
// returned trees must not be used. Never throws. A text that was read when the
// program was built is not read again, and has no fault: the build saw to that.
std::vector<YamlNode> ReadYaml(const SourceText& source, Issues& issues,
                               const YamlLimits& limits = {});

// An error at a position of `source`, with its line text filled in.
Issue IssueAt(const SourceText& source, Position position,
              std::string_view code, std::string message);
void AddIssue(const SourceText& source, Position position,
              std::string_view code, std::string message, Issues& issues);

}  // namespace gatehouse
