// SPDX-License-Identifier: Apache-2.0
#include "audit/text_tree.h"

#include <gtest/gtest.h>

namespace gatehouse::audit {
namespace {

// One scalar that is all of a text.
std::string Says(NodeShape shape, std::string_view raw) {
  TextTree tree;
  tree.text = raw;
  TextNode node;
  node.shape = shape;
  node.end = static_cast<std::uint32_t>(raw.size());
  node.next = 1;
  tree.nodes = {node};
  return ScalarText(tree, tree.nodes[0]);
}

TEST(TextTree, AScalarSaysWhatItsQuotesHold) {
  EXPECT_EQ(Says(NodeShape::kQuoted, R"("a\n\u0062\"")"), "a\nb\"");
  EXPECT_EQ(Says(NodeShape::kSingle, "'it''s \\n'"), "it's \\n");
  EXPECT_EQ(Says(NodeShape::kPlain, "a word"), "a word");
  EXPECT_EQ(Says(NodeShape::kLiteral, "1.5"), "1.5");
  EXPECT_EQ(Says(NodeShape::kBlock, "|\n  one\n\n    two\n"), "one\n\n  two\n");
}

// What is put back unchanged is the same text, byte for byte.
TEST(TextTree, ABlockComesApartAndTogetherAgain) {
  for (const std::string_view raw :
       {"|\n  one\n  two\n", "|-\n  one\n\n  two", ">+\n    deep\n   less\n\n",
        "| # why\n  a: b\n"}) {
    const BlockText block = ReadBlock(raw);
    EXPECT_EQ(BlockWith(block, block.body), raw);
  }
  const BlockText block = ReadBlock("|\n  one\n  two\n");
  EXPECT_EQ(block.indent, 2u);
  EXPECT_EQ(BlockWith(block, "[masked]\n"), "|\n  [masked]\n");
  EXPECT_EQ(ReadBlock("|").body, "");
  EXPECT_EQ(ReadBlock("|").head, "");
}

// {a: 1, b: {c: 2}}, by hand.
TEST(TextTree, FindsChildrenAndWhereTheyEnd) {
  TextTree tree;
  tree.text = "a: 1\nb:\n  c: 2\n";
  const auto node = [](NodeShape shape, std::uint32_t key, std::uint32_t begin,
                       std::uint32_t end, std::uint32_t next) {
    TextNode made;
    made.shape = shape;
    made.key_begin = key;
    made.key_end = key + (begin > key ? 1 : 0);
    made.begin = begin;
    made.end = end;
    made.next = next;
    return made;
  };
  tree.nodes = {node(NodeShape::kMap, 0, 0, 15, 4),
                node(NodeShape::kPlain, 0, 3, 4, 2),
                node(NodeShape::kMap, 5, 10, 15, 4),
                node(NodeShape::kPlain, 10, 13, 14, 4)};
  EXPECT_EQ(tree.Child(0, "a"), 1u);
  EXPECT_EQ(tree.Child(0, "b"), 2u);
  EXPECT_EQ(tree.Child(0, "c"), 0u);  // a grandchild
  EXPECT_EQ(tree.Child(2, "c"), 3u);
  EXPECT_EQ(tree.Key(tree.nodes[2]), "b");
  EXPECT_EQ(tree.Raw(tree.nodes[3]), "2");
  EXPECT_EQ(tree.End(1), 5u);
  EXPECT_EQ(tree.Begin(2), 5u);
  EXPECT_EQ(tree.End(2), tree.text.size());
}

}  // namespace
}  // namespace gatehouse::audit
