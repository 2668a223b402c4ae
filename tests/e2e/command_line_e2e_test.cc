// SPDX-License-Identifier: Apache-2.0
// The binary itself, where no command is run.

#include <gtest/gtest.h>

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
