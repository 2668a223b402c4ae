// SPDX-License-Identifier: Apache-2.0
#include "audit/json_tree.h"

#include <gtest/gtest.h>

#include "audit/base64.h"
#include "audit/json_string.h"

namespace gatehouse::audit {
namespace {

TEST(JsonTree, KnowsWhereEverythingStands) {
  TextTree tree;
  tree.text = R"( {"a": [1, "x\"y", {}], "b":null} )";
  ASSERT_TRUE(IsJsonTree(tree));
  ASSERT_EQ(tree.nodes.size(), 6u);
  EXPECT_EQ(tree.Raw(tree.nodes[0]), R"({"a": [1, "x\"y", {}], "b":null})");
  EXPECT_EQ(tree.Key(tree.nodes[1]), "a");
  EXPECT_EQ(tree.Raw(tree.nodes[1]), R"([1, "x\"y", {}])");
  EXPECT_EQ(tree.nodes[1].next, 5u);
  EXPECT_EQ(ScalarText(tree, tree.nodes[3]), "x\"y");
  EXPECT_EQ(tree.Raw(tree.nodes[5]), "null");
  EXPECT_EQ(tree.nodes[0].next, 6u);
}

TEST(JsonTree, RefusesWhatIsNone) {
  for (const std::string text :
       {"", "{", "[1", "{\"a\"}", "{\"a\":}", "[1,]", "{\"a\":1,}", "[1 2]",
        "\"open", "{a:1}", "[\"a\nb\"]", "[}", "{]", "x", "{} {}"}) {
    TextTree tree;
    tree.text = text;
    EXPECT_FALSE(IsJsonTree(tree)) << text;
    EXPECT_TRUE(tree.nodes.empty()) << text;
  }
  const std::string deep(400, '[');
  TextTree tree;
  tree.text = deep;
  EXPECT_FALSE(IsJsonTree(tree));
}

TEST(JsonString, ComesBackFromItsEscapes) {
  EXPECT_EQ(UnescapeJson(R"(a\n\"\\\/\u00fc\ud83d\ude00)"),
            "a\n\"\\/\u00fc\U0001F600");
  // A half of a pair is no character, and stays what it was.
  EXPECT_EQ(QuoteJson(UnescapeJson(R"(x\ud83dy)")), R"("x\ud83dy")");
  EXPECT_EQ(QuoteJson("a\x1b\"\\\n\u00fc"), "\"a\\u001b\\\"\\\\\\n\u00fc\"");
  EXPECT_EQ(UnescapeJson("\\"), "\\");
  EXPECT_EQ(UnescapeJson("\\u12"), "\\u12");
}

TEST(Base64, IsThatOfKubernetes) {
  for (const std::string text : {"f", "fo", "foo", "foob", "fooba", "foobar"}) {
    EXPECT_EQ(FromBase64(ToBase64(text)), text);
  }
  EXPECT_EQ(ToBase64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(FromBase64("Zm9v\nYmE="), "fooba");
  for (const char* text : {"", "Zm9", "Zm9v!", "====", "Zm=v", "Zg="}) {
    EXPECT_FALSE(FromBase64(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace gatehouse::audit
