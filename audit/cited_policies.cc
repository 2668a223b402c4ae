// SPDX-License-Identifier: Apache-2.0
// The name is found without reading all of the payload; a new one is read to be
// sure that it does not stand in somebody's arguments.
#include "audit/cited_policies.h"

#include <algorithm>

#include "audit/digest.h"
#include "policy/json_value.h"

namespace gatehouse::audit {

void CitedPolicies::Note(const StoredRecord& row) {
  constexpr std::string_view kName = "\"policy\":\"";
  constexpr std::size_t kHashLetters = 7 + 2 * kDigestBytes;  // "sha256:" too
  if (!row.payload || row.stage == "outcome") return;
  const std::string_view payload = *row.payload;
  const std::size_t name = payload.rfind(kName);
  if (name == std::string_view::npos) return;
  const std::string_view hash =
      payload.substr(name + kName.size(), kHashLetters);
  if (hash == last_) return;
  last_ = hash;
  if (hash.size() < kHashLetters || cited_.contains(hash)) return;
  const Result<JsonValue> read = ParseJson(payload);
  if (!read.ok() || StringMember(read.value(), "policy") != hash) return;
  cited_.emplace(hash, row.seq);
}

void CitedPolicies::Found(std::string_view hash) {
  const auto found = cited_.find(hash);
  if (found != cited_.end()) cited_.erase(found);
}

std::optional<CitedPolicies::Citation> CitedPolicies::FirstMissing() const {
  if (cited_.empty()) return std::nullopt;
  const auto first = std::ranges::min_element(
      cited_, {}, [](const auto& cited) { return cited.second; });
  return Citation{first->first, first->second};
}

}  // namespace gatehouse::audit
