// SPDX-License-Identifier: Apache-2.0
#include "policy/settings.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "policy/document.h"
#include "policy/fault.h"
#include "policy/matcher.h"
#include "policy/time_text.h"

namespace gatehouse {
namespace {

constexpr std::array<std::string_view, 4> kSettingNames = {
    kNamespacesSetting, kContextsSetting, kUntilSetting, kReasonSetting};
constexpr std::chrono::hours kLongestUntil(8);

void Refuse(Fault fault, std::string message, Issues& issues) {
  AddIssue({"--set", ""}, {}, FaultCode(fault), std::move(message), issues);
}

void CheckPattern(const std::string& name, const std::string& value,
                  Issues& issues) {
  if (value.empty() && name == kNamespacesSetting) return;
  const auto pattern = Pattern::Compile(value);
  if (pattern.ok()) return;
  Refuse(Fault::kBadPattern,
         "bad pattern " + Quoted(value) + " in " + name + ": " +
             pattern.error().sentence,
         issues);
}

void CheckUntil(const CompileOptions& options, Issues& issues) {
  const auto until = SettingUntil(options);
  if (!until) {
    Refuse(Fault::kBadValue,
           "until takes a time with its zone, like 2026-12-31T18:00:00Z",
           issues);
  } else if (*until <= options.now) {
    Refuse(Fault::kBadValue, "until is over: it was " + Rfc3339(*until),
           issues);
  } else if (*until > options.now + kLongestUntil) {
    Refuse(Fault::kBadValue, "until is more than 8 hours ahead", issues);
  }
}

}  // namespace

std::span<const std::string_view> SettingNames() { return kSettingNames; }

std::string SettingNamesText() {
  std::string text;
  for (std::size_t i = 0; i < kSettingNames.size(); ++i) {
    if (i > 0) text += i + 1 == kSettingNames.size() ? " or " : ", ";
    text += "\"" + std::string(kSettingNames[i]) + "\"";
  }
  return text;
}

void CheckSettings(const CompileOptions& options, Issues& issues) {
  for (const auto& [name, values] : options.settings) {
    if (std::find(kSettingNames.begin(), kSettingNames.end(), name) ==
        kSettingNames.end()) {
      Refuse(
          Fault::kUnknownSetting,
          "unknown setting " + Quoted(name) + "; it is " + SettingNamesText(),
          issues);
    } else if (values.empty() ||
               (name == kReasonSetting && values.front().empty())) {
      Refuse(Fault::kEmpty, name + " needs a value", issues);
    } else if (name == kUntilSetting) {
      CheckUntil(options, issues);
    } else if (name != kReasonSetting) {
      for (const auto& value : values) CheckPattern(name, value, issues);
    }
  }
}

bool IsSet(const CompileOptions& options, std::string_view name) {
  return options.settings.contains(std::string(name));
}

std::optional<Words> SettingWords(const CompileOptions& options,
                                  std::string_view name) {
  const auto found = options.settings.find(std::string(name));
  if (found == options.settings.end()) return std::nullopt;
  Words words;
  for (const std::string& value : found->second) words.push_back({value, {}});
  return words;
}

std::optional<std::chrono::sys_seconds> SettingUntil(
    const CompileOptions& options) {
  const auto words = SettingWords(options, kUntilSetting);
  if (!words || words->size() != 1) return std::nullopt;
  return ReadRfc3339(words->front().text);
}

}  // namespace gatehouse
