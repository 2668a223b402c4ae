// SPDX-License-Identifier: Apache-2.0
#include "audit/text_controls.h"

#include <gtest/gtest.h>

namespace gatehouse::audit {
namespace {

struct TextControlsRow {
  const char* text;
  const char* seen;
  std::uint64_t controls;
};

TEST(TextControls, AreStripped) {
  constexpr TextControlsRow kRows[] = {
      {"plain\ttext\r\n", "plain\ttext\r\n", 0},
      {"\x1b[1;31mred\x1b[0m", "red", 2},
      {"\x1b]8;;http://x\x1b\\link\x1b]8;;\x07", "link", 2},
      {"\x1b]0;title", "0;title", 1},  // it has no end: only its start goes
      {"\x1b"
       "Mup",
       "up", 1},
      {"a\x1b", "a", 1},
      {"\xc2\x9b"
       "31mred",
       "red", 1},
      {"a\bb\x7f", "ab", 2},
      {"\u202euser\u202c", "user", 2},
      {"\u2066x\u2069", "x", 2},
      {"pass\u200bword\u2060", "password", 2},
      {"\ufeffstart", "start", 1},
      {"hi\U000E0068\U000E0069", "hi", 2},
      {"a\U000E0100", "a", 1},
      {"a\ufe01", "a", 1},
  };
  for (const TextControlsRow& row : kRows) {
    const StrippedText stripped = StripControls(row.text);
    EXPECT_EQ(stripped.text, row.seen) << row.text;
    EXPECT_EQ(stripped.controls, row.controls) << row.text;
  }
}

TEST(TextControls, StayWhereEmojiAndScriptsNeedThem) {
  for (const char* text :
       {"\U0001F468\u200D\U0001F469\u200D\U0001F467",  // a family
        "\U0001F3F3\uFE0F\u200D\U0001F308",            // the rainbow flag
        "\u2764\uFE0F", "1\uFE0F\u20E3",               // a heart, a keycap
        "\u0646\u200C\u0645",                          // Persian
        "\u0915\u094D\u200D\u0937"}) {                 // Devanagari
    const StrippedText stripped = StripControls(text);
    EXPECT_EQ(stripped.text, text);
    EXPECT_EQ(stripped.controls, 0u) << text;
  }
  // Between letters that need none, and more than one.
  EXPECT_EQ(StripControls("a\u200Db").text, "ab");
  EXPECT_EQ(StripControls("\u2764\uFE0F\uFE0F").text, "\u2764\uFE0F");
  EXPECT_EQ(StripControls("a\uFE0F").text, "a");
}

TEST(TextControls, LeaveBrokenBytesAlone) {
  for (const char* text :
       {"\xff\xfe", "\xe2\x80", "\xf3\xa0", "\xed\xa0\x80"}) {
    EXPECT_EQ(StripControls(text).text, text);
  }
}

}  // namespace
}  // namespace gatehouse::audit
