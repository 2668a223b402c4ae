// SPDX-License-Identifier: Apache-2.0
#pragma once
// A command as a user runs it, in this process: words in; exit code, standard
// output and standard error out.

#include <gtest/gtest.h>

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
inline CommandRun RunCommand(void (*add)(Command),
                             const std::vector<std::string>& arguments) {
  CommandLine line("gatehouse", "");
  add(line.root());
  std::vector<const char*> words = {"gatehouse"};
  for (const std::string& word : arguments) words.push_back(word.c_str());
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  CommandRun run;
  run.exit_code = line.Run(static_cast<int>(words.size()), words.data());
  run.out = ::testing::internal::GetCapturedStdout();
  run.err = ::testing::internal::GetCapturedStderr();
  return run;
}

}  // namespace gatehouse::cli
