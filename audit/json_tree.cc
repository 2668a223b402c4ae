// SPDX-License-Identifier: Apache-2.0
#include "audit/json_tree.h"

#include <algorithm>
#include <string>
#include <utility>

#include "audit/json_string.h"
#include "audit/no_position.h"
#include "audit/text_controls.h"

namespace gatehouse::audit {
namespace {

constexpr std::size_t kMaxDepth = 300;

bool IsBlank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

class Reader {
 public:
  Reader(std::size_t at, TextTree& tree)
      : text_(tree.text),
        nodes_(tree.nodes),
        escaped_keys_(tree.escaped_keys),
        at_(at) {}

  bool Read();
  std::size_t at() const { return at_; }

 private:
  char Peek() {
    while (at_ < text_.size() && IsBlank(text_[at_])) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool Open(char c);
  bool Close(char c);
  bool String(std::uint32_t& begin, std::uint32_t& end);
  bool Key();
  bool Value();
  bool AfterValue();

  std::uint32_t Here() const { return static_cast<std::uint32_t>(at_); }

  const std::string_view text_;
  std::vector<TextNode>& nodes_;
  std::map<std::uint32_t, std::string>& escaped_keys_;
  std::size_t at_;
  std::vector<std::uint32_t> open_;  // indices of maps and lists
  TextNode next_;                    // carries the key of the value to come
};

// With its quotes.
bool Reader::String(std::uint32_t& begin, std::uint32_t& end) {
  begin = Here();
  ++at_;
  while (true) {
    const std::size_t quote = text_.find('"', at_);
    if (quote == kNone) return false;
    std::size_t slash = quote;
    while (slash > begin + 1 && text_[slash - 1] == '\\') --slash;
    at_ = quote + 1;
    if ((quote - slash) % 2 == 0) break;
  }
  end = Here();
  // A line break must be escaped: what has one is no JSON, however its quotes
  // and brackets match.
  return text_.substr(begin, end - begin).find('\n') == kNone;
}

bool Reader::Open(char c) {
  if (open_.size() >= kMaxDepth) return false;
  next_.shape = c == '{' ? NodeShape::kMap : NodeShape::kList;
  next_.begin = Here();
  open_.push_back(static_cast<std::uint32_t>(nodes_.size()));
  nodes_.push_back(next_);
  next_ = {};
  ++at_;
  const char first = Peek();
  if (first == (c == '{' ? '}' : ']')) return Close(first);
  return c == '{' ? Key() && Value() : Value();
}

bool Reader::Close(char c) {
  TextNode& node = nodes_[open_.back()];
  if (c != (node.shape == NodeShape::kMap ? '}' : ']')) return false;
  ++at_;
  node.end = Here();
  node.next = static_cast<std::uint32_t>(nodes_.size());
  open_.pop_back();
  return true;
}

bool Reader::Key() {
  if (Peek() != '"') return false;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  if (!String(begin, end)) return false;
  next_.key_begin = begin + 1;
  next_.key_end = end - 1;
  const std::string_view key = text_.substr(begin + 1, end - begin - 2);
  if (!IsPlainKey(key)) {
    // What nobody sees is stripped before it goes on.
    std::string said = StripControls(UnescapeJson(key)).text;
    if (said != key) escaped_keys_[begin + 1] = std::move(said);
  }
  if (Peek() != ':') return false;
  ++at_;
  return true;
}

// A scalar, or the opening of a map or list and the first of its values.
bool Reader::Value() {
  const char c = Peek();
  if (c == '{' || c == '[') return Open(c);
  if (c == '"') {
    next_.shape = NodeShape::kQuoted;
    if (!String(next_.begin, next_.end)) return false;
  } else {
    if (std::string_view("-0123456789tfn").find(c) == kNone) return false;
    next_.shape = NodeShape::kLiteral;
    next_.begin = Here();
    at_ = std::min(text_.find_first_of(",]} \n\t\r", at_), text_.size());
    next_.end = Here();
    if (next_.begin == next_.end) return false;
  }
  next_.next = static_cast<std::uint32_t>(nodes_.size() + 1);
  nodes_.push_back(next_);
  next_ = {};
  return true;
}

// A comma and the next value, or closings.
bool Reader::AfterValue() {
  const char c = Peek();
  if (c == '}' || c == ']') return Close(c);
  if (c != ',') return false;
  ++at_;
  const bool map = nodes_[open_.back()].shape == NodeShape::kMap;
  return (!map || Key()) && Value();
}

bool Reader::Read() {
  if (text_.size() > kMaxTreeBytes || !Value()) return false;
  while (!open_.empty()) {
    if (!AfterValue()) return false;
  }
  return true;
}

}  // namespace

JsonReach TryJsonTree(std::size_t at, TextTree& tree) {
  const std::size_t before = tree.nodes.size();
  Reader reader(at, tree);
  const bool whole = reader.Read();
  if (!whole) tree.nodes.resize(before);
  return {whole, reader.at()};
}

std::size_t ReadJsonTree(std::size_t at, TextTree& tree) {
  const JsonReach reach = TryJsonTree(at, tree);
  return reach.whole ? reach.end : kNone;
}

bool IsJsonTree(TextTree& tree) {
  const std::size_t end = ReadJsonTree(0, tree);
  if (end == kNone) return false;
  if (tree.text.find_first_not_of(" \n\t\r", end) == kNone) return true;
  tree.nodes.clear();
  return false;
}

}  // namespace gatehouse::audit
