// SPDX-License-Identifier: Apache-2.0
#include "policy/json_builder.h"

#include <gtest/gtest.h>

#include <string>

namespace gatehouse {
namespace {

TEST(JsonBuilder, PutsTogetherWhatItIsTold) {
  JsonBuilder builder;
  builder.Open(JsonValue::object());
  ASSERT_TRUE(builder.Key("list"));
  builder.Open(JsonValue::array());
  builder.Add(JsonValue(1));
  builder.Open(JsonValue::object());
  EXPECT_EQ(builder.depth(), 3u);
  ASSERT_TRUE(builder.Key("list"));  // another object's
  builder.Add(JsonValue("x"));
  builder.Close();
  builder.Close();
  ASSERT_TRUE(builder.Key("a"));
  builder.Add(JsonValue(true));
  builder.Close();
  EXPECT_EQ(builder.depth(), 0u);
  EXPECT_EQ(std::move(builder).Take(),
            ParseJson(R"({"list":[1,{"list":"x"}],"a":true})").value());
}

TEST(JsonBuilder, RefusesTheSecondOfTwoKeysHoweverManyThereAre) {
  for (const int members : {1, 23, 24, 25, 100}) {
    for (const int again : {0, members / 2, members - 1}) {
      JsonBuilder builder;
      builder.Open(JsonValue::object());
      for (int i = 0; i < members; ++i) {
        ASSERT_TRUE(builder.Key(std::to_string(i)));
        builder.Add(JsonValue(i));
      }
      EXPECT_FALSE(builder.Key(std::to_string(again))) << members;
      EXPECT_TRUE(builder.Key("new")) << members;
    }
  }
}

TEST(JsonBuilder, IsNullWhereNothingWasAdded) {
  EXPECT_EQ(KindOf(JsonBuilder().Take()), JsonKind::kNull);
}

}  // namespace
}  // namespace gatehouse
