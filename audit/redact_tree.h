// SPDX-License-Identifier: Apache-2.0
#pragma once
// Masks secrets by where they stand: in JSON, and in the JSON, YAML and
// `describe` texts inside its strings. Only the bytes of what is masked change,
// keys stay, and the text stays what it was: JSON, YAML, of the same shape.
// What cannot be followed and may hold a Secret is masked as a whole.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/answer_facts.h"
#include "audit/redact_text.h"
#include "audit/secret_gate.h"
#include "audit/text_tree.h"
#include "policy/session_settings.h"

namespace gatehouse::audit {

// Borrows the masker and the gate. One message's masking.
class TreeMasker {
 public:
  TreeMasker(TextMasker& text, SecretGate& gate, SeenValues& seen)
      : text_(text), gate_(gate), seen_(seen) {}

  // What is known of the place a value stands at.
  struct Place {
    bool in_secret = false;    // in a Secret, or in a call that writes one
    bool loose = false;        // the text has a Secret whose lines may be torn
    bool is_secret = false;    // every scalar from here on is secret
    bool by_key = false;       // … because of a key's name
    bool strict = false;       // … but for what is plain
    bool assignments = false;  // strings are NAME=SECRET
    bool pairs = false;        // … if they are one word with a "="
    std::string_view kind = "key";
    std::string_view name;  // nearest key

    // Every part may change, whatever the gate found in it.
    bool Everything() const {
      return is_secret || strict || in_secret || loose || assignments || pairs;
    }
  };
  static Place PlaceFor(Origin origin);

  // What the gate found in the text of the trees that are walked from now on;
  // borrowed.
  void UseHits(const GateHits& hits) { spots_ = SpotCursor(hits); }
  // The first and the last place in [begin, end) where the gate found
  // something; `begin` and `end` where it may be anywhere.
  SpotSpan SpotsIn(std::size_t begin, std::size_t end) {
    return spots_.In(begin, end);
  }
  // The edits of node `index` and all below it, in the order of the text.
  void Walk(const TextTree& tree, std::uint32_t index, const Place& place,
            std::vector<Edit>& edits);
  // Whether a scalar has to be looked into.
  bool MayChange(const TextTree& tree, const TextNode& node,
                 const Place& place);
  // Of what is secret wherever it stands: tokens and values seen before.
  Edits MaskTokens(std::string_view text);
  // Of a text that stands in a string.
  Edits MaskString(std::string_view text, const Place& place);

  // Of answers: control characters are taken out of strings before anything is
  // looked for, or only counted. Else they are not looked at.
  void SetControls(TextControls controls) { of_controls_ = controls; }
  std::uint64_t controls() const { return controls_; }
  // The text without them, as SetControls says; they are counted.
  std::string WithoutControls(std::string_view text);
  // What is found to be the value of a Secret is remembered.
  void Learn(std::string_view secret);
  TextMasker& text() { return text_; }

 private:
  bool Meets(const TextTree& tree, std::uint32_t index) {
    return spots_.Meets(tree.Begin(index), tree.End(index));
  }
  void WalkMap(const TextTree& tree, std::uint32_t index, Place place,
               std::vector<Edit>& edits);
  void WalkList(const TextTree& tree, std::uint32_t index, const Place& place,
                std::vector<Edit>& edits);
  void WalkKey(const TextTree& tree, const TextNode& node,
               std::vector<Edit>& edits);
  void WalkScalar(const TextTree& tree, const TextNode& node,
                  const Place& place, std::vector<Edit>& edits);
  // What a map says of each "value" in it; looked for once, since a map may be
  // wide.
  struct ValueFacts {
    bool is_known = false;
    bool is_payload = false;  // of a patch
    bool is_secret = false;   // the map names one
  };
  Place PlaceOf(const TextTree& tree, std::uint32_t map, std::uint32_t child,
                const Place& place, ValueFacts& values) const;
  void WalkProse(const TextTree& tree, const TextNode& node, const Place& place,
                 std::vector<Edit>& edits);
  Edits MaskWhole(std::string_view text, const Place& place);
  Edits MaskVisible(std::string_view text, const GateHits& hits,
                    const Place& place);
  Edits MaskDocument(std::string_view text, const GateHits& hits,
                     const Place& place);
  Edits MaskLines(std::string_view text, const GateHits& hits,
                  const Place& place);
  Edits MaskDocumentOfLines(std::string_view text, const GateHits& hits,
                            Place place);
  Edits MaskStructure(std::string_view text, const GateHits& hits,
                      const Place& place);
  Edits MaskProse(std::string_view text, const GateHits& hits,
                  const Place& place);
  Edits MaskBraces(std::string_view text);
  Edits MaskStrictProse(std::string_view text);

  TextMasker& text_;
  SecretGate& gate_;
  SeenValues& seen_;
  std::optional<TextControls> of_controls_;
  std::uint64_t controls_ = 0;
  int nesting_ = 0;   // documents inside documents
  SpotCursor spots_;  // of the document in hand
};

}  // namespace gatehouse::audit
