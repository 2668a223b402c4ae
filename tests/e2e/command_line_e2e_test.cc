// SPDX-License-Identifier: Apache-2.0
// The binary itself, where no command is run.

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace gatehouse
