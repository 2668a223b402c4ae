// SPDX-License-Identifier: Apache-2.0
#pragma once
// From a tool call (or a prompt, or the URI of a resource) to requests: the
// stage between proxy/session and
// policy/engine. Looks the tool up in one server's profile and gives each
// argument its role; what it cannot account for makes the call unclear. It
// knows nothing of rules and allows nothing.

#include <memory>
#include <string>
#include <string_view>

#include "policy/json_value_fwd.h"
#include "policy/kubernetes/cluster_view.h"
#include "policy/request.h"

namespace gatehouse {

class KubernetesTables;  // policy/kubernetes/tables.h
class ToolProfile;       // policy/kubernetes/tool_profile.h
struct ToolSpec;         // policy/kubernetes/tool_profile.h

// One `tools/call`. Borrows both; `arguments` is null where the call has none.
struct ToolCall {
  std::string_view tool;
  const JsonValue* arguments = nullptr;
};

// Immutable after construction; may be shared by threads. Owns the profile
// (none: every tool is unknown) and shares the tables.
class Classifier {
 public:
  Classifier(std::shared_ptr<const ToolProfile> profile,
             std::shared_ptr<const KubernetesTables> tables);
  ~Classifier();

  // Never fails: what is not understood comes back as Verb::kUnclear with the
  // reason. `cluster` is read during the call only.
  Classification Classify(const ToolCall& call,
                          const ClusterView& cluster) const;

  // The same for what is no tool call. `resources/read` and `subscribe` of a
  // URI; `prompts/get` of a name (`call.tool`) with its arguments;
  // `completion/complete` for a prompt's name or a resource's URI template.
  // What the profile does not name comes back with `known_tool` false. In the
  // result `tool` is "" and `target` the URI or the name.
  Classification ClassifyResource(std::string_view uri,
                                  const ClusterView& cluster) const;
  Classification ClassifyPrompt(const ToolCall& call,
                                const ClusterView& cluster) const;
  Classification ClassifyCompletion(std::string_view reference,
                                    const ClusterView& cluster) const;

  // What calls of this tool may come to; one unclear request where the profile
  // does not know it.
  PossibleCall Possible(std::string_view tool) const;
  // The same for a prompt's name, and for the URI of a resource or a template
  // of such, spelt as in the profile.
  PossibleCall PossiblePrompt(std::string_view name) const;
  PossibleCall PossibleTemplate(std::string_view text) const;

  // The profile's name, "" without one.
  std::string_view server() const;

 private:
  PossibleCall PossibleSpec(const ToolSpec* spec) const;
  Classification ClassifySpec(const ToolSpec* spec, const JsonValue* arguments,
                              const ClusterView& cluster) const;

  std::shared_ptr<const ToolProfile> profile_;
  std::shared_ptr<const KubernetesTables> tables_;
};

}  // namespace gatehouse
