// SPDX-License-Identifier: Apache-2.0
#include "audit/redact.h"

#include <utility>
#include <vector>

#include "audit/digest.h"
#include "audit/json_tree.h"
#include "audit/redact_answer.h"
#include "audit/redact_rules.h"
#include "audit/redact_text.h"
#include "audit/redact_tree.h"
#include "audit/secret_gate.h"
#include "audit/seen_values.h"
#include "policy/json_writer.h"

namespace gatehouse::audit {
namespace {

// One walk over a line: edits of what is to be others.
struct Walked {
  std::vector<Edit> edits;
  MaskCounts counts;
  std::uint64_t controls = 0;
};

}  // namespace

Redactor::Redactor(std::string_view key, std::string_view session,
                   const SessionSettings& settings)
    : digest_key_(HmacSha256(key, "gatehouse digest")),
      tag_key_(HmacSha256(key, "gatehouse tag " + std::string(session))),
      seen_(std::make_unique<SeenValues>()) {
  Use(settings);
}

Redactor::~Redactor() = default;
Redactor::Redactor(Redactor&&) noexcept = default;
Redactor& Redactor::operator=(Redactor&&) noexcept = default;

void Redactor::Use(const SessionSettings& settings) {
  gate_.reset();
  rules_ = EmbeddedRedactionRules(settings);
  gate_ = std::make_unique<SecretGate>(*rules_);
  for (const std::string& bytes : seen_->gates()) gate_->AddSeen(bytes);
  keeps_controls_ = settings.controls == TextControls::kKeep;
}

MaskedText Redactor::MaskArguments(const JsonValue& arguments,
                                   const Classification& call) const {
  JsonWriter writer;
  std::string json = writer.Value(arguments).Take();
  TextMasker text(*rules_, tag_key_, *seen_);
  TreeMasker masker(text, *gate_, *seen_);
  TextTree tree;
  tree.text = json;
  // A value of JsonValue is always a tree, unless it is too deep to be one.
  if (!IsJsonTree(tree)) {
    std::string masked = text.Mask("document", "", json);
    return {JsonWriter().String(masked).Take(), text.counts()};
  }
  std::vector<Edit> edits;
  masker.Walk(tree, 0, TreeMasker::PlaceFor(OriginOfArguments(call)), edits);
  return {Applied(json, edits), text.counts()};
}

MaskedLine Redactor::MaskLine(std::string_view line,
                              const AnswerFacts& facts) const {
  MaskedLine masked;
  if (facts.origin == Origin::kOrdinary && !gate_->Scan(line).Any()) {
    return masked;
  }
  TextTree tree;
  tree.text = line;
  if (!IsJsonTree(tree)) return masked;  // the caller has read it before
  const auto walk = [&](const AnswerFacts& how) {
    TextMasker text(*rules_, tag_key_, *seen_);
    TreeMasker masker(text, *gate_, *seen_);
    masker.SetControls(keeps_controls_ ? TextControls::kKeep
                                       : TextControls::kStrip);
    Walked walked;
    walked.edits = AnswerMasker(masker, how).Run(tree);
    walked.counts = text.counts();
    walked.controls = masker.controls();
    return walked;
  };
  const std::size_t seen = seen_->size();
  Walked walked = walk(facts);
  // What it learned may stand in it before the place that told.
  if (seen_->size() > seen && !facts.reveals &&
      gate_->Scan(Applied(line, walked.edits)).seen) {
    walked = walk(facts);
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
  if (facts.origin != Origin::kOrdinary && !facts.reveals) return true;
  GateHits hits = gate_->Scan(bytes);
  if (keeps_controls_) hits.controls = false;
  return facts.reveals ? hits.controls : hits.Any();
}

std::string Redactor::MaskText(std::string_view text) const {
  if (!gate_->Scan(text).Any()) return std::string(text);
  return TextMasker(*rules_, tag_key_, *seen_).MaskText(text);
}

Record Redactor::Clean(Record record) const {
  const auto clean = [this](std::string& text) { text = MaskText(text); };
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
  const std::string id = MaskText(record.rpc_id);
  if (id != record.rpc_id) record.rpc_id = JsonWriter().String(id).Take();
  return record;
}

std::string Redactor::Digest(std::string_view text) const {
  return Hex(HmacSha256(digest_key_, text));
}

}  // namespace gatehouse::audit
