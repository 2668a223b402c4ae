// SPDX-License-Identifier: Apache-2.0
#pragma once
// How a command hangs in the program: each cli/ file declares its options in
// an Add… function and leaves behind what to run. main() parses, then runs the
// one that was named. Exit codes are cli.md's.

#include <CLI/CLI.hpp>
#include <functional>
#include <string_view>

namespace gatehouse::cli {

inline constexpr int kExitDone = 0;
inline constexpr int kExitNo = 1;  // the answer is no
inline constexpr int kExitMisuse = 2;
inline constexpr int kExitEnvironment = 3;  // file, permission, disk, server

// Set by the chosen command's callback; returns the exit code.
using Action = std::function<int()>;

void AddRun(CLI::App& app, Action& action);
void AddPolicy(CLI::App& app, Action& action);
void AddAudit(CLI::App& app, Action& action);
void AddServer(CLI::App& app, Action& action);
void AddDemo(CLI::App& app, Action& action);
void AddExplainCode(CLI::App& app, Action& action);

// All of them; only the one that `first`, the program's first word, names,
// where it names one: clients wait for `run`, and to declare every option of
// every command takes longer than what `run` does before its server starts.
void AddCommands(CLI::App& app, Action& action, std::string_view first);

}  // namespace gatehouse::cli
