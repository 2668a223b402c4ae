// SPDX-License-Identifier: Apache-2.0
#pragma once
// How one MCP server's tools are described: what each argument is, and which
// kubectl runs or requests a call comes to. Data of rules/profiles/*.yaml; the
// classifier carries it out. A profile grants nothing.
//
// To add a kind of argument, touch: ArgumentType here and kTypes in
// tool_reader.cc, argument_values.cc, rules/README.md.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/issue.h"
#include "policy/kubernetes/manifest.h"
#include "policy/kubernetes/server_setting.h"
#include "policy/kubernetes/uri_template.h"
#include "policy/kubernetes/version_range.h"
#include "policy/request.h"

namespace gatehouse {

// The JSON type that an argument must have. A value of another type makes the
// call unclear; null counts as absent.
enum class ArgumentType {
  kUnknown = 0,
  kText,    // a string without control bytes
  kFilled,  // the same, and not "", where that is not the same as absent
  // A text that stays one word wherever the server puts it: letters, digits,
  // and - . _ : / @ + only, without "..", and not beginning with "-".
  kWord,
  kContent,  // a string of any length and lines: a manifest, a file's content
  kTruthy,   // JavaScript's truth: "false" and [] are true
  kBoolean,  // true or false only
  kNumber,
  kTexts,     // a list of strings without control bytes
  kWordList,  // a list of words
  // One string that the server splits into words (command_line.h says how).
  kShellWords,   // a shell runs it
  kQuotedWords,  // quotes count, no shell
  kBlankWords,   // cut at blanks only
  kFlags,        // an object whose values are strings, numbers, booleans
  kIgnored,      // anything
};

// How a server compares an argument with the words that it knows.
enum class LetterCase {
  // Not known: we compare exactly, and a value that only another case keeps
  // from being a known word makes the call unclear.
  kUnknown = 0,
  kExact,  // it tells "Namespace" from "namespace", and so do we
  kLower,  // it takes the value to lower case first
};

// Whether an argument is given (and, for text and truthy, not empty or off;
// for a list, not empty), or has one of `values`, or begins with the word
// `program` (a command line).
struct Condition {
  std::string argument;
  std::vector<std::string> values;
  bool negated = false;
  std::string program = {};  // "": not asked
  LetterCase letter_case = LetterCase::kUnknown;
};

// A part of an argument vector.
struct ArgvItem {
  enum class Kind { kWord = 0, kOptional, kIf, kEach, kFlags, kWords };
  Kind kind = Kind::kWord;
  // kWord: a text with {argument}, {argument|lower}, {argument=default};
  // kEach, kFlags, kWords: an argument's name.
  std::string text;
  // kWords: the program's name that may or must begin the line and is no word
  // of the argument vector; "": none is looked for.
  std::string program;
  bool program_required = false;
  Condition condition;              // kIf
  std::vector<ArgvItem> items;      // kIf: then; kOptional: all or nothing
  std::vector<ArgvItem> otherwise;  // kIf
};

// What a namespace is where the argument is missing or empty: "all",
// "context" (the kubeconfig's), a namespace's name, "" (cluster scope), or "?"
// (not known). An argument that is a list gives a request for each.
struct NamespaceSource {
  std::string argument;
  std::string absent = "context";
  std::optional<Condition> all;  // where it holds: all namespaces
  bool overwrites = false;       // of a manifest: also an object's own
  // The server puts one that is given into the path of a get or a list without
  // asking whether the type is namespaced.
  bool in_path = false;
};

// One request of a tool that is not a kubectl run.
struct RequestStep {
  std::optional<Condition> when;
  std::optional<Condition> dry_run;  // where it holds: nothing is kept
  std::vector<Verb> verbs;
  std::string type;           // a fixed TYPE[.GROUP]; "": see below
  std::string type_argument;  // an argument that holds a TYPE word
  // A kind, with an apiVersion, or with a group and a version, or alone: then
  // the first group that has it counts.
  std::string kind_argument;
  std::string api_version_argument;
  std::string group_argument;
  std::string version_argument;
  std::string manifest_argument;
  ManifestDialect dialect = ManifestDialect::kKubectl;
  std::string subresource;
  std::string name_argument;
  std::string fixed_name;
  bool name_unknown = false;  // some object that the arguments do not name
  NamespaceSource namespace_source;
  PodsFrom pods = PodsFrom::kUnknown;  // beside a manifest's own
};

// Steps are carried out in order; a call comes to what all of them say.
struct ToolStep {
  std::optional<Condition> when;
  std::vector<ArgvItem> kubectl;  // empty: no kubectl run
  std::string kubectl_manifest;   // argument behind kInlineManifest
  std::vector<ArgvItem> helm;     // empty: no helm run
  std::vector<RequestStep> requests;
  std::string unclear;  // a reason; "": nothing to say
};

struct ToolSpec {
  std::map<std::string, ArgumentType, std::less<>> arguments;
  std::vector<std::string> required;
  // Those of its conditions that have `values`, wherever they stand.
  std::vector<Condition> comparisons;
  // What the server takes without listing it, or lists in other settings or
  // versions than were recorded: for the tests that compare with its list.
  std::vector<std::string> unlisted;
  bool hidden = false;     // the tool itself
  bool inherited = false;  // by `extends`: the fork may not have it
  // An argument's name, or a text with several, "gke:{project}/{name}"; "":
  // the server goes to the current context.
  std::string context_argument;
  // `requests` are asked by a client that remembers the context which was
  // current when it was made; a run of kubectl or helm reads the kubeconfig
  // anew.
  bool remembers_context = false;
  std::vector<ToolStep> steps;
};

// A resource of the server: what reading a URI of this form comes to. The
// variables are arguments, texts all.
struct ResourceSpec {
  UriTemplate uri;
  ToolSpec read;
};

// Immutable after reading; shared by threads.
class ToolProfile {
 public:
  std::string name;      // "mcp-server-kubernetes"
  std::string versions;  // checked against; version_range.h
  // What the server says is its version is its SDK's: nothing to compare.
  bool reports_sdk = false;
  // "": the server goes where the kubeconfig says. Else it has clusters of its
  // own, and this name stands as the context, where no argument names one.
  std::string cluster;
  std::vector<std::string> programs;  // base names of its executable
  std::vector<std::string> packages;  // npm packages that hold it
  std::vector<std::string> pypi;      // Python packages, in normal form
  std::vector<std::string> images;    // container images, without their tag
  std::vector<std::string> modules;   // Go packages
  // Its variables and flags that count before the first call, in its own order
  // of preference.
  std::vector<ServerSetting> settings;
  using Specs = std::map<std::string, ToolSpec, std::less<>>;
  Specs tools;
  Specs prompts;  // what filling one in makes the server ask of the cluster
  std::vector<ResourceSpec> resources;  // the first that matches counts
  // What completing an argument of a prompt (its name) or of a resource (its
  // URI template) makes the server ask.
  Specs completions;

  // Whether `version`, as the server says, is one of `versions`.
  VersionFit FitOf(std::string_view version) const;
  // nullptr where the profile has no such tool (exact case).
  const ToolSpec* Find(std::string_view tool) const;
};

// All faults of the file are added to `issues`; then the profile must not be
// used.
ToolProfile ReadProfile(const SourceText& source, Issues& issues);
// The name, versions, identity and settings; not the tools.
ToolProfile ReadProfileHead(const SourceText& source, Issues& issues);

// nullptr where there is no such profile. Aborts where the embedded one is
// faulty (the tests read them all first).
std::shared_ptr<const ToolProfile> EmbeddedProfile(std::string_view name);
// What stands before its `tools` only, read or as text, so that all can be
// asked at a start; empty where there is no such profile.
ToolProfile EmbeddedProfileHead(std::string_view name);
std::string_view EmbeddedProfileHeadText(std::string_view name);
std::vector<std::string> EmbeddedProfileNames();

}  // namespace gatehouse
