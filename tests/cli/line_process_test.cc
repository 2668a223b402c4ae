// SPDX-License-Identifier: Apache-2.0
#include "cli/line_process.h"

#include <gtest/gtest.h>
#include <signal.h>

#include "tests/support/process_census.h"

namespace gatehouse::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

LineProcess StartShell(const std::string& script) {
  LineProcessSpec spec;
  spec.argv = {"/bin/sh", "-c", script};
  return LineProcess::Start(spec).value();
}

TEST(LineProcess, TalksInLines) {
  LineProcess echo = StartShell("cat");
  ASSERT_TRUE(echo.WriteLine("one\ntwo").ok());
  EXPECT_EQ(echo.ReadLine(seconds(10)).value(), "one");
  EXPECT_EQ(echo.ReadLine(seconds(10)).value(), "two");
  EXPECT_EQ(echo.ReadLine(milliseconds(20)).error().code, ErrorCode::kBusy);
  EXPECT_EQ(echo.Finish(seconds(10)), 0);
  EXPECT_EQ(echo.pid(), -1);
}

TEST(LineProcess, TellsHowItEnded) {
  EXPECT_EQ(StartShell("exit 7").Finish(seconds(10)), 7);
  EXPECT_EQ(StartShell("kill -9 $$").Finish(seconds(10)), 128 + 9);
  EXPECT_EQ(StartShell("exec /no/such/program").Finish(seconds(10)), 127);
  EXPECT_EQ(StartShell("exec sleep 100").Finish(milliseconds(20)), 124);
}

TEST(LineProcess, SeesTheEndOfTheProgram) {
  LineProcess gone = StartShell("echo half; exit 0");
  EXPECT_EQ(gone.ReadLine(seconds(10)).value(), "half");
  EXPECT_EQ(gone.ReadLine(seconds(10)).error().code, ErrorCode::kIo);
  // Nobody reads: an error, not a signal that ends the test.
  testing::Eventually([&] { return !gone.WriteLine("hello").ok(); });
  EXPECT_FALSE(gone.WriteLine("hello").ok());
}

TEST(LineProcess, LeavesNothingBehind) {
  pid_t pid = 0;
  {
    LineProcess stubborn = StartShell("trap '' TERM; echo up; cat; exec cat");
    pid = stubborn.pid();
    ASSERT_EQ(stubborn.ReadLine(seconds(10)).value(), "up");
    EXPECT_TRUE(testing::IsAlive(pid));
  }
  EXPECT_FALSE(testing::IsAlive(pid));
}

}  // namespace
}  // namespace gatehouse::cli
