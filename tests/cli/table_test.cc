// SPDX-License-Identifier: Apache-2.0
#include "cli/table.h"

#include <gtest/gtest.h>

#include <limits>

namespace gatehouse::cli {
namespace {

// Records quote what strangers sent: nothing of it may steer a terminal.
TEST(Printable, LeavesNothingThatSteersOrHides) {
  const struct {
    std::string_view text;
    const char* printed;
  } kRows[] = {
      {"pods_list", "pods_list"},
      {"\u00e9\u4e16", "\u00e9\u4e16"},
      {"\x1b[2J", "?[2J"},
      {"a\nb\r\tc", "a?b??c"},
      {"\x7f", "?"},
      {"\u009b31m", "?31m"},                // an escape of one character
      {"\u202egnp.exe", "?gnp.exe"},        // right to left
      {"a\u200bb\u2066c\ufeff", "a?b?c?"},  // no width
      {"a\u00adb", "a?b"},
      {"\U000e0041", "?"},  // a tag
      {"\xff\xc3", "??"},
      {"\xc0\xaf", "??"},  // overlong
      {std::string_view("a\0b", 3), "a?b"},
  };
  for (const auto& row : kRows) {
    EXPECT_EQ(Printable(row.text), row.printed) << row.printed;
  }
}

TEST(Printable, IsCutOrFilledByLetters) {
  EXPECT_EQ(CutTo("abcdef", 6), "abcdef");
  EXPECT_EQ(CutTo("abcdef", 5), "abcd\u2026");
  EXPECT_EQ(CutTo("\u00e9\u00e9\u00e9\u00e9", 3), "\u00e9\u00e9\u2026");
  EXPECT_EQ(FitTo("ab", 4), "ab  ");
  EXPECT_EQ(FitTo("\x1b", 2), "? ");
}

TEST(Table, FitsAndHidesWhatSteersATerminal) {
  Table table({"A", "B"});
  table.Add({{"x\033[31m\u202ey"}, {std::string(100, 'b')}});
  EXPECT_EQ(table.Render(20), "A         B\nx?[31m?y  bbbbbbbbb\u2026\n");
  EXPECT_EQ(Printable("\u00e9\xff\x9b"), "\u00e9??");
}

TEST(Table, ShrinksItsWidestColumnToTheWidth) {
  Table table({"SEQ", "TOOL"});
  table.Add({{"1"}, {"pods_list_in_namespace"}});
  table.Add({{"2"}});  // a cell too few
  EXPECT_EQ(table.Render(16),
            "SEQ  TOOL\n"
            "1    pods_list_\u2026\n"
            "2\n");
  EXPECT_EQ(table.Render(std::numeric_limits<std::size_t>::max()),
            "SEQ  TOOL\n"
            "1    pods_list_in_namespace\n"
            "2\n");
}

TEST(Table, KeepsALineOfACellOneLine) {
  Table table({"WHAT"});
  table.Add({{"a\nSEQ  TOOL\x1b[0m"}});
  EXPECT_EQ(table.Render(80), "WHAT\na?SEQ  TOOL?[0m\n");
}

}  // namespace
}  // namespace gatehouse::cli
