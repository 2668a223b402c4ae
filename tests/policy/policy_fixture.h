// SPDX-License-Identifier: Apache-2.0
#pragma once
// Short ways to write policies and requests in tests.

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/embedded.h"
#include "policy/rule_compiler.h"
#include "policy/rule_reader.h"
#include "policy/time_text.h"

namespace gatehouse::testing {

inline std::string Rendered(const Issues& issues) {
  std::string text;
  for (const Issue& issue : issues.items()) text += Render(issue);
  return text;
}

// Presets only: "read-only".
inline Result<SourceText> LoadPreset(std::string_view name, std::string_view) {
  const auto text = EmbeddedText("presets/" + std::string(name) + ".yaml");
  if (!text) return Error{ErrorCode::kNotFound, "there is no such preset"};
  return SourceText{"preset " + std::string(name), std::string(*text)};
}

inline std::string FileText(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// The machine's own tzdata.
inline Result<std::string> SystemZone(std::string_view name) {
  std::ifstream in("/usr/share/zoneinfo/" + std::string(name),
                   std::ios::binary);
  std::stringstream data;
  if (in && name.find("..") == std::string_view::npos) data << in.rdbuf();
  if (!data.str().empty()) return data.str();
  return Error{ErrorCode::kNotFound, "there is no such zone"};
}

// Slow to make, so made once.
inline std::shared_ptr<const KubernetesTables> Tables() {
  static const auto tables = KubernetesTables::Embedded();
  return tables;
}

inline std::shared_ptr<const Engine> CompileSource(
    const SourceText& source, const CompileOptions& options, Issues& issues) {
  const std::vector<RuleFile> files =
      ResolveExtends(ReadRules(source, issues), LoadPreset, issues);
  std::shared_ptr<const Engine> engine =
      CompileRules(files, Tables(), options, issues);
  issues.Sort();
  return engine;
}

inline CompileOptions InDev() {
  CompileOptions options;
  options.current_context = "dev";
  options.zones = SystemZone;
  return options;
}

// A whole policy around `body`.
inline std::string PolicyText(std::string_view body) {
  return "apiVersion: gatehouse/v1\nkind: Policy\nname: test\n" +
         std::string(body) + "\n";
}

inline std::shared_ptr<const Engine> Compile(
    std::string_view body, const CompileOptions& options = InDev()) {
  Issues issues;
  auto engine = CompileSource({"test.yaml", PolicyText(body)}, options, issues);
  EXPECT_NE(engine, nullptr) << Rendered(issues) << body;
  return engine;
}

// "get pods dev/web", "list deployments.apps *", "get nodes -/n1",
// "delete ? dev/x": VERB TYPE[.GROUP][/SUB] NAMESPACE[/NAME]; "-" is cluster
// scope, "*" all namespaces, "?" anything unknown.
inline Request Asked(std::string_view text) {
  const auto cut = [](std::string_view& rest, char at) {
    const std::size_t end = rest.find(at);
    std::string part(rest.substr(0, end));
    rest = end == std::string_view::npos ? "" : rest.substr(end + 1);
    return part;
  };
  const auto known = [](std::string part) -> std::optional<std::string> {
    if (part == "?") return std::nullopt;
    return part;
  };
  Request request;
  request.context = "dev";
  request.verb = VerbFromName(cut(text, ' ')).value_or(Verb::kUnknown);
  std::string type_text = cut(text, ' ');
  std::string_view type = type_text;
  std::string bare = cut(type, '/');
  request.subresource = known(std::string(type));
  std::string_view bare_view = bare;
  request.resource = known(cut(bare_view, '.'));
  request.group = bare == "?" ? std::nullopt : known(std::string(bare_view));
  const std::string space = cut(text, '/');
  request.name = known(std::string(text));
  request.all_namespaces = space == "*";
  request.namespace_name =
      space == "-" || space == "*" ? std::string() : known(space);
  return request;
}

inline Classification Call(std::vector<Request> requests) {
  Classification call;
  call.server = "sample-server";
  call.tool = "sample";
  call.known_tool = true;
  call.requests = std::move(requests);
  return call;
}

inline Classification Call(std::string_view request) {
  return Call(std::vector<Request>{Asked(request)});
}

// A change by helm in namespace dev, or a request of it.
inline Classification HelmCall(std::string_view request, HelmPart part) {
  Classification call = Call(request);
  call.requests[0].helm = part;
  if (call.requests[0].verb == Verb::kUnclear) {
    call.unclear = Unclear{"what the chart holds is not known", "chart"};
  }
  return call;
}

inline Classification UnclearCall(bool known_tool) {
  Request request;
  request.verb = Verb::kUnclear;
  request.context = "dev";
  Classification call = Call(std::vector<Request>{request});
  call.known_tool = known_tool;
  if (known_tool) call.unclear = Unclear{"it is not known", "args"};
  return call;
}

inline Subject Someone() {
  return {"ana", {"staff", "ops"}, "ana@cluster", "claude"};
}

inline Decision Decide(const Engine& engine, const Classification& call) {
  return engine.Decide(call, Someone(), {});
}

// 2026-11-27 is a Friday.
inline Decision DecideAt(const Engine& engine, std::string_view time,
                         std::string_view request) {
  return engine.Decide(Call(request), Someone(), *ReadRfc3339(time));
}

// "allow by RULE", "deny by RULE (code)", "deny (code)".
inline std::string Brief(const Decision& decision) {
  std::string text(EffectName(decision.effect));
  if (!decision.rule.empty()) text += " by " + decision.rule;
  if (decision.effect == Effect::kDeny) {
    text += " (" + std::string(CodeName(decision.code)) + ")";
  }
  return text;
}

}  // namespace gatehouse::testing
