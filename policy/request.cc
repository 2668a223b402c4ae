// SPDX-License-Identifier: Apache-2.0
#include "policy/request.h"

#include <array>

namespace gatehouse {
namespace {

// In the order of Verb.
constexpr std::array<std::string_view, kVerbCount> kVerbs = {
    "unknown",     "get",      "list",
    "watch",       "create",   "update",
    "patch",       "delete",   "deletecollection",
    "exec",        "forward",  "raw",
    "impersonate", "escalate", "config",
    "local",       "fetch",    "discover",
    "none",        "unclear"};
static_assert(kVerbs.back() == "unclear");
static_assert(static_cast<std::size_t>(Verb::kUnclear) + 1 == kVerbCount);

// In the order of HelmPart.
constexpr std::array<std::string_view, 3> kHelmParts = {"", "release", "chart"};

std::string_view OrQuestionMark(const std::optional<std::string>& text) {
  return text.has_value() ? std::string_view(*text) : "?";
}

// "apps/deployments/scale", "pods", "?/?".
std::string DescribeResource(const Request& request) {
  std::string text;
  if (!request.group.has_value()) {
    text += "?/";
  } else if (!request.group->empty()) {
    text += *request.group + "/";
  }
  text += OrQuestionMark(request.resource);
  if (!request.subresource.has_value()) {
    text += "/?";
  } else if (!request.subresource->empty()) {
    text += "/" + *request.subresource;
  }
  return text;
}

// "dev/web", "*", "(cluster) node-1", "?/web".
std::string DescribePlace(const Request& request) {
  if (request.all_namespaces) return "*";
  const bool named = !request.name.has_value() || !request.name->empty();
  const std::string name(OrQuestionMark(request.name));
  if (request.namespace_name == "") {
    return named ? "(cluster) " + name : "(cluster)";
  }
  const std::string place(OrQuestionMark(request.namespace_name));
  return named ? place + "/" + name : place;
}

// Most requests have nothing to do with pods: no keys for those.
void WritePods(const Request& request, JsonWriter& out) {
  const PodFacts& pods = request.pods;
  const bool harmless = IsReading(request.verb) ||
                        request.verb == Verb::kDelete ||
                        request.verb == Verb::kDeleteCollection;
  if (harmless || pods.security == PodSecurity::kNone) return;
  if (!IsPodStandard(pods.security)) {
    out.Key("pod_security").Null();
    return;
  }
  out.Key("pod_security").String(PodSecurityName(pods.security));
  if (!pods.because.empty()) out.Key("pod_because").String(pods.because);
  out.Key("host_paths").Bool(pods.host_paths);
  out.Key("service_account").Optional(pods.service_account);
}

}  // namespace

std::string_view VerbName(Verb verb) {
  return kVerbs[static_cast<std::size_t>(verb)];
}

std::optional<Verb> VerbFromName(std::string_view name) {
  for (std::size_t i = 1; i < kVerbs.size(); ++i) {
    if (kVerbs[i] == name) return static_cast<Verb>(i);
  }
  return std::nullopt;
}

std::string_view HelmPartName(HelmPart part) {
  return kHelmParts[static_cast<std::size_t>(part)];
}

HelmPart HelmPartFromName(std::string_view name) {
  for (std::size_t i = 1; i < kHelmParts.size(); ++i) {
    if (kHelmParts[i] == name) return static_cast<HelmPart>(i);
  }
  return HelmPart::kNone;
}

bool IsReading(Verb verb) noexcept {
  switch (verb) {
    case Verb::kGet:
    case Verb::kList:
    case Verb::kWatch:
    case Verb::kDiscover:
    case Verb::kNone:
      return true;
    case Verb::kUnknown:
    case Verb::kCreate:
    case Verb::kUpdate:
    case Verb::kPatch:
    case Verb::kDelete:
    case Verb::kDeleteCollection:
    case Verb::kExec:
    case Verb::kForward:
    case Verb::kRaw:
    case Verb::kImpersonate:
    case Verb::kEscalate:
    case Verb::kConfig:
    case Verb::kLocal:
    case Verb::kFetch:
    case Verb::kUnclear:
      return false;
  }
  return false;
}

bool HasNoObject(Verb verb) noexcept {
  switch (verb) {
    case Verb::kRaw:
    case Verb::kConfig:
    case Verb::kLocal:
    case Verb::kFetch:
    case Verb::kDiscover:
    case Verb::kNone:
    case Verb::kUnclear:
      return true;
    case Verb::kUnknown:
    case Verb::kGet:
    case Verb::kList:
    case Verb::kWatch:
    case Verb::kCreate:
    case Verb::kUpdate:
    case Verb::kPatch:
    case Verb::kDelete:
    case Verb::kDeleteCollection:
    case Verb::kExec:
    case Verb::kForward:
    case Verb::kImpersonate:
    case Verb::kEscalate:
      return false;
  }
  return false;
}

std::string Describe(const Request& request) {
  std::string text(VerbName(request.verb));
  const bool bare =
      HasNoObject(request.verb)
          ? request.resource.value_or("").empty()
          : request.verb == Verb::kImpersonate && request.resource == "";
  if (request.path.has_value()) {
    text += " " + *request.path;
  } else if (!bare) {
    text += " " + DescribeResource(request) + " " + DescribePlace(request);
  } else if (request.helm == HelmPart::kChart) {
    text += " beyond " + std::string(OrQuestionMark(request.namespace_name));
  }
  if (request.context != "") {
    text += " @" + std::string(OrQuestionMark(request.context));
  }
  if (request.dry_run) text += " dry-run";
  if (request.helm != HelmPart::kNone) {
    text += " helm-" + std::string(HelmPartName(request.helm));
  }
  if (IsPodStandard(request.pods.security)) {
    text += " pods=" + std::string(PodSecurityName(request.pods.security));
  }
  return text;
}

void WriteRequest(const Request& request, JsonWriter& out) {
  out.BeginObject();
  out.Key("verb").String(VerbName(request.verb));
  out.Key("group").Optional(request.group);
  out.Key("resource").Optional(request.resource);
  out.Key("subresource").Optional(request.subresource);
  out.Key("namespace").Optional(request.namespace_name);
  out.Key("name").Optional(request.name);
  out.Key("all_namespaces").Bool(request.all_namespaces);
  out.Key("context").Optional(request.context);
  out.Key("dry_run").Bool(request.dry_run);
  out.Key("path").Optional(request.path);
  if (request.custom) {
    out.Key("custom").BeginObject();
    out.Key("word").String(request.custom->word);
    out.Key("namespace").Optional(request.custom->namespace_name);
    out.EndObject();
  }
  WritePods(request, out);
  if (request.helm != HelmPart::kNone) {
    out.Key("helm").String(HelmPartName(request.helm));
  }
  out.EndObject();
}

}  // namespace gatehouse
