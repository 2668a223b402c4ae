// SPDX-License-Identifier: Apache-2.0
// Each profile against what its server lists: every tool has an entry, every
// argument a role or an `ignore`, and the profile declares nothing that the
// server does not list (but what it marks `unlisted` or `hidden`).
//
// The lists: tests/golden/servers/PROFILE*.json, recorded by running the server
// (tools/list, and prompts/list where it has any; scripts/record-server-tools);
// and, where that folder exists, lists drawn from source, which are not part of
// this repository.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "policy/json_value.h"
#include "policy/kubernetes/tool_profile.h"

namespace gatehouse {
namespace {

const std::filesystem::path kGolden =
    GATEHOUSE_SOURCE_DIR "/tests/golden/servers";
const std::filesystem::path kDrawn =
    GATEHOUSE_SOURCE_DIR "/../shared/data/servers";

// Which lists of `kDrawn` are of which profile, by the beginning of the name.
struct DrawnRow {
  std::string_view profile, file;
};
constexpr DrawnRow kDrawnRows[] = {
    {"mcp-server-kubernetes", "mcp-server-kubernetes."},
    {"kubernetes-mcp-server", "kubernetes-mcp-server."},
};

// Tools (or prompts) with the arguments that any of the lists has.
using Listed = std::map<std::string, std::set<std::string>>;

JsonValue ReadJson(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  Result<JsonValue> value = ParseJson(text.str());
  EXPECT_TRUE(value.ok()) << path;
  return value.ok() ? value.value() : JsonValue();
}

void AddTool(const std::string& name, const JsonValue& tool, Listed& listed) {
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
void AddTools(const JsonValue& list, Listed& listed) {
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

void AddPrompts(const JsonValue& list, Listed& listed) {
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

// Files of `folder` whose name begins with `prefix`.
std::vector<std::filesystem::path> Files(const std::filesystem::path& folder,
                                         std::string_view prefix) {
  std::vector<std::filesystem::path> files;
  if (!std::filesystem::exists(folder)) return files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().filename().string().starts_with(prefix)) {
      files.push_back(entry.path());
    }
  }
  return files;
}

std::vector<std::filesystem::path> ListsOf(const std::string& profile) {
  std::vector<std::filesystem::path> files = Files(kGolden, profile + ".");
  for (const DrawnRow& row : kDrawnRows) {
    if (row.profile != profile) continue;
    for (auto& file : Files(kDrawn, row.file)) files.push_back(std::move(file));
  }
  return files;
}

void ExpectListedIsDescribed(const Listed& listed,
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

void ExpectDescribedIsListed(const Listed& listed,
                             const ToolProfile::Specs& specs) {
  for (const auto& [name, spec] : specs) {
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

TEST(ProfileLists, AreWhatTheProfilesDescribe) {
  int compared = 0;
  for (const std::string& name : EmbeddedProfileNames()) {
    SCOPED_TRACE(name);
    Listed tools, prompts;
    for (const std::filesystem::path& file : ListsOf(name)) {
      const JsonValue list = ReadJson(file);
      AddTools(list, tools);
      AddPrompts(list, prompts);
    }
    if (tools.empty()) continue;
    ++compared;
    const auto profile = EmbeddedProfile(name);
    ExpectListedIsDescribed(tools, profile->tools);
    ExpectDescribedIsListed(tools, profile->tools);
    ExpectListedIsDescribed(prompts, profile->prompts);
    if (!prompts.empty()) ExpectDescribedIsListed(prompts, profile->prompts);
  }
  EXPECT_GE(compared, 2);
}

}  // namespace
}  // namespace gatehouse
