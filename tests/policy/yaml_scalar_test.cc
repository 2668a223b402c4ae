// SPDX-License-Identifier: Apache-2.0
// Which plain scalars every YAML reader takes for the same thing. A word that
// moves to "string" is one that the server behind may read as something else.
#include <gtest/gtest.h>

#include "policy/document.h"
#include "policy/json_value.h"

namespace gatehouse {
namespace {

YamlNode Plain(std::string_view text) {
  YamlNode node;
  node.kind = NodeKind::kScalar;
  node.scalar = text;
  return node;
}

TEST(YamlScalar, IsStringOnlyWhereNoReaderSeesAnythingElse) {
  for (const char* text : {"dev", "yess", "10Gi", "v1", "-x", "a=b", "nullx",
                           "truely", "1.2.3-rc1", "...", "infinity", "3a",
                           "0c1b2a", "8f14e45fceea167a5a36dedd4bea2543"}) {
    EXPECT_TRUE(Plain(text).IsString()) << text;
    EXPECT_FALSE(Plain(text).IsAmbiguousScalar()) << text;
  }
}

TEST(YamlScalar, IsAmbiguousWhereReadersDiffer) {
  for (const char* text : {"y",
                           "Y",
                           "yes",
                           "YES",
                           "nO",
                           "on",
                           "OFF",
                           "010",
                           "-01",
                           "+1",
                           "0b1",
                           "0x1f",
                           "0o17",
                           "1_000",
                           "1:30",
                           ".5",
                           "1.",
                           "1e3",
                           "1.2.3",
                           "+0X_f",
                           "12e34",
                           "2026-11-23",
                           "2026-11-23T05:04:26Z",
                           "=",
                           "<<"}) {
    EXPECT_TRUE(Plain(text).IsAmbiguousScalar()) << text;
    EXPECT_FALSE(Plain(text).IsString()) << text;
  }
}

TEST(YamlScalar, IsNeitherWhereEveryReaderSeesTheSameOtherThing) {
  for (const char* text :
       {"", "~", "null", "Null", "NULL", "true", "True", "FALSE", "0", "-0",
        "12", "-7", "1.5", "-0.25", ".inf", "-.INF", "+.Inf", ".nan"}) {
    EXPECT_FALSE(Plain(text).IsString()) << text;
    EXPECT_FALSE(Plain(text).IsAmbiguousScalar()) << text;
  }
}

TEST(YamlScalar, IsBooleanWhereItIsPlainAndLowerCase) {
  EXPECT_EQ(Plain("true").AsBool(), true);
  EXPECT_EQ(Plain("false").AsBool(), false);
  for (const char* text : {"True", "FALSE", "yes", "off", "1", "", "true "}) {
    EXPECT_EQ(Plain(text).AsBool(), std::nullopt) << text;
  }
  YamlNode quoted = Plain("true");
  quoted.quoted = true;
  EXPECT_EQ(quoted.AsBool(), std::nullopt);
  EXPECT_TRUE(quoted.IsString());
}

TEST(YamlScalar, NoOtherKindIsOne) {
  for (NodeKind kind : {NodeKind::kNull, NodeKind::kList, NodeKind::kMap}) {
    YamlNode node = Plain("true");
    node.kind = kind;
    EXPECT_FALSE(node.IsString());
    EXPECT_EQ(node.AsBool(), std::nullopt);
    node.scalar = "no";
    EXPECT_FALSE(node.IsAmbiguousScalar());
    EXPECT_EQ(node.Find("no"), nullptr);
  }
}

}  // namespace
}  // namespace gatehouse
