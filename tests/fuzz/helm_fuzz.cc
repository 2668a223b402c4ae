// SPDX-License-Identifier: Apache-2.0
// Any bytes as helm's argument vector, one word a line. It never crashes; what
// is clear names no other namespace and context than a slow and obvious reader
// of pflag's rules finds, and no command that changes releases comes out
// without the changes.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/kubernetes/command_table.h"
#include "policy/kubernetes/fields.h"
#include "policy/kubernetes/helm_requests.h"
#include "policy/kubernetes/tables.h"

namespace {

using gatehouse::ClusterView;
using gatehouse::CommandFlag;
using gatehouse::CommandRow;
using gatehouse::HelmPart;
using gatehouse::KubernetesTables;
using gatehouse::Meaning;
using gatehouse::Request;
using gatehouse::Verb;

void Require(bool condition) {
  if (!condition) std::abort();
}

const KubernetesTables& Tables() {
  static const auto tables = KubernetesTables::Embedded();
  return *tables;
}

// Which long names and letters take the next word, over all commands at once:
// helm gives a name the same arity everywhere (but `-a`, `-d`, `-f`, `-l`,
// `-o`,
// `-p`, `-q`, `-r`, `-s`, `-u`, which differ: by command).
struct Flags {
  std::map<std::string, bool> takes;  // "--name", "-n"
};

Flags FlagsOf(const CommandRow* row) {
  Flags flags;
  for (const CommandRow* from : {&Tables().helm().global(), row}) {
    if (from == nullptr) continue;
    for (const CommandFlag& flag : from->flags) {
      flags.takes["--" + flag.name] = flag.takes_value;
      if (flag.short_name != '\0') {
        flags.takes[std::string("-") + flag.short_name] = flag.takes_value;
      }
    }
  }
  return flags;
}

struct Plain {
  std::vector<std::string> words;
  std::string namespace_name;
  std::string context;
  bool all = false;
};

void Set(Plain& plain, const std::string& flag, const std::string& value) {
  if (flag == "-n" || flag == "--namespace") plain.namespace_name = value;
  if (flag == "--kube-context") plain.context = value;
  if (flag == "-A" || flag == "--all-namespaces") {
    plain.all = value == "1" || value == "t" || value == "T" ||
                value == "true" || value == "TRUE" || value == "True";
  }
}

// One pass over the words, each rule of pflag written out.
Plain Walk(const std::vector<std::string>& argv, const Flags& flags) {
  Plain plain;
  for (std::size_t i = 0; i < argv.size(); ++i) {
    const std::string& word = argv[i];
    if (word == "--") {
      plain.words.insert(plain.words.end(), argv.begin() + long(i) + 1,
                         argv.end());
      break;
    }
    if (word.size() < 2 || word[0] != '-') {
      plain.words.push_back(word);
      continue;
    }
    const auto next = [&] { return ++i < argv.size() ? argv[i] : ""; };
    if (word[1] == '-') {
      const std::size_t equals = word.find('=');
      const std::string name = word.substr(0, equals);
      const auto found = flags.takes.find(name);
      if (equals != std::string::npos) {
        Set(plain, name, word.substr(equals + 1));
      } else if (found != flags.takes.end() && found->second) {
        Set(plain, name, next());
      } else {
        Set(plain, name, "true");
      }
      continue;
    }
    for (std::size_t k = 1; k < word.size(); ++k) {
      const std::string name = std::string("-") + word[k];
      const auto found = flags.takes.find(name);
      const bool takes = found != flags.takes.end() && found->second;
      std::string rest = word.substr(k + 1);
      if (rest.size() > 1 && rest[0] == '=') {
        Set(plain, name, rest.substr(1));
        break;
      }
      if (takes) {
        Set(plain, name, rest.empty() ? next() : rest);
        break;
      }
      Set(plain, name, "true");
    }
  }
  return plain;
}

const ClusterView kCluster = {
    "dev", {{"dev", "d", "", "u", "team"}, {"prod", "p", "", "u", "x"}}};

// Where cobra finds the next word of the command (stripFlags): not in empty
// words, "-" and flags; a flag that it does not know takes the next word, a
// letter so only where it stands alone.
std::size_t CommandWordAt(const std::vector<std::string>& argv,
                          const Flags& flags) {
  for (std::size_t i = 0; i < argv.size() && argv[i] != "--"; ++i) {
    const std::string& word = argv[i];
    if (word.starts_with('-')) {
      const auto found = flags.takes.find(word);
      const bool help = word == "-h" || word == "--help";  // not known yet
      const bool switches = found != flags.takes.end() && !found->second;
      const bool alone = word.starts_with("--") || word.size() == 2;
      if (alone && word.find('=') == word.npos && (help || !switches)) ++i;
    } else if (!word.empty()) {
      return i;
    }
  }
  return argv.size();
}

// The command, whose words are taken out: what is left is read without them, so
// that "-rl list -A" lists what "-A" selects.
const CommandRow* TakeCommand(std::vector<std::string>& argv) {
  const gatehouse::CommandTable& helm = Tables().helm();
  const CommandRow* row = nullptr;
  std::string path;
  while (true) {
    const std::size_t at = CommandWordAt(argv, FlagsOf(row));
    if (at == argv.size() || argv[at].find(' ') != std::string::npos) break;
    const std::string longer = path.empty() ? argv[at] : path + " " + argv[at];
    const CommandRow* found = helm.Find(longer);
    if (found == nullptr && !helm.IsGroup(longer)) break;
    row = found;
    path = longer;
    argv.erase(argv.begin() + static_cast<std::ptrdiff_t>(at));
  }
  return row;
}

bool Changes(const Meaning& meaning) {
  bool create = false, beyond = false;
  for (const Request& request : meaning.requests) {
    if (request.helm != HelmPart::kChart) continue;
    create = create || request.verb == Verb::kCreate;
    beyond = beyond || request.verb == Verb::kUnclear;
  }
  return create && beyond;
}

void CheckPlace(const Request& request, const Plain& plain) {
  const std::string context = plain.context.empty() ? "dev" : plain.context;
  Require(request.context == context);
  if (request.helm == HelmPart::kNone) return;
  Require(request.all_namespaces == plain.all);
  if (plain.all) return;
  if (!plain.namespace_name.empty()) {
    Require(request.namespace_name == plain.namespace_name);
  } else if (context == "dev" || context == "prod") {
    Require(request.namespace_name == (context == "dev" ? "team" : "x"));
  } else {
    Require(!request.namespace_name.has_value());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<std::string> argv = gatehouse::SplitAt(text, '\n');
  const Meaning meaning = MeaningOfHelm(argv, Tables(), kCluster);
  Require(!meaning.requests.empty() || meaning.unclear);
  if (meaning.unclear) return 0;
  const CommandRow* row = TakeCommand(argv);
  if (row == nullptr) {  // -h with whatever: helm shows its help
    for (const Request& request : meaning.requests) {
      Require(request.verb == Verb::kNone);
    }
    return 0;
  }
  const Plain plain = Walk(argv, FlagsOf(row));
  for (const Request& request : meaning.requests) CheckPlace(request, plain);
  bool help = false, dry = false;
  for (const std::string& word : argv) {
    help = help || word.starts_with("-h") || word.starts_with("--help") ||
           (word.starts_with('-') && word.find('h') != std::string::npos);
    dry = dry || word.starts_with("--dry-run");
  }
  const std::string& path = row->path;
  const bool changes = path == "install" || path == "upgrade" ||
                       path == "rollback" || path == "uninstall" ||
                       path == "test";
  if (changes && !help && !dry) Require(Changes(meaning));
  return 0;
}
