// SPDX-License-Identifier: Apache-2.0
#include "audit/redact_answer.h"

#include <algorithm>
#include <array>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "audit/base64.h"
#include "audit/json_string.h"
#include "audit/name_letters.h"
#include "audit/text_controls.h"
#include "policy/json_value.h"

namespace gatehouse::audit {
namespace {

// Members of a message that MCP gives a meaning of its own: never the text that
// was asked for.
constexpr auto kWords = std::to_array<std::string_view>(
    {"type",           "mimeType",   "uri",
     "uriTemplate",    "name",       "title",
     "role",           "resultType", "_meta",
     "annotations",    "level",      "logger",
     "status",         "model",      "protocolVersion",
     "icons",          "method",     "mode",
     "includeContext", "toolChoice", "createdAt",
     "lastUpdatedAt"});
// What is given back as it came.
constexpr auto kOpaque = std::to_array<std::string_view>(
    {"progressToken", "requestId", "taskId", "requestState", "nextCursor",
     "elicitationId"});

// Of what is asked of a person or a model: a form to fill in, tools to use.
constexpr auto kDescriptions =
    std::to_array<std::string_view>({"requestedSchema", "tools"});
// What those say in words, or show beforehand.
constexpr auto kSaid =
    std::to_array<std::string_view>({"description", "default", "examples"});

bool IsOpaque(std::string_view key) {
  return std::ranges::find(kOpaque, key) != kOpaque.end();
}

bool IsWord(std::string_view key) {
  return std::ranges::find(kWords, key) != kWords.end();
}

bool IsDescription(std::string_view map, std::string_view key) {
  return map == "params" &&
         std::ranges::find(kDescriptions, key) != kDescriptions.end();
}

bool IsSaid(std::string_view key) {
  return std::ranges::find(kSaid, key) != kSaid.end();
}

std::string_view TextOf(const TextTree& tree, std::uint32_t map,
                        std::string_view key) {
  const std::uint32_t child = tree.Child(map, key);
  return child == 0 ? std::string_view() : tree.Raw(tree.nodes[child]);
}

// 0 where the message has no such member of a member.
std::uint32_t Find(const TextTree& tree,
                   std::initializer_list<std::string_view> path) {
  std::uint32_t at = 0;
  for (const std::string_view key : path) {
    at = tree.Child(at, key);
    if (at == 0) return 0;
  }
  return at;
}

bool Elicits(const TextTree& tree, std::uint32_t ask) {
  const std::uint32_t method = tree.Child(ask, "method");
  return method != 0 &&
         ScalarText(tree, tree.nodes[method]) == "elicitation/create";
}

// An empty literal is nothing that anybody edits.
void LeaveUrl(TextTree& tree, std::uint32_t params) {
  for (std::uint32_t i = params + 1; i < tree.nodes[params].next;
       i = tree.nodes[i].next) {
    TextNode& node = tree.nodes[i];
    if (tree.Key(node) != "url" || node.shape != NodeShape::kQuoted) continue;
    node.shape = NodeShape::kLiteral;
    node.end = node.begin;
  }
}

// Each of a list or map.
void ForEachChild(const TextTree& tree, std::uint32_t parent,
                  const std::function<void(std::uint32_t)>& visit) {
  if (parent == 0) return;
  for (std::uint32_t i = parent + 1; i < tree.nodes[parent].next;
       i = tree.nodes[i].next) {
    visit(i);
  }
}

// Whether a map says that of a key, and never anything else: of one that it
// holds twice, readers take one or the other.
bool Says(const TextTree& tree, std::uint32_t map, std::string_view key,
          std::initializer_list<std::string_view> texts) {
  bool says = false;
  for (std::uint32_t i = map + 1; i < tree.nodes[map].next;
       i = tree.nodes[i].next) {
    if (tree.Key(tree.nodes[i]) != key) continue;
    if (std::ranges::find(texts, tree.Raw(tree.nodes[i])) == texts.end()) {
      return false;
    }
    says = true;
  }
  return says;
}

// The bytes of a picture or a sound.
bool IsMedia(const TextTree& tree, std::uint32_t map) {
  return Says(tree, map, "type", {"\"image\"", "\"audio\""});
}

// What a server gives for programs has the keys of what it is about. Go's
// reader takes a key in letters of another case for it, and some that are not
// ASCII for ASCII.
bool IsForPrograms(std::string_view key) {
  const bool ascii = std::ranges::all_of(
      key, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return !ascii || EqualFolded(key, "structuredContent") ||
         EqualFolded(key, "data");
}

// Between two documents of YAML, where the line break before is an escape.
constexpr std::string_view kSeparator = "\\n---";

bool IsSeparator(std::string_view text, std::size_t at) {
  const std::string_view behind = text.substr(at + kSeparator.size());
  if (!behind.empty() && !behind.starts_with(' ') &&
      !behind.starts_with("\\n") && !behind.starts_with("\\r")) {
    return false;
  }
  std::size_t slash = at;
  while (slash > 0 && text[slash - 1] == '\\') --slash;
  return (at - slash) % 2 == 0;
}

// Where the document begins that `at` stands in, at most from `from` on.
std::size_t DocumentBefore(std::string_view text, std::size_t from,
                           std::size_t at) {
  while (at > from) {
    at = text.rfind(kSeparator, at - 1);
    if (at == std::string_view::npos || at < from) break;
    if (IsSeparator(text, at)) return at + 2;
  }
  return from;
}

// Where it ends: with its last line's break.
std::size_t DocumentBehind(std::string_view text, std::size_t at) {
  for (at = text.find(kSeparator, at); at != std::string_view::npos;
       at = text.find(kSeparator, at + 1)) {
    if (IsSeparator(text, at)) return at + 2;
  }
  return text.size();
}

}  // namespace

std::vector<Edit> ControlEdits(const TextTree& tree) {
  std::vector<Edit> edits;
  for (const TextNode& node : tree.nodes) {
    if (const std::string_view key = tree.RawKey(node); !IsPlainKey(key)) {
      StrippedText stripped = StripControls(UnescapeJson(key));
      if (stripped.controls > 0) {
        edits.push_back(
            {node.key_begin - 1, node.key_end + 1, QuoteJson(stripped.text)});
      }
    }
    if (node.shape != NodeShape::kQuoted) continue;
    StrippedText stripped = StripControls(ScalarText(tree, node));
    if (stripped.controls == 0) continue;
    edits.push_back({node.begin, node.end, QuoteJson(stripped.text)});
  }
  return edits;
}

void LeaveLinks(TextTree& tree) {
  const auto leave = [&tree](std::uint32_t ask) {
    if (!Elicits(tree, ask)) return;
    if (const auto params = tree.Child(ask, "params")) LeaveUrl(tree, params);
  };
  leave(0);
  ForEachChild(tree, Find(tree, {"result", "inputRequests"}), leave);
  ForEachChild(tree, Find(tree, {"params", "inputRequests"}), leave);
  const std::uint32_t error = Find(tree, {"error"});
  if (error == 0 || TextOf(tree, error, "code") != "-32042") return;
  ForEachChild(tree, Find(tree, {"error", "data", "elicitations"}),
               [&tree](std::uint32_t ask) { LeaveUrl(tree, ask); });
}

std::vector<Edit> AnswerMasker::Run(const TextTree& tree) {
  std::vector<Edit> edits;
  place_ = TreeMasker::PlaceFor(facts_.origin);
  const std::uint32_t end = tree.nodes[0].next;
  for (std::uint32_t i = 1; i < end; i = tree.nodes[i].next) {
    const std::string_view key = tree.Key(tree.nodes[i]);
    if (key == "result" || key == "params" || key == "error") {
      // What went wrong is said in words, and by whoever was asked how it
      // looks in those too.
      const bool failed = key == "error" || Says(tree, i, "isError", {"true"});
      if (failed && !place_.is_secret) {
        place_ = TreeMasker::PlaceFor(Origin::kOrdinary);
      }
      Content(tree, i, edits);
    }
  }
  return edits;
}

void AnswerMasker::Content(const TextTree& tree, std::uint32_t index,
                           std::vector<Edit>& edits) {
  const TextNode& node = tree.nodes[index];
  if (facts_.listing) return Plain(tree, index, edits);
  if (node.shape != NodeShape::kMap && node.shape != NodeShape::kList) {
    return Text(tree, index, place_, edits);
  }
  // Once for each map: a server may write the key "data" any number of times.
  const bool media = node.shape == NodeShape::kMap && IsMedia(tree, index);
  const DataIs data = media ? DataIs::kMedia : DataIs::kFields;
  for (std::uint32_t i = index + 1; i < node.next; i = tree.nodes[i].next) {
    if (node.shape == NodeShape::kMap) {
      Member(tree, i, {tree.Key(node), data}, edits);
    } else {
      Content(tree, i, edits);
    }
  }
}

void AnswerMasker::Member(const TextTree& tree, std::uint32_t child,
                          const Around& map, std::vector<Edit>& edits) {
  const std::string_view key = tree.Key(tree.nodes[child]);
  Key(tree, child, edits);
  if (IsOpaque(key)) return;
  if (IsWord(key)) return Plain(tree, child, edits);
  if (IsDescription(map.key, key)) return Describe(tree, child, edits);
  if (EqualFolded(key, "blob")) return Blob(tree, child, edits);
  if (key == "data" && map.data == DataIs::kMedia) {
    if (place_.strict) Blob(tree, child, edits);
    return;
  }
  if (IsForPrograms(key)) {
    masker_.Walk(tree, child, place_, edits);
  } else {
    Content(tree, child, edits);
  }
}

void AnswerMasker::Text(const TextTree& tree, std::uint32_t index,
                        const TreeMasker::Place& place,
                        std::vector<Edit>& edits) {
  const TextNode& node = tree.nodes[index];
  if (node.shape != NodeShape::kQuoted) return;
  if (!masker_.MayChange(tree, node, place)) return;
  std::size_t begin = node.begin + 1;
  std::size_t end = node.end - 1;
  if (!place.Everything()) {
    const SpotSpan spots = masker_.SpotsIn(begin, end);
    const std::string_view all = tree.text.substr(0, end);
    begin = DocumentBefore(all, begin, spots.first);
    end = DocumentBehind(all, std::max(begin, spots.last));
  }
  const std::string_view escaped = tree.text.substr(begin, end - begin);
  Append(
      EscapedEdits(escaped, masker_.MaskString(UnescapeJson(escaped), place)),
      begin, edits);
}

// Strings of any depth, for what is secret wherever it stands; keys stay, but
// for their control characters.
void AnswerMasker::Plain(const TextTree& tree, std::uint32_t index,
                         std::vector<Edit>& edits) {
  for (std::uint32_t i = index; i < tree.nodes[index].next; ++i) {
    if (i > index) Key(tree, i, edits);
    PlainString(tree, i, edits);
  }
}

void AnswerMasker::Key(const TextTree& tree, std::uint32_t index,
                       std::vector<Edit>& edits) {
  const TextNode& node = tree.nodes[index];
  if (IsPlainKey(tree.RawKey(node))) return;
  const std::string key = UnescapeJson(tree.RawKey(node));
  const std::string stripped = masker_.WithoutControls(key);
  if (stripped == key) return;
  edits.push_back({node.key_begin - 1, node.key_end + 1, QuoteJson(stripped)});
}

// The same, but a form may show a secret that it asks for as what stands there
// now.
void AnswerMasker::Describe(const TextTree& tree, std::uint32_t index,
                            std::vector<Edit>& edits) {
  for (std::uint32_t i = index; i < tree.nodes[index].next; ++i) {
    if (i > index) Key(tree, i, edits);
    if (place_.strict && IsSaid(tree.Key(tree.nodes[i]))) {
      Text(tree, i, place_, edits);
    } else {
      PlainString(tree, i, edits);
    }
  }
}

void AnswerMasker::PlainString(const TextTree& tree, std::uint32_t index,
                               std::vector<Edit>& edits) {
  const TextNode& node = tree.nodes[index];
  if (node.shape != NodeShape::kQuoted || IsOpaque(tree.Key(node))) return;
  if (!masker_.MayChange(tree, node, {})) return;
  const std::string_view raw = tree.Raw(node);
  const std::string_view escaped = raw.substr(1, raw.size() - 2);
  Append(EscapedEdits(escaped, masker_.MaskTokens(UnescapeJson(escaped))),
         node.begin + 1, edits);
}

// Bytes in base64: a text that has something to mask is written anew.
void AnswerMasker::Blob(const TextTree& tree, std::uint32_t index,
                        std::vector<Edit>& edits) {
  const TextNode& node = tree.nodes[index];
  if (node.shape != NodeShape::kQuoted) return;
  const auto bytes = FromBase64(ScalarText(tree, node));
  if (!bytes) return Text(tree, index, place_, edits);
  const Edits inner = masker_.MaskString(*bytes, place_);
  if (inner.empty()) return;
  edits.push_back(
      {node.begin, node.end, QuoteJson(ToBase64(Applied(*bytes, inner)))});
}

}  // namespace gatehouse::audit
