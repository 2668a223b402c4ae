// SPDX-License-Identifier: Apache-2.0
// The fields of the document about the session as a whole: `redaction`, `text`
// and `clientFeatures`. What is not said stays as shipped, so each can only be
// given where it changes something.
#include <cctype>
#include <string>

#include "policy/file_reader.h"

namespace gatehouse {
namespace {

constexpr std::string_view kFormats[] = {"certificate", "email"};
constexpr std::string_view kControls[] = {"strip", "keep"};
constexpr std::string_view kFeatures[] = {"as-declared", "deny"};
// Fewer letters stand in too many other names.
constexpr std::ptrdiff_t kShortestKey = 3;

bool IsOneOf(std::span<const std::string_view> words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

void RedactionMap(FileReader& reader, const YamlMember& m) {
  if (m.value.kind == NodeKind::kScalar) {
    reader.Add(Fault::kBadValue, m.value.position,
               "\"redaction\" cannot be turned off; to let the values of some "
               "Secrets through, write \"reveal: true\" in the rule that "
               "allows reading them");
    return;
  }
  reader.values().SetPlace(" in \"redaction\"");
  reader.ReadMap(m, FieldPlace::kRedaction);
  reader.values().SetPlace("");
}

void SecretKeys(FileReader& reader, const YamlMember& m) {
  for (const Word& word : reader.values().List(m)) {
    const auto letters =
        std::count_if(word.text.begin(), word.text.end(),
                      [](unsigned char c) { return std::isalnum(c) != 0; });
    if (letters < kShortestKey || word.text.size() > 128) {
      reader.Add(Fault::kBadValue, word.position,
                 "a key of \"redaction\" is the whole name of a field, with 3 "
                 "letters or digits at least and 128 at most");
    }
    reader.file().secret_keys.push_back(word);
  }
}

void Formats(FileReader& reader, const YamlMember& m) {
  for (const Word& word : reader.values().List(m)) {
    if (!IsOneOf(kFormats, word.text)) {
      reader.Add(Fault::kBadValue, word.position,
                 "unknown format " + Quoted(word.text) +
                     "; beyond those that are always masked there are "
                     "\"certificate\" and \"email\"");
    }
    reader.file().formats.push_back(word);
  }
}

void TextMap(FileReader& reader, const YamlMember& m) {
  reader.values().SetPlace(" in \"text\"");
  reader.ReadMap(m, FieldPlace::kText);
  reader.values().SetPlace("");
}

void Controls(FileReader& reader, const YamlMember& m) {
  const std::string text = reader.values().Text(m);
  if (text == "strip") reader.file().controls = TextControls::kStrip;
  if (text == "keep") reader.file().controls = TextControls::kKeep;
  if (reader.file().controls || text.empty()) return;
  reader.Add(Fault::kBadValue, m.value.position,
             "\"controls\" is \"strip\" or \"keep\"");
}

void ClientFeaturesMap(FileReader& reader, const YamlMember& m) {
  reader.values().SetPlace(" in \"clientFeatures\"");
  reader.ReadMap(m, FieldPlace::kClientFeatures);
  reader.values().SetPlace("");
}

template <auto Feature>
void ReadFeature(FileReader& reader, const YamlMember& m) {
  const std::string text = reader.values().Text(m);
  if (text == "deny") {
    reader.file().client_features.*Feature = FeatureUse::kDeny;
  }
  if (text.empty() || IsOneOf(kFeatures, text)) return;
  reader.Add(Fault::kBadValue, m.value.position,
             "\"" + m.key + "\" is \"as-declared\" or \"deny\"");
}

const FieldRow kSessionRows[] = {
    {"redaction",
     {FieldPlace::kFile},
     Shape::kMap,
     "What is masked beyond what always is.",
     RedactionMap,
     FieldPlace::kRedaction},
    {"keys",
     {FieldPlace::kRedaction},
     Shape::kWords,
     "Names of fields whose values are secret, without regard to case, \"-\", "
     "\"_\" and \".\".",
     SecretKeys},
    {"formats",
     {FieldPlace::kRedaction},
     Shape::kChoices,
     "Formats that are masked wherever they stand.",
     Formats,
     {},
     kFormats},
    {"text",
     {FieldPlace::kFile},
     Shape::kMap,
     "Texts on their way to the model.",
     TextMap,
     FieldPlace::kText},
    {"controls",
     {FieldPlace::kText},
     Shape::kChoice,
     "strip terminal escapes, bidirectional and zero-width controls and "
     "Unicode tags from texts (the default), or keep them.",
     Controls,
     {},
     kControls},
    {"clientFeatures",
     {FieldPlace::kFile},
     Shape::kMap,
     "What the server may ask of the client.",
     ClientFeaturesMap,
     FieldPlace::kClientFeatures},
    {"sampling",
     {FieldPlace::kClientFeatures},
     Shape::kChoice,
     "To run the client's model: as-declared by the client, or deny.",
     ReadFeature<&FeatureSettings::sampling>,
     {},
     kFeatures},
    {"elicitation",
     {FieldPlace::kClientFeatures},
     Shape::kChoice,
     "To ask the person: as-declared by the client, or deny.",
     ReadFeature<&FeatureSettings::elicitation>,
     {},
     kFeatures},
    {"roots",
     {FieldPlace::kClientFeatures},
     Shape::kChoice,
     "To learn the client's folders: as-declared by the client, or deny.",
     ReadFeature<&FeatureSettings::roots>,
     {},
     kFeatures},
};

}  // namespace

std::span<const std::string_view> OptionalFormats() { return kFormats; }

std::span<const FieldRow> SessionFields() { return kSessionRows; }

}  // namespace gatehouse
