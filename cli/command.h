// SPDX-License-Identifier: Apache-2.0
#pragma once
// Each cli/ file declares its command in an Add… function: what it takes, and
// what is done. Exit codes are cli.md's.

#include <string_view>

#include "cli/command_options.h"

namespace gatehouse::cli {

inline constexpr int kExitDone = 0;
inline constexpr int kExitNo = 1;  // the answer is no
inline constexpr int kExitMisuse = 2;
inline constexpr int kExitEnvironment = 3;  // file, permission, disk, server

void AddRun(Command app);
void AddPolicy(Command app);
void AddAudit(Command app);
void AddServer(Command app);
void AddDemo(Command app);
void AddExplainCode(Command app);

// All of them; only the one that `first`, the program's first word, names,
// where it names one: clients wait for `run`, and to declare every option of
// every command takes longer than what `run` does before its server starts.
void AddCommands(Command app, std::string_view first);

}  // namespace gatehouse::cli
