// SPDX-License-Identifier: Apache-2.0
// Lines are taken one by one; open maps and lists stand on a stack with the
// column that their entries begin at. An entry at the column of an open one
// belongs to it, one further right to the value that is still empty.
#include "audit/line_tree.h"

#include <algorithm>

#include "audit/json_tree.h"
#include "audit/line_text.h"
#include "audit/no_position.h"
#include "policy/json_value.h"

namespace gatehouse::audit {
namespace {

using KeySpan = LineText::KeySpan;
// What stands at most in vain in JSON that is none, in times of the text.
constexpr std::size_t kMostTries = 4;
// What stands in one another, as in JSON: whoever walks the tree goes as deep.
constexpr std::size_t kMaxLineDepth = 300;
// Of most YAML; what needs more nodes makes room for them.
constexpr std::size_t kBytesPerNode = 16;

std::uint32_t Place(std::size_t at) { return static_cast<std::uint32_t>(at); }

class LineReader {
 public:
  explicit LineReader(std::string_view text) : lines_(text) {
    tree_.text = text;
  }
  TextTree Read();

 private:
  struct Open {
    std::uint32_t node;
    std::size_t column;  // where its entries begin
  };
  void Line();
  void Entry(std::size_t at, std::size_t column);
  bool IsAlone(std::size_t begin) const;
  void Other(std::size_t begin, std::size_t first);
  void Prose(std::size_t begin);
  std::size_t BraceFrom(std::size_t at);
  std::size_t JsonBehind(std::size_t from, std::size_t at);
  bool Continues(std::size_t first, std::size_t column) const;
  void PopTo(std::size_t column, NodeShape shape);
  void OpenAt(std::size_t column, NodeShape shape, std::size_t at);
  std::uint32_t Add(NodeShape shape, std::size_t begin, std::size_t end);
  void Member(const KeySpan& key, std::size_t column);
  void Value(std::size_t at, const KeySpan& key, std::size_t column);
  std::size_t Flow(std::size_t at, std::size_t column);
  std::size_t Quoted(std::size_t at, std::size_t column);

  const LineText lines_;
  TextTree tree_;
  std::vector<Open> open_;
  std::size_t at_ = 0;  // the beginning of the line in hand
  // The last key or dash whose value is still to come; 0: none.
  std::uint32_t pending_ = 0;
  std::size_t pending_column_ = 0;
  // The plain scalar that deeper lines go on; 0: none.
  std::uint32_t plain_ = 0;
  std::size_t plain_column_ = 0;
  // From where the next "{" was looked for, and where it stands: not yet.
  std::size_t brace_from_ = 1;
  std::size_t brace_ = 0;
  // Bytes that were read as JSON in vain, and how far.
  std::size_t tried_ = 0;
  std::size_t tried_to_ = 0;
};

TextTree LineReader::Read() {
  if (tree_.text.size() <= kMaxTreeBytes) {
    tree_.nodes.reserve(tree_.text.size() / kBytesPerNode + 1);
    Add(NodeShape::kList, 0, tree_.text.size());
    open_.push_back({0, 0});
    while (at_ < tree_.text.size() && open_.size() <= kMaxLineDepth) Line();
    for (const Open& open : open_) {
      tree_.nodes[open.node].next = Place(tree_.nodes.size());
    }
    if (open_.size() > kMaxLineDepth) tree_.nodes.clear();
  }
  return std::move(tree_);
}

std::uint32_t LineReader::Add(NodeShape shape, std::size_t begin,
                              std::size_t end) {
  TextNode node;
  node.shape = shape;
  node.begin = Place(begin);
  node.end = Place(end);
  node.next = Place(tree_.nodes.size() + 1);
  tree_.nodes.push_back(node);
  return Place(tree_.nodes.size() - 1);
}

void LineReader::Line() {
  const std::size_t begin = at_;
  at_ = lines_.LineEnd(begin) + 1;
  const std::size_t first = lines_.SkipSpaces(begin);
  if (lines_.EndsAt(first)) return;
  const std::size_t column = first - begin;
  const std::string_view start = tree_.text.substr(first, 3);
  if (column == 0 && (start == "---" || start == "...") &&
      (lines_.EndsAt(first + 3) || lines_.At(first + 3) == ' ')) {
    PopTo(0, NodeShape::kProse);
    pending_ = 0;
    plain_ = 0;
    return;
  }
  if (Continues(first, column)) {
    tree_.nodes[plain_].end = Place(lines_.LineEnd(begin));
    return;
  }
  plain_ = 0;
  if (lines_.At(first) == '#') return Prose(begin);
  if (!lines_.IsDash(first) && lines_.KeyAt(first).after == kNone)
    return Other(begin, first);
  Entry(first, column);
}

// A deeper line that is no entry goes on with the plain scalar before it.
bool LineReader::Continues(std::size_t first, std::size_t column) const {
  return plain_ != 0 && column > plain_column_ &&
         lines_.KeyAt(first).after == kNone;
}

// Whether no line follows that is as deep: more of them are a table, or words.
bool LineReader::IsAlone(std::size_t begin) const {
  const std::size_t next = lines_.LineEnd(begin) + 1;
  const std::size_t first = lines_.SkipSpaces(next);
  return lines_.EndsAt(first) || first - next <= pending_column_;
}

// A line without a key: what a key before it waits for, or prose.
void LineReader::Other(std::size_t begin, std::size_t first) {
  const char c = lines_.At(first);
  const bool waits = pending_ != 0 && pending_ + 1 == tree_.nodes.size() &&
                     first - begin > pending_column_;
  if (!waits) return Prose(begin);
  bool is_value = IsAlone(begin);
  if (c == '{' || c == '[') {
    const std::size_t before = tree_.nodes.size();
    is_value = Flow(first, pending_column_) != kNone;
    tree_.nodes.resize(before);
  }
  if (!is_value) return Prose(begin);
  KeySpan key;
  key.begin = tree_.nodes.back().key_begin;
  key.end = tree_.nodes.back().key_end;
  tree_.nodes.pop_back();
  pending_ = 0;
  Value(first, key, pending_column_);
}

// "- ", any number of them, and then "key:" or a scalar.
void LineReader::Entry(std::size_t at, std::size_t column) {
  while (lines_.IsDash(at)) {
    OpenAt(column, NodeShape::kList, at);
    if (open_.size() > kMaxLineDepth) return;
    const std::uint32_t item = Add(NodeShape::kPlain, at + 1, at + 1);
    pending_ = item;
    pending_column_ = column;
    const std::size_t next = lines_.SkipSpaces(at + 1);
    if (lines_.EndsAt(next)) return;
    column += next - at;
    at = next;
    const bool nested = lines_.At(at) == '-' && lines_.At(at + 1) == ' ';
    if (nested || lines_.KeyAt(at).after != kNone) continue;
    tree_.nodes.pop_back();
    pending_ = 0;
    return Value(at, {}, pending_column_);
  }
  const KeySpan key = lines_.KeyAt(at);
  OpenAt(column, NodeShape::kMap, at);
  Member(key, column);
}

// Leaves open what an entry of this shape at this column may belong to.
void LineReader::PopTo(std::size_t column, NodeShape shape) {
  while (open_.size() > 1) {
    const Open& top = open_.back();
    const bool same =
        top.column == column && tree_.nodes[top.node].shape == shape;
    // A list's dashes may stand right below the key that it belongs to.
    const bool holds = top.column < column ||
                       (top.column == column && shape == NodeShape::kList &&
                        pending_ != 0 && pending_column_ == column);
    if (same || (holds && shape != NodeShape::kProse)) return;
    tree_.nodes[top.node].next = Place(tree_.nodes.size());
    open_.pop_back();
  }
}

// Opens a map or list whose entries begin at `column`, unless it is open.
void LineReader::OpenAt(std::size_t column, NodeShape shape, std::size_t at) {
  const std::uint32_t waiting = pending_;
  PopTo(column, shape);
  pending_ = 0;
  const Open& top = open_.back();
  if (open_.size() > 1 && top.column == column &&
      tree_.nodes[top.node].shape == shape) {
    return;
  }
  std::uint32_t node = waiting;
  // Nothing but prose stands behind it so far, which becomes a part of it. Of
  // one further right the map has just ended, and it with that.
  const bool fills = waiting != 0 &&
                     (pending_column_ < column ||
                      (pending_column_ == column && shape == NodeShape::kList));
  if (fills) {
    // It begins where it did: what is between may be a comment of it.
    tree_.nodes[node].shape = shape;
  } else {
    node = Add(shape, at, at);
  }
  open_.push_back({node, column});
}

void LineReader::Member(const KeySpan& key, std::size_t column) {
  const std::size_t at = lines_.SkipSpaces(key.after);
  if (lines_.EndsAt(at) || (lines_.At(at) == '#' && at > key.after)) {
    // A comment to YAML, and the value where no YAML was meant.
    pending_ = Add(NodeShape::kPlain, at, lines_.LineEnd(at));
    pending_column_ = column;
    tree_.nodes[pending_].key_begin = Place(key.begin);
    tree_.nodes[pending_].key_end = Place(key.end);
    return;
  }
  Value(at, key, column);
}

// A value that begins on this line; `column` is its key's or dash's.
void LineReader::Value(std::size_t at, const KeySpan& key, std::size_t column) {
  const LineText::Properties properties = lines_.SkipProperties(at);
  const std::size_t begin = at;
  at = properties.after;
  const std::uint32_t node = Place(tree_.nodes.size());
  const char c = lines_.At(at);
  std::size_t comment = tree_.text.size();
  if (lines_.EndsAt(at)) {
    // A tag or anchor of what is below, or the value: "!x" is none to describe.
    pending_ = Add(NodeShape::kPlain, begin, at);
    pending_column_ = column;
  } else if (c == '|' || c == '>') {
    const std::size_t end = lines_.BlockEnd(at, column);
    Add(NodeShape::kBlock, at, end);
    at_ = std::min(end + 1, tree_.text.size());
  } else {
    std::size_t end = kNone;
    if (c == '{' || c == '[') end = Flow(at, column);
    if (c == '"' || c == '\'') end = Quoted(at, column);
    // Of JSON that is cut, the lines below are what it holds.
    const bool opens = (c == '{' || c == '[') && lines_.EndsAt(at + 1);
    if (end == kNone && opens) {
      pending_ = Add(NodeShape::kPlain, at + 1, at + 1);
      pending_column_ = column;
      end = at + 1;
    } else if (end == kNone) {
      end = lines_.PlainEnd(at);
      Add(NodeShape::kPlain, at, end);
      plain_ = lines_.EndsAt(end) ? node : 0;
      plain_column_ = column;
    }
    at_ = lines_.LineEnd(end) + 1;
    comment = lines_.SkipSpaces(end);
  }
  tree_.nodes[node].anchored = properties.anchored;
  tree_.nodes[node].key_begin = Place(key.begin);
  tree_.nodes[node].key_end = Place(key.end);
  if (!lines_.EndsAt(comment))
    Add(NodeShape::kProse, comment, lines_.LineEnd(comment));
}

std::size_t LineReader::Quoted(std::size_t at, std::size_t column) {
  const std::size_t end = lines_.QuotedEnd(at, column);
  if (end == kNone || !lines_.EndsValue(end)) return kNone;
  Add(lines_.At(at) == '"' ? NodeShape::kQuoted : NodeShape::kSingle, at, end);
  return end;
}

// {…} or […], over lines where it is long. Where it ends; npos: it does not.
std::size_t LineReader::Flow(std::size_t at, std::size_t column) {
  const std::size_t before = tree_.nodes.size();
  std::size_t end = ReadJsonTree(at, tree_);
  const bool map = lines_.At(at) == '{';
  if (end != kNone && (map || lines_.EndsValue(end))) return end;
  tree_.nodes.resize(before);
  end = lines_.FlowEnd(at, column);
  if (end == kNone || !lines_.EndsValue(end)) return kNone;
  Add(NodeShape::kFlow, at, end);
  return end;
}

// Lines of prose are one node. One that is not indented ends all that is open.
void LineReader::Prose(std::size_t begin) {
  const std::size_t first = lines_.SkipSpaces(begin);
  const bool comment = lines_.At(first) == '#';
  if (first == begin && !comment) {
    PopTo(0, NodeShape::kProse);
    pending_ = 0;
  }
  std::size_t from = begin;
  std::size_t end = lines_.LineEnd(begin);
  std::size_t at = comment ? kNone : BraceFrom(begin);
  while (at < end) {
    // Within a line that is cut, no part of it is taken for a whole.
    const bool may_begin = at == first || at >= tried_to_;
    const std::size_t behind = may_begin ? JsonBehind(from, at) : kNone;
    at = BraceFrom(behind == kNone ? at + 1 : behind);
    if (behind == kNone) continue;
    from = behind;
    if (behind > end) end = lines_.LineEnd(behind);
  }
  at_ = end + 1;
  if (from > begin && lines_.EndsAt(lines_.SkipSpaces(from))) return;
  TextNode& last = tree_.nodes.back();
  if (last.shape == NodeShape::kProse && last.end + 1 == begin &&
      from == begin) {
    last.end = Place(end);
  } else {
    Add(NodeShape::kProse, from, end);
  }
}

// The first "{" at or behind `at`; npos where none is. Most lines have none,
// and each asks: the text behind them is gone over once for all.
std::size_t LineReader::BraceFrom(std::size_t at) {
  if (at < brace_from_ || at > brace_) {
    brace_from_ = at;
    brace_ = tree_.text.find('{', at);
  }
  return brace_;
}

// JSON that begins at `at`, with the prose before it: where it ends; npos where
// none does, and nothing was added. A flat object is as good as prose.
std::size_t LineReader::JsonBehind(std::size_t from, std::size_t at) {
  const std::size_t key = tree_.text.find_first_not_of(" \t\r\n", at + 1);
  if (key == kNone || tree_.text[key] != '"') return kNone;
  if (tried_ > kMostTries * tree_.text.size()) return kNone;
  const std::size_t before = tree_.nodes.size();
  if (lines_.SkipSpaces(from) < at) Add(NodeShape::kProse, from, at);
  const std::size_t map = tree_.nodes.size();
  const JsonReach reach = TryJsonTree(at, tree_);
  const bool deep = std::any_of(
      tree_.nodes.begin() +
          static_cast<std::ptrdiff_t>(std::min(map + 1, tree_.nodes.size())),
      tree_.nodes.end(), [](const TextNode& node) {
        return node.shape == NodeShape::kMap || node.shape == NodeShape::kList;
      });
  // But for keys that prose is not asked for, since they are written otherwise.
  if (reach.whole && (deep || !tree_.escaped_keys.empty())) return reach.end;
  tree_.nodes.resize(before);
  if (reach.whole) return kNone;
  tried_ += reach.end - at;
  tried_to_ = std::max(tried_to_, reach.end);
  return kNone;
}

}  // namespace

TextTree ReadLineTree(std::string_view text) { return LineReader(text).Read(); }

}  // namespace gatehouse::audit
