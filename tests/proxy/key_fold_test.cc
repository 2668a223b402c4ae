// SPDX-License-Identifier: Apache-2.0
#include "proxy/key_fold.h"

#include <gtest/gtest.h>

#include <array>

#include "policy/json_value.h"

namespace gatehouse {
namespace {

constexpr std::array<std::string_view, 3> kKnown = {"params", "taskId", "name"};

TEST(KeyFold, FindsKeysThatSomeReaderTakesForAKnownOne) {
  struct Row {
    std::string_view key;
    std::string_view resembles;
  };
  const std::vector<Row> rows = {
      {"name", ""},
      {"Name", "name"},
      {"NAME", "name"},
      {"taskid", "taskId"},
      {"TASKID", "taskId"},
      {"taskId", ""},
      {"param\xC5\xBF", "params"},      // U+017F
      {"tas\xE2\x84\xAAId", "taskId"},  // U+212A
      {"\xEF\xBC\xAE"
       "ame",
       "name"},                     // full-width N
      {"nam\xEF\xBD\x85", "name"},  // full-width e
      {"names", ""},
      {"nam", ""},
      {"", ""},
      {"n\xC3\xA4me", ""},
      {"param\xC5", ""},
      {"nam\xEF\xBD", ""},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(FoldsOnto(row.key, kKnown), row.resembles) << row.key;
  }
}

TEST(KeyFold, FoldsEveryLetterOfTheTable) {
  EXPECT_EQ(FoldKey("AZaz09_-"), "azaz09_-");
  EXPECT_EQ(FoldKey("\xEF\xBC\xA1\xEF\xBC\xBA\xEF\xBD\x81\xEF\xBD\x9A"),
            "azaz");
  EXPECT_EQ(FoldKey("\xC5\xBF\xE2\x84\xAA"), "sk");
  // Neighbours of the tables stay what they are.
  EXPECT_EQ(FoldKey("\xEF\xBC\xA0\xEF\xBC\xBB"), "\xEF\xBC\xA0\xEF\xBC\xBB");
  EXPECT_EQ(FoldKey("\xC3\x84"), "\xC3\x84");
}

TEST(KeyFold, LooksThroughTheMembersOfAnObject) {
  const JsonValue value =
      ParseJson(R"({"name":1,"other":2,"Params":3})").value();
  EXPECT_EQ(FindFoldedMember(value, kKnown), "params");
  EXPECT_EQ(FindFoldedMember(ParseJson("[1]").value(), kKnown), "");
}

}  // namespace
}  // namespace gatehouse
