// SPDX-License-Identifier: Apache-2.0
#include "policy/field_table.h"

#include <gtest/gtest.h>

#include <set>

namespace gatehouse {
namespace {

TEST(FieldTable, HasEachNameOnceInAPlace) {
  for (std::size_t i = 0; i < kPlaceCount; ++i) {
    const auto place = static_cast<FieldPlace>(i);
    std::set<std::string_view> names;
    for (const auto& table : FieldTables()) {
      for (const FieldRow& row : table) {
        if (!row.places.Has(place)) continue;
        EXPECT_TRUE(names.insert(row.name).second) << row.name;
        EXPECT_EQ(FindField(place, row.name), &row);
      }
    }
    EXPECT_FALSE(names.empty());
  }
  EXPECT_EQ(FindField(FieldPlace::kScope, "rules"), nullptr);
  EXPECT_EQ(FindField(FieldPlace::kUnless, "id"), nullptr);
}

TEST(FieldTable, SaysWhatEachFieldThatCanBeReadMeans) {
  for (const auto& table : FieldTables()) {
    for (const FieldRow& row : table) {
      if (row.read == nullptr) continue;
      EXPECT_TRUE(row.meaning.ends_with('.')) << row.name;
      const bool choice =
          row.shape == Shape::kChoice || row.shape == Shape::kChoices;
      EXPECT_EQ(choice, !row.words.empty()) << row.name;
    }
  }
}

}  // namespace
}  // namespace gatehouse
