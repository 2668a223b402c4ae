// SPDX-License-Identifier: Apache-2.0
// Reads a profile file. Every field is checked; arguments that steps name but
// the tool does not declare are faults too, so that a misspelt one cannot turn
// into "always absent".
#include <algorithm>
#include <utility>

#include "policy/kubernetes/fields.h"
#include "policy/kubernetes/kubectl_requests.h"
#include "policy/kubernetes/tool_profile.h"
#include "policy/kubernetes/tool_reader.h"

namespace gatehouse {
namespace {

void ReadIdentity(Fields& fields, const SourceText& source, Issues& issues,
                  ToolProfile& profile) {
  if (const YamlNode* node = fields.Get("identify")) {
    Fields identify(*node, source, issues);
    profile.programs = identify.Words("programs");
    profile.packages = identify.Words("packages");
    profile.pypi = identify.Words("pypi");
    profile.images = identify.Words("images");
    profile.modules = identify.Words("modules");
    identify.Finish();
  }
  if (const YamlNode* node = fields.Get("settings")) {
    profile.settings = ReadSettings(*node, source, issues);
  }
}

ToolProfile::Specs ReadSpecs(const YamlNode* node, const SourceText& source,
                             Issues& issues) {
  ToolProfile::Specs specs;
  if (node == nullptr) return specs;
  for (const YamlMember& member : node->members) {
    specs.emplace(member.key, ReadTool(member.value, {}, source, issues));
  }
  return specs;
}

std::vector<ResourceSpec> ReadResources(const YamlNode* node,
                                        const SourceText& source,
                                        Issues& issues) {
  std::vector<ResourceSpec> resources;
  if (node == nullptr) return resources;
  for (const YamlMember& member : node->members) {
    const auto uri = UriTemplate::Parse(member.key);
    if (!uri) {
      AddIssue(source, member.position, FaultCode(Fault::kBadValue),
               "not a URI template: " + Quoted(member.key), issues);
      continue;
    }
    resources.push_back(
        {*uri, ReadTool(member.value, uri->variables(), source, issues)});
  }
  return resources;
}

// The names of the arguments in "gke:{project}/{name}", or the one name.
std::vector<std::string> ArgumentsIn(const std::string& context) {
  if (context.find('{') == std::string::npos) return {context};
  const auto form = UriTemplate::Parse(context);
  return form ? form->variables() : std::vector<std::string>{""};
}

bool IsText(const ToolSpec& spec, const std::string& argument) {
  const auto found = spec.arguments.find(argument);
  return found != spec.arguments.end() && found->second == ArgumentType::kText;
}

// The profile's `context`: in every tool that has these arguments, as texts and
// not ignored, they name the cluster.
void NameContext(const std::string& context, ToolProfile& profile) {
  const std::vector<std::string> arguments = ArgumentsIn(context);
  for (ToolProfile::Specs* specs : {&profile.tools, &profile.prompts}) {
    for (auto& entry : *specs) {
      ToolSpec& spec = entry.second;
      const bool has_all =
          std::all_of(arguments.begin(), arguments.end(),
                      [&](const std::string& a) { return IsText(spec, a); });
      if (has_all && spec.context_argument.empty()) {
        spec.context_argument = context;
      }
    }
  }
}

// The profile's `remembers_context`: said of all that it names.
void RememberContext(ToolProfile& profile) {
  for (ToolProfile::Specs* specs :
       {&profile.tools, &profile.prompts, &profile.completions}) {
    for (auto& [name, spec] : *specs) spec.remembers_context = true;
  }
  for (ResourceSpec& resource : profile.resources) {
    resource.read.remembers_context = true;
  }
}

// What the profile of the server that this one is a fork of says, where this
// one says nothing. It may not have what the other has: a name more does no
// harm.
void AddInherited(const ToolProfile::Specs& base, ToolProfile::Specs& specs) {
  for (const auto& [name, spec] : base) {
    const auto [at, added] = specs.emplace(name, spec);
    if (added) at->second.inherited = true;
  }
}

void ReadExtends(Fields& fields, const SourceText& source, Issues& issues,
                 ToolProfile& profile) {
  const YamlNode* node = fields.Get("extends");
  if (node == nullptr) return;
  const auto base =
      node->scalar == profile.name ? nullptr : EmbeddedProfile(node->scalar);
  if (base == nullptr) {
    AddIssue(source, node->position, FaultCode(Fault::kExtendsUnknown),
             "no profile " + Quoted(node->scalar) + " to extend", issues);
    return;
  }
  AddInherited(base->tools, profile.tools);
  AddInherited(base->prompts, profile.prompts);
  AddInherited(base->completions, profile.completions);
  profile.resources.insert(profile.resources.end(), base->resources.begin(),
                           base->resources.end());
}

// nullopt, with an issue, where the file is not one document.
std::optional<YamlNode> ReadDocument(const SourceText& source, Issues& issues) {
  std::vector<YamlNode> documents = ReadYaml(source, issues);
  if (issues.HasErrors()) return std::nullopt;
  if (documents.size() == 1) return std::move(documents[0]);
  AddIssue(source, Position{1, 1, 0}, FaultCode(Fault::kNotOneDocument),
           "expected one document", issues);
  return std::nullopt;
}

// Whose version the server reports as its own.
void ReadReports(Fields& fields, ToolProfile& profile) {
  const YamlNode* node = fields.Get("reports");
  if (node == nullptr) return;
  profile.reports_sdk = node->scalar == "sdk";
  if (!profile.reports_sdk && node->scalar != "server") {
    fields.Report(*node, Fault::kBadValue, "expected server or sdk");
  }
}

void ReadHead(Fields& fields, const SourceText& source, Issues& issues,
              ToolProfile& profile) {
  profile.name = fields.RequireText("server").value_or("");
  profile.versions = fields.Text("versions").value_or("");
  ReadReports(fields, profile);
  profile.cluster = fields.Text("cluster").value_or("");
  ReadIdentity(fields, source, issues, profile);
}

}  // namespace

ToolProfile ReadProfileHead(const SourceText& source, Issues& issues) {
  ToolProfile profile;
  const std::optional<YamlNode> document = ReadDocument(source, issues);
  if (!document) return profile;
  Fields fields(*document, source, issues);
  ReadHead(fields, source, issues, profile);
  return profile;
}

ToolProfile ReadProfile(const SourceText& source, Issues& issues) {
  ToolProfile profile;
  const std::optional<YamlNode> document = ReadDocument(source, issues);
  if (!document) return profile;
  Fields fields(*document, source, issues);
  ReadHead(fields, source, issues, profile);
  profile.tools = ReadSpecs(fields.Require("tools"), source, issues);
  profile.prompts = ReadSpecs(fields.Get("prompts"), source, issues);
  profile.resources = ReadResources(fields.Get("resources"), source, issues);
  profile.completions = ReadSpecs(fields.Get("completions"), source, issues);
  NameContext(fields.Text("context").value_or(""), profile);
  if (fields.Flag("remembers_context")) RememberContext(profile);
  ReadExtends(fields, source, issues, profile);
  fields.Finish();
  return profile;
}

}  // namespace gatehouse
