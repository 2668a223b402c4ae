// SPDX-License-Identifier: Apache-2.0
#pragma once
// A command as a user runs it, in this process: words in; exit code, standard
// output and standard error out.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cli/command.h"

namespace gatehouse::cli {

struct CommandRun {
  int exit_code = kExitMisuse;
  std::string out;
  std::string err;
};

// `add` declares the command, as main() does.
inline CommandRun RunCommand(void (*add)(CLI::App&, Action&),
                             std::vector<std::string> arguments) {
  CLI::App app;
  Action action;
  add(app, action);
  std::ranges::reverse(arguments);  // as CLI11 takes them
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  CommandRun run;
  try {
    app.parse(arguments);
    run.exit_code = action();
  } catch (const CLI::ParseError&) {
    // Misuse, as in main().
  }
  run.out = testing::internal::GetCapturedStdout();
  run.err = testing::internal::GetCapturedStderr();
  return run;
}

}  // namespace gatehouse::cli
