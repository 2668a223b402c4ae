// SPDX-License-Identifier: Apache-2.0
// `gatehouse server list`: the profiles in this binary.
#include "cli/output_width.h"
#include "cli/server.h"
#include "cli/table.h"
#include "cli/word_list.h"
#include "policy/json_writer.h"
#include "policy/kubernetes/tool_profile.h"

namespace gatehouse::cli {
namespace {

void PrintJson() {
  JsonWriter out;
  out.BeginArray();
  for (const std::string& name : EmbeddedProfileNames()) {
    const auto profile = EmbeddedProfile(name);
    out.BeginObject().Key("profile").String(name);
    out.Key("versions").String(profile->versions);
    out.Key("tools").Unsigned(profile->tools.size());
    out.Key("prompts").Unsigned(profile->prompts.size());
    out.Key("resources").Unsigned(profile->resources.size());
    out.Key("packages").BeginArray();
    for (const std::string& package : profile->packages) out.String(package);
    out.EndArray().EndObject();
  }
  std::cout << out.EndArray().text() << "\n";
}

void PrintText() {
  Table table({"PROFILE", "VERSIONS", "TOOLS", "PACKAGES"});
  for (const std::string& name : EmbeddedProfileNames()) {
    const auto profile = EmbeddedProfile(name);
    table.Add({{name},
               {profile->versions},
               {std::to_string(profile->tools.size())},
               {Joined(profile->packages)}});
  }
  std::cout << table.Render(OutputWidth());
}

}  // namespace

void AddServerList(Command server) {
  const Command command = server.AddCommand("list", "The profiles shipped");
  auto format = std::make_shared<std::string>("text");
  command.Add("--format", *format, "text or json")
      .OneOf({"text", "json"})
      .ShowDefault();
  command.Footer(
      "\nA server that has none: gatehouse server scaffold -- SERVER.\n");
  command.Do([format] {
    *format == "json" ? PrintJson() : PrintText();
    return kExitDone;
  });
}

}  // namespace gatehouse::cli
