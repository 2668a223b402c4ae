// SPDX-License-Identifier: Apache-2.0
#include "cli/policy_check.h"

#include <iostream>
#include <set>

#include "cli/version.h"
#include "policy/fault.h"
#include "policy/json_writer.h"
#include "policy/lint.h"

namespace gatehouse::cli {
namespace {

std::string_view SeverityName(const Issue& issue) {
  return issue.severity == Severity::kError ? "error" : "warning";
}

void WriteIssue(const Issue& issue, JsonWriter& out) {
  out.BeginObject();
  out.Key("severity").String(SeverityName(issue));
  out.Key("code").String(issue.code);
  out.Key("file").String(issue.file);
  out.Key("line").Integer(issue.position.line);
  out.Key("column").Integer(issue.position.column);
  out.Key("message").String(issue.message);
  out.EndObject();
}

void WritePolicy(const LoadedPolicy& policy, Warnings warnings,
                 JsonWriter& out) {
  out.BeginObject().Key("policy").String(policy.origin);
  out.Key("ok").Bool(IsOk(policy, warnings));
  if (policy.engine != nullptr) {
    out.Key("name").String(policy.engine->name());
    out.Key("hash").String(policy.engine->hash());
    out.Key("rules").Unsigned(policy.engine->rules().size());
  }
  if (!policy.error.empty()) out.Key("error").String(policy.error);
  out.Key("issues").BeginArray();
  for (const Issue& issue : policy.issues.items()) WriteIssue(issue, out);
  out.EndArray().EndObject();
}

// All codes that there are, so that an index in `results` is not needed.
void WriteSarifRules(JsonWriter& out) {
  const auto rule = [&out](std::string_view code, std::string_view slug,
                           std::string_view meaning) {
    out.BeginObject().Key("id").String(code).Key("name").String(slug);
    out.Key("shortDescription").BeginObject();
    out.Key("text").String(meaning).EndObject().EndObject();
  };
  out.Key("rules").BeginArray();
  for (const FaultRow& row : AllFaults()) rule(row.code, row.slug, row.meaning);
  for (const LintRow& row : AllLints()) rule(row.code, row.slug, row.meaning);
  out.EndArray();
}

void WriteSarifPlace(const Issue& issue, JsonWriter& out) {
  out.Key("locations").BeginArray().BeginObject();
  out.Key("physicalLocation").BeginObject();
  out.Key("artifactLocation").BeginObject();
  out.Key("uri").String(issue.file).EndObject();
  if (issue.position.line > 0) {
    out.Key("region").BeginObject();
    out.Key("startLine").Integer(issue.position.line);
    out.Key("startColumn").Integer(issue.position.column);
    if (issue.position.length > 0) {
      out.Key("endColumn")
          .Integer(issue.position.column + issue.position.length);
    }
    out.EndObject();
  }
  out.EndObject().EndObject().EndArray();
}

void WriteSarifIssue(const Issue& issue, JsonWriter& out) {
  out.BeginObject();
  out.Key("ruleId").String(issue.code);
  out.Key("level").String(SeverityName(issue));
  out.Key("message").BeginObject().Key("text").String(issue.message);
  out.EndObject();
  WriteSarifPlace(issue, out);
  out.EndObject();
}

// A file that could not be read at all, in SARIF's own place for it.
void WriteSarifInvocation(std::span<const LoadedPolicy> policies,
                          JsonWriter& out) {
  bool successful = true;
  out.Key("invocations").BeginArray().BeginObject();
  out.Key("toolExecutionNotifications").BeginArray();
  for (const LoadedPolicy& policy : policies) {
    if (policy.error.empty()) continue;
    successful = false;
    out.BeginObject().Key("level").String("error");
    out.Key("message").BeginObject().Key("text").String(policy.error);
    out.EndObject().EndObject();
  }
  out.EndArray();
  out.Key("executionSuccessful").Bool(successful);
  out.EndObject().EndArray();
}

}  // namespace

bool IsOk(const LoadedPolicy& policy, Warnings warnings) {
  if (policy.engine == nullptr) return false;
  return warnings == Warnings::kAreShown || policy.issues.items().empty();
}

void PrintPolicy(const LoadedPolicy& policy, Warnings warnings) {
  for (const Issue& issue : policy.issues.items()) {
    std::cerr << Render(issue) << "\n";
  }
  if (!policy.error.empty()) {
    std::cerr << "gatehouse: " << policy.error << "\n";
  }
  if (policy.engine == nullptr) return;
  if (!IsOk(policy, warnings)) {
    std::cerr << policy.origin << ": not ok: --strict takes warnings for "
              << "errors\n";
    return;
  }
  const std::size_t rules = policy.engine->rules().size();
  std::cout << policy.origin << ": ok, " << rules
            << (rules == 1 ? " rule, " : " rules, ") << policy.engine->hash()
            << "\n";
}

std::string PoliciesAsJson(std::span<const LoadedPolicy> policies,
                           Warnings warnings) {
  JsonWriter out;
  out.BeginArray();
  for (const LoadedPolicy& policy : policies)
    WritePolicy(policy, warnings, out);
  out.EndArray();
  return out.Take();
}

std::string PoliciesAsSarif(std::span<const LoadedPolicy> policies) {
  JsonWriter out;
  out.BeginObject().Key("version").String("2.1.0");
  out.Key("$schema").String("https://json.schemastore.org/sarif-2.1.0.json");
  out.Key("runs").BeginArray().BeginObject();
  out.Key("tool").BeginObject().Key("driver").BeginObject();
  out.Key("name").String("gatehouse").Key("version").String(Version());
  WriteSarifRules(out);
  out.EndObject().EndObject();
  // Columns count bytes of the line; SARIF knows characters only.
  out.Key("columnKind").String("unicodeCodePoints");
  WriteSarifInvocation(policies, out);
  out.Key("results").BeginArray();
  for (const LoadedPolicy& policy : policies) {
    for (const Issue& issue : policy.issues.items()) {
      WriteSarifIssue(issue, out);
    }
  }
  out.EndArray().EndObject().EndArray().EndObject();
  return out.Take();
}

}  // namespace gatehouse::cli
