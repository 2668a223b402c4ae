// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which profile describes the wrapped server: the one that was named, else the
// one that its command line tells (cli.md, "run"). Never what the server says
// of itself.

#include <memory>
#include <string>
#include <vector>

#include "cli/command_options.h"
#include "policy/result.h"

namespace gatehouse {
class ToolProfile;
}

namespace gatehouse::cli {

// `name` may be a file of the user's own: one that ends in .yaml or .yml.
// nullptr where nothing was named and the command line tells nothing, or names
// what several servers are called. An error where `name` is no profile; it
// lists those there are.
Result<std::shared_ptr<const ToolProfile>> ChooseProfile(
    const std::string& name, const std::vector<std::string>& server);

// As far as a start needs it at once: of a shipped profile only what stands
// before its tools is read, which may be a hundredth of it.
struct ProfileHead {
  std::shared_ptr<const ToolProfile> profile;  // null as for ChooseProfile
  std::string shipped;  // its name, where the rest is still to be read
};
Result<ProfileHead> ChooseProfileHead(const std::string& name,
                                      const std::vector<std::string>& server);
// All of it.
std::shared_ptr<const ToolProfile> WholeProfile(const ProfileHead& head);

// Declares --profile.
void AddProfileOption(Command command, std::string& profile);

// For the user of a server that ChooseProfile found nothing for: why, and what
// to do. One sentence.
std::string WhyNoProfile(const std::vector<std::string>& server);

// The shipped profiles' names, comma-separated.
std::string ProfileNames();

}  // namespace gatehouse::cli
