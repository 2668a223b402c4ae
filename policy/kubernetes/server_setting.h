// SPDX-License-Identifier: Apache-2.0
#pragma once
// An environment variable or a flag of an MCP server that counts before the
// first call: it names a kubeconfig, chooses a cluster past it, opens a network
// transport. Read from a profile's `settings:` and from
// rules/kubernetes/settings.yaml (those of kubectl and helm, which count for
// every server); cli/server_settings carries them out. Pure values.
//
// To add a role, touch: SettingRole here, kRoles in server_setting.cc, the
// switch in cli/server_settings.cc, rules/README.md.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "policy/document.h"
#include "policy/issue.h"

namespace gatehouse {

enum class SettingRole : std::uint8_t {
  kCluster = 0,     // names a cluster or credentials by itself
  kKubeconfig,      // a kubeconfig's path, or several with ":" between them
  kKubeconfigText,  // a kubeconfig itself
  kContext,         // the context that is current
  kOneContext,      // every call goes to the current context, whatever it names
  kNetwork,         // opens a network transport beside stdio
  kUnsafe,          // lifts the server's own guards, or starts programs
  kInCluster,       // some clients of the server look at nothing else, in a pod
  kDrop,            // changes what a call means: not handed on
};

// "kubeconfig", "kubeconfig-text", …
std::string_view RoleName(SettingRole role);

struct ServerSetting {
  std::string name;  // "KUBECONFIG_YAML"; a flag with its dashes: "--config"
  SettingRole role = SettingRole::kCluster;
  // The values that have this role; empty: every value but "".
  std::vector<std::string> values;
  // Handed on even where it is not given: the server reads no KUBECONFIG.
  bool required = false;

  bool IsFlag() const { return name.starts_with('-'); }
  bool Concerns(std::string_view value) const;
};

// `node`: a map from names to roles, `NAME: role` or `NAME: {role: [value]}`.
// In the file's order, which is the server's order of preference. All faults
// are added to `issues`.
std::vector<ServerSetting> ReadSettings(const YamlNode& node,
                                        const SourceText& source,
                                        Issues& issues);

// Those of rules/kubernetes/settings.yaml. Aborts where it is faulty.
std::vector<ServerSetting> CommonSettings();

}  // namespace gatehouse
