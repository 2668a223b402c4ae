// SPDX-License-Identifier: Apache-2.0
#pragma once
// One request that a command makes, before its operands are filled in, as a
// row of kubectl.yaml writes it: a line of text in the form that stands at the
// head of that file. Reading only; request_filler fills it in.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/request.h"

namespace gatehouse {

// Where a request takes its name from.
enum class NameFrom {
  kUnknown = 0,
  kNone,
  kOperand,    // the target's own
  kWord,       // each word
  kNamespace,  // the namespace that the target is in
  kFlag,       // a flag's value
};

struct RequestTemplate {
  Verb verb = Verb::kUnknown;
  // "pods"; "{}": each target's; "<FLAG>": those that a flag's TYPE/NAME names;
  // none, as for discover: empty. All of them are asked for.
  std::vector<std::string> types;
  std::string subresource;
  NameFrom name = NameFrom::kNone;
  std::string name_flag;  // of NameFrom::kFlag
  // "": the call's or the target's own; "*" all; "name": the target's name;
  // "<FLAG>": each of a flag's list; or one namespace.
  std::string scope;
  std::vector<std::string> for_types;     // only with a target of these
  std::vector<std::string> if_flags;      // only with one of these flags
  std::vector<std::string> unless_flags;  // only with none of these
  bool dry_run = false;                   // always one, whatever the flags say
};

// "patch {}/scale ? @* if force"; nullopt where it is not of that form.
std::optional<RequestTemplate> ParseRequestTemplate(std::string_view text);

// The flag's name in "<FLAG>"; "" where it is not of that form.
std::string_view FlagInBrackets(std::string_view text);

}  // namespace gatehouse
