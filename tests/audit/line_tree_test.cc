// SPDX-License-Identifier: Apache-2.0
// What the lines of a text are: each tree written out as one line.
#include "audit/line_tree.h"

#include <gtest/gtest.h>

#include <iterator>
#include <random>
#include <string>
#include <vector>

namespace gatehouse::audit {
namespace {

// {key: value, …}, [item, …], 'scalar', <prose>; the root without brackets.
std::string Written(const TextTree& tree, std::uint32_t index) {
  const TextNode& node = tree.nodes[index];
  std::string out;
  if (node.key_begin < node.key_end) out = std::string(tree.Key(node)) + ": ";
  const bool map = node.shape == NodeShape::kMap;
  if (!map && node.shape != NodeShape::kList) {
    const bool prose = node.shape == NodeShape::kProse;
    return out + (prose ? "<" : "'") + ScalarText(tree, node) +
           (prose ? ">" : "'");
  }
  std::string inner;
  for (std::uint32_t i = index + 1; i < node.next; i = tree.nodes[i].next) {
    inner += (inner.empty() ? "" : ", ") + Written(tree, i);
  }
  if (index == 0) return inner;
  return out + (map ? "{" : "[") + inner + (map ? "}" : "]");
}

struct LineTreeRow {
  const char* text;
  const char* tree;
};

TEST(LineTree, IsWhatTheLinesAre) {
  constexpr LineTreeRow kRows[] = {
      {"", ""},
      {"a: 1\nb: two words\n", "{a: '1', b: 'two words'}"},
      {"a:\n  b: 1\n  c: 2\nd: 3\n", "{a: {b: '1', c: '2'}, d: '3'}"},
      {"a:\n- b\n- c\nd: 1\n", "{a: ['b', 'c'], d: '1'}"},
      {"a:\n  - b: 1\n    c: 2\n  - b: 3\n",
       "{a: [{b: '1', c: '2'}, {b: '3'}]}"},
      {"- - a\n  - b\n- c\n", "[['a', 'b'], 'c']"},
      {"-\n  a: 1\n", "[{a: '1'}]"},
      {"a: |\n  one\n   two\nb: 1\n", "{a: 'one\n two', b: '1'}"},
      {"a: |-\n  x: 1\n\n  y: 2\nb: 1\n", "{a: 'x: 1\n\ny: 2', b: '1'}"},
      {"a: \"x\\n: y\"\n\"b c\": 'it''s'\n", "{a: 'x\n: y', b c: 'it's'}"},
      {"a: \"one\n  two\"\nb: 1\n", "{a: 'one\n  two', b: '1'}"},
      {"a: one\n  two\nb: 1\n", "{a: 'one\n  two', b: '1'}"},
      {"a: {\"b\": [1, \"c\"]}\n", "{a: {b: ['1', 'c']}}"},
      {"a: {b: c}\n", "{a: '{b: c}'}"},
      {"a:\n  one\nb: 1\n", "{a: 'one', b: '1'}"},
      {"a:\n  \"b c\"\n", "{a: 'b c'}"},
      {"a:\n  one two\n  three\n", "{a: '', <  one two\n  three>}"},
      {"a: []\nb: {}\n", "{a: [], b: {}}"},
      {"a: &x\n  b: 1\nc: *x\n", "{a: {b: '1'}, c: '*x'}"},
      {"a: !!binary |\n  eA==\n", "{a: 'eA=='}"},
      {"a: 1 # note\n", "{a: '1', <# note>}"},
      {"a:\n  # note\n  b: 1\n", "{a: {<  # note>, b: '1'}}"},
      {"a: 1\n---\na: 2\n", "{a: '1'}, {a: '2'}"},
      {"Found it.\n\na: 1\n", "<Found it.>, {a: '1'}"},
      {"a: 1\nodd line here\nb: 2\n", "{a: '1'}, <odd line here>, {b: '2'}"},
      {"Name:   db\nLabels: a=b\n        c=d\n\nData\n====\npw:  8 bytes\n",
       "{Name: 'db', Labels: 'a=b\n        c=d'}, <Data\n====>, {pw: '8 "
       "bytes'}"},
      {"10:00 token=x y: z\n", "<10:00 token=x y: z>"},
      {"a: \"open\nb: 1\n", "{a: '\"open', b: '1'}"},
      {"a: \"x\" token=y\n", "{a: '\"x\" token=y'}"},
      {"a: {open\nb: 1\n", "{a: '{open', b: '1'}"},
      {"a: 1\r\nb: 2\r\n", "{a: '1', b: '2'}"},
      {"url: https://a:b@c\n", "{url: 'https://a:b@c'}"},
      // The key's map has ended where the dashes stand left of it.
      {" a:\n- b: 1\nc: 2\n", "{a: ''}, [{b: '1'}], {c: '2'}"},
      {"  -\n- b\n", "[''], ['b']"},
      {"a:\n  b:\n - c\n", "{a: {b: ''}, ['c']}"},
  };
  for (const LineTreeRow& row : kRows) {
    const TextTree tree = ReadLineTree(row.text);
    ASSERT_FALSE(tree.nodes.empty());
    EXPECT_EQ(Written(tree, 0), row.tree) << row.text;
    EXPECT_EQ(tree.nodes[0].next, tree.nodes.size());
  }
}

// What hangs below a node ends with it, or a walk would go there twice.
TEST(LineTree, PartsLieWithinTheirWhole) {
  constexpr const char* kParts[] = {"a:", "b: 1", "- ",  "- c: 2", "{\"d\": 3}",
                                    "|",  "# e",  "---", "f",      "\"g\": h"};
  std::mt19937 random(5);
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (std::size_t line = random() % 8; line > 0; --line) {
      text.append(random() % 4, ' ');
      text += kParts[random() % std::size(kParts)];
      if (random() % 8 > 0) text += '\n';
    }
    const TextTree tree = ReadLineTree(text);
    std::vector<std::uint32_t> ends;
    for (std::uint32_t i = 0; i < tree.nodes.size(); ++i) {
      while (!ends.empty() && ends.back() <= i) ends.pop_back();
      const std::uint32_t end = tree.nodes[i].next;
      ASSERT_GT(end, i) << text;
      ASSERT_LE(end, ends.empty() ? tree.nodes.size() : ends.back()) << text;
      ends.push_back(end);
    }
  }
}

TEST(LineTree, BlocksComeBackAsTheyWere) {
  const std::string raw = "|+\n    a\n      b\n\n    c";
  const BlockText block = ReadBlock(raw);
  EXPECT_EQ(block.body, "a\n  b\n\nc");
  EXPECT_EQ(BlockWith(block, block.body), raw);
}

}  // namespace
}  // namespace gatehouse::audit
