// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/server_setting.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <optional>

#include "policy/embedded.h"
#include "policy/kubernetes/fields.h"

namespace gatehouse {
namespace {

constexpr std::string_view kPath = "kubernetes/settings.yaml";

struct SettingRoleRow {
  std::string_view name;
  SettingRole role = SettingRole::kCluster;
  bool required = false;
};
constexpr SettingRoleRow kSettingRoles[] = {
    {"cluster", SettingRole::kCluster},
    {"kubeconfig", SettingRole::kKubeconfig},
    {"required-kubeconfig", SettingRole::kKubeconfig, true},
    {"kubeconfig-text", SettingRole::kKubeconfigText},
    {"context", SettingRole::kContext},
    {"one-context", SettingRole::kOneContext},
    {"network", SettingRole::kNetwork},
    {"unsafe", SettingRole::kUnsafe},
    {"in-cluster", SettingRole::kInCluster},
    {"drop", SettingRole::kDrop},
};

const SettingRoleRow* FindRole(std::string_view name) {
  for (const SettingRoleRow& row : kSettingRoles) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

std::string RoleNames() {
  std::string names;
  for (const SettingRoleRow& row : kSettingRoles) {
    names += (names.empty() ? "" : ", ") + std::string(row.name);
  }
  return names;
}

class SettingReader {
 public:
  SettingReader(const SourceText& source, Issues& issues)
      : source_(source), issues_(issues) {}

  void Read(const YamlMember& member) {
    if (member.value.kind == NodeKind::kScalar) {
      Add(member.key, member.value.scalar, member.value.position, {});
      return;
    }
    if (member.value.kind != NodeKind::kMap || member.value.members.empty()) {
      Report(member.position, Fault::kWrongType,
             "expected a role, or a map of roles to values");
      return;
    }
    for (const YamlMember& role : member.value.members) {
      Add(member.key, role.key, role.position,
          WordsOf(role.value, source_, issues_));
      if (settings_.back().values.empty()) {
        Report(role.position, Fault::kEmpty, "a role without values");
      }
    }
  }

  std::vector<ServerSetting> Take() { return std::move(settings_); }

 private:
  void Add(const std::string& name, const std::string& role, Position at,
           std::vector<std::string> values) {
    const SettingRoleRow* known = FindRole(role);
    if (known == nullptr) {
      Report(at, Fault::kBadValue,
             "unknown role " + Quoted(role) + "; it is one of " + RoleNames());
    }
    const SettingRoleRow row = known == nullptr ? SettingRoleRow{} : *known;
    settings_.push_back({name, row.role, std::move(values), row.required});
  }

  void Report(Position at, Fault fault, std::string message) {
    AddIssue(source_, at, FaultCode(fault), std::move(message), issues_);
  }

  const SourceText& source_;
  Issues& issues_;
  std::vector<ServerSetting> settings_;
};

}  // namespace

std::string_view RoleName(SettingRole role) {
  for (const SettingRoleRow& row : kSettingRoles) {
    if (row.role == role) return row.name;
  }
  return "";
}

bool ServerSetting::Concerns(std::string_view value) const {
  if (values.empty()) return !value.empty();
  return std::find(values.begin(), values.end(), value) != values.end();
}

std::vector<ServerSetting> ReadSettings(const YamlNode& node,
                                        const SourceText& source,
                                        Issues& issues) {
  SettingReader reader(source, issues);
  if (node.kind != NodeKind::kMap) {
    AddIssue(source, node.position, FaultCode(Fault::kWrongType),
             "expected a map from names to roles", issues);
  }
  for (const YamlMember& member : node.members) reader.Read(member);
  return reader.Take();
}

std::vector<ServerSetting> CommonSettings() {
  const SourceText source = EmbeddedSource(kPath).value_or(SourceText{});
  Issues issues;
  const std::vector<YamlNode> documents = ReadYaml(source, issues);
  std::vector<ServerSetting> settings;
  if (documents.size() == 1) {
    settings = ReadSettings(documents[0], source, issues);
  }
  if (!issues.HasErrors() && !settings.empty()) return settings;
  for (const Issue& issue : issues.items()) {
    std::fputs((Render(issue) + "\n").c_str(), stderr);
  }
  std::abort();
}

}  // namespace gatehouse
