// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/tool_profile.h"

#include "policy/embedded.h"

namespace gatehouse {
namespace {

constexpr std::string_view kFolder = "profiles/";
constexpr std::string_view kSuffix = ".yaml";

// Before this the head ends.
constexpr std::string_view kTools = "tools";

std::string PathOf(std::string_view name) {
  return std::string(kFolder) + std::string(name) + std::string(kSuffix);
}

}  // namespace

VersionFit ToolProfile::FitOf(std::string_view version) const {
  return reports_sdk ? VersionFit::kUnknown
                     : gatehouse::FitOf(version, versions);
}

const ToolSpec* ToolProfile::Find(std::string_view tool) const {
  const auto found = tools.find(tool);
  return found == tools.end() ? nullptr : &found->second;
}

std::shared_ptr<const ToolProfile> EmbeddedProfile(std::string_view name) {
  const std::optional<SourceText> source = EmbeddedSource(PathOf(name));
  if (!source) return nullptr;
  Issues issues;
  auto profile =
      std::make_shared<const ToolProfile>(ReadProfile(*source, issues));
  AbortOnError(issues);
  return profile;
}

std::string_view EmbeddedProfileHeadText(std::string_view name) {
  const std::string_view text = EmbeddedText(PathOf(name)).value_or("");
  return text.substr(0, text.find("\ntools:"));
}

ToolProfile EmbeddedProfileHead(std::string_view name) {
  const auto file = FindEmbedded(PathOf(name));
  if (!file) return {};
  SourceText head{std::string(file->path), "", file->packed};
  head.packed.end_key = kTools;
  Issues issues;
  ToolProfile profile = ReadProfileHead(head, issues);
  AbortOnError(issues);
  return profile;
}

std::vector<std::string> EmbeddedProfileNames() {
  std::vector<std::string> names;
  for (const EmbeddedFile& file : EmbeddedFiles()) {
    std::string_view path = file.path;
    if (!path.starts_with(kFolder) || !path.ends_with(kSuffix)) continue;
    path.remove_prefix(kFolder.size());
    path.remove_suffix(kSuffix.size());
    names.emplace_back(path);
  }
  return names;
}

}  // namespace gatehouse
