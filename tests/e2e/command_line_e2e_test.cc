// SPDX-License-Identifier: Apache-2.0
// The binary itself, where no command is run.

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <string>

#include "tests/support/guard_process.h"

namespace gatehouse {
namespace {

using testing::RunGatehouse;

TEST(CommandLine, WithoutACommandItSaysWhatThereIs) {
  const testing::CommandResult bare = RunGatehouse({});
  EXPECT_EQ(bare.exit_code, 2);
  const testing::CommandResult asked = RunGatehouse({"--help"});
  EXPECT_EQ(asked.exit_code, 0);
  EXPECT_EQ(bare.output, asked.output);
  EXPECT_NE(asked.output.find("gatehouse demo"), std::string::npos);
}

TEST(CommandLine, ARunWithoutAServerShowsTheForm) {
  const testing::CommandResult run = RunGatehouse({"run"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_NE(run.output.find("gatehouse run [OPTIONS] -- SERVER [ARG...]"),
            std::string::npos)
      << run.output;
}

// A script took the half of a table for the whole.
TEST(CommandLine, AFullDiskIsNoSuccess) {
  const auto exit_code = [](const std::string& rest) {
    const int status = std::system(
        ("sh -c '" + testing::GatehousePath() + rest + "'").c_str());
    return WEXITSTATUS(status);
  };
  EXPECT_EQ(exit_code(" explain-code >/dev/full 2>/dev/null"), 3);
  EXPECT_EQ(exit_code(" --version >/dev/full 2>/dev/null"), 3);
  EXPECT_EQ(exit_code(" explain-code >/dev/null"), 0);
  EXPECT_EQ(exit_code(" explain-code | head -n 1 >/dev/null"), 0);
}

// Another file took the place of a closed stdin, and had no end.
TEST(CommandLine, ASessionWithoutStandardInputEnds) {
  const testing::TemporaryFolder folder;
  const std::string line =
      "HOME=" + folder.path() + " XDG_RUNTIME_DIR=" + folder.path() +
      " KUBECONFIG=/dev/null timeout 20 " + testing::GatehousePath() +
      " run --no-confine --db " + folder.File("audit.db") +
      " --profile sample-server -- " + testing::FakeServerPath() +
      " <&- >/dev/null 2>&1";
  EXPECT_EQ(std::system(line.c_str()), 0);
}

}  // namespace
}  // namespace gatehouse
