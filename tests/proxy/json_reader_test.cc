// SPDX-License-Identifier: Apache-2.0
#include "proxy/json_reader.h"

#include <gtest/gtest.h>

#include "policy/json_value.h"

namespace gatehouse {
namespace {

std::string Nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

std::string ManyMembers(std::size_t count) {
  std::string text = "{";
  for (std::size_t i = 0; i < count; ++i) {
    text += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":0";
  }
  return text + "}";
}

TEST(JsonReader, WritesTheCanonicalTextOfWhatItAccepts) {
  struct Row {
    std::string text;
    std::string canonical;
  };
  const std::vector<Row> rows = {
      {R"({"a":1})", R"({"a":1})"},
      {" { \"b\" : [ 1 , true , null , { } ] , \"a\" : false }\t",
       R"({"b":[1,true,null,{}],"a":false})"},
      {R"({"a":"é\u00e9"})", R"({"a":"\u00e9\u00e9"})"},
      {"{\"a\":\"\xE2\x80\xA8\"}", R"({"a":"\u2028"})"},
      {"{\"a\":\"\xF0\x9F\x98\x80\"}", R"({"a":"\ud83d\ude00"})"},
      {R"({"a":"\ud83d\ude00\/"})", R"({"a":"\ud83d\ude00/"})"},
      {R"({"a":"\u0000"})", R"({"a":"\u0000"})"},
      {R"([1.50,1e2,1E+2,-0.0,0])", R"([1.50,1e2,1E+2,-0.0,0])"},
      {R"([18446744073709551615,-9223372036854775808])",
       R"([18446744073709551615,-9223372036854775808])"},
      {R"({"a":{"a":1},"b":{"a":1}})", R"({"a":{"a":1},"b":{"a":1}})"},
      {Nested(64), Nested(64)},
      {"\"scalar\"", "\"scalar\""},
  };
  for (const Row& row : rows) {
    const auto read = ReadStrictJson(row.text);
    ASSERT_TRUE(std::holds_alternative<StrictJson>(read))
        << row.text << ": " << std::get<JsonFault>(read).sentence;
    EXPECT_EQ(std::get<StrictJson>(read).canonical, row.canonical);
  }
}

TEST(JsonReader, RefusesWhatTwoParsersMayReadDifferently) {
  struct Row {
    std::string text;
    Code code;
    bool is_json;
  };
  using std::string_literals::operator""s;
  const std::vector<Row> rows = {
      {"", Code::kMalformed, false},
      {"{", Code::kMalformed, false},
      {"{}{}", Code::kMalformed, false},
      {"{} x", Code::kMalformed, false},
      {"{}\0"s, Code::kMalformed, false},
      {"{}\0{}"s, Code::kMalformed, false},
      {"{\"a\":1}\r{}", Code::kMalformed, false},
      {"\xEF\xBB\xBF{}", Code::kMalformed, false},
      {"{\"a\":\"\xC0\xAF\"}", Code::kMalformed, false},      // overlong
      {"{\"a\":\"\xED\xA0\x80\"}", Code::kMalformed, false},  // surrogate
      {"{\"a\":\"\xFF\"}", Code::kMalformed, false},
      {R"({"a":"\ud800"})", Code::kMalformed, false},
      {R"({"a":"\udc00\ud800"})", Code::kMalformed, false},
      {"{\"a\":\"\n\"}", Code::kMalformed, false},
      {R"({"a":NaN})", Code::kMalformed, false},
      {R"({"a":Infinity})", Code::kMalformed, false},
      {R"({"a":1e999})", Code::kMalformed, false},
      {R"({"a":01})", Code::kMalformed, false},
      {R"({"a":+1})", Code::kMalformed, false},
      {R"({"a":1,})", Code::kMalformed, false},
      {R"({a:1})", Code::kMalformed, false},
      {R"({'a':1})", Code::kMalformed, false},
      {R"({"a":1} // x)", Code::kMalformed, false},
      {R"(/* x */{"a":1})", Code::kMalformed, false},
      {R"({"a":-0})", Code::kMalformed, true},
      {R"({"a":18446744073709551616})", Code::kMalformed, true},
      {R"({"a":-9223372036854775809})", Code::kMalformed, true},
      {R"({"a":1,"a":1})", Code::kDuplicateKey, true},
      {R"({"na\u006de":1,"name":2})", Code::kDuplicateKey, true},
      {R"([{"x":{"a":1,"b":2,"a":3}}])", Code::kDuplicateKey, true},
      {R"({"a\u0000":1})", Code::kMalformed, true},
      {R"({"x":{"__proto__":1}})", Code::kMalformed, true},
      {R"({"__prot\u006f__":1})", Code::kMalformed, true},
      {Nested(65), Code::kTooDeep, true},
      {Nested(20'000), Code::kTooDeep, true},
      {ManyMembers(10'001), Code::kTooLarge, true},
  };
  for (const Row& row : rows) {
    const auto read = ReadStrictJson(row.text);
    ASSERT_TRUE(std::holds_alternative<JsonFault>(read))
        << row.text.substr(0, 80);
    const JsonFault& fault = std::get<JsonFault>(read);
    EXPECT_EQ(CodeName(fault.code), CodeName(row.code)) << row.text;
    EXPECT_EQ(fault.is_json, row.is_json) << row.text.substr(0, 80);
    EXPECT_NE(fault.sentence, "");
  }
}

TEST(JsonReader, FindsDuplicatesAmongManyMembers) {
  std::string text = ManyMembers(1'000);
  text.insert(text.size() - 1, ",\"\\u0039\\u0039\\u0039\":1");
  const auto read = ReadStrictJson(text);
  ASSERT_TRUE(std::holds_alternative<JsonFault>(read));
  EXPECT_EQ(std::get<JsonFault>(read).code, Code::kDuplicateKey);
  EXPECT_TRUE(
      std::holds_alternative<StrictJson>(ReadStrictJson(ManyMembers(10'000))));
}

TEST(JsonReader, CapsTheValuesOfAWholeMessage) {
  JsonLimits limits;
  limits.max_values = 5;
  EXPECT_TRUE(
      std::holds_alternative<StrictJson>(ReadStrictJson("[[1],[2]]", limits)));
  const auto read = ReadStrictJson("[[1],[2],3]", limits);
  ASSERT_TRUE(std::holds_alternative<JsonFault>(read));
  EXPECT_EQ(std::get<JsonFault>(read).code, Code::kTooLarge);
}

TEST(JsonReader, FindsTheIdOfWhatItRefuses) {
  struct Row {
    std::string text;
    std::optional<std::string> id;
  };
  const std::vector<Row> rows = {
      {R"({"id":7,"a":1,"a":2})", "7"},
      {R"({"a":1,"a":2,"id":"x\u0041"})", R"("xA")"},
      {R"({"a":{"id":1},"a":{"id":2}})", std::nullopt},
      {R"({"id":1,"id":2})", std::nullopt},
      {R"({"id":1,"a":2,"a":3,"id":1})", std::nullopt},
      {R"({"id":true,"a":1,"a":1})", std::nullopt},
      {R"({"id":1.5,"a":1,"a":1})", std::nullopt},
      {R"({"id":{"a":1,"a":2}})", std::nullopt},
      {R"({"id":1,"a")", std::nullopt},
      {R"([{"id":1,"a":1,"a":1}])", std::nullopt},
  };
  for (const Row& row : rows) {
    const auto read = ReadStrictJson(row.text);
    ASSERT_TRUE(std::holds_alternative<JsonFault>(read)) << row.text;
    EXPECT_EQ(std::get<JsonFault>(read).id, row.id) << row.text;
  }
}

TEST(JsonReader, TellsAResponseFromARequestItRefuses) {
  const auto is_response = [](std::string_view text) {
    return std::get<JsonFault>(ReadStrictJson(text)).is_response;
  };
  EXPECT_TRUE(is_response(R"({"id":1,"result":{"a":1,"a":2}})"));
  EXPECT_FALSE(is_response(R"({"id":1,"result":0,"method":"x","id":1})"));
  EXPECT_FALSE(is_response(R"({"id":1,"x":{"result":1},"x":1})"));
}

TEST(JsonReader, BuildsTheValueThatItsTextSays) {
  const auto read = ReadStrictJson(R"({"b":[1,{"c":"d"}],"a":-2})");
  const JsonValue& value = std::get<StrictJson>(read).value;
  const JsonValue* list = Member(value, "b");
  ASSERT_NE(list, nullptr);
  ASSERT_EQ(Elements(*list).size(), 2u);
  EXPECT_EQ(StringMember(*Elements(*list)[1], "c"), "d");
  EXPECT_EQ(AsInteger(*Member(value, "a")), -2);
  EXPECT_EQ(Members(value)[0].first, "b");
}

}  // namespace
}  // namespace gatehouse
