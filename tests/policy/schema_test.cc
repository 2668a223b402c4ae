// SPDX-License-Identifier: Apache-2.0
// tests/policy/schema/agree.mjs holds the published text against the reader.
#include "policy/schema.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "policy/field_table.h"
#include "policy/json_value.h"
#include "policy_fixture.h"

namespace gatehouse {
namespace {

TEST(Schema, IsPublishedAsItIs) {
  const auto path =
      std::filesystem::path(GATEHOUSE_SOURCE_DIR) / "docs/policy.schema.json";
  if (std::getenv("GATEHOUSE_ACCEPT") != nullptr) {
    std::ofstream(path, std::ios::binary) << PolicySchema();
  }
  EXPECT_EQ(PolicySchema(), testing::FileText(path))
      << "gatehouse policy schema > docs/policy.schema.json";
}

TEST(Schema, KnowsTheFieldsThatTheReaderKnows) {
  const std::string schema = PolicySchema();
  for (const auto& table : FieldTables()) {
    for (const FieldRow& row : table) {
      const bool there = schema.find("\"" + std::string(row.name) +
                                     "\": {\n") != std::string::npos;
      if (row.read != nullptr) {
        EXPECT_TRUE(there) << row.name;
      }
    }
  }
}

}  // namespace
}  // namespace gatehouse
