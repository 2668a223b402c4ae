// SPDX-License-Identifier: Apache-2.0
#include "audit/redact_tree.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>

#include "audit/json_string.h"
#include "audit/json_tree.h"
#include "audit/text_controls.h"

namespace gatehouse::audit {
namespace {

// A document inside a string of a document inside a string: the last-applied
// annotation of a manifest is two deep. Deeper than this is a game.
constexpr int kMaxNesting = 6;
// A longer one is read without a look at its raw bytes: it is most of a line
// that was looked at.
constexpr std::size_t kLongText = 4'096;
constexpr auto kNone = std::string_view::npos;
constexpr std::uint32_t kNoNode = 0;

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](unsigned char letter) {
    return static_cast<char>(std::tolower(letter));
  });
  return lower;
}

bool IsPayloadKey(std::string_view key) {
  const std::string lower = Lower(key);
  return lower == "data" || lower == "stringdata" || lower == "binarydata";
}

// The child of that key; kNoNode where there is none.
std::uint32_t ChildOf(const TextTree& tree, std::uint32_t map,
                      std::string_view key) {
  const std::uint32_t end = tree.nodes[map].next;
  for (std::uint32_t i = map + 1; i < end; i = tree.nodes[i].next) {
    if (tree.Key(tree.nodes[i]) == key) return i;
  }
  return kNoNode;
}

bool IsScalar(const TextNode& node) {
  return node.shape != NodeShape::kMap && node.shape != NodeShape::kList;
}

std::optional<std::string> ChildText(const TextTree& tree, std::uint32_t map,
                                     std::string_view key) {
  const std::uint32_t child = ChildOf(tree, map, key);
  if (child == kNoNode || !IsScalar(tree.nodes[child])) return std::nullopt;
  return ScalarText(tree, tree.nodes[child]);
}

bool IsSecretKind(const TextTree& tree, std::uint32_t map) {
  const auto kind = ChildText(tree, map, "kind");
  return kind && Lower(*kind).starts_with("secret");  // Secret, SecretList
}

// {name: DB_PASSWORD, value: …} of an env entry or a header.
bool NamesASecret(const TextTree& tree, std::uint32_t map,
                  const RedactionRules& rules) {
  for (const char* member : {"name", "key", "Name", "Key"}) {
    const auto name = ChildText(tree, map, member);
    if (name && rules.IsSecretKey(*name)) return true;
  }
  return false;
}

// {op, path, value} of a JSON patch.
bool IsPatchStep(const TextTree& tree, std::uint32_t map) {
  return ChildOf(tree, map, "op") != kNoNode &&
         ChildOf(tree, map, "path") != kNoNode;
}

bool IsNumber(std::string_view text) {
  return !text.empty() && text.find_first_not_of("+-.0123456789eE") == kNone &&
         text.find_first_of("0123456789") != kNone;
}

// What says nothing: it stays, so that the shape does.
bool IsNothing(std::string_view text) {
  return text.empty() || text == "null" || text == "~" || text == "true" ||
         text == "false" || StandsForSecret(text);
}

// Of `describe`: how long a value is.
bool IsLength(std::string_view text) {
  const std::size_t end = text.find_first_not_of("0123456789");
  return end != 0 && end != kNone && text.substr(end) == " bytes";
}

bool IsFolded(std::string_view raw) { return raw.starts_with('>'); }

}  // namespace

TreeMasker::Place TreeMasker::PlaceFor(Origin origin) {
  Place place;
  place.in_secret = origin != Origin::kOrdinary;
  place.pairs = origin == Origin::kSecret;
  place.strict = origin == Origin::kStrict || origin == Origin::kShaped;
  place.is_secret = origin == Origin::kShaped;
  if (place.strict) place.kind = "secret";
  return place;
}

void TreeMasker::Learn(std::string_view secret) {
  // The gate learns with it: what it does not know is not looked for.
  seen_.Add(secret, [this](std::string_view bytes) { gate_.AddSeen(bytes); });
}

void TreeMasker::Walk(const TextTree& tree, std::uint32_t index,
                      const Place& place, std::vector<Edit>& edits) {
  const TextNode& node = tree.nodes[index];
  switch (node.shape) {
    case NodeShape::kMap:
      return WalkMap(tree, index, place, edits);
    case NodeShape::kList:
      return WalkList(tree, index, place, edits);
    case NodeShape::kProse: {
      std::string masked = MaskProse(tree.Raw(node), place);
      if (masked != tree.Raw(node)) {
        edits.push_back({node.begin, node.end, std::move(masked)});
      }
      return;
    }
    case NodeShape::kQuoted:
    case NodeShape::kSingle:
    case NodeShape::kBlock:
    case NodeShape::kPlain:
    case NodeShape::kLiteral:
    case NodeShape::kFlow:
      return WalkScalar(tree, node, place, edits);
  }
}

void TreeMasker::WalkMap(const TextTree& tree, std::uint32_t index, Place place,
                         std::vector<Edit>& edits) {
  const bool kind = ChildOf(tree, index, "kind") != kNoNode;
  place.loose = place.loose && !kind;
  place.in_secret =
      place.in_secret || place.loose || (kind && IsSecretKind(tree, index));
  const std::uint32_t end = tree.nodes[index].next;
  for (std::uint32_t i = index + 1; i < end; i = tree.nodes[i].next) {
    WalkKey(tree, tree.nodes[i], edits);
    Walk(tree, i, PlaceOf(tree, index, i, place), edits);
  }
}

// Keys are kept, but for a token that is used as one.
void TreeMasker::WalkKey(const TextTree& tree, const TextNode& node,
                         std::vector<Edit>& edits) {
  const std::string_view key = tree.Key(node);
  if (key.empty() || !tokens_ || !gate_.Scan(key).Any()) return;
  const std::string plain = UnescapeJson(key);
  const std::string masked = MaskTokens(plain);
  if (masked == plain) return;
  std::string quoted = QuoteJson(masked);
  const bool in_quotes =
      node.key_begin > 0 && tree.text[node.key_begin - 1] == '"';
  if (in_quotes) quoted = quoted.substr(1, quoted.size() - 2);
  edits.push_back({node.key_begin, node.key_end, std::move(quoted)});
}

TreeMasker::Place TreeMasker::PlaceOf(const TextTree& tree, std::uint32_t map,
                                      std::uint32_t child,
                                      const Place& place) const {
  const RedactionRules& rules = text_.rules();
  const TextNode& node = tree.nodes[child];
  const std::string_view key = tree.Key(node);
  Place inner = place;
  inner.name = key;
  inner.assignments = rules.IsAssignmentFlag(key);
  const bool is_value = key == "value" || key == "Value";
  const bool payload =
      IsPayloadKey(key) || (is_value && IsPatchStep(tree, map));
  if (place.in_secret && (payload || node.anchored)) {
    inner.is_secret = true;
    inner.by_key = false;
    inner.kind = "secret";
  } else if (rules.IsSecretFlag(key) ||
             (is_value && NamesASecret(tree, map, rules))) {
    inner.by_key = !place.is_secret || place.by_key;
    inner.is_secret = true;
  } else if (place.by_key && rules.IsReferenceKey(key)) {
    inner.is_secret = false;
  } else if (place.strict && !place.is_secret &&
             (rules.IsPlainMap(key) ||
              (rules.IsPlainKey(key) && IsScalar(node)))) {
    inner.strict = false;
  }
  return inner;
}

// ["--token", "abc"]: the flag stands in the element before.
void TreeMasker::WalkList(const TextTree& tree, std::uint32_t index,
                          const Place& place, std::vector<Edit>& edits) {
  Place next = place;
  std::string word;
  const std::uint32_t end = tree.nodes[index].next;
  for (std::uint32_t i = index + 1; i < end; i = tree.nodes[i].next) {
    const TextNode& node = tree.nodes[i];
    Walk(tree, i, next, edits);
    next = place;
    if (!IsScalar(node) || node.end - node.begin > 128) continue;
    std::string flag = ScalarText(tree, node);
    if (!flag.starts_with("--")) continue;
    word = flag.substr(2);  // outlives the place that names it
    next.name = word;
    next.assignments = text_.rules().IsAssignmentFlag(flag);
    if (text_.rules().IsSecretFlag(flag)) next.is_secret = true;
  }
}

bool TreeMasker::MayChange(std::string_view raw, const Place& place) const {
  return place.is_secret || place.strict || place.in_secret ||
         place.assignments || raw.size() > kLongText || gate_.Scan(raw).Any();
}

void TreeMasker::WalkScalar(const TextTree& tree, const TextNode& node,
                            const Place& place, std::vector<Edit>& edits) {
  const std::string_view raw = tree.Raw(node);
  if (!MayChange(raw, place)) return;
  const bool bare =
      node.shape == NodeShape::kLiteral || node.shape == NodeShape::kPlain;
  if (bare && IsNothing(raw)) return;
  // `password:  8 bytes` of `describe`, which is no password.
  const bool told = place.strict && (place.by_key || !place.is_secret);
  if (told && IsLength(raw)) return;
  const bool number = bare && IsNumber(raw);
  if (number && !place.is_secret && !place.strict) return;
  const std::string text = ScalarText(tree, node);
  std::string masked;
  if (node.shape == NodeShape::kFlow && !place.is_secret &&
      (place.loose || place.in_secret)) {
    masked = text_.Mask("document", "", text);
  } else {
    masked = MaskString(text, place);
  }
  if (masked == text) return;
  std::string written = QuoteJson(masked);
  if (node.shape == NodeShape::kBlock && !place.is_secret && !IsFolded(raw)) {
    written = BlockWith(ReadBlock(raw), masked);
  }
  edits.push_back({node.begin, node.end, std::move(written)});
}

std::string TreeMasker::WithoutControls(std::string_view text) {
  if (!of_controls_) return std::string(text);
  StrippedText stripped = StripControls(text);
  controls_ += stripped.controls;
  const bool strips = of_controls_ == TextControls::kStrip;
  return strips ? std::move(stripped.text) : std::string(text);
}

std::string TreeMasker::MaskWhole(std::string_view text, const Place& place) {
  if (IsNothing(text) || text.find_first_not_of(" \t\r\n") == kNone) {
    return std::string(text);
  }
  if (place.kind == "secret") Learn(text);
  return text_.Mask(place.kind, place.name, text);
}

std::string TreeMasker::MaskTokens(std::string_view text) {
  return text_.MaskTokens(WithoutControls(text));
}

std::string TreeMasker::MaskString(std::string_view text, const Place& place) {
  if (place.is_secret) return MaskWhole(text, place);
  const std::string visible = WithoutControls(text);
  if (place.assignments) return text_.MaskAssignment(visible);
  const bool one_word = visible.find_first_of(" \t\n{") == kNone;
  // `literal: user=x` of a tool that creates Secrets, whatever it calls it.
  if (place.pairs && one_word && !visible.starts_with('-') &&
      visible.find('=') != kNone) {
    return text_.MaskAssignment(visible);
  }
  return MaskDocument(visible, place);
}

// Text that is a document of its own is masked by its structure.
std::string TreeMasker::MaskDocument(std::string_view text,
                                     const Place& place) {
  const GateHits hits = gate_.Scan(text);
  if (!hits.Any() && !place.strict && !place.in_secret) {
    return std::string(text);
  }
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  if (start == kNone) return std::string(text);
  if (place.strict && IsLength(text)) return std::string(text);
  if (nesting_ >= kMaxNesting) return text_.Mask("document", "", text);
  ++nesting_;
  const bool outer = std::exchange(
      tokens_, hits.formats != 0 || hits.seen || hits.escapes || hits.controls);
  std::string masked;
  TextTree tree;
  tree.text = text;
  const bool braced = text[start] == '{' || text[start] == '[';
  if (braced && IsJsonTree(tree)) {
    std::vector<Edit> edits;
    Walk(tree, 0, place, edits);
    masked = Applied(text, edits);
  } else {
    masked = MaskLines(text, place, hits);
  }
  tokens_ = outer;
  --nesting_;
  return masked;
}

}  // namespace gatehouse::audit
