// SPDX-License-Identifier: Apache-2.0
// Any lines as the arguments of kubectl. It never crashes; it always comes to
// something; and of the few commands that the slow reader below knows, unless
// they are unclear, the namespace that kubectl would take is among those named,
// and all of them where -A is on.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/kubernetes/kubectl_requests.h"
#include "policy/kubernetes/tables.h"

namespace {

using gatehouse::ClusterView;
using gatehouse::KubernetesTables;
using gatehouse::Meaning;
using gatehouse::Request;
using gatehouse::Verb;

constexpr std::size_t kMaxWords = 32;

void Require(bool condition) {
  if (!condition) std::abort();
}

std::vector<std::string> Lines(std::string_view text) {
  std::vector<std::string> lines(1);
  for (char c : text) {
    if (c == '\n') {
      lines.emplace_back();
    } else {
      lines.back() += c;
    }
  }
  if (lines.size() > kMaxWords) lines.resize(kMaxWords);
  return lines;
}

// The reference: a plain walk over the words with the flags of three commands,
// written down from `kubectl get|delete|logs --help`. A word that it does not
// know ends it: then it has nothing to say.
struct Flags {
  std::string value_letters;  // -n VALUE
  std::string switch_letters;
  std::vector<std::string> value_names;
  std::vector<std::string> switch_names;
};

const std::map<std::string, Flags>& Commands() {
  static const std::map<std::string, Flags> commands = {
      {"get",
       {"nolLv",
        "AwR",
        {"namespace", "output", "selector", "label-columns", "field-selector",
         "sort-by", "chunk-size", "context", "request-timeout"},
        {"all-namespaces", "watch", "watch-only", "recursive", "no-headers",
         "show-labels", "ignore-not-found", "show-kind"}}},
      {"delete",
       {"nolv",
        "AR",
        {"namespace", "output", "selector", "field-selector", "grace-period",
         "timeout", "context", "request-timeout"},
        {"all-namespaces", "all", "force", "now", "ignore-not-found", "wait",
         "recursive"}}},
      {"logs",
       {"nlcv",
        "fp",
        {"namespace", "selector", "container", "since", "tail", "limit-bytes",
         "context", "request-timeout"},
        {"follow", "previous", "timestamps", "all-containers", "prefix"}}}};
  return commands;
}

class SlowReader {
 public:
  std::string command;
  std::string namespace_value;
  bool all = false;

  // False: a word that this does not know.
  bool Read(const std::vector<std::string>& words) {
    // The command may stand after flags; so try each.
    for (const auto& [name, flags] : Commands()) {
      *this = SlowReader();
      if (Walk(words, flags) && command == name) return true;
    }
    return false;
  }

 private:
  static bool Has(const std::vector<std::string>& list,
                  const std::string& name) {
    return std::find(list.begin(), list.end(), name) != list.end();
  }

  void Take(const std::string& name, const std::string& value) {
    if (name == "namespace") namespace_value = value;
  }

  // "true", "1", … of strconv.ParseBool.
  bool Switch(const std::string& name, const std::string& value) {
    const bool on = value == "true" || value == "1" || value == "t" ||
                    value == "T" || value == "TRUE" || value == "True";
    const bool off = value == "false" || value == "0" || value == "f" ||
                     value == "F" || value == "FALSE" || value == "False";
    if (name == "all-namespaces") all = on;
    return on || off;
  }

  bool Walk(const std::vector<std::string>& words, const Flags& flags) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::string& word = words[i];
      if (word == "--") return true;
      if (word.size() < 2 || word[0] != '-') {
        if (command.empty()) command = word;
        continue;
      }
      const bool more = i + 1 < words.size();
      const std::string next = more ? words[i + 1] : "";
      const int used = word[1] == '-'
                           ? Long(word.substr(2), next, more, flags)
                           : Short(word.substr(1), next, more, flags);
      if (used < 0) return false;
      i += static_cast<std::size_t>(used);
    }
    return true;
  }

  // How many of the following words it takes; -1: not known.
  int Long(const std::string& text, const std::string& next, bool more,
           const Flags& flags) {
    const std::size_t equals = text.find('=');
    std::string name = text.substr(0, equals);
    std::replace(name.begin(), name.end(), '_', '-');
    const bool has_value = equals != std::string::npos;
    const std::string value = has_value ? text.substr(equals + 1) : "";
    if (Has(flags.switch_names, name)) {
      return Switch(name, has_value ? value : "true") ? 0 : -1;
    }
    if (!Has(flags.value_names, name)) return -1;
    if (!has_value && !more) return -1;
    Take(name, has_value ? value : next);
    return has_value ? 0 : 1;
  }

  int Short(const std::string& letters, const std::string& next, bool more,
            const Flags& flags) {
    for (std::size_t i = 0; i < letters.size(); ++i) {
      const char letter = letters[i];
      const std::string rest = letters.substr(i + 1);
      const std::string name = letter == 'n'   ? "namespace"
                               : letter == 'A' ? "all-namespaces"
                                               : std::string(1, letter);
      if (flags.switch_letters.find(letter) != std::string::npos) {
        if (!rest.starts_with("=")) {
          Switch(name, "true");
          continue;
        }
        return Switch(name, rest.substr(1)) ? 0 : -1;
      }
      if (flags.value_letters.find(letter) == std::string::npos) return -1;
      if (rest.empty()) {
        if (!more) return -1;
        Take(name, next);
        return 1;
      }
      // "-n=" alone is the value "=".
      Take(name, rest.size() > 1 && rest[0] == '=' ? rest.substr(1) : rest);
      return 0;
    }
    return 0;
  }
};

bool IsInNamespaces(const Request& request) {
  return request.all_namespaces || !request.namespace_name ||
         !request.namespace_name->empty();
}

void CheckNamespaces(const SlowReader& slow, const Meaning& meaning) {
  const std::string expected =
      slow.namespace_value.empty() ? "here" : slow.namespace_value;
  for (const Request& request : meaning.requests) {
    if (!IsInNamespaces(request)) continue;
    if (request.all_namespaces || !request.namespace_name) continue;
    Require(!slow.all && request.namespace_name == expected);
  }
}

ClusterView Cluster() { return {"dev", {{"dev", "c", "", "u", "here"}}}; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  static const auto tables = KubernetesTables::Embedded();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::vector<std::string> argv = Lines(text);
  const ClusterView cluster = Cluster();
  const Meaning meaning = MeaningOfKubectl({argv, nullptr}, *tables, cluster);
  Require(!meaning.requests.empty());
  if (meaning.unclear) {
    Require(std::any_of(
        meaning.requests.begin(), meaning.requests.end(),
        [](const Request& request) { return request.verb == Verb::kUnclear; }));
    return 0;
  }
  SlowReader slow;
  if (slow.Read(argv)) CheckNamespaces(slow, meaning);
  return 0;
}
