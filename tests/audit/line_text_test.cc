// SPDX-License-Identifier: Apache-2.0
#include "audit/line_text.h"

#include <gtest/gtest.h>

#include <string>

namespace gatehouse::audit {
namespace {

constexpr auto kNone = LineText::kNone;

TEST(LineText, FindsKeys) {
  const std::pair<const char*, const char*> rows[] = {
      {"a: 1", "a"},      {"a:\n", "a"},
      {"a:\r\n", "a"},    {"\"a b\": 1", "a b"},
      {"'a': 1", "a"},    {"a.b/c: 1", "a.b/c"},
      {"a:b: 1", "a:b"},  {"a", "-"},
      {"a:b", "-"},       {"two words: 1", "-"},
      {"\"open: 1", "-"}, {": 1", "-"},
      {"", "-"}};
  for (const auto& [text, key] : rows) {
    const LineText::KeySpan span = LineText(text).KeyAt(0);
    const std::string found =
        span.after == kNone
            ? "-"
            : std::string(text).substr(span.begin, span.end - span.begin);
    EXPECT_EQ(found, key) << text;
  }
}

TEST(LineText, FindsWhereValuesEnd) {
  EXPECT_EQ(LineText(R"("a\"b" c)").QuotedEnd(0, 0), 6u);
  EXPECT_EQ(LineText("'it''s' c").QuotedEnd(0, 0), 7u);
  EXPECT_EQ(LineText("\"a\n  b\"").QuotedEnd(0, 0), 7u);
  EXPECT_EQ(LineText("\"a\nb\"").QuotedEnd(0, 0), kNone);
  EXPECT_EQ(LineText("\"a").QuotedEnd(0, 0), kNone);
  EXPECT_EQ(LineText("{a: [b]} c").FlowEnd(0, 0), 8u);
  EXPECT_EQ(LineText("{a:\nb}").FlowEnd(0, 0), kNone);
  EXPECT_EQ(LineText("a b  # c\n").PlainEnd(0), 3u);
  EXPECT_EQ(LineText("a#b \r\n").PlainEnd(0), 3u);
  EXPECT_EQ(LineText("|\n  a\n\n  b\nc").BlockEnd(0, 0), 10u);
  EXPECT_EQ(LineText("|\nc").BlockEnd(0, 0), 1u);
}

TEST(LineText, StepsOverAnchorsAndTags) {
  const LineText text("!!binary &x eA==");
  const LineText::Properties found = text.SkipProperties(0);
  EXPECT_EQ(found.after, 12u);
  EXPECT_TRUE(found.anchored);
  EXPECT_FALSE(LineText("!t a").SkipProperties(0).anchored);
}

}  // namespace
}  // namespace gatehouse::audit
