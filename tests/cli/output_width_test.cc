// SPDX-License-Identifier: Apache-2.0
#include "cli/output_width.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

#include "proxy/fd.h"

namespace gatehouse::cli {
namespace {

class OutputWidthTest : public ::testing::Test {
 protected:
  OutputWidthTest() { unsetenv("COLUMNS"); }
  ~OutputWidthTest() override { unsetenv("COLUMNS"); }
};

TEST_F(OutputWidthTest, IsWhatColumnsSaysWhereThereIsNoTerminal) {
  const UniqueFd file(open("/dev/null", O_WRONLY | O_CLOEXEC));
  EXPECT_EQ(WidthOfOutput(file.get()), kUsualWidth);
  const struct {
    const char* columns;
    std::size_t width;
  } kRows[] = {{"132", 132},
               {"40", 40},
               {"7", 40},
               {"0", 80},
               {"", 80},
               {"wide", 80},
               {"-1", 80},
               {"100x", 80},
               {"99999999", 10'000},
               {"99999999999999999999", 80},
               {" 90", 80}};
  for (const auto& row : kRows) {
    setenv("COLUMNS", row.columns, 1);
    EXPECT_EQ(WidthOfOutput(file.get()), row.width) << row.columns;
  }
}

TEST_F(OutputWidthTest, IsTheTerminals) {
  const UniqueFd master(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  ASSERT_EQ(grantpt(master.get()), 0);
  ASSERT_EQ(unlockpt(master.get()), 0);
  const UniqueFd terminal(
      open(ptsname(master.get()), O_RDWR | O_NOCTTY | O_CLOEXEC));
  const auto resize = [&](unsigned short columns) {
    winsize size{};
    size.ws_col = columns;
    ASSERT_EQ(ioctl(terminal.get(), TIOCSWINSZ, &size), 0);
  };
  setenv("COLUMNS", "90", 1);
  resize(132);
  EXPECT_EQ(WidthOfOutput(terminal.get()), 132u);
  resize(10);
  EXPECT_EQ(WidthOfOutput(terminal.get()), 40u);
  resize(0);  // one that does not know
  EXPECT_EQ(WidthOfOutput(terminal.get()), 90u);
}

}  // namespace
}  // namespace gatehouse::cli
