// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/server_identity.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>

#include "policy/kubernetes/fields.h"
#include "policy/kubernetes/tool_profile.h"

namespace gatehouse {
namespace {

using Words = std::span<const std::string>;

template <typename Names>
bool IsOneOf(std::string_view word, const Names& names) {
  return std::find(std::begin(names), std::end(names), word) != std::end(names);
}

std::string BaseName(std::string_view path) {
  const std::size_t slash = path.find_last_of("/\\");
  std::string name(slash == std::string_view::npos ? path
                                                   : path.substr(slash + 1));
  for (const std::string_view suffix : {".exe", ".cmd", ".js"}) {
    if (name.ends_with(suffix)) name.erase(name.size() - suffix.size());
  }
  return name;
}

// What ends the words that only start another program's arguments.
struct Runner {
  std::string_view program;
  std::vector<std::string_view> words;  // that must follow
  std::string ServerNames::*field;
  std::vector<std::string_view> package_flags;  // that name the package
};
const std::vector<Runner>& Runners() {
  static const std::vector<Runner> runners = {
      {"npx", {}, &ServerNames::npm, {"-p", "--package"}},
      {"bunx", {}, &ServerNames::npm, {"-p", "--package"}},
      {"pnpx", {}, &ServerNames::npm, {"-p", "--package"}},
      {"npm", {"exec"}, &ServerNames::npm, {"-p", "--package"}},
      {"npm", {"x"}, &ServerNames::npm, {"-p", "--package"}},
      {"pnpm", {"dlx"}, &ServerNames::npm, {"-p", "--package"}},
      {"yarn", {"dlx"}, &ServerNames::npm, {"-p", "--package"}},
      {"bun", {"x"}, &ServerNames::npm, {"-p", "--package"}},
      {"uvx", {}, &ServerNames::pypi, {"--from"}},
      {"uv", {"tool", "run"}, &ServerNames::pypi, {"--from"}},
      {"pipx", {"run"}, &ServerNames::pypi, {"--spec"}},
      {"docker", {"run"}, &ServerNames::image, {}},
      {"podman", {"run"}, &ServerNames::image, {}},
      {"nerdctl", {"run"}, &ServerNames::image, {}},
      {"go", {"run"}, &ServerNames::module, {}},
  };
  return runners;
}

// Flags of `docker run` that take no word behind them; all others do.
constexpr std::string_view kImageSwitches[] = {"-i",
                                               "-t",
                                               "-it",
                                               "-ti",
                                               "-d",
                                               "-P",
                                               "-q",
                                               "--rm",
                                               "--tty",
                                               "--init",
                                               "--detach",
                                               "--quiet",
                                               "--read-only",
                                               "--privileged",
                                               "--interactive",
                                               "--publish-all",
                                               "--sig-proxy",
                                               "--no-healthcheck"};
// Flags of the other runners that take a word, and change nothing here.
constexpr std::string_view kValueFlags[] = {
    "--python", "--with", "--index-url", "--registry", "--cache", "--tag"};

bool TakesValue(const Runner& runner, const std::string& flag) {
  if (flag.find('=') != std::string::npos) return false;
  if (runner.field == &ServerNames::image) {
    return !IsOneOf(flag, kImageSwitches);
  }
  return IsOneOf(flag, kValueFlags);
}

// The package, image or module among the runner's words; "" where there is
// none.
std::string Named(const Runner& runner, Words words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (!word.starts_with('-')) return word;
    const std::size_t equals = word.find('=');
    if (IsOneOf(word.substr(0, equals), runner.package_flags)) {
      if (equals != std::string::npos) return word.substr(equals + 1);
      return i + 1 < words.size() ? words[i + 1] : "";
    }
    if (TakesValue(runner, word)) ++i;
  }
  return "";
}

// PyPI takes "K8s_MCP.Server" for "k8s-mcp-server".
std::string NormalPypi(std::string_view name) {
  std::string normal;
  for (const char c : LowerCase(name)) {
    const bool separator = c == '-' || c == '_' || c == '.';
    if (!separator) {
      normal += c;
    } else if (!normal.ends_with('-')) {
      normal += '-';
    }
  }
  return normal;
}

std::string WithoutVersion(const Runner& runner, const std::string& named) {
  if (runner.field == &ServerNames::pypi) {
    return NormalPypi(named.substr(0, named.find_first_of("@=<>!~[; ")));
  }
  if (runner.field == &ServerNames::image) {
    const std::string image = named.substr(0, named.find('@'));
    const std::size_t slash = image.rfind('/');
    return image.substr(
        0, image.find(':', slash == std::string::npos ? 0 : slash));
  }
  // "@scope/tool@1.2" without "@1.2".
  return named.substr(0, named.find('@', 1));
}

std::optional<ServerNames> NamesAfterRunner(const std::string& program,
                                            Words words) {
  for (const Runner& runner : Runners()) {
    if (runner.program != program || words.size() < runner.words.size() ||
        !std::equal(runner.words.begin(), runner.words.end(), words.begin())) {
      continue;
    }
    ServerNames names;
    names.*runner.field = WithoutVersion(
        runner, Named(runner, words.subspan(runner.words.size())));
    return names;
  }
  return std::nullopt;
}

// "…/node_modules/@scope/tool/dist/index.js" is the package "@scope/tool";
// "…/node_modules/.bin/tool" is a program of some package.
std::string PackageOfPath(std::string_view path) {
  constexpr std::string_view kFolder = "node_modules/";
  const std::size_t at = path.rfind(kFolder);
  if (at == std::string_view::npos) return "";
  path.remove_prefix(at + kFolder.size());
  if (path.starts_with(".bin/")) return "";
  std::size_t end = path.find('/');
  if (path.starts_with('@') && end != std::string_view::npos) {
    end = path.find('/', end + 1);
  }
  return std::string(path.substr(0, end));
}

bool IsMentioned(const ServerNames& names, std::string_view head) {
  for (const std::string* name :
       {&names.program, &names.npm, &names.pypi, &names.image, &names.module}) {
    if (!name->empty() && head.find(*name) != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

bool Claims(const ToolProfile& head, const ServerNames& names) {
  const auto holds = [](const std::vector<std::string>& list,
                        const std::string& name) {
    return !name.empty() && IsOneOf(name, list);
  };
  return holds(head.programs, names.program) ||
         holds(head.packages, names.npm) || holds(head.pypi, names.pypi) ||
         holds(head.images, names.image) || holds(head.modules, names.module);
}

}  // namespace

ServerNames NamesInCommand(const std::vector<std::string>& argv) {
  ServerNames names;
  if (argv.empty()) return names;
  names.program = BaseName(argv[0]);
  const Words rest = Words(argv).subspan(1);
  // This program's own server is a command of it.
  constexpr std::string_view kSample = "sample-server";
  if (names.program == "gatehouse" && !rest.empty() && rest[0] == kSample) {
    names.program = kSample;
    return names;
  }
  if (const auto after = NamesAfterRunner(names.program, rest)) return *after;
  std::string script = argv[0];
  const bool interpreter =
      IsOneOf(names.program,
              std::initializer_list<std::string_view>{"node", "bun", "deno"});
  // "node dist/server.js": the script is the program.
  if (interpreter && argv.size() > 1) script = argv[1];
  names.program = BaseName(script);
  names.npm = PackageOfPath(script);
  return names;
}

std::vector<std::string> ProfilesForCommand(
    const std::vector<std::string>& argv) {
  const ServerNames names = NamesInCommand(argv);
  std::vector<std::string> claiming;
  for (const std::string& name : EmbeddedProfileNames()) {
    // Read as YAML only where the text has one of the names at all.
    if (IsMentioned(names, EmbeddedProfileHeadText(name)) &&
        Claims(EmbeddedProfileHead(name), names)) {
      claiming.push_back(name);
    }
  }
  return claiming;
}

}  // namespace gatehouse
