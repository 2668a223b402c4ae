// SPDX-License-Identifier: Apache-2.0
#include <sstream>

#include "tests/policy/reference/reference.h"

namespace gatehouse::reference {
namespace {

std::string Quoted(const std::string& word) { return "'" + word + "'"; }

std::string Listed(const std::vector<std::string>& words) {
  std::string text = "[";
  for (const std::string& word : words) {
    text += (text.size() > 1 ? ", " : "") + Quoted(word);
  }
  return text + "]";
}

// ", FIELD: […]" for each field that is there.
std::string FieldsOf(const Match& match) {
  std::string text;
  const auto add = [&text](const char* name, const List& list) {
    if (list) text += std::string(", ") + name + ": " + Listed(*list);
  };
  add("resources", match.resources);
  add("namespaces", match.namespaces);
  add("names", match.names);
  add("contexts", match.contexts);
  add("servers", match.servers);
  add("tools", match.tools);
  add("podSecurity", match.pod_security);
  std::string who;
  const auto add_who = [&who](const char* name, const List& list) {
    if (!list) return;
    who += std::string(who.empty() ? "" : ", ") + name + ": " + Listed(*list);
  };
  add_who("users", match.users);
  add_who("groups", match.groups);
  add_who("kubeUsers", match.kube_users);
  add_who("clients", match.clients);
  if (!who.empty()) text += ", who: {" + who + "}";
  if (match.when) {
    text += ", when: {zone: UTC";
    if (!match.when->days.empty())
      text += ", days: " + Listed(match.when->days);
    if (!match.when->hours.empty()) {
      text += ", hours: " + Listed(match.when->hours);
    }
    text += "}";
  }
  return text;
}

std::string RuleText(const Rule& rule) {
  std::string text = "- {id: " + rule.id + ", " + rule.effect + ": " +
                     Listed(rule.verbs) + FieldsOf(rule.match);
  if (rule.unless) {
    text += ", unless: {" + FieldsOf(*rule.unless).substr(2) + "}";
  }
  if (rule.observe) text += ", mode: observe";
  if (rule.helm) text += ", helm: true";
  if (!rule.until.empty()) {
    text += ", until: " + rule.until;
    if (rule.effect == "deny") text += ", expires: opens";
  }
  if (rule.limit_calls > 0) {
    text +=
        ", limit: {calls: " + std::to_string(rule.limit_calls) + ", per: 1m}";
  }
  return text + "}\n";
}

}  // namespace

std::string YamlOf(const Policy& policy) {
  std::ostringstream out;
  out << "apiVersion: gatehouse/v1\nkind: Policy\nname: test\n";
  if (policy.observe) out << "mode: observe\n";
  if (policy.dry_run_reads) out << "dryRun: read\n";
  if (policy.scope_contexts || policy.scope_namespaces) {
    out << "scope:\n";
    if (policy.scope_contexts) {
      out << "  contexts: " << Listed(*policy.scope_contexts) << "\n";
    }
    if (policy.scope_namespaces) {
      out << "  namespaces: " << Listed(*policy.scope_namespaces) << "\n";
    }
  }
  if (policy.protect) out << "protect: " << Listed(*policy.protect) << "\n";
  out << "rules:\n";
  for (const Rule& rule : policy.rules) out << RuleText(rule);
  return out.str();
}

}  // namespace gatehouse::reference
