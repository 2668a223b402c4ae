// SPDX-License-Identifier: Apache-2.0
#include "audit/redact.h"

#include <algorithm>
#include <utility>

#include "audit/digest.h"
#include "audit/redact_rules.h"
#include "audit/redact_text.h"
#include "audit/redact_tree.h"

namespace gatehouse::audit {
namespace {

// Any verb: a read brings no secret in its arguments, so masking costs nothing.
bool TouchesSecrets(const Request& request) {
  return request.resource == "secrets" || request.subresource == "token" ||
         request.resource == "tokenreviews";
}

Origin OriginOf(const Classification& call) {
  return std::ranges::any_of(call.requests, TouchesSecrets) ? Origin::kSecret
                                                            : Origin::kOrdinary;
}

}  // namespace

Redactor::Redactor(std::string_view key, std::string_view session)
    : digest_key_(HmacSha256(key, "gatehouse digest")),
      tag_key_(HmacSha256(key, "gatehouse tag " + std::string(session))),
      rules_(EmbeddedRedactionRules()) {}

Redactor::~Redactor() = default;
Redactor::Redactor(Redactor&&) noexcept = default;
Redactor& Redactor::operator=(Redactor&&) noexcept = default;

MaskedText Redactor::MaskArguments(const JsonValue& arguments,
                                   const Classification& call) const {
  TextMasker text(*rules_, tag_key_);
  std::string json = TreeMasker(text, OriginOf(call)).MaskJson(arguments);
  return {std::move(json), text.counts()};
}

std::string Redactor::MaskText(std::string_view text) const {
  return TextMasker(*rules_, tag_key_).MaskText(text);
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
    clean_known(request.path);
  }
  if (record.unclear) clean(record.unclear->reason);
  if (record.unclear) clean(record.unclear->argument);
  if (record.decision) clean(record.decision->sentence);
  clean(record.detail);
  clean(record.tool);
  clean(record.method);
  clean(record.client_name);
  // JSON text: a masked one is written as a string of its own.
  const std::string id = MaskText(record.rpc_id);
  if (id != record.rpc_id) record.rpc_id = JsonWriter().String(id).Take();
  return record;
}

std::string Redactor::Digest(std::string_view text) const {
  return Hex(HmacSha256(digest_key_, text));
}

}  // namespace gatehouse::audit
