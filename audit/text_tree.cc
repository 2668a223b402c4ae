// SPDX-License-Identifier: Apache-2.0
#include "audit/text_tree.h"

#include <algorithm>

#include "audit/json_string.h"

namespace gatehouse::audit {
namespace {

std::string WithoutDoubledQuotes(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    if (text[i] == '\'' && i + 1 < text.size() && text[i + 1] == '\'') ++i;
  }
  return out;
}

std::size_t IndentOf(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

}  // namespace

std::uint32_t TextTree::Child(std::uint32_t map, std::string_view key) const {
  for (std::uint32_t i = map + 1; i < nodes[map].next; i = nodes[i].next) {
    if (Key(nodes[i]) == key) return i;
  }
  return 0;
}

BlockText ReadBlock(std::string_view raw) {
  BlockText block;
  const std::size_t head = raw.find('\n');
  if (head == std::string_view::npos) return block;
  block.head = raw.substr(0, head + 1);
  std::string_view rest = raw.substr(head + 1);
  block.indent = rest.size();
  for (std::string_view lines = rest; !lines.empty();) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    const std::size_t indent = IndentOf(line);
    if (indent < line.size()) block.indent = std::min(block.indent, indent);
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
  }
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::size_t indent = std::min(block.indent, end);
    block.body.append(rest.substr(indent, end - indent));
    if (end < rest.size()) block.body += '\n';
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return block;
}

std::string BlockWith(const BlockText& block, std::string_view body) {
  std::string out(block.head);
  while (!body.empty()) {
    const std::size_t end = std::min(body.find('\n'), body.size());
    if (end > 0) out.append(block.indent, ' ').append(body.substr(0, end));
    if (end < body.size()) out += '\n';
    body.remove_prefix(std::min(end + 1, body.size()));
  }
  return out;
}

std::string ScalarText(const TextTree& tree, const TextNode& node) {
  const std::string_view raw = tree.Raw(node);
  switch (node.shape) {
    case NodeShape::kQuoted:
      return UnescapeJson(raw.substr(1, raw.size() - 2));
    case NodeShape::kSingle:
      return WithoutDoubledQuotes(raw.substr(1, raw.size() - 2));
    case NodeShape::kBlock:
      return ReadBlock(raw).body;
    case NodeShape::kMap:
    case NodeShape::kList:
    case NodeShape::kPlain:
    case NodeShape::kLiteral:
    case NodeShape::kFlow:
    case NodeShape::kProse:
      break;
  }
  return std::string(raw);
}

}  // namespace gatehouse::audit
