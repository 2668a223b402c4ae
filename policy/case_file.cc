// SPDX-License-Identifier: Apache-2.0
#include "policy/case_file.h"

#include <set>
#include <utility>

#include "policy/document.h"
#include "policy/fault.h"
#include "policy/json_value.h"
#include "policy/json_writer.h"
#include "policy/kubernetes/fields.h"
#include "policy/time_text.h"

namespace gatehouse {
namespace {

// A case is one call of one person; more requests than any call makes are a
// mistake.
constexpr std::size_t kMaxCases = 10'000;

class CaseReader {
 public:
  CaseReader(const SourceText& source, const KubernetesTables& tables,
             Issues& issues)
      : source_(source), tables_(tables), issues_(issues) {}

  CaseFile Read(const YamlNode& root);

 private:
  void Report(const YamlNode& at, Fault fault, std::string message) {
    AddIssue(source_, at.position, FaultCode(fault), std::move(message),
             issues_);
  }
  void ReadPlace(Fields& fields, ContextView& context);
  std::vector<std::string> ReadList(Fields& fields, std::string_view name);
  void ReadSubject(const YamlNode& node, Subject& subject);
  std::optional<UtcTime> ReadTime(Fields& fields);
  PolicyCase ReadCase(const YamlNode& node, const PolicyCase& defaults);
  void ReadCall(const YamlNode& node, PolicyCase& out);
  void WriteArgument(const YamlNode& node, JsonWriter& out);
  Request ReadRequest(const YamlNode& node, const ContextView& context);
  void ReadType(Fields& fields, Request& request, bool& namespaced);
  void ReadNamespace(Fields& fields, bool namespaced,
                     const ContextView& context, Request& request);
  void ReadPods(Fields& fields, Request& request);
  void ReadExpectation(const YamlNode& node, Expectation& expect);
  std::optional<Effect> ReadEffect(const YamlNode& node);

  const SourceText& source_;
  const KubernetesTables& tables_;
  Issues& issues_;
  std::set<std::string> names_;
};

void CaseReader::ReadPlace(Fields& fields, ContextView& context) {
  if (auto name = fields.Text("context")) context.name = *name;
  if (auto space = fields.Text("namespace")) context.namespace_name = *space;
}

std::vector<std::string> CaseReader::ReadList(Fields& fields,
                                              std::string_view name) {
  std::vector<std::string> words;
  const YamlNode* node = fields.Get(name);
  if (node == nullptr) return words;
  if (node->kind == NodeKind::kScalar) return {node->scalar};
  for (const YamlNode& item : node->items) words.push_back(item.scalar);
  if (words.empty()) Report(*node, Fault::kEmpty, "expected a list of words");
  return words;
}

void CaseReader::ReadSubject(const YamlNode& node, Subject& subject) {
  Fields fields(node, source_, issues_);
  if (auto user = fields.Text("user")) subject.user = *user;
  if (auto user = fields.Text("kubeUser")) subject.kube_user = *user;
  if (auto client = fields.Text("client")) subject.client = *client;
  const std::vector<std::string> groups = ReadList(fields, "groups");
  if (!groups.empty()) subject.groups = groups;
  fields.Finish();
}

std::optional<UtcTime> CaseReader::ReadTime(Fields& fields) {
  const YamlNode* node = fields.Get("at");
  if (node == nullptr) return std::nullopt;
  const auto time = ReadRfc3339(node->scalar);
  if (time) return *time;
  Report(*node, Fault::kBadValue,
         "\"at\" takes a time with its zone, such as 2026-11-27T18:00:00Z");
  return std::nullopt;
}

// As JSON: what the client would have sent. What YAML readers type differently
// must be put in quotation marks.
void CaseReader::WriteArgument(const YamlNode& node, JsonWriter& out) {
  switch (node.kind) {
    case NodeKind::kNull:
      out.Null();
      return;
    case NodeKind::kScalar:
      if (node.IsString()) {
        out.String(node.scalar);
      } else if (!node.IsAmbiguousScalar() && ParseJson(node.scalar).ok()) {
        out.Raw(node.scalar);
      } else {
        Report(node, Fault::kWrongType,
               "YAML readers take " + Quoted(node.scalar) +
                   " for different things; put it in quotation marks");
        out.Null();
      }
      return;
    case NodeKind::kList:
      out.BeginArray();
      for (const YamlNode& item : node.items) WriteArgument(item, out);
      out.EndArray();
      return;
    case NodeKind::kMap:
      out.BeginObject();
      for (const YamlMember& member : node.members) {
        out.Key(member.key);
        WriteArgument(member.value, out);
      }
      out.EndObject();
      return;
  }
}

void CaseReader::ReadCall(const YamlNode& node, PolicyCase& out) {
  Fields fields(node, source_, issues_);
  out.tool = fields.RequireText("tool").value_or("");
  out.arguments = "{}";
  if (const YamlNode* arguments = fields.Get("arguments")) {
    if (arguments->kind != NodeKind::kMap) {
      Report(*arguments, Fault::kWrongType, "\"arguments\" must be a map");
    }
    JsonWriter json;
    WriteArgument(*arguments, json);
    out.arguments = json.Take();
  }
  fields.Finish();
  if (!out.server.empty()) return;
  Report(node, Fault::kMissingField,
         "a call needs \"server\", the name of its profile, in the case or at "
         "the top of the file");
}

// "pods", "deployments.apps/scale", "widgets.example.com"
void CaseReader::ReadType(Fields& fields, Request& request, bool& namespaced) {
  const YamlNode* node = fields.Get("resource");
  request.group = request.resource = request.subresource = "";
  if (node == nullptr) {
    namespaced = false;
    return;
  }
  const std::vector<std::string> parts = SplitAt(node->scalar, '/');
  if (parts.size() > 1) request.subresource = parts[1];
  const auto types = tables_.Find(parts[0]);
  if (!types.empty()) {
    request.group = types.front()->group;
    request.resource = types.front()->plural;
    namespaced = types.front()->namespaced;
    return;
  }
  const std::size_t dot = parts[0].find('.');
  if (dot == std::string::npos) {
    Report(*node, Fault::kUnknownResource,
           "unknown resource " + Quoted(parts[0]) +
               "; write a custom resource as PLURAL.GROUP");
    return;
  }
  request.resource = parts[0].substr(0, dot);
  request.group = parts[0].substr(dot + 1);
}

void CaseReader::ReadNamespace(Fields& fields, bool namespaced,
                               const ContextView& context, Request& request) {
  const auto space = fields.Text("namespace");
  request.all_namespaces = space == "*";
  request.namespace_name = namespaced ? context.namespace_name : "";
  if (space) request.namespace_name = request.all_namespaces ? "" : *space;
}

void CaseReader::ReadPods(Fields& fields, Request& request) {
  const YamlNode* node = fields.Get("podSecurity");
  request.pods.security =
      IsReading(request.verb) ? PodSecurity::kNone : PodSecurity::kUnknown;
  if (node == nullptr) return;
  const auto standard = PodStandardFromName(node->scalar);
  if (standard) {
    request.pods.security = *standard;
    return;
  }
  Report(*node, Fault::kBadValue,
         "\"podSecurity\" takes restricted, baseline or privileged");
}

Request CaseReader::ReadRequest(const YamlNode& node,
                                const ContextView& context) {
  Request request;
  Fields fields(node, source_, issues_);
  const std::string verb = fields.RequireText("verb").value_or("get");
  const auto known = VerbFromName(verb);
  if (!known) {
    Report(*fields.Get("verb"), Fault::kUnknownVerb,
           "unknown verb " + Quoted(verb) + "; a request has one verb");
  }
  request.verb = known.value_or(Verb::kUnknown);
  bool namespaced = true;
  ReadType(fields, request, namespaced);
  ReadNamespace(fields, namespaced, context, request);
  request.name = fields.Text("name").value_or("");
  request.context = fields.Text("context").value_or(context.name);
  request.dry_run = fields.Flag("dryRun");
  request.path = fields.Text("path");
  ReadPods(fields, request);
  fields.Finish();
  return request;
}

std::optional<Effect> CaseReader::ReadEffect(const YamlNode& node) {
  for (const Effect effect : {Effect::kDeny, Effect::kAsk, Effect::kAllow}) {
    if (node.scalar == EffectName(effect)) return effect;
  }
  Report(node, Fault::kBadValue, "expected allow, ask or deny");
  return std::nullopt;
}

void CaseReader::ReadExpectation(const YamlNode& node, Expectation& expect) {
  if (node.kind == NodeKind::kScalar) {
    expect.decision = ReadEffect(node);
    return;
  }
  Fields fields(node, source_, issues_);
  if (const YamlNode* effect = fields.Get("decision")) {
    expect.decision = ReadEffect(*effect);
  }
  if (const YamlNode* effect = fields.Get("observed")) {
    expect.observed = ReadEffect(*effect);
  }
  if (const YamlNode* reveals = fields.Get("reveals")) {
    expect.reveals = reveals->AsBool();
    if (!expect.reveals) {
      Report(*reveals, Fault::kBadValue, "expected true or false");
    }
  }
  if (const YamlNode* code = fields.Get("code")) {
    expect.code = CodeFromName(code->scalar);
    if (!expect.code) {
      Report(*code, Fault::kBadValue,
             "unknown code " + Quoted(code->scalar) +
                 "; `gatehouse explain-code` lists them");
    }
  }
  expect.rule = fields.Text("rule");
  fields.Finish();
  if (node.kind == NodeKind::kMap && node.members.empty()) {
    Report(node, Fault::kEmpty, "\"expect\" expects nothing");
  }
}

PolicyCase CaseReader::ReadCase(const YamlNode& node,
                                const PolicyCase& defaults) {
  PolicyCase out = defaults;
  out.line = node.position.line;
  Fields fields(node, source_, issues_);
  out.name = fields.RequireText("name").value_or("");
  if (!names_.insert(out.name).second) {
    Report(node, Fault::kDuplicateId,
           "another case has the name " + Quoted(out.name) + " already");
  }
  if (auto server = fields.Text("server")) out.server = *server;
  ReadPlace(fields, out.context);
  if (const YamlNode* as = fields.Get("as")) ReadSubject(*as, out.subject);
  if (const auto at = ReadTime(fields)) out.at = at;
  const YamlNode* call = fields.Get("call");
  const YamlNode* request = fields.Get("request");
  if ((call == nullptr) == (request == nullptr)) {
    Report(node, Fault::kMissingField,
           "a case has either a \"call\" or a \"request\"");
  }
  if (call != nullptr) ReadCall(*call, out);
  if (request != nullptr && request->kind == NodeKind::kList) {
    for (const YamlNode& item : request->items) {
      out.requests.push_back(ReadRequest(item, out.context));
    }
  } else if (request != nullptr) {
    out.requests.push_back(ReadRequest(*request, out.context));
  }
  if (const YamlNode* expect = fields.Require("expect")) {
    ReadExpectation(*expect, out.expect);
  }
  fields.Finish();
  return out;
}

CaseFile CaseReader::Read(const YamlNode& root) {
  CaseFile file;
  file.name = source_.name;
  Fields fields(root, source_, issues_);
  file.policy = fields.RequireText("policy").value_or("");
  if (const YamlNode* policy = fields.Get("policy");
      policy != nullptr && policy->IsString() && policy->scalar.empty()) {
    Report(*policy, Fault::kEmpty, "\"policy\" is a preset or a policy file");
  }
  PolicyCase defaults;
  defaults.server = fields.Text("server").value_or("");
  // No case may pass or fail by who runs it.
  defaults.subject.user = "somebody";
  defaults.context = {"test", "test", "", "test", "default"};
  ReadPlace(fields, defaults.context);
  file.context = defaults.context;
  file.settings = ReadList(fields, "set");
  if (const YamlNode* as = fields.Get("as")) ReadSubject(*as, defaults.subject);
  defaults.at = ReadTime(fields);
  if (const YamlNode* cases = fields.Require("cases")) {
    if (cases->items.empty() || cases->items.size() > kMaxCases) {
      Report(*cases, Fault::kEmpty, "\"cases\" is a list of 1 to 10000 cases");
    }
    for (const YamlNode& node : cases->items) {
      file.cases.push_back(ReadCase(node, defaults));
    }
  }
  fields.Finish();
  return file;
}

}  // namespace

CaseFile ReadCases(const SourceText& source, const KubernetesTables& tables,
                   Issues& issues) {
  Issues yaml;
  const std::vector<YamlNode> documents = ReadYaml(source, yaml);
  for (const Issue& issue : yaml.items()) issues.Add(issue);
  if (yaml.HasErrors()) return {};
  if (documents.size() != 1) {
    AddIssue(source, {1, 1, 1}, FaultCode(Fault::kNotOneDocument),
             "a file of cases is one YAML map with \"policy\" and \"cases\"",
             issues);
    return {};
  }
  return CaseReader(source, tables, issues).Read(documents[0]);
}

}  // namespace gatehouse
