// SPDX-License-Identifier: Apache-2.0
// Reads one entry of a tool's `requests`.
#include "policy/kubernetes/argument_reader.h"

namespace gatehouse {

NamespaceSource ArgumentReader::ReadNamespace(const YamlNode& node) {
  NamespaceSource namespace_source;
  if (node.kind == NodeKind::kScalar) {
    namespace_source.absent = node.scalar;
    return namespace_source;
  }
  Fields fields(node, source_, issues_);
  namespace_source.argument = Argument(fields, "argument");
  if (const YamlNode* all = fields.Get("all")) {
    namespace_source.all = ReadCondition(*all);
  }
  namespace_source.in_path = fields.Flag("in_path");
  namespace_source.overwrites = fields.Flag("overwrites");
  namespace_source.absent = fields.RequireText("absent").value_or("all");
  fields.Finish();
  return namespace_source;
}

void ArgumentReader::ReadType(Fields& fields, RequestStep& request) {
  const YamlNode* node = fields.Get("resource");
  if (node == nullptr) return;
  if (node->kind == NodeKind::kScalar) {
    request.type = node->scalar;
    return;
  }
  Fields type(*node, source_, issues_);
  request.type_argument = Argument(type, "word");
  request.kind_argument = Argument(type, "kind");
  request.api_version_argument = Argument(type, "api_version");
  request.group_argument = Argument(type, "group");
  request.version_argument = Argument(type, "version");
  type.Finish();
}

// `name: argument`, or `name: {is: text}` for one that is always the same.
void ArgumentReader::ReadName(Fields& fields, RequestStep& request) {
  request.name_unknown = fields.Flag("name_unknown");
  const YamlNode* node = fields.Get("name");
  if (node == nullptr) return;
  if (node->kind == NodeKind::kScalar) {
    request.name_argument = node->scalar;
    return Declared(*node, node->scalar);
  }
  Fields name(*node, source_, issues_);
  request.fixed_name = name.RequireText("is").value_or("");
  name.Finish();
}

RequestStep ArgumentReader::ReadRequest(const YamlNode& node) {
  RequestStep request;
  Fields fields(node, source_, issues_);
  if (const YamlNode* when = fields.Get("when")) {
    request.when = ReadCondition(*when);
  }
  if (const YamlNode* dry_run = fields.Get("dry_run")) {
    request.dry_run = ReadCondition(*dry_run);
  }
  for (const std::string& word : fields.Words("verb")) {
    const std::optional<Verb> verb = VerbFromName(word);
    if (!verb) {
      Report(node, Fault::kUnknownVerb, "unknown verb " + Quoted(word));
    }
    request.verbs.push_back(verb.value_or(Verb::kUnknown));
  }
  if (request.verbs.empty()) {
    Report(node, Fault::kMissingField, "a request without a verb");
  }
  ReadType(fields, request);
  request.manifest_argument = Argument(fields, "manifest");
  request.subresource = fields.Text("subresource").value_or("");
  ReadName(fields, request);
  if (fields.Flag("exact_separators")) {
    request.dialect = ManifestDialect::kExactSeparators;
  }
  if (const std::optional<std::string> pods = fields.Text("pods")) {
    const std::optional<PodsFrom> from = PodsFromName(*pods);
    if (!from) Report(node, Fault::kBadValue, "unknown pods " + Quoted(*pods));
    request.pods = from.value_or(PodsFrom::kUnknown);
  }
  if (const YamlNode* name = fields.Get("namespace")) {
    request.namespace_source = ReadNamespace(*name);
  }
  fields.Finish();
  return request;
}

}  // namespace gatehouse
