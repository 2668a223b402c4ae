// SPDX-License-Identifier: Apache-2.0
#include "audit/json_string.h"

#include <gtest/gtest.h>

#include <string>

namespace gatehouse::audit {
namespace {

TEST(JsonString, ComesOutOfItsEscapesAndBack) {
  struct Row {
    const char* escaped;
    std::string plain;
    const char* quoted;  // how it is written here
  };
  const Row rows[] = {
      {"", "", "\"\""},
      {R"(a\n\t\r\"\\b)", "a\n\t\r\"\\b", R"("a\n\t\r\"\\b")"},
      {R"(\/\b\f)", "/\b\f", R"("/\u0008\u000c")"},
      {R"(\u0041\u00e9)", "A\u00e9", "\"A\u00e9\""},
      {R"(\uD83D\uDE00)", "\U0001F600", "\"\U0001F600\""},
      // A half of a pair is kept, and never written as bytes that no UTF-8 has.
      {R"(\ud83d!)", "\xED\xA0\xBD!", R"("\ud83d!")"},
      {R"(\ud83d\u0041)", "\xED\xA0\xBD\x41", R"("\ud83dA")"},
      {R"(a\q\u12)", R"(a\q\u12)", R"("a\\q\\u12")"},
      {"a\\", "a\\", R"("a\\")"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(UnescapeJson(row.escaped), row.plain) << row.escaped;
    EXPECT_EQ(QuoteJson(row.plain), row.quoted) << row.escaped;
  }
}

TEST(JsonString, IsEditedWithoutItsOtherEscapesBeingTouched) {
  struct Row {
    const char* escaped;
    Edits edits;  // of what it says
    const char* outcome;
  };
  const Row rows[] = {
      {R"(a\nb\/c)", {}, R"(a\nb\/c)"},
      {R"(a\nb\/c)", {{2, 3, "X"}}, R"(a\nX\/c)"},
      {R"(a\nb\/c)", {{0, 1, "X"}, {4, 5, "\"\n"}}, R"(X\nb\/\"\n)"},
      {R"(a\nb\/c)", {{1, 4, ""}}, "ac"},
      {R"(\u0061\u0062)", {{1, 2, "X"}}, R"(\u0061X)"},
      {R"(\ud83d\ude00b)", {{4, 5, "X"}}, R"(\ud83d\ude00X)"},
      {"ab", {{2, 2, "X"}}, "abX"},
      // In the middle of a character: all is written anew.
      {R"(\u00e9\/)", {{1, 3, "X"}}, "\xC3X"},
  };
  for (const Row& row : rows) {
    const Edits moved = EscapedEdits(row.escaped, row.edits);
    EXPECT_EQ(Applied(row.escaped, moved), row.outcome) << row.escaped;
    EXPECT_EQ(UnescapeJson(Applied(row.escaped, moved)),
              Applied(UnescapeJson(row.escaped), row.edits))
        << row.escaped;
  }
}

}  // namespace
}  // namespace gatehouse::audit
