// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/server_identity.h"

#include <algorithm>
#include <string_view>

#include "policy/kubernetes/tool_profile.h"

namespace gatehouse {
namespace {

std::string BaseName(std::string_view path) {
  const std::size_t slash = path.find_last_of("/\\");
  std::string name(slash == std::string_view::npos ? path
                                                   : path.substr(slash + 1));
  for (const std::string_view suffix : {".exe", ".cmd", ".js"}) {
    if (name.ends_with(suffix)) name.erase(name.size() - suffix.size());
  }
  return name;
}

// "@scope/tool@1.2" without "@1.2".
std::string WithoutVersion(std::string_view package) {
  const std::size_t at = package.find('@', 1);
  return std::string(package.substr(0, at));
}

bool IsRunner(const std::string& program) {
  for (const std::string_view name : {"npx", "bunx", "pnpx"}) {
    if (program == name) return true;
  }
  return false;
}

// "pnpm dlx", "yarn dlx", "npm exec", "bun x".
bool IsRunnerPair(const std::string& program, const std::string& word) {
  if (program == "npm") return word == "exec" || word == "x";
  if (program == "bun") return word == "x";
  return (program == "pnpm" || program == "yarn") && word == "dlx";
}

bool Contains(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

}  // namespace

std::string PackageOfCommand(const std::vector<std::string>& argv) {
  if (argv.empty()) return "";
  const std::string program = BaseName(argv[0]);
  std::size_t at = 1;
  if (!IsRunner(program)) {
    if (argv.size() < 2 || !IsRunnerPair(program, argv[1])) return "";
    at = 2;
  }
  for (; at < argv.size(); ++at) {
    const std::string& word = argv[at];
    if ((word == "-p" || word == "--package") && at + 1 < argv.size()) {
      return WithoutVersion(argv[at + 1]);
    }
    if (word.starts_with("--package=")) return WithoutVersion(word.substr(10));
    if (!word.starts_with('-')) return WithoutVersion(word);
  }
  return "";
}

std::optional<std::string> ProfileForCommand(
    const std::vector<std::string>& argv) {
  if (argv.empty()) return std::nullopt;
  std::string program = BaseName(argv[0]);
  // "node dist/server.js": the script is the program.
  if (program == "node" && argv.size() > 1) program = BaseName(argv[1]);
  const std::string package = PackageOfCommand(argv);
  std::vector<std::string> names = EmbeddedProfileNames();
  // Profiles are named for what they describe; reading all of them costs
  // milliseconds at every start.
  std::stable_partition(names.begin(), names.end(), [&](const std::string& n) {
    return n == program || n == package;
  });
  for (const std::string& name : names) {
    const auto profile = EmbeddedProfile(name);
    if (profile == nullptr) continue;
    const bool by_package =
        !package.empty() && Contains(profile->packages, package);
    if (by_package || Contains(profile->programs, program)) return name;
  }
  return std::nullopt;
}

}  // namespace gatehouse
