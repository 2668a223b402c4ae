// SPDX-License-Identifier: Apache-2.0
#include "policy/field_table.h"

#include <array>

namespace gatehouse {

std::span<const std::span<const FieldRow>> FieldTables() {
  static const std::array<std::span<const FieldRow>, 4> tables = {
      FileFields(), SessionFields(), RuleFields(), MatchFieldRows()};
  return tables;
}

const FieldRow* FindField(FieldPlace place, std::string_view name) {
  for (const std::span<const FieldRow> table : FieldTables()) {
    for (const FieldRow& row : table) {
      if (row.places.Has(place) && row.name == name) return &row;
    }
  }
  return nullptr;
}

}  // namespace gatehouse
