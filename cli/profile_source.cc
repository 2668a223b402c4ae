// SPDX-License-Identifier: Apache-2.0
#include "cli/profile_source.h"

#include "policy/issue.h"
#include "policy/kubernetes/server_identity.h"
#include "policy/kubernetes/tool_profile.h"

namespace gatehouse::cli {

Result<std::shared_ptr<const ToolProfile>> ChooseProfile(
    const std::string& name, const std::vector<std::string>& server) {
  std::string chosen = name;
  if (chosen.empty()) chosen = ProfileForCommand(server).value_or("");
  if (chosen.empty()) return std::shared_ptr<const ToolProfile>();
  if (auto profile = EmbeddedProfile(chosen)) return profile;
  const std::vector<std::string> names = EmbeddedProfileNames();
  const std::string_view nearest =
      NearestWord(chosen, {names.begin(), names.end()});
  std::string sentence = "there is no profile \"" + chosen + "\"";
  if (!nearest.empty()) {
    sentence += "; did you mean \"" + std::string(nearest) + "\"?";
  }
  return Error{ErrorCode::kNotFound,
               sentence + " (shipped: " + ProfileNames() + ")"};
}

std::string ProfileNames() {
  std::string names;
  for (const std::string& name : EmbeddedProfileNames()) {
    names += (names.empty() ? "" : ", ") + name;
  }
  return names;
}

}  // namespace gatehouse::cli
