// SPDX-License-Identifier: Apache-2.0
#include "proxy/message_edit.h"

#include <gtest/gtest.h>

namespace gatehouse {
namespace {

std::string Found(std::string_view text, std::string_view name) {
  const auto span = FindMember(text, 0, name);
  if (!span) return "none";
  return std::string(text.substr(span->begin, span->end - span->begin));
}

TEST(MessageEdit, FindsMembersOfTheObjectAndOfNothingInIt) {
  const std::string text =
      R"({"a":{"b":1},"s":"\"b\":{","l":[{"b":2}],"b":-1.50e3,"e":{}})";
  EXPECT_EQ(Found(text, "a"), R"({"b":1})");
  EXPECT_EQ(Found(text, "s"), R"("\"b\":{")");
  EXPECT_EQ(Found(text, "b"), "-1.50e3");
  EXPECT_EQ(Found(text, "e"), "{}");
  EXPECT_EQ(Found(text, "c"), "none");
  EXPECT_EQ(Found("[1]", "a"), "none");
  EXPECT_EQ(Found("{}", "a"), "none");
  EXPECT_EQ(Found("", "a"), "none");
}

TEST(MessageEdit, SetsAndTakesOutOneMember) {
  const std::pair<const char*, const char*> rows[] = {
      {R"({"a":1,"b":2})", R"({"b":2})"},
      {R"({"b":2,"a":{"x":[1]}})", R"({"b":2})"},
      {R"({"b":2,"a":"}","c":3})", R"({"b":2,"c":3})"},
      {R"({"a":null})", "{}"},
      {R"({"b":{"a":1}})", R"({"b":{"a":1}})"},
      {"{}", "{}"},
  };
  for (const auto& [text, without] : rows) {
    EXPECT_EQ(WithoutMember(text, 0, "a"), without);
    EXPECT_EQ(WithoutMember(SetMember(without, 0, "a", "[7]"), 0, "a"),
              without);
  }
  EXPECT_EQ(SetMember(R"({"a":1,"b":2})", 0, "a", "7"), R"({"a":7,"b":2})");
  EXPECT_EQ(SetMember("{}", 0, "a", "7"), R"({"a":7})");
}

TEST(MessageEdit, ReadsOnlyWhatTheStrictReaderWrites) {
  EXPECT_TRUE(ReadEdited(R"({"jsonrpc":"2.0","id":1,"method":"ping"})"));
  EXPECT_FALSE(ReadEdited(R"({"jsonrpc":"2.0", "id":1,"method":"ping"})"));
  EXPECT_FALSE(ReadEdited(R"({"jsonrpc":"2.0","id":1)"));
}

}  // namespace
}  // namespace gatehouse
