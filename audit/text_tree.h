// SPDX-License-Identifier: Apache-2.0
#pragma once
// The structure of a text, as places in it: maps, lists and scalars, each with
// the bytes where it stands. json_tree and line_tree make it, tree_masker walks
// it and says which bytes are to be others, so that all else stays as it was
// written. Nothing of the text is copied.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "audit/text_edits.h"

namespace gatehouse::audit {

enum class NodeShape : std::uint8_t {
  kMap = 0,
  kList,
  kQuoted,   // "a JSON string", also in YAML
  kSingle,   // 'of YAML'
  kBlock,    // of YAML: "|" or ">", and the lines below it
  kPlain,    // of YAML: a word, or lines of words
  kLiteral,  // of JSON: a number, a boolean, null
  kFlow,     // of YAML: {…} or […] that is no JSON
  kProse,    // lines that are no YAML
};

struct TextNode {
  NodeShape shape = NodeShape::kMap;
  bool anchored = false;  // of YAML: other places may repeat it
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  // The key in its map, without quotes; empty where it has none.
  std::uint32_t key_begin = 0;
  std::uint32_t key_end = 0;
  // The index of the first node behind this one and all below it.
  std::uint32_t next = 0;
};

// Nodes in the order of the text, what is below a node right behind it. The
// children of node i: i + 1, then nodes[i + 1].next, … up to nodes[i].next.
struct TextTree {
  std::string_view text;  // borrowed
  std::vector<TextNode> nodes;
  // What keys of JSON say that are written with escapes or have controls in
  // them, by `key_begin`: without either.
  std::map<std::uint32_t, std::string> escaped_keys;

  std::string_view Raw(const TextNode& node) const {
    return text.substr(node.begin, node.end - node.begin);
  }
  // As a reader takes it whom it reaches; RawKey: as it stands.
  std::string_view Key(const TextNode& node) const {
    if (!escaped_keys.empty()) {
      const auto found = escaped_keys.find(node.key_begin);
      if (found != escaped_keys.end()) return found->second;
    }
    return RawKey(node);
  }
  std::string_view RawKey(const TextNode& node) const {
    return text.substr(node.key_begin, node.key_end - node.key_begin);
  }
  // All of a node: from its key to where the next begins that is not below it.
  std::size_t Begin(std::uint32_t index) const {
    const TextNode& node = nodes[index];
    return node.key_end > node.key_begin ? node.key_begin : node.begin;
  }
  std::size_t End(std::uint32_t index) const {
    const std::uint32_t next = nodes[index].next;
    return next < nodes.size() ? Begin(next) : text.size();
  }
  // The first child of that key; 0 (the root, nobody's child) where `map` has
  // none. A list's and a scalar's children have no keys.
  std::uint32_t Child(std::uint32_t map, std::string_view key) const;
};

// Most keys: neither escapes nor anything but ASCII that is seen.
inline bool IsPlainKey(std::string_view raw) {
  return std::ranges::all_of(
      raw, [](char c) { return c >= 0x20 && c < 0x7F && c != '\\'; });
}

// What a scalar says, out of its quotes and escapes.
std::string ScalarText(const TextTree& tree, const TextNode& node);

// A block scalar taken apart: "|" or ">" with its line, and the lines below it
// without their indent. An empty one has neither.
struct BlockText {
  std::string_view head;
  std::size_t indent = 0;
  std::string body;
};
BlockText ReadBlock(std::string_view raw);
// The same block around another body.
std::string BlockWith(const BlockText& block, std::string_view body);

// A longer text is no tree: its places would not fit.
inline constexpr std::size_t kMaxTreeBytes = std::size_t{1} << 31;

}  // namespace gatehouse::audit
