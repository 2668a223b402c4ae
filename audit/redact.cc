// SPDX-License-Identifier: Apache-2.0
#include "audit/redact.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "audit/digest.h"
#include "audit/json_tree.h"
#include "audit/redact_answer.h"
#include "audit/redact_rules.h"
#include "audit/redact_text.h"
#include "audit/redact_token.h"
#include "audit/redact_tree.h"
#include "audit/secret_gate.h"
#include "audit/seen_values.h"
#include "audit/value_tag.h"
#include "policy/json_value.h"
#include "policy/json_writer.h"

namespace gatehouse::audit {
namespace {

// More literals of formats than so many, and one in so many bytes, are not
// looked at one by one.
constexpr std::size_t kFewSpots = 256;
constexpr std::size_t kBytesPerReadSpot = 16;

// One walk over a line: edits of what is to be others.
struct Walked {
  Edits edits;
  MaskCounts counts;
  std::uint64_t controls = 0;
};

// Whether what was seen still stands in the line once it is edited.
bool StillSeen(const SecretGate& gate, const GateHits& hits,
               const Edits& edits) {
  const auto holds = [&gate](const Edit& edit) {
    return gate.Scan(edit.text).seen;
  };
  if (std::ranges::any_of(edits, holds)) return true;
  if (hits.everywhere) return hits.seen;
  auto edit = edits.begin();
  return std::ranges::any_of(hits.spots, [&](const GateSpot& spot) {
    if (spot.kind != SpotKind::kSeen) return false;
    while (edit != edits.end() && edit->end <= spot.at) ++edit;
    return edit == edits.end() || edit->begin > spot.at;
  });
}

}  // namespace

Redactor::Redactor(std::string_view key, std::string_view session,
                   std::shared_ptr<const RedactionRules> rules)
    : digest_(std::make_unique<Hmac>(HmacSha256(key, "gatehouse digest"))),
      seen_(std::make_unique<SeenValues>()),
      tag_(std::make_unique<ValueTag>(
          HmacSha256(key, "gatehouse tag " + std::string(session)))) {
  UseRules(std::move(rules));
}

Redactor::Redactor(std::string_view key, std::string_view session,
                   const SessionSettings& settings)
    : Redactor(key, session, EmbeddedRedactionRules(settings)) {
  keeps_controls_ = settings.controls == TextControls::kKeep;
}

Redactor::~Redactor() = default;
Redactor::Redactor(Redactor&&) noexcept = default;
Redactor& Redactor::operator=(Redactor&&) noexcept = default;

void Redactor::Use(const SessionSettings& settings) {
  UseRules(EmbeddedRedactionRules(settings));
  keeps_controls_ = settings.controls == TextControls::kKeep;
}

void Redactor::UseRules(std::shared_ptr<const RedactionRules> rules) {
  gate_.reset();
  rules_ = std::move(rules);
  gate_ = std::make_unique<SecretGate>(*rules_);
  for (const std::string& bytes : seen_->gates()) gate_->AddSeen(bytes);
}

MaskedText Redactor::MaskArguments(const JsonValue& arguments,
                                   const Classification& call) const {
  return MaskArgumentText(JsonWriter().Value(arguments).Take(), call);
}

MaskedText Redactor::MaskArgumentText(const std::string& json,
                                      const Classification& call) const {
  TextMasker text(*rules_, *gate_, *tag_, *seen_);
  TreeMasker masker(text, *gate_, *seen_);
  const GateHits hits = gate_->Scan(json);
  masker.UseHits(hits);
  TextTree tree;
  tree.text = json;
  // A value of JsonValue is always a tree, unless it is too deep to be one.
  if (!IsJsonTree(tree)) {
    std::string masked = text.Mask("document", "", json);
    return {JsonWriter().String(masked).Take(), text.counts()};
  }
  Edits edits;
  masker.Walk(tree, 0, TreeMasker::PlaceFor(OriginOfArguments(call)), edits);
  return {Applied(json, edits), text.counts()};
}

MaskedLine Redactor::MaskLine(std::string_view line,
                              const AnswerFacts& facts) const {
  MaskedLine masked;
  GateHits hits = gate_->Scan(line);
  if (facts.origin == Origin::kOrdinary && !hits.Any()) return masked;
  TextTree tree;
  tree.text = line;
  if (!IsJsonTree(tree)) return masked;  // the caller has read it before
  if (facts.links) LeaveLinks(tree);
  const auto walk = [&] {
    TextMasker text(*rules_, *gate_, *tag_, *seen_);
    TreeMasker masker(text, *gate_, *seen_);
    masker.UseHits(hits);
    masker.SetControls(keeps_controls_ ? TextControls::kKeep
                                       : TextControls::kStrip);
    Walked walked;
    walked.edits = AnswerMasker(masker, facts).Run(tree);
    walked.counts = text.counts();
    walked.controls = masker.controls();
    return walked;
  };
  const std::size_t seen = seen_->size();
  Walked walked = walk();
  // What it learned may stand in it before the place that told.
  if (seen_->size() > seen && !facts.reveals) {
    hits = gate_->Scan(line);
    if (StillSeen(*gate_, hits, walked.edits)) walked = walk();
  }
  masked.controls = walked.controls;
  if (facts.reveals) {
    walked = {};
    if (masked.controls > 0 && !keeps_controls_) {
      walked.edits = ControlEdits(tree);
    }
  }
  masked.counts = std::move(walked.counts);
  if (!walked.edits.empty()) masked.line = Applied(line, walked.edits);
  return masked;
}

bool Redactor::MayChange(std::string_view bytes,
                         const AnswerFacts& facts) const {
  // Where it may be seen, it is learned from all the same.
  if (facts.origin != Origin::kOrdinary) return true;
  GateHits hits = gate_->Scan(bytes);
  if (keeps_controls_) hits.controls = false;
  if (facts.reveals || hits.controls) return hits.controls;
  if (hits.names || hits.secrets || hits.seen || hits.escapes) return true;
  // Literals so close to each other are no text of a server's.
  if (hits.spots.size() > kFewSpots + bytes.size() / kBytesPerReadSpot)
    return true;
  return std::ranges::any_of(hits.spots, [&](const GateSpot& spot) {
    return spot.kind == SpotKind::kFormat &&
           MayBeToken(rules_->formats[spot.format], bytes, spot.at);
  });
}

std::string Redactor::MaskText(std::string_view text) const {
  if (!gate_->Scan(text).Any()) return std::string(text);
  return TextMasker(*rules_, *gate_, *tag_, *seen_).MaskText(text);
}

void Redactor::Clean(Record& record) const {
  const auto clean = [this](std::string& text) {
    if (gate_->Scan(text).Any()) text = MaskText(text);
  };
  const auto clean_known = [&clean](std::optional<std::string>& text) {
    if (text) clean(*text);
  };
  for (Request& request : record.requests) {
    clean_known(request.name);
    clean_known(request.namespace_name);
    clean_known(request.resource);
    clean_known(request.group);
    clean_known(request.subresource);
    clean_known(request.context);
    clean_known(request.path);
    clean(request.pods.because);
    if (request.custom) clean(request.custom->word);
    if (request.custom) clean_known(request.custom->namespace_name);
  }
  if (record.unclear) clean(record.unclear->reason);
  if (record.unclear) clean(record.unclear->argument);
  if (record.decision) clean(record.decision->sentence);
  for (std::string* text :
       {&record.detail, &record.tool, &record.method, &record.client_name,
        &record.client_version, &record.protocol_version, &record.traceparent,
        &record.context, &record.kube_user}) {
    clean(*text);
  }
  // JSON text: a masked one is written as a string of its own.
  std::string id = record.rpc_id;
  clean(id);
  if (id != record.rpc_id) record.rpc_id = JsonWriter().String(id).Take();
}

std::string Redactor::Digest(std::string_view text) const {
  return Hex(digest_->Add(text).Finish());
}

}  // namespace gatehouse::audit
