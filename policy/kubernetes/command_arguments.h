// SPDX-License-Identifier: Apache-2.0
#pragma once
// Takes an argument vector of kubectl or helm apart exactly as pflag and cobra
// do: which command it is, which words are operands, which flags are set to
// what. It says nothing of what the command does (kubectl_requests and
// helm_requests do).
//
// What it cannot take apart with certainty is unclear, never guessed: an
// unknown flag, an unknown first word (a plugin or an alias), a missing value.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/kubernetes/command_table.h"
#include "policy/request.h"

namespace gatehouse {

// One flag as given. For a flag without a value, `value` is "true".
struct GivenFlag {
  const CommandFlag* flag = nullptr;  // of the table
  std::string value;
  bool bare = false;  // "--dry-run", not "--dry-run="
};

// Borrows from the table.
struct CommandArguments {
  const CommandRow* command = nullptr;  // nullptr: unknown
  std::vector<std::string> words;       // operands before "--"
  std::vector<std::string> rest;        // after "--"
  bool has_rest = false;
  std::vector<GivenFlag> flags;  // in order; the last of a name wins
  std::optional<Unclear> unclear;

  // The last value given, nullptr where there is none.
  const std::string* Value(std::string_view flag) const;
  // The last flag of that role, nullptr where there is none.
  const GivenFlag* OfRole(FlagRole role) const;
  // A flag without a value that is on.
  bool IsOn(std::string_view flag) const;
};

// `argv` without the program's own name.
CommandArguments ParseCommand(const std::vector<std::string>& argv,
                              const CommandTable& table);

// strconv.ParseBool, which pflag uses; nullopt where it refuses.
std::optional<bool> ParseFlagBool(std::string_view text);

}  // namespace gatehouse
