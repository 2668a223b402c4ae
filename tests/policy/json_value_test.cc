// SPDX-License-Identifier: Apache-2.0
#include "policy/json_value.h"

#include <gtest/gtest.h>

#include <chrono>

namespace gatehouse {
namespace {

TEST(ParseJson, RefusesWhatTwoParsersMayReadDifferently) {
  const struct {
    std::string name;
    std::string text;
  } kRows[] = {
      {"duplicate key", R"({"a":1,"a":2})"},
      {"duplicate key after unescaping", R"({"name":1,"na\u006de":2})"},
      {"duplicate key deep inside", R"({"x":[{"a":1,"a":1}]})"},
      {"NUL after the value", std::string("{}\0{}", 5)},
      {"trailing data", "{} {}"},
      {"NaN", "NaN"},
      {"comment", "/* c */ 1"},
      {"lone surrogate", R"("\ud800")"},
      {"invalid UTF-8", "\"\xff\""},
      {"empty", ""},
      {"too deep", std::string(65, '[') + std::string(65, ']')},
  };
  for (const auto& row : kRows) {
    const Result<JsonValue> value = ParseJson(row.text);
    EXPECT_FALSE(value.ok()) << row.name;
  }
}

TEST(ParseJson, TakesTheSameKeyInDifferentObjects) {
  EXPECT_TRUE(ParseJson(R"([{"a":1},{"a":{"a":2}}])").ok());
  EXPECT_TRUE(ParseJson(std::string(64, '[') + std::string(64, ']')).ok());
}

TEST(ParseJson, NamesTheDuplicate) {
  const Result<JsonValue> value = ParseJson(R"({"ns":1,"ns":2})");
  ASSERT_FALSE(value.ok());
  EXPECT_EQ(value.error().sentence,
            "the JSON text has a fault: duplicate key \"ns\"");
}

// What a server may put in one line: with a search through the siblings of each
// it kept the guard busy for a minute.
TEST(ParseJson, TakesTimeThatGrowsWithTheTextAlone) {
  std::string object = "{";
  std::string list = "[";
  for (int i = 0; i < 150'000; ++i) {
    const std::string comma = i == 0 ? "" : ",";
    object += comma + "\"k" + std::to_string(i) + "\":1";
    list += comma + R"({"name":"a"})";
  }
  const auto start = std::chrono::steady_clock::now();
  const Result<JsonValue> members = ParseJson(object + "}");
  const Result<JsonValue> elements = ParseJson(list + "]");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
  EXPECT_EQ(Members(members.value()).size(), 150'000u);
  EXPECT_EQ(Elements(elements.value()).size(), 150'000u);
}

TEST(Getters, NeverConvert) {
  const JsonValue value =
      ParseJson(R"({"s":"a","n":1,"f":1.5,"b":true,"l":["a"],"o":{},"z":null,
                    "big":18446744073709551615})")
          .value();
  EXPECT_EQ(StringMember(value, "s"), "a");
  for (const char* key : {"n", "f", "b", "l", "o", "z", "absent"}) {
    EXPECT_EQ(StringMember(value, key), std::nullopt) << key;
  }
  EXPECT_EQ(AsInteger(*Member(value, "n")), 1);
  EXPECT_EQ(AsInteger(*Member(value, "f")), std::nullopt);
  EXPECT_EQ(AsInteger(*Member(value, "big")), std::nullopt);
  EXPECT_EQ(AsNumber(*Member(value, "n")), 1.0);
  EXPECT_EQ(AsNumber(*Member(value, "f")), 1.5);
  EXPECT_EQ(AsNumber(*Member(value, "big")), 18446744073709551616.0);
  EXPECT_EQ(AsNumber(*Member(value, "s")), std::nullopt);
  EXPECT_EQ(AsBool(*Member(value, "b")), true);
  EXPECT_EQ(AsBool(*Member(value, "n")), std::nullopt);
  EXPECT_EQ(Member(*Member(value, "l"), "a"), nullptr);
}

TEST(Getters, KeepTheOrderOfMembers) {
  const JsonValue value = ParseJson(R"({"z":1,"a":2,"m":3})").value();
  std::string order;
  for (const auto& [key, member] : Members(value)) order += key;
  EXPECT_EQ(order, "zam");
  EXPECT_TRUE(Elements(value).empty());
}

TEST(Kinds, HaveWordsForSentences) {
  const struct {
    std::string_view text;
    std::string_view words;
  } kRows[] = {{"null", "null"},  {"true", "a boolean"},
               {"1", "a number"}, {"\"\"", "a string"},
               {"[]", "a list"},  {"{}", "an object"}};
  for (const auto& row : kRows) {
    EXPECT_EQ(KindName(KindOf(ParseJson(row.text).value())), row.words);
  }
}

}  // namespace
}  // namespace gatehouse
