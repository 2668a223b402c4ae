// SPDX-License-Identifier: Apache-2.0
// The fields that a rule has and `unless` has not.
#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "policy/file_reader.h"
#include "policy/json_value.h"
#include "policy/time_text.h"
#include "policy/verb_groups.h"

namespace gatehouse {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

constexpr std::string_view kRuleModes[] = {"observe"};
constexpr std::string_view kExpiries[] = {"opens"};
// Each counted call is a row of the audit database while its time lasts.
constexpr std::int64_t kMostCalls = 10'000;

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

void Reveal(FileReader& reader, const YamlMember& m) {
  reader.rule().reveal = m.value.AsBool() == true;
  if (reader.rule().reveal) return;
  reader.Add(Fault::kBadValue, m.value.position,
             "\"reveal\" can be true only; leave it out where secrets stay "
             "masked");
}

void Reason(FileReader& reader, const YamlMember& m) {
  reader.rule().reason = reader.values().Text(m);
}

void Until(FileReader& reader, const YamlMember& m) {
  const std::string text = reader.values().Scalar(m);
  reader.rule().until = ReadRfc3339(text);
  if (reader.rule().until || text.empty()) return;
  reader.Add(Fault::kBadValue, m.value.position,
             "\"until\" takes a time with its zone, like "
             "2026-12-31T18:00:00Z or 2026-12-31T18:00:00+01:00");
}

void Expires(FileReader& reader, const YamlMember& m) {
  const std::string text = reader.values().Text(m);
  reader.rule().expiry_opens = text == kExpiries[0];
  if (reader.rule().expiry_opens || text.empty()) return;
  reader.Add(Fault::kBadValue, m.value.position,
             "\"expires\" can be \"opens\" only");
}

void Timeout(FileReader& reader, const YamlMember& m) {
  reader.rule().timeout = reader.values().Duration(m, 1s, 24h);
}

void Limit(FileReader& reader, const YamlMember& m) {
  CallLimit& limit = reader.rule().limit.emplace();
  if (!reader.ReadMap(m, FieldPlace::kLimit)) return;
  for (std::string_view name : {"calls", "per"}) {
    if (m.value.Find(name) != nullptr) continue;
    reader.Add(Fault::kMissingField, m.position,
               "\"limit\" has no \"" + std::string(name) +
                   "\"; write limit: {calls: 30, per: 1m}");
  }
  // Not to be asked of what cannot be compiled anyway.
  limit.calls = std::max<std::int64_t>(limit.calls, 1);
}

void Calls(FileReader& reader, const YamlMember& m) {
  reader.rule().limit->calls =
      reader.values().Count(m, 1, kMostCalls).value_or(1);
}

void Per(FileReader& reader, const YamlMember& m) {
  reader.rule().limit->per =
      reader.values().Duration(m, 1s, days(31)).value_or(1s);
}

const FieldRow kRuleRows[] = {
    {"id",
     {FieldPlace::kRule},
     Shape::kName,
     "Unique; stands in every decision and record.",
     Id},
    {"allow",
     {FieldPlace::kRule},
     Shape::kVerbs,
     "The verbs that it allows.",
     Allow},
    {"ask",
     {FieldPlace::kRule},
     Shape::kVerbs,
     "The verbs that a person must approve.",
     Ask},
    {"deny",
     {FieldPlace::kRule},
     Shape::kVerbs,
     "The verbs that it denies, whatever allows them.",
     Deny},
    {"unless",
     {FieldPlace::kRule},
     Shape::kMap,
     "Where these match, the rule does not apply.",
     Unless,
     FieldPlace::kUnless},
    {"mode",
     {FieldPlace::kRule},
     Shape::kChoice,
     "observe: decided and recorded beside the enforced decision; grants "
     "nothing.",
     RuleMode,
     {},
     kRuleModes},
    {"reason",
     {FieldPlace::kRule},
     Shape::kText,
     "The sentence shown to who is refused.",
     Reason},
    {"helm",
     {FieldPlace::kRule},
     Shape::kTrue,
     "true: covers also what a chart may create unseen, and helm's own record "
     "of its releases.",
     Helm},
    {"until",
     {FieldPlace::kRule},
     Shape::kTime,
     "When an allow or ask ends; on a deny only with expires: opens.",
     Until},
    {"expires",
     {FieldPlace::kRule},
     Shape::kChoice,
     "opens: this deny ends at \"until\", and what it denied may be allowed.",
     Expires,
     {},
     kExpiries},
    {"reveal",
     {FieldPlace::kRule},
     Shape::kTrue,
     "true: answers to what this allow or ask lets through come back unmasked.",
     Reveal},
    {"timeout",
     {FieldPlace::kRule},
     Shape::kDuration,
     "How long an ask waits for a person (2m if left out).",
     Timeout},
    {"limit",
     {FieldPlace::kRule},
     Shape::kMap,
     "How many calls a user may make by this allow or ask.",
     Limit,
     FieldPlace::kLimit},
    {"calls", {FieldPlace::kLimit}, Shape::kCount, "So many calls.", Calls},
    {"per",
     {FieldPlace::kLimit},
     Shape::kDuration,
     "In any span of this length.",
     Per},
};

}  // namespace

std::span<const FieldRow> RuleFields() { return kRuleRows; }

}  // namespace gatehouse
