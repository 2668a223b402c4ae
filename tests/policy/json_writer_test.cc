// SPDX-License-Identifier: Apache-2.0
#include "policy/json_writer.h"

#include <gtest/gtest.h>

#include "policy/json_value.h"

namespace gatehouse {
namespace {

std::string Quoted(std::string_view text) {
  return JsonWriter().String(text).Take();
}

TEST(JsonWriter, WritesAsciiOnly) {
  const struct {
    std::string_view text;
    std::string_view json;
  } kRows[] = {
      {"", R"("")"},
      {"plain", R"("plain")"},
      {"\"\\/", R"("\"\\/")"},
      {"\b\f\n\r\t", R"("\b\f\n\r\t")"},
      {std::string_view("\0\x1f\x7f", 3), R"("\u0000\u001f\u007f")"},
      {"é", R"("\u00e9")"},
      {"\u2028\u2029", R"("\u2028\u2029")"},
      {"\U0001F600", R"("\ud83d\ude00")"},
  };
  for (const auto& row : kRows) EXPECT_EQ(Quoted(row.text), row.json);
}

TEST(JsonWriter, ReplacesEachBadByte) {
  const struct {
    std::string name;
    std::string text;
    std::size_t replacements;
  } kRows[] = {
      {"lone continuation", "\x80", 1},
      {"cut sequence", "\xe2\x82", 2},
      {"overlong slash", "\xc0\xaf", 2},
      {"overlong in three bytes", "\xe0\x80\xaf", 3},
      {"surrogate", "\xed\xa0\x80", 3},
      {"over U+10FFFF", "\xf4\x90\x80\x80", 4},
      {"never a lead", "\xff", 1},
  };
  for (const auto& row : kRows) {
    std::string expected = "\"";
    for (std::size_t i = 0; i < row.replacements; ++i) expected += "\\ufffd";
    EXPECT_EQ(Quoted(row.text), expected + "\"") << row.name;
  }
}

TEST(JsonWriter, PutsCommasAndColonsRight) {
  JsonWriter out;
  out.BeginObject();
  out.Key("a").BeginArray().Integer(-1).Unsigned(2).Bool(true).Null();
  out.BeginObject().EndObject().EndArray();
  out.Key("b").Raw("1.50").Key("c").Optional(std::nullopt);
  out.Key("d").Optional("x").EndObject();
  EXPECT_EQ(out.text(),
            R"({"a":[-1,2,true,null,{}],"b":1.50,"c":null,"d":"x"})");
}

TEST(JsonWriter, WritesValuesInTheirOrder) {
  const std::string text =
      R"({"z":[1,"\u00e9",{"a":null}],"b":true,"a":18446744073709551615})";
  EXPECT_EQ(JsonWriter().Value(ParseJson(text).value()).Take(), text);
}

// Plain bytes are passed over sixteen at a time.
TEST(JsonWriter, FindsWhatMustBeEscapedWhereverItStands) {
  for (std::size_t at = 0; at < 40; ++at) {
    for (int c = 0; c < 0x80; ++c) {
      std::string text(40, 'x');
      text[at] = static_cast<char>(c);
      const std::string one = JsonWriter().String(text.substr(at, 1)).Take();
      const std::string expected = "\"" + std::string(at, 'x') +
                                   one.substr(1, one.size() - 2) +
                                   std::string(39 - at, 'x') + "\"";
      ASSERT_EQ(JsonWriter().String(text).Take(), expected) << at << " " << c;
    }
    const std::string accent = std::string(at, 'x') + "\xC3\xA9" + "yy";
    EXPECT_EQ(JsonWriter().String(accent).Take(),
              "\"" + std::string(at, 'x') + "\\u00e9yy\"");
  }
}

}  // namespace
}  // namespace gatehouse
