// SPDX-License-Identifier: Apache-2.0
#include "audit/erasures.h"

#include <algorithm>

#include "audit/digest.h"
#include "audit/prune.h"
#include "policy/json_value.h"

namespace gatehouse::audit {
namespace {

Sequence NumberOf(const JsonValue& facts, std::string_view key) {
  const JsonValue* const value = Member(facts, key);
  if (value == nullptr) return 0;
  return static_cast<Sequence>(AsInteger(*value).value_or(0));
}

}  // namespace

void Erasures::Note(const StoredRecord& row) {
  if (!row.payload) {
    if (!erased_.empty() && erased_.back().last + 1 == row.seq) {
      erased_.back().last = row.seq;
    } else {
      erased_.push_back({row.seq, row.seq});
    }
    return;
  }
  // Few records are events, and fewer of them these.
  if (row.stage != StageName(Stage::kEvent)) return;
  if (row.payload->find(kSegmentsPruned) == std::string::npos &&
      row.payload->find(kPayloadsErased) == std::string::npos) {
    return;
  }
  const Result<JsonValue> payload = ParseJson(*row.payload);
  if (!payload.ok()) return;
  const JsonValue* const facts = Member(payload.value(), "arguments");
  if (facts == nullptr) return;
  const auto event = StringMember(payload.value(), "event").value_or("");
  if (event == kPayloadsErased) {
    said_.push_back({NumberOf(*facts, "first"), NumberOf(*facts, "last")});
  } else if (event == kSegmentsPruned) {
    pruned_.push_back({NumberOf(*facts, "last"),
                       std::string(StringMember(*facts, "head").value_or(""))});
  }
}

std::optional<Erasure> Erasures::Unrecorded(const ChainHead& before) const {
  const bool start_is_said =
      std::ranges::any_of(pruned_, [&before](const Pruned& pruned) {
        return pruned.last == before.seq && pruned.head == Hex(before.hash);
      });
  if (before.seq != 0 && !start_is_said) {
    return Erasure{1, "records 1 to " + std::to_string(before.seq) +
                          " are gone, and no record says that they were "
                          "pruned"};
  }
  for (const Range& range : erased_) {
    const bool is_said =
        std::ranges::any_of(said_, [&range](const Range& said) {
          return said.first <= range.first && range.last <= said.last;
        });
    if (is_said) continue;
    return Erasure{range.first, "the payload of record " +
                                    std::to_string(range.first) +
                                    " was erased, and no record says so"};
  }
  return std::nullopt;
}

}  // namespace gatehouse::audit
