// SPDX-License-Identifier: Apache-2.0
#pragma once
// What --set says of a policy: the fence, where it takes the place of the
// outermost file's own, and the end and the ground of a policy that is for a
// few hours only. Inside of rule_compiler.

#include <chrono>
#include <optional>
#include <span>
#include <string_view>

#include "policy/rule.h"
#include "policy/rule_compiler.h"

namespace gatehouse {

inline constexpr std::string_view kNamespacesSetting = "scope.namespaces";
inline constexpr std::string_view kContextsSetting = "scope.contexts";
// When every allow and ask of the policy ends, at most 8 hours from now.
inline constexpr std::string_view kUntilSetting = "until";
// Why it is used; stands in the policy's text, which the trail keeps.
inline constexpr std::string_view kReasonSetting = "reason";

// What --set and `require` take.
std::span<const std::string_view> SettingNames();
// `"scope.namespaces", "scope.contexts", "until" or "reason"`
std::string SettingNamesText();

// Every fault of the settings, as issues of "--set".
void CheckSettings(const CompileOptions& options, Issues& issues);

bool IsSet(const CompileOptions& options, std::string_view name);

// The values as a file would have them; nullopt where it is not set.
std::optional<Words> SettingWords(const CompileOptions& options,
                                  std::string_view name);

// nullopt where it is not set, or not a time.
std::optional<std::chrono::sys_seconds> SettingUntil(
    const CompileOptions& options);

}  // namespace gatehouse
