// SPDX-License-Identifier: Apache-2.0
#pragma once
// The vocabulary between the two wings of policy/: what a tool call would do
// in Kubernetes. policy/kubernetes/classifier makes requests, policy/engine
// judges them, audit records them, `policy explain` prints them. Pure values.
//
// Source: kubernetes/apiserver pkg/endpoints/request/requestinfo.go for
// ordinary verbs and names; the further verbs are Gatehouse's own, because a
// verb alone lies (shared design, policy.md "Verbs and groups").
//
// To add a verb, touch: Verb and kVerbs here and in request.cc, the groups in
// verb_groups.cc, rules/README.md, tests/policy/request_test.cc.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/json_writer.h"
#include "policy/pod_security.h"

namespace gatehouse {

enum class Verb : std::uint8_t {
  kUnknown = 0,  // not known: never allowed by any rule
  kGet,
  kList,
  kWatch,
  kCreate,
  kUpdate,
  kPatch,
  kDelete,
  kDeleteCollection,
  kExec,     // exec, attach, cp, debug
  kForward,  // port-forward, proxy
  kRaw,      // an arbitrary API path
  kImpersonate,
  kEscalate,  // bind, escalate, approve, sign
  kConfig,    // changes or reveals the kubeconfig or the context
  kLocal,     // reads or writes files or starts programs on this machine
  kFetch,     // makes the server fetch a URL
  kDiscover,  // discovery, OpenAPI, explain, version, self access reviews
  kNone,      // the profile says that the tool touches nothing
  kUnclear,   // the meaning is not fully known
};
inline constexpr std::size_t kVerbCount = 20;

// "get", …; "unknown" for kUnknown.
std::string_view VerbName(Verb verb);
// nullopt where the word is no verb (groups such as "read" are the reader's).
std::optional<Verb> VerbFromName(std::string_view name);

// get, list, watch, discover, none: nothing is changed by it.
bool IsReading(Verb verb) noexcept;
// raw, config, local, fetch, discover, none, unclear: it is not about an
// object of a resource type.
bool HasNoObject(Verb verb) noexcept;

// What a request of helm is about, where the arguments do not tell which
// objects it touches. An allow covers it only where it says `helm: true`.
enum class HelmPart : std::uint8_t {
  kNone = 0,
  kRelease,  // helm's own record of a release: a Secret that it names itself
  // Whatever a chart, or a release's stored manifest, holds: group, resource
  // and name are not known. With Verb::kUnclear: that some of it may lie
  // outside `namespace_name`.
  kChart,
};
// "", "release", "chart".
std::string_view HelmPartName(HelmPart part);
// kNone where there is none of that name.
HelmPart HelmPartFromName(std::string_view name);

// What is known of a type that is not built in. Its plural is not, and neither
// is whether it is namespaced.
struct CustomType {
  // Lower case, without its group: a plural, singular, short name or kind. ""
  // for all types of a category that are not built in.
  std::string word;
  // Where its objects are, unless the type is cluster-scoped.
  std::optional<std::string> namespace_name;

  friend bool operator==(const CustomType&, const CustomType&) = default;
};

// One thing that a call would do. nullopt means "not known" and is printed as
// null; "" means "none": the core group, no subresource, no name (a list), no
// namespace (cluster scope, or all namespaces where all_namespaces is set).
struct Request {
  Verb verb = Verb::kUnknown;
  std::optional<std::string> group;
  std::optional<std::string> resource;  // plural, lower case
  std::optional<std::string> subresource;
  std::optional<std::string> namespace_name;
  std::optional<std::string> name;
  std::optional<std::string> context;  // kubeconfig context
  bool all_namespaces = false;
  bool dry_run = false;
  std::optional<std::string> path;  // of verb raw only
  HelmPart helm = HelmPart::kNone;
  PodFacts pods;  // what the pods it makes ask for
  // Set where the type is certainly no built-in one: then `resource` is not
  // known, and `namespace_name` neither.
  std::optional<CustomType> custom;

  friend bool operator==(const Request&, const Request&) = default;
};

// Why a call's meaning is not fully known, and which argument is to blame
// ("" where no single one is).
struct Unclear {
  std::string reason;
  std::string argument;

  friend bool operator==(const Unclear&, const Unclear&) = default;
};

// What is asked for: a tool's call, or one of MCP's other methods.
enum class Asked : std::uint8_t {
  kToolCall = 0,
  kResource,  // of a URI
  kPrompt,    // of a name
};

// What the classifier makes of one tool call. Where `unclear` is set,
// `requests` also holds a request with Verb::kUnclear (beside those that are
// known for sure). Where `known_tool` is false, there is no profile or the
// profile has no such tool: `requests` holds one kUnclear request.
// A default-made one says nothing and is denied.
struct Classification {
  std::string server;  // the profile's name; "" without a profile
  std::string tool;    // "" where no tool is called
  std::string target;  // then: a resource's URI, or a prompt's name
  Asked asked = Asked::kToolCall;
  std::string method;  // "resources/read"; "" where a tool is called
  bool known_tool = false;
  std::vector<Request> requests;
  std::optional<Unclear> unclear;
};

// What any call of one tool would come to, as far as its profile tells without
// the arguments. A step that is `certain` is taken by every call, others by
// some, and likewise the parts of a step that is taken. A part is one of its
// `alternatives`, each with the fields unknown that depend on the arguments.
struct PossiblePart {
  bool certain = false;
  std::vector<Request> alternatives;
};
struct PossibleStep {
  bool certain = false;
  std::vector<PossiblePart> parts;
};
struct PossibleCall {
  Classification facts;  // all but requests and unclear
  std::vector<PossibleStep> steps;
};

// One line for logs, golden files and explain:
//   "get apps/deployments/scale dev/web @ctx", "list pods * @ctx",
//   "list nodes (cluster) @ctx", "raw /api/v1/secrets @ctx",
//   a "?" for each unknown field, " dry-run" at the end where it is one,
//   " helm-release" or " helm-chart", and " pods=baseline" where it brings pods
//   of a known standard.
std::string Describe(const Request& request);

// The JSON object of cli.md: verb, group, resource, subresource, namespace,
// name, all_namespaces, context, dry_run, path. Unknown is null. Only where
// there is something to say: helm; pod_security of a request that may bring
// pods, and where a standard is known, pod_because, host_paths and
// service_account; of a custom type, custom: {word, namespace}.
void WriteRequest(const Request& request, JsonWriter& out);

}  // namespace gatehouse
