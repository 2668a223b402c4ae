// SPDX-License-Identifier: Apache-2.0
// The door to yaml-cpp. Its parser calls the handler below; the handler builds
// trees and refuses by position what the text shows at an event's mark, since
// events hide properties of empty nodes ("a: !x" arrives as a plain null).
// Depth is bounded by the handler throwing: the parser announces each list and
// map before it descends.
#include "policy/document.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <exception>
#include <sstream>
#include <string>
#include <unordered_set>
#include <utility>

#include "policy/fault.h"
#include "policy/yaml_text.h"

namespace gatehouse {
namespace {

constexpr std::string_view kNoAliases =
    "aliases are not accepted; write the value out, or put a word that begins "
    "with * in quotation marks";

// At the mark of a fault or just before it.
bool IsStarAt(std::string_view text, const YAML::Mark& mark) {
  const auto at = static_cast<std::size_t>(std::max(mark.pos, 0));
  return (at < text.size() && text[at] == '*') ||
         (at > 0 && at <= text.size() && text[at - 1] == '*');
}

// Thrown through yaml-cpp to stop it, after the issue was added. Never leaves
// this file.
struct Stop {};

// A list or map that is still open.
struct Open {
  YamlNode node;
  std::unordered_set<std::string> keys;
  bool has_key = false;  // of a map: the next node is the value of `key`
  std::string key;
  Position key_position;
};

class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const SourceText& source, const YamlLimits& limits,
              Issues& issues)
      : source_(source), limits_(limits), issues_(issues) {}

  std::vector<YamlNode> Take() { return std::move(documents_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    // "{a: b} {c: d}" is two documents to yaml-cpp, and so is a stray ","
    // without end.
    if (!documents_.empty() && !TextAt(mark).starts_with("---")) {
      Refuse(Fault::kDocumentMarker, PositionOf(mark, 0),
             "text after the end of the document");
      throw Stop{};
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    CheckProperties(mark);
    YamlNode node;
    node.position = PositionOf(mark, LengthAt(mark, ""));
    Place(std::move(node));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    CheckProperties(mark);
    Place(YamlNode{});
  }

  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                const std::string& value) override {
    CheckProperties(mark);
    YamlNode node;
    node.kind = NodeKind::kScalar;
    node.position = PositionOf(mark, LengthAt(mark, value));
    node.scalar = value;
    node.quoted = IsQuoteAt(mark);
    Place(std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&,
                       YAML::anchor_t, YAML::EmitterStyle::value) override {
    Begin(NodeKind::kList, mark);
  }
  void OnSequenceEnd() override { End(); }

  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    Begin(NodeKind::kMap, mark);
  }
  void OnMapEnd() override { End(); }

 private:
  std::string_view TextAt(const YAML::Mark& mark) const {
    const auto at = static_cast<std::size_t>(std::max(mark.pos, 0));
    const std::string_view text = source_.text;
    return at < text.size() ? text.substr(at) : std::string_view();
  }

  bool IsQuoteAt(const YAML::Mark& mark) const {
    const std::string_view text = TextAt(mark);
    return !text.empty() &&
           std::string_view("\"'|>").find(text[0]) != std::string_view::npos;
  }

  static Position PositionOf(const YAML::Mark& mark, int length) {
    return {mark.line + 1, mark.column + 1, length};
  }

  // Bytes to underline: the word as it stands, quotation marks included; 0
  // (to the end of the line) where it spans lines or has escapes.
  int LengthAt(const YAML::Mark& mark, std::string_view value) const {
    const std::string_view text = TextAt(mark);
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
    if (issues_.items().size() >= kMaxIssues) throw Stop{};
  }

  void CheckProperties(const YAML::Mark& mark) {
    const std::string_view text = TextAt(mark);
    if (text.empty()) return;
    const Position here = PositionOf(mark, 0);
    if (text[0] == '&') {
      Refuse(Fault::kAlias, here, "anchors are not accepted");
    } else if (text[0] == '*') {
      Refuse(Fault::kAlias, here, std::string(kNoAliases));
    } else if (text[0] == '!') {
      Refuse(Fault::kTag, here, "tags are not accepted");
    }
  }

  void Begin(NodeKind kind, const YAML::Mark& mark) {
    CheckProperties(mark);
    if (open_.size() >= limits_.max_depth) {
      Refuse(Fault::kTooLarge, PositionOf(mark, 1),
             "nested deeper than " + std::to_string(limits_.max_depth) +
                 " levels");
      throw Stop{};
    }
    if (WaitsForKey()) {
      Refuse(Fault::kKeyNotPlain, PositionOf(mark, 1),
             "a key must be a simple word");
      throw Stop{};
    }
    Open open;
    open.node.kind = kind;
    open.node.position = PositionOf(mark, 1);
    open_.push_back(std::move(open));
  }

  void End() {
    YamlNode node = std::move(open_.back().node);
    open_.pop_back();
    Place(std::move(node));
  }

  bool WaitsForKey() const {
    return !open_.empty() && open_.back().node.kind == NodeKind::kMap &&
           !open_.back().has_key;
  }

  void Place(YamlNode node) {
    if (++nodes_ > limits_.max_nodes) {
      Refuse(Fault::kTooLarge, node.position, "the text has too many values");
      throw Stop{};
    }
    if (open_.empty()) {
      documents_.push_back(std::move(node));
    } else if (open_.back().node.kind == NodeKind::kList) {
      open_.back().node.items.push_back(std::move(node));
    } else if (WaitsForKey()) {
      PlaceKey(std::move(node));
    } else {
      Open& map = open_.back();
      map.has_key = false;
      map.node.members.push_back(
          {std::move(map.key), map.key_position, std::move(node)});
    }
  }

  void PlaceKey(YamlNode node) {
    Open& map = open_.back();
    if (node.kind != NodeKind::kScalar) {
      Refuse(Fault::kKeyNotPlain, node.position, "a key must be a simple word");
    } else if (node.scalar == "<<" && !node.quoted) {
      Refuse(Fault::kMergeKey, node.position,
             "merge keys are not accepted; write the fields out");
    } else if (!map.keys.insert(node.scalar).second) {
      Refuse(Fault::kDuplicateKey, node.position,
             "the key " + Quoted(node.scalar) + " stands here twice");
    }
    map.has_key = true;
    map.key = std::move(node.scalar);
    map.key_position = node.position;
  }

  static constexpr std::size_t kMaxIssues = 100;

  const SourceText& source_;
  const YamlLimits& limits_;
  Issues& issues_;
  std::vector<YamlNode> documents_;
  std::vector<Open> open_;
  std::size_t nodes_ = 0;
};

void Parse(const SourceText& source, TreeBuilder& builder, Issues& issues) {
  try {
    std::istringstream stream(source.text);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Stop&) {
    // The issue stands already.
  } catch (const YAML::Exception& fault) {
    // An undefined or half-written alias stops the parser before its event;
    // mostly it is a glob without quotation marks.
    const bool alias = IsStarAt(source.text, fault.mark);
    AddIssue(source, {fault.mark.line + 1, fault.mark.column + 1, 1},
             FaultCode(alias ? Fault::kAlias : Fault::kSyntax),
             alias ? std::string(kNoAliases) : "not YAML: " + fault.msg,
             issues);
  } catch (const std::exception& fault) {
    AddIssue(source, {}, FaultCode(Fault::kSyntax),
             std::string("not YAML: ") + fault.what(), issues);
  }
}

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
  Issues found;
  CheckYamlText(source, limits, found);
  TreeBuilder builder(source, limits, found);
  if (!found.HasErrors()) Parse(source, builder, found);
  for (const Issue& issue : found.items()) issues.Add(issue);
  return builder.Take();
}

void AddIssue(const SourceText& source, Position position,
              std::string_view code, std::string message, Issues& issues,
              Severity severity) {
  issues.Add({severity, std::string(code), source.name, position,
              std::move(message), LineOf(source.text, position.line)});
}

}  // namespace gatehouse
