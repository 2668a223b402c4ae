// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a policy lets somebody do, over every resource type and verb that is
// known: `policy can-i`, after `kubectl auth can-i --list`. Each answer is
// Engine::Explain's of one probe. Pure.

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "policy/engine.h"
#include "policy/kubernetes/tables.h"
#include "policy/kubernetes/type_verbs.h"

namespace gatehouse {

enum class Access : std::uint8_t {
  kNo = 0,
  kSome,  // some objects: by their name, or by what their pods ask for
  kAsk,
  kYes,
  kNoSuchVerb,  // the type does not have it
};
// "no", "some", "ask", "yes", "".
std::string_view AccessName(Access access);

// Who asks, when, and where.
struct AccessSubject {
  Subject subject;
  UtcTime time{};
  std::string context;
  std::string server;  // profile and tool, where rules may name them
  std::string tool;
};

struct AccessRow {
  std::string resource;  // "deployments", "pods/log", "events.events.k8s.io"
  std::array<Access, kObjectVerbs.size()> answers{};
};
struct VerbAccess {
  Verb verb = Verb::kUnknown;
  std::string resource;  // "pods/exec"; "" where the verb has no object
  Access access = Access::kNo;
};

// Resources by what `namespace_name` ("*": all) lets one do with them; those of
// cluster scope as such. In the order of the resource table.
std::vector<AccessRow> ObjectAccess(const Engine& engine,
                                    const KubernetesTables& tables,
                                    const AccessSubject& who,
                                    const std::string& namespace_name);

// exec, forward, raw, …: the verbs that are named or refused.
std::vector<VerbAccess> FurtherAccess(const Engine& engine,
                                      const AccessSubject& who,
                                      const std::string& namespace_name);

Access AccessTo(const Engine& engine, const AccessSubject& who,
                const Request& request);

}  // namespace gatehouse
