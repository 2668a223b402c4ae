// SPDX-License-Identifier: Apache-2.0
// Builds trees from the events of policy/document_events, and refuses by
// position what the text shows at an event's place. Of an embedded file they
// are built from what the build's own reading left.
#include "policy/document.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <string>
#include <unordered_set>
#include <utility>

#include "policy/document_events.h"
#include "policy/fault.h"
#include "policy/yaml_text.h"

namespace gatehouse {
namespace {

constexpr std::string_view kNoAliases =
    "aliases are not accepted; write the value out, or put a word that begins "
    "with * in quotation marks";

// A list or map that is still open.
struct Open {
  NodeKind kind = NodeKind::kNull;
  Position position;
  std::size_t first = 0;                 // on the stack of items or of members
  std::unordered_set<std::string> keys;  // from kManyMembers on
  bool has_key = false;  // of a map: the next node is the value of `key`
  std::string key;
  Position key_position;
};

// What is left of a stack from `first` on, in a vector that is no larger.
template <typename Part>
std::vector<Part> TakeFrom(std::vector<Part>& stack, std::size_t first) {
  const auto from = stack.begin() + static_cast<std::ptrdiff_t>(first);
  std::vector<Part> taken(std::make_move_iterator(from),
                          std::make_move_iterator(stack.end()));
  stack.erase(from, stack.end());
  return taken;
}

class TreeBuilder {
 public:
  TreeBuilder(const SourceText& source, const YamlLimits& limits,
              Issues& issues)
      : source_(source), limits_(limits), issues_(issues) {}

  std::vector<YamlNode> Run() {
    YamlEvents events(source_.text);
    while (!stopped_) Take(events.Next());
    return std::move(documents_);
  }

 private:
  using Kind = YamlEvent::Kind;

  void Take(const YamlEvent& event) {
    switch (event.kind) {
      case Kind::kFault:
        return NoteFault(event);
      case Kind::kTrailingText:
        Refuse(Fault::kDocumentMarker, event.position,
               "text after the end of the document");
        stopped_ = true;
        return;
      case Kind::kEnd:
        stopped_ = true;
        return;
      case Kind::kScalar:
        CheckProperties(event);
        return Place(ScalarOf(event));
      case Kind::kAlias:
        CheckProperties(event);
        return Place(YamlNode{});
      case Kind::kListStart:
        return Begin(NodeKind::kList, event);
      case Kind::kMapStart:
        return Begin(NodeKind::kMap, event);
      case Kind::kListEnd:
      case Kind::kMapEnd:
        return End();
    }
  }

  // A half-written alias is a fault before it is an event; mostly it is a glob
  // without quotation marks.
  void NoteFault(const YamlEvent& event) {
    const std::string_view text = source_.text;
    const std::size_t at = event.at;
    const bool alias = (at < text.size() && text[at] == '*') ||
                       (at > 0 && at <= text.size() && text[at - 1] == '*');
    Position position = event.position;
    position.length = 1;
    Refuse(alias ? Fault::kAlias : Fault::kSyntax, position,
           alias ? std::string(kNoAliases)
                 : "not YAML: " + std::string(event.value));
    stopped_ = true;
  }

  YamlNode ScalarOf(const YamlEvent& event) const {
    YamlNode node;
    node.position = event.position;
    if (event.plain && IsNullWord(event.value)) {
      node.position.length = LengthAt(event.at, "");
      return node;
    }
    node.kind = NodeKind::kScalar;
    node.position.length = LengthAt(event.at, event.value);
    node.scalar = event.value;
    node.quoted = !event.plain;
    return node;
  }

  std::string_view TextAt(std::size_t at) const {
    const std::string_view text = source_.text;
    return at < text.size() ? text.substr(at) : std::string_view();
  }

  // Bytes to underline: the word as it stands, quotation marks included; 0
  // (to the end of the line) where it spans lines or has escapes.
  int LengthAt(std::size_t at, std::string_view value) const {
    const std::string_view text = TextAt(at);
    if (value.size() > 4096 || text.empty()) return 0;
    if (!value.empty() && text.starts_with(value)) {
      return static_cast<int>(value.size());
    }
    const bool quoted =
        text.size() > value.size() + 1 && (text[0] == '"' || text[0] == '\'') &&
        text.substr(1).starts_with(value) && text[value.size() + 1] == text[0];
    if (quoted) return static_cast<int>(value.size()) + 2;
    return value.empty() ? 1 : 0;
  }

  void Refuse(Fault fault, Position position, std::string message) {
    AddIssue(source_, position, FaultCode(fault), std::move(message), issues_);
    stopped_ = stopped_ || issues_.items().size() >= kMaxIssues;
  }

  void RefuseAndStop(Fault fault, Position position, std::string message) {
    position.length = 1;
    Refuse(fault, position, std::move(message));
    stopped_ = true;
  }

  // Looked for in the text: "!" alone is a tag that no event shows. In {?a: b}
  // the key is "a" to libyaml and Go, "?a" to readers of YAML 1.2.
  void CheckProperties(const YamlEvent& event) {
    const std::string_view text = TextAt(event.at);
    if (text.empty()) return;
    if (event.at > 0 && source_.text[event.at - 1] == '?') {
      Refuse(Fault::kKeyNotPlain, event.position,
             "a blank must follow the \"?\" before a key");
    }
    if (text[0] == '&') {
      Refuse(Fault::kAlias, event.position, "anchors are not accepted");
    } else if (text[0] == '*') {
      Refuse(Fault::kAlias, event.position, std::string(kNoAliases));
    } else if (text[0] == '!') {
      Refuse(Fault::kTag, event.position, "tags are not accepted");
    }
  }

  void Begin(NodeKind kind, const YamlEvent& event) {
    CheckProperties(event);
    if (open_.size() >= limits_.max_depth) {
      return RefuseAndStop(Fault::kTooLarge, event.position,
                           "nested deeper than " +
                               std::to_string(limits_.max_depth) + " levels");
    }
    if (WaitsForKey()) {
      return RefuseAndStop(Fault::kKeyNotPlain, event.position,
                           "a key must be a simple word");
    }
    Open& open = open_.emplace_back();
    open.kind = kind;
    open.position = event.position;
    open.position.length = 1;
    open.first = kind == NodeKind::kList ? items_.size() : members_.size();
  }

  void End() {
    const Open& open = open_.back();
    YamlNode node;
    node.kind = open.kind;
    node.position = open.position;
    if (open.kind == NodeKind::kList) {
      node.items = TakeFrom(items_, open.first);
    } else {
      node.members = TakeFrom(members_, open.first);
    }
    open_.pop_back();
    Place(std::move(node));
  }

  bool WaitsForKey() const {
    return !open_.empty() && open_.back().kind == NodeKind::kMap &&
           !open_.back().has_key;
  }

  void Place(YamlNode&& node) {
    if (++nodes_ > limits_.max_nodes) {
      Refuse(Fault::kTooLarge, node.position, "the text has too many values");
      stopped_ = true;
    }
    if (open_.empty()) {
      documents_.push_back(std::move(node));
    } else if (open_.back().kind == NodeKind::kList) {
      items_.push_back(std::move(node));
    } else if (WaitsForKey()) {
      PlaceKey(std::move(node));
    } else {
      Open& map = open_.back();
      map.has_key = false;
      members_.push_back(
          {std::move(map.key), map.key_position, std::move(node)});
    }
  }

  void PlaceKey(YamlNode&& node) {
    Open& map = open_.back();
    if (node.kind != NodeKind::kScalar) {
      Refuse(Fault::kKeyNotPlain, node.position, "a key must be a simple word");
    } else if (node.scalar == "<<" && !node.quoted) {
      Refuse(Fault::kMergeKey, node.position,
             "merge keys are not accepted; write the fields out");
    } else if (!IsNewKey(map, node.scalar)) {
      Refuse(Fault::kDuplicateKey, node.position,
             "the key " + Quoted(node.scalar) + " stands here twice");
    }
    map.has_key = true;
    map.key = std::move(node.scalar);
    map.key_position = node.position;
  }

  // One by one while they are few: comparing each with each would let one map
  // keep the guard busy for seconds.
  bool IsNewKey(Open& map, const std::string& key) const {
    const auto members = std::span(members_).subspan(map.first);
    if (members.size() < kManyMembers) {
      return std::ranges::none_of(
          members, [&](const YamlMember& each) { return each.key == key; });
    }
    if (map.keys.empty()) {
      for (const YamlMember& member : members) map.keys.insert(member.key);
    }
    return map.keys.insert(key).second;
  }

  static constexpr std::size_t kMaxIssues = 100;
  static constexpr std::size_t kManyMembers = 16;

  const SourceText& source_;
  const YamlLimits& limits_;
  Issues& issues_;
  std::vector<YamlNode> documents_;
  std::vector<Open> open_;
  // Of all that is open: what is complete of the outer ones stands before what
  // is of the inner ones.
  std::vector<YamlNode> items_;
  std::vector<YamlMember> members_;
  std::size_t nodes_ = 0;
  bool stopped_ = false;  // at the end, or after a fault that ends the reading
};

std::string LineOf(std::string_view text, int line) {
  for (int at = 1; at < line; ++at) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return "";
    text.remove_prefix(end + 1);
  }
  std::string_view found = text.substr(0, text.find('\n'));
  if (found.ends_with('\r')) found.remove_suffix(1);
  return std::string(found.substr(0, 4096));
}

}  // namespace

std::vector<YamlNode> ReadYaml(const SourceText& source, Issues& issues,
                               const YamlLimits& limits) {
  if (!source.packed.nodes.empty()) return Unpack(source.packed);
  Issues found;
  CheckYamlText(source, limits, found);
  std::vector<YamlNode> documents;
  if (!found.HasErrors()) documents = TreeBuilder(source, limits, found).Run();
  for (const Issue& issue : found.items()) issues.Add(issue);
  return documents;
}

Issue IssueAt(const SourceText& source, Position position,
              std::string_view code, std::string message) {
  return {Severity::kError,   std::string(code),
          source.name,        position,
          std::move(message), LineOf(source.text, position.line)};
}

void AddIssue(const SourceText& source, Position position,
              std::string_view code, std::string message, Issues& issues) {
  issues.Add(IssueAt(source, position, code, std::move(message)));
}

}  // namespace gatehouse
