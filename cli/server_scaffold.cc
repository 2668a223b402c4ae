// SPDX-License-Identifier: Apache-2.0
// `gatehouse server scaffold -- SERVER > profile.yaml`: a draft of a profile.
#include <utility>

#include "cli/profile_source.h"
#include "cli/server.h"
#include "policy/kubernetes/profile_draft.h"
#include "policy/kubernetes/server_identity.h"

namespace gatehouse::cli {
namespace {

DraftSource SourceOf(ServerListing listing,
                     const std::vector<std::string>& argv) {
  const ServerNames names = NamesInCommand(argv);
  DraftSource source;
  source.version = std::move(listing.hello.version);
  source.tools = std::move(listing.tools);
  source.identify_name = names.program;
  const std::pair<const char*, const std::string&> kinds[] = {
      {"packages", names.npm},
      {"pypi", names.pypi},
      {"images", names.image},
      {"modules", names.module}};
  for (const auto& [field, name] : kinds) {
    if (name.empty()) continue;
    source.identify_field = field;
    source.identify_name = name;
  }
  source.server = ProfileNameFrom(source.identify_name);
  return source;
}

int Scaffold(const StartChoice& start) {
  const auto profile = ChooseProfile(start.profile, start.server);
  if (!profile.ok()) return ServerFailed(profile.error(), kExitMisuse);
  auto listing = ListServerTools(start, profile.value().get());
  if (!listing.ok()) return ServerFailed(listing.error());
  const std::size_t tools = listing.value().tools.size();
  std::cout << DraftProfile(SourceOf(std::move(listing).value(), start.server));
  std::cerr << "gatehouse: drafted " << tools
            << " tools, all of them unclear; docs/writing-a-profile.md says "
               "how to go on\n";
  return kExitDone;
}

}  // namespace

void AddServerScaffold(Command server) {
  const Command command = server.AddCommand(
      "scaffold", "Drafts a profile for a server that has none");
  auto start = std::make_shared<StartChoice>();
  AddServerChoice(command, *start);
  command.Footer(
      std::string("\nExample:\n  gatehouse server scaffold -- npx -y "
                  "some-server > some-server.yaml\n") +
      kStartHelp +
      "\nThe draft holds the names of tools and arguments, and nothing that "
      "the server says\nof itself; every tool is marked unclear, which refuses "
      "its calls.\n");
  command.Do([start] { return Scaffold(*start); });
}

}  // namespace gatehouse::cli
