// SPDX-License-Identifier: Apache-2.0
// The sentences in quotation marks are those of the language's description.
// Verbs and resources.
#include <algorithm>

#include "tests/policy/reference/matching.h"

namespace gatehouse::reference {
namespace {

// "Patterns are globs (`*`, `?`) matching the whole value."
bool Glob(std::string_view glob, std::string_view value) {
  if (glob.empty()) return value.empty();
  if (glob[0] == '*') {
    return Glob(glob.substr(1), value) ||
           (!value.empty() && Glob(glob, value.substr(1)));
  }
  return !value.empty() && (glob[0] == '?' || glob[0] == value[0]) &&
         Glob(glob.substr(1), value.substr(1));
}

// Verbs and groups.

std::set<std::string> VerbsOf(const std::string& word) {
  static const std::set<std::string> any = {
      "get",      "list",    "watch",  "create",
      "update",   "patch",   "delete", "deletecollection",
      "exec",     "forward", "raw",    "impersonate",
      "escalate", "config",  "local",  "fetch",
      "discover", "none"};
  if (word == "read") return {"get", "list", "watch", "discover", "none"};
  if (word == "write") {
    return {"create", "update", "patch", "delete", "deletecollection"};
  }
  if (word == "delete") return {"delete", "deletecollection"};
  if (word == "any") return any;
  return {word};
}

std::set<std::string> AllVerbs(const Rule& rule) {
  std::set<std::string> verbs;
  for (const std::string& word : rule.verbs) verbs.merge(VerbsOf(word));
  return verbs;
}

// Resources.

struct ResourceWord {
  std::string type;
  std::string group;        // "*" for any
  bool every = false;       // "*": with all its subresources
  std::string subresource;  // a glob; "" for the thing itself
  bool exact = false;       // names one: no glob
  bool built_in = false;    // a type that every cluster has
};

ResourceWord Parse(const std::string& word) {
  static const std::vector<std::pair<std::string, std::string>> types = {
      {"pods", ""},
      {"secrets", ""},
      {"nodes", ""},
      {"namespaces", ""},
      {"services", ""},
      {"configmaps", ""},
      {"deployments", "apps"},
      {"clusterroles", "rbac.authorization.k8s.io"},
      {"widgets", "example.com"}};
  ResourceWord parsed;
  if (word == "*") return {"*", "*", true, "", false};
  const std::size_t slash = word.find('/');
  parsed.type = word.substr(0, slash);
  if (slash != std::string::npos) parsed.subresource = word.substr(slash + 1);
  if (parsed.type == "po") parsed.type = "pods";
  if (parsed.type == "Deployment") parsed.type = "deployments";
  parsed.type = parsed.type.substr(0, parsed.type.find('.'));
  parsed.group = "*";
  for (const auto& [type, group] : types) {
    if (type != parsed.type) continue;
    parsed.group = group;
    parsed.built_in = group != "example.com";
  }
  if (word == "*.example.com") parsed.group = "example.com";
  parsed.exact = word.find('*') == std::string::npos;
  return parsed;
}

// "rules written as get or create on pods/exec compile to it": the verbs that
// a word about these subresources covers beside those written.
std::set<std::string> MeantVerbs(const ResourceWord& word,
                                 const std::set<std::string>& verbs) {
  std::set<std::string> meant = verbs;
  if (word.subresource.empty() || word.every) return meant;
  const auto covers = [&](const char* sub) {
    return Glob(word.subresource, sub);
  };
  const bool by = verbs.count("get") > 0 || verbs.count("create") > 0;
  const bool changes = verbs.count("update") > 0 || verbs.count("patch") > 0;
  if (by && (covers("exec") || covers("attach"))) meant.insert("exec");
  if ((by || changes) && covers("ephemeralcontainers")) meant.insert("exec");
  if (by && (covers("portforward") || covers("proxy"))) meant.insert("forward");
  return meant;
}

// "naming `exec` or `forward` among the verbs names the subresource"
bool NamesSubresource(const Rule& rule, const std::string& verb) {
  return (verb == "exec" || verb == "forward") && Holds(rule.verbs, verb);
}

// "a rule that names its group and what it is called means it, and any other
// of its group may": its plural is not known.
Truth3 MatchCustomType(const ResourceWord& word, const Request& request) {
  if (word.built_in) return kNo;
  if (word.type == "*") return kYes;
  const std::string& called = request.custom->word;
  const bool named =
      word.exact && (called == word.type || called + "s" == word.type);
  return named ? kYes : kMaybe;
}

Truth3 MatchWord(const Rule& rule, const ResourceWord& word,
                 const Request& request) {
  Truth3 type =
      word.type == "*" ? kYes : GlobMatch({word.type}, request.resource);
  if (request.custom) type = MatchCustomType(word, request);
  Truth3 group =
      word.group == "*" ? kYes : GlobMatch({word.group}, request.group);
  Truth3 sub = kYes;
  if (!word.every) {
    if (word.subresource.empty() && NamesSubresource(rule, VerbOf(request))) {
      sub = kYes;
    } else if (!request.subresource) {
      sub = kMaybe;
    } else if (word.subresource.empty()) {
      sub = If(request.subresource->empty());
    } else {
      sub = If(!request.subresource->empty() &&
               Glob(word.subresource, *request.subresource));
    }
  }
  return Both(Both(type, group), sub);
}

// "Sensitive resources must be named"
bool IsSensitive(const std::string& group, const std::string& type,
                 const std::string& sub, bool reads) {
  if (group.empty() && type == "secrets" && sub.empty()) return true;
  if (group.empty() && type == "pods" &&
      Holds({"exec", "attach", "portforward", "proxy", "ephemeralcontainers"},
            sub)) {
    return true;
  }
  if (group.empty() && (type == "services" || type == "nodes") &&
      sub == "proxy") {
    return true;
  }
  if (reads) return false;
  if (type == "clusterroles") return group == "rbac.authorization.k8s.io";
  return group.empty() && (type == "namespaces" || type == "nodes") &&
         (sub.empty() || sub == "status");
}

}  // namespace

Truth3 Both(Truth3 a, Truth3 b) { return std::min(a, b); }
Truth3 Either(Truth3 a, Truth3 b) { return std::max(a, b); }
Truth3 If(bool condition) { return condition ? kYes : kNo; }

bool AnyGlob(const std::vector<std::string>& globs, const std::string& value) {
  return std::any_of(globs.begin(), globs.end(),
                     [&](const auto& glob) { return Glob(glob, value); });
}

bool Holds(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

Truth3 GlobMatch(const std::vector<std::string>& globs,
                 const std::optional<std::string>& value) {
  if (!value) return kMaybe;
  return If(AnyGlob(globs, *value));
}

std::string VerbOf(const Request& request) {
  return std::string(VerbName(request.verb));
}

bool Reads(const std::string& verb) {
  return verb == "get" || verb == "list" || verb == "watch" ||
         verb == "discover";
}

// raw, config, …: not about an object of a resource type.
bool IsAboutNoObject(const std::string& verb) {
  return Holds(
      {"raw", "config", "local", "fetch", "discover", "none", "unclear"}, verb);
}

bool MayBeClusterScoped(const Request& request) {
  if (!request.custom) return false;
  const bool listed = request.custom->word.empty() && Reads(VerbOf(request));
  return request.all_namespaces ? !listed : !request.namespace_name;
}

bool IsNamespaceObject(const Request& request) {
  return request.resource == "namespaces" && request.group == "";
}

bool CoversUnseen(const Rule& rule, const Request& request) {
  return rule.helm && rule.effect != "deny" && request.helm != HelmPart::kNone;
}

Truth3 MatchVerbAndResource(const Rule& rule, const Request& request) {
  const std::string verb = VerbOf(request);
  const std::set<std::string> verbs = AllVerbs(rule);
  const auto covers = [&](const std::set<std::string>& set) {
    return verb == "unknown" ? kMaybe : If(set.count(verb) > 0);
  };
  if (CoversUnseen(rule, request)) {
    // Who may change a release may do all that its chart does, reads too.
    const bool changes = verbs.count("create") > 0 &&
                         verbs.count("update") > 0 &&
                         verbs.count("patch") > 0 && verbs.count("delete") > 0;
    if (verb == "unclear") return If(changes);
    return changes && Reads(verb) ? kYes : covers(verbs);
  }
  if (!rule.match.resources) return covers(verbs);
  Truth3 any = kNo;
  for (const std::string& text : *rule.match.resources) {
    const ResourceWord word = Parse(text);
    any = Either(any, Both(covers(MeantVerbs(word, verbs)),
                           MatchWord(rule, word, request)));
  }
  return any;
}

Truth3 MatchResources(const Rule& rule, const std::vector<std::string>& words,
                      const Request& request) {
  Truth3 any = kNo;
  for (const std::string& text : words) {
    any = Either(any, MatchWord(rule, Parse(text), request));
  }
  return any;
}

Truth3 NamesWhatIsSensitive(const Rule& rule, const Request& request) {
  const std::string verb = VerbOf(request);
  if (IsAboutNoObject(verb) || request.custom) return kYes;
  if (!request.group || !request.resource || !request.subresource) {
    // A group without anything sensitive: whatever the rest is.
    const bool harmless =
        request.group == "example.com" || request.group == "apps" ||
        (request.group == "rbac.authorization.k8s.io" && Reads(verb));
    return harmless ? kYes : kMaybe;
  }
  if (!IsSensitive(*request.group, *request.resource, *request.subresource,
                   Reads(verb))) {
    return kYes;
  }
  if (!rule.match.resources) {
    return If(NamesSubresource(rule, verb) &&
              (request.resource == "pods" || request.resource == "services"));
  }
  for (const std::string& text : *rule.match.resources) {
    const ResourceWord word = Parse(text);
    if (word.exact && MatchWord(rule, word, request) == kYes) return kYes;
  }
  return kNo;
}

}  // namespace gatehouse::reference
