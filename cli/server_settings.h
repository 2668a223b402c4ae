// SPDX-License-Identifier: Apache-2.0
#pragma once
// The settings among a server's command line and environment that its profile
// (and rules/kubernetes/settings.yaml) speak of: which are given, what they
// make of the kubeconfig, which of them `run` refuses to start with, and what
// the server gets in their place. Roles: policy/kubernetes/server_setting.h.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/kubernetes/server_setting.h"
#include "policy/result.h"
#include "proxy/child.h"

namespace gatehouse::cli {

// What the server would be started with.
struct ServerCommand {
  std::vector<std::string> argv;
  // nullopt where the variable is not set.
  std::function<std::optional<std::string>(const std::string& name)> variable;
};

// A setting that is given.
struct GivenSetting {
  ServerSetting setting;
  std::string value;  // "" for a flag without one
  // Of a flag: the word of argv that its value ends in.
  std::size_t word = 0;
  // It stands inside a word (a shell's command line, NAME=VALUE): nothing can
  // be put in its place.
  bool hidden = false;
};

// In order of preference. A flag that is given twice counts as its last.
std::vector<GivenSetting> FindSettings(
    const std::vector<ServerSetting>& settings, const ServerCommand& command);

// The first one of that role; nullptr where none is given.
const GivenSetting* FirstOf(const std::vector<GivenSetting>& given,
                            SettingRole role);

// What the policy and the kubeconfig say to them.
struct SettingsJudge {
  std::function<bool(std::string_view name)> allowed;
  std::size_t contexts_in_scope = 1;
};

// The first setting that a confined server may not be started with, as a
// sentence; "" where there is none.
std::string RefusedSetting(const std::vector<GivenSetting>& given,
                           const SettingsJudge& judge);

// Names the copy wherever a kubeconfig was named, and takes away what must not
// count beside it.
ChildSpec WithCopy(const ServerCommand& command,
                   const std::vector<GivenSetting>& given,
                   const std::string& copy);

// As WithCopy for required flags that are not given: each is put at the end,
// with the copy for its value. What cannot take one (a shell) is an error, as a
// sentence; "" where all is well.
std::string AddRequired(const std::vector<ServerSetting>& settings,
                        const std::vector<GivenSetting>& given,
                        const std::string& copy, ChildSpec& spec);

// Whether the program runs elsewhere (a container), where the copy is not.
bool RunsElsewhere(const std::vector<std::string>& argv);

}  // namespace gatehouse::cli
