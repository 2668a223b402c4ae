// SPDX-License-Identifier: Apache-2.0
#include "proxy/json_slices.h"

#include <gtest/gtest.h>

#include <string>

#include "policy/json_value.h"

namespace gatehouse {
namespace {

std::string Of(std::string_view object) {
  std::string text;
  for (const JsonSlice& slice : ObjectSlices(object)) {
    text += std::string(slice.key) + "=" + std::string(slice.value) + ";";
  }
  return text;
}

std::string Elements(std::string_view array) {
  std::string text;
  for (const std::string_view element : ArraySlices(array)) {
    text += std::string(element) + ";";
  }
  return text;
}

TEST(JsonSlices, MembersStayAsTheyStand) {
  EXPECT_EQ(Of(R"({"a":1,"b":[1,{"c":"}"}],"d":"x,\"y"})"),
            R"(a=1;b=[1,{"c":"}"}];d="x,\"y";)");
  EXPECT_EQ(Of(R"( { "a" : 1.50e+2 , "\u0062" : null } )"),
            R"(a=1.50e+2;\u0062=null;)");
  EXPECT_EQ(Of(R"({"a\\":"\\","b":{}})"), R"(a\\="\\";b={};)");
  EXPECT_EQ(Of("{}"), "");
  EXPECT_EQ(Of("{ }"), "");
}

TEST(JsonSlices, ElementsStayAsTheyStand) {
  EXPECT_EQ(Elements(R"([ {"a":[1,2]} , "]," , [ ] , 3 ])"),
            R"({"a":[1,2]};"],";[ ];3;)");
  EXPECT_EQ(Elements("[]"), "");
  EXPECT_EQ(Elements("[ ]"), "");
}

TEST(JsonSlices, OtherTextIsNothingAndEnds) {
  for (const char* text : {"", "[", "{", "}", "1", "\"", "{1:2}", "{\"a\"}",
                           "{\"a\":1", "{\"a", "[1,2", "[\"\\", "{,}"}) {
    EXPECT_EQ(Of(text), "") << text;
    (void)ArraySlices(text);
  }
}

}  // namespace
}  // namespace gatehouse
