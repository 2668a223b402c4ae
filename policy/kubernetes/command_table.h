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
#include "policy/request.h"

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
  kFiles,
  kNames,
  kPod,
  kPods,
  kNone,
  kConfig,
  kRelease,  // helm's (helm.yaml)
  kChart,
  kCharts,
  kLocal,
};

// Where a request takes its name from.
enum class NameFrom { kUnknown = 0, kNone, kOperand, kWord };

// One request that a command makes, before its operands are filled in.
struct RequestTemplate {
  Verb verb = Verb::kUnknown;
  std::string type;  // "{}": each operand's; "": none, as for discover
  std::string subresource;
  NameFrom name = NameFrom::kNone;
  std::string scope;    // "": the call's namespace; "*"; "name"; or a name
  std::string if_flag;  // only with this flag; "": always
  std::string unless_flag;
};

struct CommandRow {
  std::string path;  // "rollout status"
  std::vector<std::string> aliases;
  WordRule words = WordRule::kUnclear;
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
  // What `describe` reads beside the object, by "plural.group"; empty where
  // that is nothing.
  const std::vector<RequestTemplate>& Described(std::string_view type) const;

 private:
  std::string program_;
  bool reads_underscores_ = false;
  CommandRow global_;
  std::vector<CommandRow> commands_;
  std::map<std::string, std::vector<RequestTemplate>, std::less<>> described_;
};

}  // namespace gatehouse
