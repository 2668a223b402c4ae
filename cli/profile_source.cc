// SPDX-License-Identifier: Apache-2.0
#include "cli/profile_source.h"

#include <algorithm>
#include <utility>

#include "cli/plain_file.h"
#include "cli/word_list.h"
#include "policy/issue.h"
#include "policy/kubernetes/fields.h"
#include "policy/kubernetes/server_identity.h"
#include "policy/kubernetes/tool_profile.h"

namespace gatehouse::cli {
namespace {

// "owner/server@1.2" is asked for as "owner-server", then as "server": names
// as records and package managers write them. "" where there is neither.
std::string ShippedName(const std::string& name) {
  const std::string plain = name.substr(0, name.find('@', 1));
  std::string joined = LowerCase(plain);
  std::replace(joined.begin(), joined.end(), '/', '-');
  for (const auto& tried : {joined, plain.substr(plain.rfind('/') + 1)}) {
    if (!EmbeddedProfileHeadText(tried).empty()) return tried;
  }
  return "";
}

bool IsFileName(const std::string& name) {
  return name.ends_with(".yaml") || name.ends_with(".yml");
}

Result<std::shared_ptr<const ToolProfile>> ReadProfileFile(
    const std::string& path) {
  auto text = ReadPlainFile(path);
  if (!text.ok()) {
    return Error{ErrorCode::kNotFound,
                 "the profile " + path + " " + text.error().sentence};
  }
  Issues issues;
  auto profile = std::make_shared<const ToolProfile>(
      ReadProfile({path, std::move(text).value()}, issues));
  if (!issues.HasErrors()) return profile;
  std::string faults = "the profile " + path + " has errors";
  for (const Issue& issue : issues.items()) faults += "\n" + Render(issue);
  return Error{ErrorCode::kInvalid, std::move(faults)};
}

}  // namespace

Result<ProfileHead> ChooseProfileHead(const std::string& name,
                                      const std::vector<std::string>& server) {
  std::string chosen = name;
  if (chosen.empty()) {
    const std::vector<std::string> claiming = ProfilesForCommand(server);
    if (claiming.size() == 1) chosen = claiming.front();
  }
  if (chosen.empty()) return ProfileHead{};
  if (IsFileName(chosen)) {
    auto profile = ReadProfileFile(chosen);
    if (!profile.ok()) return profile.error();
    return ProfileHead{std::move(profile).value(), ""};
  }
  const std::string shipped = ShippedName(chosen);
  if (!shipped.empty()) {
    return ProfileHead{
        std::make_shared<const ToolProfile>(EmbeddedProfileHead(shipped)),
        shipped};
  }
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

std::shared_ptr<const ToolProfile> WholeProfile(const ProfileHead& head) {
  return head.shipped.empty() ? head.profile : EmbeddedProfile(head.shipped);
}

Result<std::shared_ptr<const ToolProfile>> ChooseProfile(
    const std::string& name, const std::vector<std::string>& server) {
  const auto head = ChooseProfileHead(name, server);
  if (!head.ok()) return head.error();
  return WholeProfile(head.value());
}

void AddProfileOption(Command command, std::string& profile) {
  command
      .Add("--profile", profile,
           "The server's profile, or a file of your own (.yaml); found "
           "from its command line if left out (" +
               ProfileNames() + ")")
      .Word("NAME|FILE");
}

std::string WhyNoProfile(const std::vector<std::string>& server) {
  const std::vector<std::string> claiming = ProfilesForCommand(server);
  if (claiming.empty()) {
    return "no profile for this server: a call is refused as unknown-tool "
           "unless a rule names its tool; name one of `gatehouse "
           "server list` with --profile, or draft one: gatehouse server "
           "scaffold -- SERVER";
  }
  return "several servers have this name: until --profile says which one it "
         "is, a call is refused as unknown-tool unless a rule names its tool "
         "(" +
         Joined(claiming) + ")";
}

std::string ProfileNames() { return Joined(EmbeddedProfileNames()); }

}  // namespace gatehouse::cli
