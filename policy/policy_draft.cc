// SPDX-License-Identifier: Apache-2.0
#include "policy/policy_draft.h"

#include <algorithm>
#include <map>
#include <vector>

#include "policy/json_writer.h"

namespace gatehouse {
namespace {

// JSON's strings are YAML's too.
std::string Quote(std::string_view text) {
  return JsonWriter().String(text).Take();
}

template <typename Words, typename Write>
std::string List(const Words& words, Write write) {
  std::string text = "[";
  for (const auto& word : words) {
    if (text.size() > 1) text += ", ";
    text += write(word);
  }
  return text + "]";
}

std::string VerbList(const std::set<Verb>& verbs) {
  return List(verbs, [](Verb verb) { return std::string(VerbName(verb)); });
}

// The plural alone where it means this type.
std::string WordFor(const GrantedResource& resource,
                    const KubernetesTables& tables) {
  std::string word = resource.resource;
  const auto types = tables.Find(word);
  const bool alone = !types.empty() && types.front()->group == resource.group;
  if (!alone && !resource.group.empty()) word += "." + resource.group;
  if (!resource.subresource.empty()) word += "/" + resource.subresource;
  return word;
}

std::string RuleText(const Grant& grant, const KubernetesTables& tables,
                     const std::string& id) {
  std::string text = "- id: " + id + "\n  allow: " + VerbList(grant.verbs);
  if (!grant.resources.empty()) {
    text += "\n  resources: " +
            List(grant.resources, [&](const GrantedResource& resource) {
              return WordFor(resource, tables);
            });
    text += "\n  namespaces: " + List(grant.namespaces, Quote);
  }
  return text + "\n";
}

// Each line of `text` after `before`.
std::string Indented(const std::string& text, const std::string& before) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    out += before + text.substr(at, end - at) + "\n";
    at = end + 1;
  }
  return out;
}

bool OnlyReads(const Grant& grant) {
  return std::ranges::all_of(grant.verbs, IsReading);
}

// Who reads a draft looks for the changes: they stand together, at the end.
std::vector<Grant> ReadingFirst(std::vector<Grant> grants) {
  std::stable_partition(grants.begin(), grants.end(), OnlyReads);
  return grants;
}

std::string ScopeText(const Grants& grants) {
  std::string text;
  const std::set<std::string> namespaces = NamespacesOf(grants);
  if (!grants.contexts.empty()) {
    text += "  contexts: " + List(grants.contexts, Quote) + "\n";
  }
  if (!namespaces.empty() && !namespaces.contains("*")) {
    text += "  namespaces: " + List(namespaces, Quote) + "\n";
  }
  return text.empty() ? "" : "scope:\n" + text;
}

std::string BeyondText(const Grants& grants) {
  if (grants.beyond.empty()) return "";
  std::string text =
      "# Left out, since no rule of its own says exactly this:\n";
  for (const std::string& request : grants.beyond) {
    text += "#   " + Quote(request) + "\n";
  }
  return text;
}

// `exec` and `forward` are Gatehouse's words for verbs on a subresource; a
// server since 1.35 asks for create, an older one may ask for get.
std::set<std::string> RbacVerbs(const std::set<Verb>& verbs) {
  std::set<std::string> words;
  for (const Verb verb : verbs) {
    if (verb == Verb::kExec || verb == Verb::kForward) {
      words.insert({"create", "get"});
    } else {
      words.emplace(VerbName(verb));
    }
  }
  return words;
}

// The rules of one role, each resource with those of its group.
std::string RbacRules(const Grant& grant) {
  std::map<std::string, std::set<std::string>> by_group;
  for (const GrantedResource& resource : grant.resources) {
    by_group[resource.group].insert(
        resource.resource +
        (resource.subresource.empty() ? "" : "/" + resource.subresource));
  }
  std::string text;
  for (const auto& [group, resources] : by_group) {
    text += "- apiGroups: [" + Quote(group) +
            "]\n  resources: " + List(resources, Quote) +
            "\n  verbs: " + List(RbacVerbs(grant.verbs), Quote) + "\n";
  }
  return text;
}

std::string RulesIn(const Grants& grants, const std::string& namespace_name) {
  const auto here = [&](const Grant& grant) {
    return namespace_name.empty()
               ? grant.namespaces.contains("") || grant.namespaces.contains("*")
               : grant.namespaces.contains(namespace_name);
  };
  std::string text;
  for (const Grant& grant : grants.ordinary) {
    if (here(grant)) text += RbacRules(grant);
  }
  std::string held;
  for (const Grant& grant : grants.held) {
    if (!here(grant)) continue;
    held += Indented(grant.held + ":\n" + RbacRules(grant), "# ");
  }
  if (text.empty() && held.empty()) return "";
  return "rules:" + std::string(text.empty() ? " []\n" : "\n") + text + held;
}

std::string Metadata(const std::string& name,
                     const std::string& namespace_name) {
  std::string text = "metadata:\n  name: " + name + "\n";
  if (!namespace_name.empty()) {
    text += "  namespace: " + Quote(namespace_name) + "\n";
  }
  return text;
}

std::string SubjectText(const RbacSubject& subject) {
  std::string text = "subjects:\n- kind: " + subject.kind + "\n";
  text += "  name: " + Quote(subject.name) + "\n";
  if (subject.kind == "ServiceAccount") {
    return text + "  namespace: " + Quote(subject.namespace_name) + "\n";
  }
  return text + "  apiGroup: rbac.authorization.k8s.io\n";
}

// The role and its binding in one place; "" is the whole cluster.
std::string RolePair(const Grants& grants, const std::string& name,
                     const RbacSubject& subject,
                     const std::string& namespace_name) {
  const std::string rules = RulesIn(grants, namespace_name);
  if (rules.empty()) return "";
  const std::string kind = namespace_name.empty() ? "ClusterRole" : "Role";
  const std::string head =
      "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ";
  return head + kind + "\n" + Metadata(name, namespace_name) + rules + head +
         kind + "Binding\n" + Metadata(name, namespace_name) +
         "roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: " + kind +
         "\n  name: " + name + "\n" + SubjectText(subject);
}

}  // namespace

std::string DraftPolicy(const Grants& grants, const KubernetesTables& tables,
                        const std::string& name, const std::string& origin) {
  std::string text = "# " + origin +
                     "\n# Read it before you sign it: it allows what was done, "
                     "not what is right.\napiVersion: gatehouse/v1\nkind: "
                     "Policy\nname: " +
                     name + "\n" + ScopeText(grants) + "rules:\n";
  std::size_t number = 0;
  for (const Grant& grant : ReadingFirst(grants.ordinary)) {
    const std::string id =
        (OnlyReads(grant) ? "read-" : "write-") + std::to_string(++number);
    text += Indented(RuleText(grant, tables, id), "  ");
  }
  if (number == 0) {
    text += "  # Nothing ordinary was seen.\n  - id: nothing\n    deny: any\n";
  }
  number = 0;
  for (const Grant& grant : grants.held) {
    const std::string rule =
        RuleText(grant, tables, "held-" + std::to_string(++number));
    text += "  # Held back: " + grant.held + ".\n" + Indented(rule, "  # ");
  }
  return text + BeyondText(grants);
}

std::string DraftRbac(const Grants& grants, const std::string& name,
                      const RbacSubject& subject) {
  std::set<std::string> places = NamespacesOf(grants);
  for (const Grant& grant : grants.held) {
    places.insert(grant.namespaces.begin(), grant.namespaces.end());
  }
  places.erase("*");
  places.erase("");
  std::string text = RolePair(grants, name, subject, "");
  for (const std::string& place : places) {
    text += RolePair(grants, name, subject, place);
  }
  return text;
}

}  // namespace gatehouse
