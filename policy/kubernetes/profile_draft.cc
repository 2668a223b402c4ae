// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/profile_draft.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "policy/json_value.h"
#include "policy/json_writer.h"

namespace gatehouse {
namespace {

constexpr std::size_t kMaxTools = 2'000;
constexpr std::size_t kMaxArguments = 200;
constexpr std::size_t kMaxWord = 128;

// What an argument of this name was in other servers (shared design,
// kubernetes.md 2). A hint to who edits the draft, no more.
struct Role {
  std::string_view hint;
  std::array<std::string_view, 12> names;
};
constexpr auto kArgumentRoles = std::to_array<Role>({
    {"a namespace?",
     {"namespace", "namespaces", "applicationNamespace", "appNamespace",
      "resourceNamespace", "namespace1", "namespace2", "pod_namespace",
      "source_namespace", "node_pod_namespace", "ns"}},
    {"all namespaces?", {"allNamespaces", "all_namespaces"}},
    {"a kubeconfig context or a cluster?",
     {"context", "context_name", "contexts", "kube_context", "cluster_name",
      "cluster", "clusters", "targetCluster", "meshCluster", "kubeconfig"}},
    {"a resource type?",
     {"resourceType", "resource_type", "resource", "resources", "kind", "Kind",
      "type", "group"}},
    {"with kind: an apiVersion?", {"apiVersion", "api_version", "version"}},
    {"an object's name?",
     {"name", "names", "pod", "podName", "pod_name", "deployment", "node",
      "nodeName", "node_name", "service", "resourceName"}},
    {"the verb itself?",
     {"operation", "action", "subCommand", "verb", "command"}},
    {"a manifest?",
     {"manifest", "yaml", "yaml_content", "yamlManifest", "application",
      "body"}},
    {"a file of this machine (verb local)?",
     {"filename", "fromFile", "patchFile", "valuesFile", "yaml_path", "path",
      "file"}},
    {"a URL (verb fetch)?", {"repo", "url", "repoURL", "instance_url"}},
    {"words of a command line?", {"args", "flags", "options", "arguments"}},
});

std::string_view HintFor(std::string_view name) {
  for (const Role& role : kArgumentRoles) {
    if (std::find(role.names.begin(), role.names.end(), name) !=
        role.names.end()) {
      return role.hint;
    }
  }
  return {};
}

bool IsContentName(std::string_view name) {
  return HintFor(name) == "a manifest?";
}

// A word that every YAML reader takes for itself is written bare, others in
// quotation marks, whose escapes are those of JSON.
std::string WordOf(std::string_view text) {
  constexpr auto kTaken = std::to_array<std::string_view>(
      {"y", "n", "yes", "no", "on", "off", "true", "false", "null"});
  std::string lower(text);
  for (char& c : lower) {
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  const auto plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
  };
  const bool bare =
      !text.empty() && std::isalpha(static_cast<unsigned char>(text[0])) != 0 &&
      std::all_of(text.begin(), text.end(), plain) &&
      std::find(kTaken.begin(), kTaken.end(), lower) == kTaken.end();
  return bare ? std::string(text) : JsonWriter().String(text).Take();
}

std::string ListOf(const std::vector<std::string>& words) {
  std::string text = "[";
  for (const std::string& word : words) {
    text += (text.size() > 1 ? ", " : "") + WordOf(word);
  }
  return text + "]";
}

// The type that accepts what the schema describes; `text` where that is not
// plain, which refuses everything but a string.
std::string_view TypeOf(std::string_view name, const JsonValue& schema) {
  const std::string_view type = StringMember(schema, "type").value_or("");
  if (type == "boolean") return "boolean";
  if (type == "integer" || type == "number") return "number";
  if (type == "array") return "texts";
  if (type == "object") return "flags";
  return IsContentName(name) ? "content" : "text";
}

std::vector<std::string> RequiredOf(const JsonValue& schema) {
  std::vector<std::string> required;
  const JsonValue* list = Member(schema, "required");
  if (list == nullptr) return required;
  for (const JsonValue* element : Elements(*list)) {
    const auto name = AsString(*element);
    if (name.has_value()) required.emplace_back(*name);
  }
  return required;
}

class Draft {
 public:
  explicit Draft(const DraftSource& source) : source_(source) {}

  std::string Write() {
    WriteHead();
    std::size_t written = 0;
    for (const JsonValue& tool : source_.tools) {
      if (written < kMaxTools && WriteTool(tool)) ++written;
    }
    if (written == 0) Line("  {}  # the server lists no tool");
    return std::move(text_);
  }

 private:
  void Line(const std::string& line) { text_ += line + "\n"; }

  void WriteHead() {
    Line(
        "# A draft by `gatehouse server scaffold`: read "
        "docs/writing-a-profile.md.");
    Line(
        "# Every tool is unclear, which refuses all its calls. For each tool "
        "that");
    Line(
        "# should be used, find out what it really does, replace `unclear` by "
        "its");
    Line(
        "# `requests` (the comment shows their form; VERB, TYPE and ABSENT are "
        "yours");
    Line("# to fill in), and check with:");
    Line("#   gatehouse server inspect --profile THIS-FILE -- SERVER");
    Line("server: " + WordOf(source_.server));
    Line("versions: " + JsonWriter().String(source_.version).Take() +
         "  # says the server; nothing was checked against it yet");
    Line("identify:");
    Line("  " + source_.identify_field + ": " +
         ListOf({source_.identify_name}));
    Line("tools:");
  }

  // False where the entry is no tool, or one of a name that was there.
  bool WriteTool(const JsonValue& tool) {
    const auto name = StringMember(tool, "name");
    if (!name.has_value() || name->empty() || name->size() > kMaxWord ||
        !names_.insert(std::string(*name)).second) {
      return false;
    }
    Line("  " + WordOf(*name) + ":");
    static const JsonValue kNothing = JsonValue::object();
    const JsonValue* schema = Member(tool, "inputSchema");
    WriteArguments(schema == nullptr ? kNothing : *schema);
    Line("    unclear: drafted only, nobody has described it yet");
    return true;
  }

  void WriteArguments(const JsonValue& schema) {
    const JsonValue* properties = Member(schema, "properties");
    std::set<std::string, std::less<>> known;
    if (properties != nullptr) {
      for (const auto& [name, property] : Members(*properties)) {
        if (name.empty() || name.size() > kMaxWord) continue;
        if (known.size() >= kMaxArguments || known.contains(name)) continue;
        if (known.empty()) Line("    arguments:");
        known.insert(std::string(name));
        const std::string_view hint = HintFor(name);
        Line("      " + WordOf(name) + ": " +
             std::string(TypeOf(name, *property)) +
             (hint.empty() ? "" : "  # " + std::string(hint)));
      }
    }
    std::vector<std::string> required = RequiredOf(schema);
    std::erase_if(required, [&known](const std::string& name) {
      return !known.contains(name);
    });
    if (!required.empty()) Line("    required: " + ListOf(required));
    WriteSuggestion(known);
  }

  // How the requests are written, with those arguments whose names are usual.
  void WriteSuggestion(const std::set<std::string, std::less<>>& known) {
    std::string request = "{verb: VERB, resource: ";
    const bool kind = known.contains("kind") && known.contains("apiVersion");
    request += kind ? "{kind: kind, api_version: apiVersion}" : "TYPE";
    if (known.contains("name")) request += ", name: name";
    request += known.contains("namespace")
                   ? ", namespace: {argument: namespace, absent: ABSENT}}"
                   : ", namespace: ABSENT}";
    if (known.contains("context")) Line("    # context: context");
    Line("    # requests: [" + request + "]");
  }

  const DraftSource& source_;
  std::string text_;
  std::set<std::string, std::less<>> names_;
};

}  // namespace

std::string DraftProfile(const DraftSource& source) {
  return Draft(source).Write();
}

std::string ProfileNameFrom(std::string_view program) {
  program = program.substr(program.find_last_of("/\\") + 1);
  for (const std::string_view suffix : {".js", ".py", ".exe", ".cmd"}) {
    if (program.ends_with(suffix)) program.remove_suffix(suffix.size());
  }
  std::string name;
  for (const char c : program) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0) {
      name += static_cast<char>(std::tolower(byte));
    } else if (!name.empty() && name.back() != '-') {
      name += '-';
    }
  }
  while (name.ends_with('-')) name.pop_back();
  return name.empty() ? "my-server" : name.substr(0, 63);
}

}  // namespace gatehouse
