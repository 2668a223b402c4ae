// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a server lists (tools/list, prompts/list) against what its profile
// describes: nothing that is listed may be without a role, and nothing may be
// described that is not there.

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "policy/json_value_fwd.h"
#include "policy/kubernetes/tool_profile.h"

namespace gatehouse::testing {

// Tools (or prompts) with the arguments that any of the lists has.
using Listed = std::map<std::string, std::set<std::string>>;

inline void AddTool(const std::string& name, const JsonValue& tool,
                    Listed& listed) {
  // Drawn from source where a variable stands for the tool's name.
  if (name == "name") return;
  std::set<std::string>& arguments = listed[name];
  const JsonValue* found = Member(tool, "args");
  if (const JsonValue* schema = Member(tool, "inputSchema")) {
    found = Member(*schema, "properties");
  }
  if (found == nullptr) return;
  for (const auto& [argument, described] : Members(*found)) {
    const auto type = StringMember(*described, "type").value_or("");
    // Handed in by the Python framework, not by the client.
    if (type.find("Ctx") != std::string_view::npos) continue;
    arguments.emplace(argument);
  }
}

// The list as a server gives it, {"tools": […]}, also inside {"tools": …}; a
// bare list of tools; or tools by their names.
inline void AddTools(const JsonValue& list, Listed& listed) {
  if (const JsonValue* tools = Member(list, "tools")) {
    return AddTools(*tools, listed);
  }
  for (const JsonValue* tool : Elements(list)) {
    AddTool(std::string(*StringMember(*tool, "name")), *tool, listed);
  }
  for (const auto& [name, tool] : Members(list)) {
    if (Member(*tool, "args") != nullptr) {
      AddTool(std::string(name), *tool, listed);
    }
  }
}

inline void AddPrompts(const JsonValue& list, Listed& listed) {
  const JsonValue* prompts = Member(list, "prompts");
  if (prompts == nullptr) return;
  if (Member(*prompts, "prompts") != nullptr) {
    return AddPrompts(*prompts, listed);
  }
  for (const JsonValue* prompt : Elements(*prompts)) {
    auto& arguments = listed[std::string(*StringMember(*prompt, "name"))];
    const JsonValue* declared = Member(*prompt, "arguments");
    if (declared == nullptr) continue;
    for (const JsonValue* argument : Elements(*declared)) {
      arguments.emplace(*StringMember(*argument, "name"));
    }
  }
}

inline void ExpectListedIsDescribed(const Listed& listed,
                                    const ToolProfile::Specs& specs) {
  for (const auto& [name, arguments] : listed) {
    const auto spec = specs.find(name);
    EXPECT_NE(spec, specs.end()) << "not described: " << name;
    if (spec == specs.end()) continue;
    for (const std::string& argument : arguments) {
      EXPECT_TRUE(spec->second.arguments.contains(argument))
          << "not described: " << name << "." << argument;
    }
  }
}

inline void ExpectDescribedIsListed(const Listed& listed,
                                    const ToolProfile::Specs& specs) {
  for (const auto& [name, spec] : specs) {
    if (spec.inherited) continue;
    const auto found = listed.find(name);
    EXPECT_NE(found == listed.end(), !spec.hidden) << "not listed: " << name;
    if (found == listed.end()) continue;
    const std::set<std::string> unlisted(spec.unlisted.begin(),
                                         spec.unlisted.end());
    for (const auto& [argument, type] : spec.arguments) {
      EXPECT_NE(found->second.contains(argument), unlisted.contains(argument))
          << "not listed: " << name << "." << argument;
    }
  }
}

}  // namespace gatehouse::testing
