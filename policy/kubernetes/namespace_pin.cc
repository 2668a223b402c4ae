// SPDX-License-Identifier: Apache-2.0
// Three questions, each answered by classifying: where does the call go as it
// stands; does it go to the same place with the argument written out; and does
// it go elsewhere with another value, so that the argument really decides.
#include "policy/kubernetes/namespace_pin.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/json_value.h"
#include "policy/json_writer.h"
#include "policy/kubernetes/argument_values.h"
#include "policy/kubernetes/tool_profile.h"

namespace gatehouse {
namespace {

constexpr std::string_view kOther = "gatehouse-other-namespace";

// "{name}" or "{name=default}" behind "-n", or in "--namespace=…".
std::optional<NamespaceSource> SourceInWord(const std::string& text,
                                            std::string_view before) {
  const std::size_t open = text.find('{');
  const std::size_t close = text.find('}');
  if (open == std::string::npos || close == std::string::npos) {
    return std::nullopt;
  }
  const std::string_view flag = std::string_view(text).substr(0, open);
  const bool named =
      flag == "--namespace=" ||
      (flag.empty() && (before == "-n" || before == "--namespace"));
  if (!named) return std::nullopt;
  const std::string inside = text.substr(open + 1, close - open - 1);
  const std::size_t equals = inside.find('=');
  NamespaceSource source;
  source.argument = inside.substr(0, equals);
  if (equals != std::string::npos) source.absent = inside.substr(equals + 1);
  return source;
}

void AddSourcesIn(const std::vector<ArgvItem>& items,
                  std::vector<NamespaceSource>& sources) {
  std::string_view before;
  for (const ArgvItem& item : items) {
    if (item.kind == ArgvItem::Kind::kWord) {
      if (auto source = SourceInWord(item.text, before)) {
        sources.push_back(*std::move(source));
      }
      before = item.text;
    }
    AddSourcesIn(item.items, sources);
    AddSourcesIn(item.otherwise, sources);
  }
}

// What the profile says of the tool's namespace argument, in each place.
std::vector<NamespaceSource> SourcesOf(const ToolSpec& tool) {
  std::vector<NamespaceSource> sources;
  for (const ToolStep& step : tool.steps) {
    for (const RequestStep& request : step.requests) {
      if (!request.namespace_source.argument.empty()) {
        sources.push_back(request.namespace_source);
      }
    }
    AddSourcesIn(step.kubectl, sources);
  }
  return sources;
}

bool NamesResource(const Request& request) {
  return request.resource.has_value() && !request.resource->empty();
}

bool HasNoPlace(Verb verb) {
  return verb == Verb::kDiscover || verb == Verb::kLocal || verb == Verb::kNone;
}

bool IsPlainPlace(const Request& request) {
  return NamesResource(request) && !request.all_namespaces &&
         request.namespace_name.has_value() && request.context.has_value();
}

// The namespace that every request of the call is in, where it is in one; those
// of cluster scope, and what asks nothing of a namespace, do not count. A
// change of the kubeconfig does: there a namespace is a value to be written.
std::optional<std::string> MissingNamespace(const NamespaceSource& source,
                                            const Classification& made,
                                            const ClusterView& cluster) {
  std::optional<std::string> found;
  for (const Request& request : made.requests) {
    if (HasNoPlace(request.verb)) continue;
    if (!IsPlainPlace(request)) return std::nullopt;
    if (request.namespace_name->empty()) continue;
    const ContextView* context = cluster.Find(*request.context);
    if (context == nullptr) return std::nullopt;
    const std::string& meant =
        source.absent == "context" ? context->namespace_name : source.absent;
    if (*request.namespace_name != meant) return std::nullopt;
    if (found && *found != meant) return std::nullopt;
    found = meant;
  }
  return found;
}

// The arguments with one of them set to a text.
std::optional<JsonValue> With(const JsonValue* arguments,
                              const std::string& name, std::string_view text) {
  JsonWriter out;
  out.BeginObject();
  if (arguments != nullptr) {
    for (const auto& [key, value] : Members(*arguments)) {
      if (key != name) out.Key(key).Value(*value);
    }
  }
  auto value = ParseJson(out.Key(name).String(text).EndObject().text());
  if (!value.ok()) return std::nullopt;
  return std::move(value).value();
}

std::vector<Request> Moved(std::vector<Request> requests,
                           const std::string& from, std::string_view to) {
  for (Request& request : requests) {
    if (request.namespace_name == from) request.namespace_name = to;
  }
  return requests;
}

// Whether the call stays the same with the argument written out, and would not
// with another value.
bool Decides(const Classifier& classifier, const ToolCall& call,
             const Classification& made, const ClusterView& cluster,
             const NamespacePin& pin) {
  const auto requests_with = [&](std::string_view value) {
    const auto arguments = With(call.arguments, pin.argument, value);
    if (!arguments) return std::vector<Request>();
    return classifier.Classify({call.tool, &*arguments}, cluster).requests;
  };
  return requests_with(pin.namespace_name) == made.requests &&
         requests_with(kOther) ==
             Moved(made.requests, pin.namespace_name, kOther);
}

}  // namespace

std::optional<NamespacePin> FindNamespacePin(const Classifier& classifier,
                                             const ToolSpec& tool,
                                             const ToolCall& call,
                                             const Classification& made,
                                             const ClusterView& cluster) {
  if (made.unclear) return std::nullopt;
  const ArgumentValues values(tool, call.arguments);
  for (const NamespaceSource& source : SourcesOf(tool)) {
    if (values.IsSet(source.argument)) continue;
    const auto place = MissingNamespace(source, made, cluster);
    if (!place) continue;
    const NamespacePin pin{source.argument, *place};
    if (Decides(classifier, call, made, cluster, pin)) return pin;
  }
  return std::nullopt;
}

}  // namespace gatehouse
