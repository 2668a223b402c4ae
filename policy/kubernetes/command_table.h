// SPDX-License-Identifier: Apache-2.0
#pragma once
// The commands and flags of a program that parses its arguments with cobra and
// pflag, as data (rules/kubernetes/kubectl.yaml, helm.yaml): which words are
// commands, which flags take a value, and what class of effect each has.
// command_arguments parses with it; it decides nothing.
//
// To teach a new flag or command, touch the data only.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "policy/issue.h"
#include "policy/kubernetes/request_template.h"

namespace gatehouse {

// What a flag may do beside steering output.
enum class FlagRole {
  kUnknown = 0,    // the call becomes unclear
  kPlain,          // no effect on what is touched
  kNamespace,      // -n
  kAllNamespaces,  // -A
  kContext,        // --context
  kTarget,         // another cluster, credentials file or kuberc: unclear
  kIdentity,       // another identity: impersonate, or a foreign credential
  kFile,           // -f: a file or a URL
  kKustomize,      // -k: a folder of files, or a URL
  kLocal,          // reads or writes a file, or starts a program
  kDryRun,         // --dry-run
  kSelector,       // -l and field selectors
  kOutput,         // -o: may name a template file
  kRaw,            // --raw
  kWatch,          // -w
  kSubresource,    // --subresource
  kMeaning,        // a flag that its command's own rule reads
  kFetch,          // makes the program fetch a URL
  kSource,         // paths or URLs, with commas between them
};

struct CommandFlag {
  std::string name;        // without dashes
  char short_name = '\0';  // '\0': none
  bool takes_value = false;
  bool optional_value = false;  // takes one only after "="
  FlagRole role = FlagRole::kPlain;
};

// What a command's operands are (kubectl.yaml and helm.yaml say it in words).
enum class WordRule {
  kUnclear = 0,
  kTypes,
  kPairs,
  kTaints,
  kTypesThenWord,
  kFiles,
  kNames,
  kFirst,
  kEach,
  kCopies,
  kNone,
  kRelease,  // helm's (helm.yaml)
  kChart,
  kCharts,
  kLocal,
};

struct CommandRow {
  std::string path;  // "rollout status"
  std::vector<std::string> aliases;
  WordRule words = WordRule::kUnclear;
  std::string default_type;  // of kFirst and kEach: what a bare name is
  std::vector<RequestTemplate> requests;
  std::vector<CommandFlag> flags;
  PodsFrom pods = PodsFrom::kUnknown;

  const CommandFlag* FindFlag(std::string_view name) const;
  const CommandFlag* FindShort(char name) const;
};

// Immutable after construction.
class CommandTable {
 public:
  // Faults are added to `issues`; then the table must not be used.
  CommandTable(const SourceText& source, Issues& issues);

  // "kubectl", "helm".
  const std::string& program() const { return program_; }
  // Whether "_" in a long flag's name is read as "-".
  bool reads_underscores() const { return reads_underscores_; }

  // nullptr where there is no such path.
  const CommandRow* Find(std::string_view path) const;
  // Whether `path` is only a beginning of commands ("rollout", "set").
  bool IsGroup(std::string_view path) const;
  // The flags every command has.
  const CommandRow& global() const { return global_; }
  const std::vector<CommandRow>& commands() const { return commands_; }
  // What `describe` reads beside the object, by "plural.group"; "*" is any
  // other type. nullptr where there is no such row.
  const std::vector<RequestTemplate>* Described(std::string_view type) const;

 private:
  std::string program_;
  bool reads_underscores_ = false;
  CommandRow global_;
  std::vector<CommandRow> commands_;
  std::map<std::string, std::vector<RequestTemplate>, std::less<>> described_;
};

}  // namespace gatehouse
