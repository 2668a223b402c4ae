// SPDX-License-Identifier: Apache-2.0
#include "cli/profile_source.h"

#include <algorithm>

#include "policy/issue.h"
#include "policy/kubernetes/server_identity.h"
#include "policy/kubernetes/tool_profile.h"

namespace gatehouse::cli {
namespace {

// "owner/server@1.2" is asked for as "owner-server", then as "server": names
// as records and package managers write them.
std::shared_ptr<const ToolProfile> FindProfile(const std::string& name) {
  const std::string plain = name.substr(0, name.find('@', 1));
  std::string joined = plain;
  std::replace(joined.begin(), joined.end(), '/', '-');
  if (auto profile = EmbeddedProfile(joined)) return profile;
  return EmbeddedProfile(plain.substr(plain.rfind('/') + 1));
}

}  // namespace

Result<std::shared_ptr<const ToolProfile>> ChooseProfile(
    const std::string& name, const std::vector<std::string>& server) {
  std::string chosen = name;
  if (chosen.empty()) chosen = ProfileForCommand(server).value_or("");
  if (chosen.empty()) return std::shared_ptr<const ToolProfile>();
  if (auto profile = FindProfile(chosen)) return profile;
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
