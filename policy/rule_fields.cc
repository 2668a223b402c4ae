// SPDX-License-Identifier: Apache-2.0
// The fields that a rule has and `unless` has not.
#include <string>
#include <utility>

#include "policy/file_reader.h"
#include "policy/verb_groups.h"

namespace gatehouse {
namespace {

constexpr std::string_view kRuleModes[] = {"observe"};

void Id(FileReader& reader, const YamlMember& m) {
  Rule& rule = reader.rule();
  rule.id = reader.values().Text(m);
  rule.position = m.value.position;
  if (rule.id.empty()) return;
  if (!IsId(rule.id)) {
    reader.Add(Fault::kBadId, m.value.position,
               "a rule's id has lower case letters, digits and \"-\", at most "
               "63, and begins with a letter or digit");
  } else if (!reader.ClaimId(rule.id)) {
    reader.Add(Fault::kDuplicateId, m.value.position,
               "another rule has the id " + Quoted(rule.id) + " already");
  }
}

// Of two effects the stricter is kept, though the file is refused anyway.
void ReadEffect(FileReader& reader, const YamlMember& m, Effect effect) {
  Rule& rule = reader.rule();
  if (rule.verbs.empty() || effect < rule.effect) rule.effect = effect;
  rule.verbs = reader.values().List(m);
  for (const Word& word : rule.verbs) {
    if (VerbsOfWord(word.text)) continue;
    std::string message =
        "unknown verb " + Quoted(word.text) + reader.values().place();
    const std::string_view nearest = NearestWord(word.text, VerbWords());
    if (!nearest.empty()) {
      message += "; did you mean \"" + std::string(nearest) + "\"?";
    }
    reader.Add(Fault::kUnknownVerb, word.position, std::move(message));
  }
}

void Allow(FileReader& reader, const YamlMember& m) {
  ReadEffect(reader, m, Effect::kAllow);
}

void Ask(FileReader& reader, const YamlMember& m) {
  ReadEffect(reader, m, Effect::kAsk);
}

void Deny(FileReader& reader, const YamlMember& m) {
  ReadEffect(reader, m, Effect::kDeny);
}

void Unless(FileReader& reader, const YamlMember& m) {
  reader.ReadMatch(m, reader.rule().unless.emplace());
}

void RuleMode(FileReader& reader, const YamlMember& m) {
  const std::string mode = reader.values().Text(m);
  reader.rule().observe = mode == "observe";
  if (reader.rule().observe || mode.empty()) return;
  reader.Add(Fault::kBadValue, m.value.position,
             "a rule's \"mode\" can be \"observe\" only; leave it out to "
             "enforce");
}

void Helm(FileReader& reader, const YamlMember& m) {
  reader.rule().helm = m.value.AsBool() == true;
  if (reader.rule().helm) return;
  reader.Add(Fault::kBadValue, m.value.position,
             "\"helm\" can be true only; leave it out where charts are not "
             "meant");
}

void Reason(FileReader& reader, const YamlMember& m) {
  reader.rule().reason = reader.values().Text(m);
}

const FieldRow kRows[] = {
    {"id",
     {Place::kRule},
     Shape::kName,
     "Unique; stands in every decision and record.",
     Id},
    {"allow",
     {Place::kRule},
     Shape::kVerbs,
     "The verbs that it allows.",
     Allow},
    {"ask",
     {Place::kRule},
     Shape::kVerbs,
     "The verbs that a person must approve.",
     Ask},
    {"deny",
     {Place::kRule},
     Shape::kVerbs,
     "The verbs that it denies, whatever allows them.",
     Deny},
    {"unless",
     {Place::kRule},
     Shape::kMap,
     "Where these match, the rule does not apply.",
     Unless,
     Place::kUnless},
    {"mode",
     {Place::kRule},
     Shape::kChoice,
     "observe: decided and recorded beside the enforced decision; grants "
     "nothing.",
     RuleMode,
     {},
     kRuleModes},
    {"reason",
     {Place::kRule},
     Shape::kText,
     "The sentence shown to who is refused.",
     Reason},
    {"until", {Place::kRule}, Shape::kText, ""},
    {"expires", {Place::kRule}, Shape::kText, ""},
    {"helm",
     {Place::kRule},
     Shape::kTrue,
     "true: covers also what a chart may create unseen, and helm's own record "
     "of its releases.",
     Helm},
    {"reveal", {Place::kRule}, Shape::kText, ""},
    {"timeout", {Place::kRule}, Shape::kText, ""},
    {"limit", {Place::kRule}, Shape::kText, ""},
};

}  // namespace

std::span<const FieldRow> RuleFields() { return kRows; }

}  // namespace gatehouse
