// SPDX-License-Identifier: Apache-2.0
#include "audit/redact_tree.h"

#include <algorithm>
#include <array>
#include <utility>

#include "audit/json_string.h"
#include "audit/json_tree.h"
#include "audit/name_letters.h"
#include "audit/no_position.h"
#include "audit/text_controls.h"

namespace gatehouse::audit {
namespace {

// A document inside a string of a document inside a string: the last-applied
// annotation of a manifest is two deep. Deeper than this is a game.
constexpr int kMaxNesting = 6;

bool IsPayloadKey(std::string_view key) {
  return EqualFolded(key, "data") || EqualFolded(key, "stringdata") ||
         EqualFolded(key, "binarydata");
}

bool IsScalar(const TextNode& node) {
  return node.shape != NodeShape::kMap && node.shape != NodeShape::kList;
}

// Secret, SecretList; of JSON that is cut, with its quotes. Controls in it are
// stripped before it goes on.
bool IsSecretKind(std::string_view text) {
  const std::string kind = StripControls(text).text;
  const std::size_t quotes = kind.starts_with('"') ? 1 : 0;
  return EqualFolded(std::string_view(kind).substr(quotes, 6), "secret");
}

// What a map says that it is. Where it says so twice, or in letters of another
// case, readers take one or the other: it is a Secret if any of them says so.
enum class KindOfMap : std::uint8_t { kUnsaid = 0, kOther, kSecret };
KindOfMap ReadKind(const TextTree& tree, std::uint32_t map) {
  KindOfMap kind = KindOfMap::kUnsaid;
  for (std::uint32_t i = map + 1; i < tree.nodes[map].next;
       i = tree.nodes[i].next) {
    const TextNode& node = tree.nodes[i];
    const std::string_view key = tree.Key(node);
    if (!EqualFolded(key, "kind")) continue;
    if (IsScalar(node) && IsSecretKind(ScalarText(tree, node))) {
      return KindOfMap::kSecret;
    }
    if (key == "kind") kind = KindOfMap::kOther;
  }
  return kind;
}

// {name: DB_PASSWORD, value: …} of an env entry or a header.
bool NamesASecret(const TextTree& tree, std::uint32_t map,
                  const RedactionRules& rules) {
  for (std::uint32_t i = map + 1; i < tree.nodes[map].next;
       i = tree.nodes[i].next) {
    const TextNode& node = tree.nodes[i];
    const std::string_view key = tree.Key(node);
    if (!EqualFolded(key, "name") && !EqualFolded(key, "key")) continue;
    if (IsScalar(node) && rules.IsSecretKey(ScalarText(tree, node))) {
      return true;
    }
  }
  return false;
}

// {op, path, value} of a JSON patch.
bool IsPatchStep(const TextTree& tree, std::uint32_t map) {
  return tree.Child(map, "op") != 0 && tree.Child(map, "path") != 0;
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

bool IsValueKey(std::string_view key) { return EqualFolded(key, "value"); }

// What may have a key in it, and so may hold a Secret's values.
bool MayHoldMap(std::string_view text) {
  static constexpr ByteSet kMarks("{[:");
  for (std::size_t at = 0;;) {
    at = kMarks.Find(text, at);
    if (at == text.size()) return false;
    if (text[at] != ':' || at + 1 == text.size()) return true;
    const char behind = text[at + 1];
    if (behind == ' ' || behind == '\t' || behind == '\n' || behind == '\r') {
      return true;
    }
    ++at;
  }
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
    case NodeShape::kProse:
      return WalkProse(tree, node, place, edits);
    case NodeShape::kQuoted:
    case NodeShape::kSingle:
    case NodeShape::kBlock:
    case NodeShape::kPlain:
    case NodeShape::kLiteral:
    case NodeShape::kFlow:
      return WalkScalar(tree, node, place, edits);
  }
}

// What the gate found nothing in is passed over, unless its place says more: a
// key says it where it stands, but for the name of an env entry, whose value is
// another child.
void TreeMasker::WalkMap(const TextTree& tree, std::uint32_t index, Place place,
                         std::vector<Edit>& edits) {
  const KindOfMap kind = ReadKind(tree, index);
  place.loose = place.loose && kind == KindOfMap::kUnsaid;
  place.in_secret =
      place.in_secret || place.loose || kind == KindOfMap::kSecret;
  const std::uint32_t end = tree.nodes[index].next;
  ValueFacts values;
  for (std::uint32_t i = index + 1; i < end; i = tree.nodes[i].next) {
    const TextNode& node = tree.nodes[i];
    const bool met = Meets(tree, i);
    if (!met && !place.Everything() && !IsValueKey(tree.Key(node))) continue;
    if (met) WalkKey(tree, node, edits);
    const Place inner = PlaceOf(tree, index, i, place, values);
    if (met || inner.Everything()) Walk(tree, i, inner, edits);
  }
}

// Keys are kept, but for a token that is used as one.
void TreeMasker::WalkKey(const TextTree& tree, const TextNode& node,
                         std::vector<Edit>& edits) {
  if (!spots_.Meets(node.key_begin, node.key_end)) return;
  const std::string_view key = tree.RawKey(node);
  const bool in_quotes =
      node.key_begin > 0 && tree.text[node.key_begin - 1] == '"';
  if (in_quotes) {
    const Edits inner = MaskTokens(UnescapeJson(key));
    return Append(EscapedEdits(key, inner), node.key_begin, edits);
  }
  const Edits inner = MaskTokens(key);
  if (inner.empty()) return;
  edits.push_back(
      {node.key_begin, node.key_end, QuoteJson(Applied(key, inner))});
}

TreeMasker::Place TreeMasker::PlaceOf(const TextTree& tree, std::uint32_t map,
                                      std::uint32_t child, const Place& place,
                                      ValueFacts& values) const {
  const RedactionRules& rules = text_.rules();
  const TextNode& node = tree.nodes[child];
  const std::string_view key = tree.Key(node);
  Place inner = place;
  inner.name = key;
  inner.assignments = rules.IsAssignmentFlag(key);
  const bool is_value = IsValueKey(key);
  if (is_value && !values.is_known) {
    values = {true, IsPatchStep(tree, map), NamesASecret(tree, map, rules)};
  }
  const bool payload = IsPayloadKey(key) || (is_value && values.is_payload);
  if (place.in_secret && (payload || node.anchored)) {
    inner.is_secret = true;
    inner.by_key = false;
    inner.kind = "secret";
  } else if (rules.IsSecretFlag(key) || (is_value && values.is_secret)) {
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
    const bool met = Meets(tree, i);
    if (met || next.Everything()) Walk(tree, i, next, edits);
    next = place;
    if (!met && !place.Everything()) continue;
    if (!IsScalar(node) || node.end - node.begin > 128) continue;
    std::string flag = ScalarText(tree, node);
    // `--token=x` has its value: neither is it behind, nor is this a name.
    if (!flag.starts_with("--") || flag.find('=') != kNone) continue;
    word = flag.substr(2);  // outlives the place that names it
    next.name = word;
    next.assignments = text_.rules().IsAssignmentFlag(flag);
    if (text_.rules().IsSecretFlag(flag)) next.is_secret = true;
  }
}

bool TreeMasker::MayChange(const TextTree& tree, const TextNode& node,
                           const Place& place) {
  if (place.is_secret || place.strict || place.assignments || place.pairs ||
      spots_.Meets(node.begin, node.end)) {
    return true;
  }
  const std::string_view raw = tree.Raw(node);
  const bool escaped =
      node.shape == NodeShape::kQuoted && raw.find('\\') != kNone;
  return (place.in_secret || place.loose) && (escaped || MayHoldMap(raw));
}

void TreeMasker::WalkProse(const TextTree& tree, const TextNode& node,
                           const Place& place, std::vector<Edit>& edits) {
  const bool whole = place.is_secret || place.strict;
  if (!whole && !spots_.Meets(node.begin, node.end)) return;
  const GateHits hits =
      spots_.hits() == nullptr
          ? gate_.Scan(tree.Raw(node))
          : gate_.Within(*spots_.hits(), tree.text, node.begin, node.end);
  Append(MaskProse(tree.Raw(node), hits, place), node.begin, edits);
}

void TreeMasker::WalkScalar(const TextTree& tree, const TextNode& node,
                            const Place& place, std::vector<Edit>& edits) {
  if (!MayChange(tree, node, place)) return;
  const std::string_view raw = tree.Raw(node);
  const bool bare =
      node.shape == NodeShape::kLiteral || node.shape == NodeShape::kPlain;
  if (bare && IsNothing(raw)) return;
  // `password:  8 bytes` of `describe`, which is no password.
  const bool told = place.strict && (place.by_key || !place.is_secret);
  if (told && IsLength(raw)) return;
  const bool number = bare && IsNumber(raw);
  if (number && !place.is_secret && !place.strict) return;
  const std::string text = ScalarText(tree, node);
  const bool hidden = node.shape == NodeShape::kFlow && !place.is_secret &&
                      (place.loose || place.in_secret);
  const Edits inner = hidden ? Whole(text, text_.Mask("document", "", text))
                             : MaskString(text, place);
  if (inner.empty()) return;
  if (node.shape == NodeShape::kQuoted) {
    const std::string_view escaped = raw.substr(1, raw.size() - 2);
    return Append(EscapedEdits(escaped, inner), node.begin + 1, edits);
  }
  std::string masked = Applied(text, inner);
  const bool block =
      node.shape == NodeShape::kBlock && !place.is_secret && !IsFolded(raw);
  edits.push_back(
      {node.begin, node.end,
       block ? BlockWith(ReadBlock(raw), masked) : QuoteJson(masked)});
}

Edits TreeMasker::MaskWhole(std::string_view text, const Place& place) {
  if (IsNothing(text) || text.find_first_not_of(" \t\r\n") == kNone) return {};
  if (place.kind == "secret") Learn(text);
  return Whole(text, text_.Mask(place.kind, place.name, text));
}

std::string TreeMasker::WithoutControls(std::string_view text) {
  StrippedText stripped = StripControls(text);
  controls_ += stripped.controls;
  const bool strips = of_controls_ == TextControls::kStrip;
  return strips ? std::move(stripped.text) : std::string(text);
}

Edits TreeMasker::MaskTokens(std::string_view text) {
  if (!of_controls_ || !gate_.Scan(text).controls) {
    return text_.MaskTokens(text);
  }
  StagedEdits edits(text);
  edits.Add(Whole(text, WithoutControls(text)));
  edits.Add(text_.MaskTokens(edits.now()));
  return edits.Take();
}

Edits TreeMasker::MaskString(std::string_view text, const Place& place) {
  if (place.is_secret) return MaskWhole(text, place);
  const GateHits hits = gate_.Scan(text);
  if (!of_controls_ || !hits.controls) return MaskVisible(text, hits, place);
  StagedEdits edits(text);
  edits.Add(Whole(text, WithoutControls(text)));
  edits.Add(MaskVisible(edits.now(), gate_.Scan(edits.now()), place));
  return edits.Take();
}

Edits TreeMasker::MaskVisible(std::string_view text, const GateHits& hits,
                              const Place& place) {
  const bool one_word = text.find_first_of(" \t\n{") == kNone;
  // `literal: user=x` of a tool that creates Secrets, whatever it calls it.
  const bool pair = place.pairs && one_word && !text.starts_with('-') &&
                    text.find('=') != kNone;
  if (place.assignments || pair) {
    return Whole(text, text_.MaskAssignment(text));
  }
  return MaskDocument(text, hits, place);
}

// Text that is a document of its own is masked by its structure.
Edits TreeMasker::MaskDocument(std::string_view text, const GateHits& hits,
                               const Place& place) {
  const bool payload = place.in_secret && MayHoldMap(text);
  if (!hits.Any() && !place.strict && !payload) return {};
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  if (start == kNone) return {};
  if (place.strict && IsLength(text)) return {};
  if (nesting_ >= kMaxNesting) {
    return Whole(text, text_.Mask("document", "", text));
  }
  ++nesting_;
  const SpotCursor outer = std::exchange(spots_, SpotCursor(hits));
  Edits edits;
  TextTree tree;
  tree.text = text;
  const bool braced = text[start] == '{' || text[start] == '[';
  const bool json = braced && IsJsonTree(tree);
  if (json) {
    Walk(tree, 0, place, edits);
  } else if (braced && place.in_secret && !place.strict) {
    // A last-applied annotation that is cut, say.
    edits = Whole(text, text_.Mask("document", "", text));
  } else {
    edits = MaskLines(text, hits, place);
  }
  spots_ = outer;
  --nesting_;
  return edits;
}

}  // namespace gatehouse::audit
