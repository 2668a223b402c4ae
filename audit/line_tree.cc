// SPDX-License-Identifier: Apache-2.0
// Lines are taken one by one; open maps and lists stand on a stack with the
// column that their entries begin at. An entry at the column of an open one
// belongs to it, one further right to the value that is still empty.
#include "audit/line_tree.h"

#include <algorithm>
#include <array>

#include "audit/json_tree.h"

namespace gatehouse::audit {
namespace {

constexpr auto kNone = std::string_view::npos;
constexpr std::size_t kMaxKeyBytes = 128;

std::uint32_t Place(std::size_t at) { return static_cast<std::uint32_t>(at); }

// Letters of a plain key. A space is none: such a line is prose, as is a log's.
constexpr std::array<bool, 256> KeyLetters() {
  std::array<bool, 256> letters{};
  for (int c = '!'; c < 0x7F; ++c) letters[static_cast<std::size_t>(c)] = true;
  for (const char c : {'"', '\'', '{', '}', '[', ']', ',', '=', '#', '&', '*',
                       '|', '>', '`', '\\'}) {
    letters[static_cast<unsigned char>(c)] = false;
  }
  return letters;
}
constexpr std::array<bool, 256> kKeyLetters = KeyLetters();

class LineReader {
 public:
  explicit LineReader(std::string_view text) { tree_.text = text; }
  TextTree Read();

 private:
  struct Open {
    std::uint32_t node;
    std::size_t column;  // where its entries begin
  };
  struct KeySpan {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t after = kNone;  // behind the colon; npos: no key
  };

  char At(std::size_t at) const {
    return at < tree_.text.size() ? tree_.text[at] : '\n';
  }
  bool EndsAt(std::size_t at) const {
    return at >= tree_.text.size() || tree_.text[at] == '\n' ||
           (tree_.text[at] == '\r' && At(at + 1) == '\n');
  }
  std::size_t SkipSpaces(std::size_t at) const {
    while (At(at) == ' ' || At(at) == '\t') ++at;
    return at;
  }
  std::size_t LineEnd(std::size_t at) const {
    return std::min(tree_.text.find('\n', at), tree_.text.size());
  }

  void Line();
  void Entry(std::size_t at, std::size_t column);
  void Prose(std::size_t begin);
  bool Continues(std::size_t first, std::size_t column) const;
  KeySpan KeyAt(std::size_t at) const;
  std::size_t QuotedEnd(std::size_t at, std::size_t column) const;
  std::size_t FlowEnd(std::size_t at, std::size_t column) const;
  bool IsDeeper(std::size_t line, std::size_t column) const;
  void PopTo(std::size_t column, NodeShape shape);
  void OpenAt(std::size_t column, NodeShape shape, std::size_t at);
  std::uint32_t Add(NodeShape shape, std::size_t begin, std::size_t end);
  void Member(const KeySpan& key, std::size_t column);
  void Value(std::size_t at, const KeySpan& key, std::size_t column);
  std::size_t SkipProperties(std::size_t at, bool& anchored) const;
  std::size_t BlockEnd(std::size_t at, std::size_t column) const;
  std::size_t Flow(std::size_t at, std::size_t column);
  std::size_t Quoted(std::size_t at, std::size_t column);
  std::size_t Plain(std::size_t at);
  bool EndsValue(std::size_t end) const;

  TextTree tree_;
  std::vector<Open> open_;
  std::size_t at_ = 0;  // the beginning of the line in hand
  // The last key or dash whose value is still to come; 0: none.
  std::uint32_t pending_ = 0;
  std::size_t pending_column_ = 0;
  // The plain scalar that deeper lines go on; 0: none.
  std::uint32_t plain_ = 0;
  std::size_t plain_column_ = 0;
};

TextTree LineReader::Read() {
  if (tree_.text.size() <= kMaxTreeBytes) {
    Add(NodeShape::kList, 0, tree_.text.size());
    open_.push_back({0, 0});
    while (at_ < tree_.text.size()) Line();
    for (const Open& open : open_) {
      tree_.nodes[open.node].next = Place(tree_.nodes.size());
    }
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
  at_ = LineEnd(begin) + 1;
  const std::size_t first = SkipSpaces(begin);
  if (EndsAt(first)) return;
  const std::size_t column = first - begin;
  const std::string_view start = tree_.text.substr(first, 3);
  if (column == 0 && (start == "---" || start == "...") &&
      (EndsAt(first + 3) || At(first + 3) == ' ')) {
    PopTo(0, NodeShape::kProse);
    pending_ = 0;
    plain_ = 0;
    return;
  }
  if (Continues(first, column)) {
    tree_.nodes[plain_].end = Place(LineEnd(begin));
    return;
  }
  plain_ = 0;
  if (At(first) == '#') return Prose(begin);
  const bool dash =
      At(first) == '-' && (At(first + 1) == ' ' || EndsAt(first + 1));
  if (!dash && KeyAt(first).after == kNone) return Prose(begin);
  Entry(first, column);
}

// A deeper line that is no entry goes on with the plain scalar before it.
bool LineReader::Continues(std::size_t first, std::size_t column) const {
  return plain_ != 0 && column > plain_column_ && KeyAt(first).after == kNone;
}

// "- ", any number of them, and then "key:" or a scalar.
void LineReader::Entry(std::size_t at, std::size_t column) {
  while (At(at) == '-' && (At(at + 1) == ' ' || EndsAt(at + 1))) {
    OpenAt(column, NodeShape::kList, at);
    const std::uint32_t item = Add(NodeShape::kPlain, at + 1, at + 1);
    pending_ = item;
    pending_column_ = column;
    const std::size_t next = SkipSpaces(at + 1);
    if (EndsAt(next)) return;
    column += next - at;
    at = next;
    const bool nested = At(at) == '-' && At(at + 1) == ' ';
    if (nested || KeyAt(at).after != kNone) continue;
    tree_.nodes.pop_back();
    pending_ = 0;
    return Value(at, {}, pending_column_);
  }
  const KeySpan key = KeyAt(at);
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
  // Nothing but prose stands behind it so far, which becomes a part of it.
  const bool fills =
      waiting != 0 && (pending_column_ < column || shape == NodeShape::kList);
  if (fills) {
    tree_.nodes[node].shape = shape;
    tree_.nodes[node].begin = Place(at);
    tree_.nodes[node].end = Place(at);
  } else {
    node = Add(shape, at, at);
  }
  open_.push_back({node, column});
}

LineReader::KeySpan LineReader::KeyAt(std::size_t at) const {
  KeySpan key;
  const char quote = At(at);
  std::size_t end = at;
  if (quote == '"' || quote == '\'') {
    end = QuotedEnd(at, kNone);
    if (end == kNone) return key;
    key.begin = at + 1;
    key.end = end - 1;
  } else {
    const std::size_t limit = std::min(LineEnd(at), at + kMaxKeyBytes);
    while (end < limit &&
           kKeyLetters[static_cast<unsigned char>(tree_.text[end])] &&
           (tree_.text[end] != ':' ||
            (At(end + 1) != ' ' && !EndsAt(end + 1) && At(end + 1) != '\t'))) {
      ++end;
    }
    key.begin = at;
    key.end = end;
  }
  const bool colon =
      key.begin < key.end && At(end) == ':' &&
      (At(end + 1) == ' ' || At(end + 1) == '\t' || EndsAt(end + 1));
  if (colon) key.after = end + 1;
  return key;
}

// A line that a value of a key at `column` may go on in; npos: none may.
bool LineReader::IsDeeper(std::size_t line, std::size_t column) const {
  const std::size_t first = SkipSpaces(line);
  return column != kNone && (EndsAt(first) || first - line > column);
}

// Behind the closing quote; npos where there is none.
std::size_t LineReader::QuotedEnd(std::size_t at, std::size_t column) const {
  const char quote = tree_.text[at];
  for (std::size_t i = at + 1; i < tree_.text.size(); ++i) {
    if (tree_.text[i] == '\n') {
      if (!IsDeeper(i + 1, column)) return kNone;
    } else if (quote == '"' && tree_.text[i] == '\\') {
      if (At(i + 1) != '\n') ++i;
    } else if (tree_.text[i] == quote) {
      if (quote == '"' || At(i + 1) != quote) return i + 1;
      ++i;
    }
  }
  return kNone;
}

void LineReader::Member(const KeySpan& key, std::size_t column) {
  const std::size_t at = SkipSpaces(key.after);
  if (EndsAt(at) || (At(at) == '#' && at > key.after)) {
    pending_ = Add(NodeShape::kPlain, key.after, key.after);
    pending_column_ = column;
    tree_.nodes[pending_].key_begin = Place(key.begin);
    tree_.nodes[pending_].key_end = Place(key.end);
    return;
  }
  Value(at, key, column);
}

std::size_t LineReader::SkipProperties(std::size_t at, bool& anchored) const {
  while (At(at) == '&' || At(at) == '!') {
    anchored = anchored || At(at) == '&';
    while (!EndsAt(at) && At(at) != ' ') ++at;
    at = SkipSpaces(at);
  }
  return at;
}

// A value that begins on this line; `column` is its key's or dash's.
void LineReader::Value(std::size_t at, const KeySpan& key, std::size_t column) {
  bool anchored = false;
  at = SkipProperties(at, anchored);
  const std::uint32_t node = Place(tree_.nodes.size());
  const char c = At(at);
  std::size_t comment = tree_.text.size();
  if (EndsAt(at)) {
    pending_ = Add(NodeShape::kPlain, at, at);
    pending_column_ = column;
  } else if (c == '|' || c == '>') {
    const std::size_t end = BlockEnd(at, column);
    Add(NodeShape::kBlock, at, end);
    at_ = std::min(end + 1, tree_.text.size());
  } else {
    std::size_t end = kNone;
    if (c == '{' || c == '[') end = Flow(at, column);
    if (c == '"' || c == '\'') end = Quoted(at, column);
    if (end == kNone) {
      end = Plain(at);
      plain_ = EndsAt(end) ? node : 0;
      plain_column_ = column;
    }
    at_ = LineEnd(end) + 1;
    comment = SkipSpaces(end);
  }
  tree_.nodes[node].anchored = anchored;
  tree_.nodes[node].key_begin = Place(key.begin);
  tree_.nodes[node].key_end = Place(key.end);
  if (!EndsAt(comment)) Add(NodeShape::kProse, comment, LineEnd(comment));
}

// What follows a value on its line is a comment, or it was no value.
bool LineReader::EndsValue(std::size_t end) const {
  return EndsAt(SkipSpaces(end)) || At(SkipSpaces(end)) == '#';
}

std::size_t LineReader::Quoted(std::size_t at, std::size_t column) {
  const std::size_t end = QuotedEnd(at, column);
  if (end == kNone || !EndsValue(end)) return kNone;
  Add(At(at) == '"' ? NodeShape::kQuoted : NodeShape::kSingle, at, end);
  return end;
}

// Up to the line's end or a comment, without the blanks before it.
std::size_t LineReader::Plain(std::size_t at) {
  std::size_t end = LineEnd(at);
  const std::size_t comment = tree_.text.substr(0, end).find(" #", at);
  if (comment != kNone) end = comment;
  while (end > at && (At(end - 1) == ' ' || At(end - 1) == '\r')) --end;
  Add(NodeShape::kPlain, at, end);
  return end;
}

// The end of the last line that belongs to the block whose mark is at `at`,
// without its line break.
std::size_t LineReader::BlockEnd(std::size_t at, std::size_t column) const {
  std::size_t end = LineEnd(at);
  std::size_t line = end + 1;
  while (line < tree_.text.size()) {
    const std::size_t first = SkipSpaces(line);
    const std::size_t line_end = LineEnd(line);
    if (!EndsAt(first)) {
      if (first - line <= column) break;
      end = line_end;
    }
    line = line_end + 1;
  }
  return end;
}

// Behind the closing bracket; npos where there is none.
std::size_t LineReader::FlowEnd(std::size_t at, std::size_t column) const {
  int depth = 0;
  for (; at < tree_.text.size(); ++at) {
    const char c = tree_.text[at];
    if (c == '\n' && !IsDeeper(at + 1, column)) return kNone;
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) return at + 1;
  }
  return kNone;
}

// {…} or […], over lines where it is long. Where it ends; npos: it does not.
std::size_t LineReader::Flow(std::size_t at, std::size_t column) {
  const std::size_t before = tree_.nodes.size();
  std::size_t end = ReadJsonTree(at, tree_);
  if (end != kNone && EndsValue(end)) return end;
  tree_.nodes.resize(before);
  end = FlowEnd(at, column);
  if (end == kNone || !EndsValue(end)) return kNone;
  Add(NodeShape::kFlow, at, end);
  return end;
}

// Lines of prose are one node. One that is not indented ends all that is open.
void LineReader::Prose(std::size_t begin) {
  const std::size_t end = LineEnd(begin);
  const bool comment = At(SkipSpaces(begin)) == '#';
  if (SkipSpaces(begin) == begin && !comment) {
    PopTo(0, NodeShape::kProse);
    pending_ = 0;
  }
  TextNode& last = tree_.nodes.back();
  if (last.shape == NodeShape::kProse && last.end + 1 == begin) {
    last.end = Place(end);
  } else {
    Add(NodeShape::kProse, begin, end);
  }
}

}  // namespace

TextTree ReadLineTree(std::string_view text) { return LineReader(text).Read(); }

}  // namespace gatehouse::audit
