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
  };
  static Place PlaceFor(Origin origin);

  // The edits of node `index` and all below it, in the order of the text.
  void Walk(const TextTree& tree, std::uint32_t index, const Place& place,
            std::vector<Edit>& edits);
  // Whether a string with these bytes has to be looked into.
  bool MayChange(std::string_view raw, const Place& place) const;
  // Without what is secret wherever it stands: tokens and values seen before.
  std::string MaskTokens(std::string_view text);
  // A text that stands in a string; the same one where nothing is secret.
  std::string MaskString(std::string_view text, const Place& place);

  // Of answers: control characters are taken out of strings before anything is
  // looked for, or only counted. Else they are not looked at.
  void SetControls(TextControls controls) { of_controls_ = controls; }
  std::uint64_t controls() const { return controls_; }
  // What is found to be the value of a Secret is remembered.
  void Learn(std::string_view secret);
  TextMasker& text() { return text_; }

 private:
  void WalkMap(const TextTree& tree, std::uint32_t index, Place place,
               std::vector<Edit>& edits);
  void WalkList(const TextTree& tree, std::uint32_t index, const Place& place,
                std::vector<Edit>& edits);
  void WalkKey(const TextTree& tree, const TextNode& node,
               std::vector<Edit>& edits);
  void WalkScalar(const TextTree& tree, const TextNode& node,
                  const Place& place, std::vector<Edit>& edits);
  Place PlaceOf(const TextTree& tree, std::uint32_t map, std::uint32_t child,
                const Place& place) const;
  std::string MaskWhole(std::string_view text, const Place& place);
  std::string MaskDocument(std::string_view text, const Place& place);
  std::string MaskLines(std::string_view text, Place place,
                        const GateHits& hits);
  std::string MaskProse(std::string_view text, const Place& place);
  std::string MaskStrictProse(std::string_view text);
  std::string WithoutControls(std::string_view text);

  TextMasker& text_;
  SecretGate& gate_;
  SeenValues& seen_;
  std::optional<TextControls> of_controls_;
  std::uint64_t controls_ = 0;
  int nesting_ = 0;  // documents inside documents
  // The document in hand has tokens in it, perhaps as keys.
  bool tokens_ = true;
};

}  // namespace gatehouse::audit
