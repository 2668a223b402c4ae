// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/confined_kubeconfig.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <set>
#include <utility>

#include "policy/json_writer.h"

namespace gatehouse {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 1> kClusterPaths = {
    "certificate-authority"};
constexpr std::array<std::string_view, 3> kUserPaths = {
    "client-certificate", "client-key", "tokenFile"};
// Where a cluster has no current context to point at.
constexpr std::string_view kNoContext = "none-in-scope";

std::string Absolute(const std::string& path, const std::string& folder) {
  if (path.empty() || path.starts_with('/')) return path;
  return (fs::path(folder) / path).lexically_normal().string();
}

// Some YAML readers (Go's) know no surrogate pairs: beyond the basic plane the
// characters are written as they are.
void WriteText(std::string_view text, JsonWriter& out) {
  constexpr unsigned char kFourByteLead = 0xF0;
  const auto astral = [](char c) {
    return static_cast<unsigned char>(c) >= kFourByteLead;
  };
  if (std::none_of(text.begin(), text.end(), astral)) {
    out.String(text);
    return;
  }
  std::string quoted = "\"";
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) {
      quoted += c;
      continue;
    }
    JsonWriter one;
    const std::string escaped = one.String({&c, 1}).Take();
    quoted += escaped.substr(1, escaped.size() - 2);
  }
  out.Raw(quoted + "\"");
}

// Writes trees as JSON; remembers the first value that has no one meaning.
class EntryWriter {
 public:
  explicit EntryWriter(JsonWriter& out) : out_(out) {}

  void Value(const YamlNode& node) {
    switch (node.kind) {
      case NodeKind::kNull:
        out_.Null();
        return;
      case NodeKind::kScalar:
        return Scalar(node);
      case NodeKind::kList:
        out_.BeginArray();
        for (const YamlNode& item : node.items) Value(item);
        out_.EndArray();
        return;
      case NodeKind::kMap:
        out_.BeginObject();
        for (const YamlMember& member : node.members) {
          out_.Key(member.key);
          Value(member.value);
        }
        out_.EndObject();
        return;
    }
  }

  // Where a plain scalar stood that is a string to one reader and a number or
  // boolean to another.
  const std::optional<Position>& ambiguous() const { return ambiguous_; }

 private:
  void Scalar(const YamlNode& node) {
    if (node.IsString()) {
      WriteText(node.scalar, out_);
    } else if (node.scalar == "null" || node.scalar == "~" ||
               node.scalar.empty()) {
      out_.Null();
    } else if (node.scalar == "true" || node.scalar == "false" ||
               IsJsonNumber(node)) {
      out_.Raw(node.scalar);
    } else if (!ambiguous_) {
      ambiguous_ = node.position;
    }
  }

  // What YamlNode takes for a number in all readers is one in JSON too.
  static bool IsJsonNumber(const YamlNode& node) {
    return !node.IsAmbiguousScalar() &&
           node.scalar.find_first_not_of("-.0123456789") == std::string::npos;
  }

  JsonWriter& out_;
  std::optional<Position> ambiguous_;
};

Error EntryError(const KubeconfigEntry& entry, std::string_view what,
                 std::string_view sentence) {
  return Error{ErrorCode::kInvalid, "the kubeconfig's " + std::string(what) +
                                        " \"" + entry.name + "\" " +
                                        std::string(sentence)};
}

}  // namespace

std::vector<std::string> ContextsInScope(const Kubeconfig& whole,
                                         const Confinement& confinement) {
  std::vector<std::string> names;
  for (const KubeconfigEntry& context : whole.contexts) {
    if (!confinement.in_scope(context.name)) continue;
    const auto* cluster = whole.clusters.Find(context.Text("cluster"));
    if (cluster == nullptr || cluster->Text("server").empty()) continue;
    names.push_back(context.name);
  }
  return names;
}

namespace {

// Puts the copy together, part by part.
class Copier {
 public:
  Copier(const Kubeconfig& whole, const Confinement& confinement)
      : whole_(whole), confinement_(confinement) {
    for (std::string& name : ContextsInScope(whole, confinement)) {
      contexts_.push_back(whole.contexts.Find(name));
    }
  }

  Result<ConfinedKubeconfig> Copy() {
    Kubeconfig copy;
    copy.current =
        confinement_.current.empty() ? kNoContext : confinement_.current;
    for (const KubeconfigEntry* context : contexts_) {
      copy.contexts.Add(CopyContext(*context));
      AddCluster(*context, copy);
      if (auto error = AddUser(*context, copy)) return *std::move(error);
    }
    return Write(copy);
  }

 private:
  static YamlNode Body(const KubeconfigEntry& entry) {
    YamlNode body = entry.body;
    body.kind = NodeKind::kMap;
    std::erase_if(body.members, [](const YamlMember& member) {
      return member.key == "extensions";
    });
    return body;
  }

  static YamlMember* FindMember(YamlNode& map, std::string_view key) {
    for (YamlMember& member : map.members) {
      if (member.key == key) return &member;
    }
    return nullptr;
  }

  template <std::size_t N>
  static void MakeAbsolute(YamlNode& body, const std::string& folder,
                           const std::array<std::string_view, N>& keys) {
    for (const std::string_view key : keys) {
      YamlMember* member = FindMember(body, key);
      if (member == nullptr || !member->value.IsString()) continue;
      member->value.scalar = Absolute(member->value.scalar, folder);
    }
  }

  KubeconfigEntry CopyContext(const KubeconfigEntry& context) const {
    KubeconfigEntry copy{context.name, Body(context), ""};
    const auto chosen = confinement_.namespaces.find(context.name);
    if (chosen == confinement_.namespaces.end()) return copy;
    YamlMember* member = FindMember(copy.body, "namespace");
    if (member == nullptr) {
      member = &copy.body.members.emplace_back();
      member->key = "namespace";
    }
    member->value = {};
    member->value.kind = NodeKind::kScalar;
    member->value.quoted = true;
    member->value.scalar = chosen->second;
    return copy;
  }

  void AddCluster(const KubeconfigEntry& context, Kubeconfig& copy) const {
    const auto* cluster = whole_.clusters.Find(context.Text("cluster"));
    YamlNode body = Body(*cluster);
    MakeAbsolute(body, cluster->folder, kClusterPaths);
    copy.clusters.Add({cluster->name, std::move(body), ""});
  }

  // A context without a user, or with one that is not there, is copied as it
  // is: clients send no credentials, or say what is missing.
  std::optional<Error> AddUser(const KubeconfigEntry& context,
                               Kubeconfig& copy) const {
    const auto* user = whole_.users.Find(context.Text("user"));
    if (user == nullptr) return std::nullopt;
    YamlNode body = Body(*user);
    if (const YamlNode* provider = body.Find("auth-provider")) {
      const YamlNode* name = provider->Find("name");
      return EntryError(
          *user, "user",
          "of context \"" + context.name +
              "\" has the legacy auth-provider \"" +
              (name == nullptr ? "" : name->scalar) +
              "\", which keeps its tokens in the kubeconfig; use an "
              "exec credential plugin (gke-gcloud-auth-plugin, "
              "kubelogin), or leave the context out with --context");
    }
    MakeAbsolute(body, user->folder, kUserPaths);
    if (YamlMember* exec = FindMember(body, "exec")) {
      YamlMember* command = FindMember(exec->value, "command");
      // Without a slash it is looked up in PATH.
      if (command != nullptr &&
          command->value.scalar.find('/') != std::string::npos) {
        command->value.scalar = Absolute(command->value.scalar, user->folder);
      }
    }
    copy.users.Add({user->name, std::move(body), ""});
    return std::nullopt;
  }

  static Result<ConfinedKubeconfig> Write(const Kubeconfig& copy) {
    JsonWriter out;
    out.BeginObject().Key("apiVersion").String("v1");
    out.Key("kind").String("Config");
    out.Key("current-context");
    WriteText(copy.current, out);
    const struct {
      std::string_view list;
      std::string_view key;
      const KubeconfigEntries& entries;
    } kLists[] = {{"clusters", "cluster", copy.clusters},
                  {"contexts", "context", copy.contexts},
                  {"users", "user", copy.users}};
    for (const auto& row : kLists) {
      out.Key(row.list).BeginArray();
      for (const KubeconfigEntry& entry : row.entries) {
        out.BeginObject().Key("name");
        WriteText(entry.name, out);
        out.Key(row.key);
        EntryWriter writer(out);
        writer.Value(entry.body);
        out.EndObject();
        if (writer.ambiguous()) {
          return EntryError(
              entry, row.key,
              "has a value that YAML readers type differently, at "
              "line " +
                  std::to_string(writer.ambiguous()->line) +
                  "; put it in quotes");
        }
      }
      out.EndArray();
    }
    out.EndObject();
    return ConfinedKubeconfig{out.Take() + "\n", ViewOf(copy)};
  }

  const Kubeconfig& whole_;
  const Confinement& confinement_;
  std::vector<const KubeconfigEntry*> contexts_;
};

}  // namespace

Result<ConfinedKubeconfig> Confine(const Kubeconfig& whole,
                                   const Confinement& confinement) {
  return Copier(whole, confinement).Copy();
}

}  // namespace gatehouse
