// SPDX-License-Identifier: Apache-2.0
#pragma once
// The tables of a trail and how each version becomes the next. The numbers
// stand in the file's own header: application_id says that it is a trail,
// user_version says which.
//
// To change the schema, touch: a new row in kMigrations (sqlite_schema.cc,
// never an old one), audit/FORMAT.md, tests/audit/sqlite_schema_test.cc.

#include <cstdint>
#include <string>

#include "audit/sqlite_database.h"
#include "policy/result.h"

namespace gatehouse::audit {

inline constexpr std::int64_t kApplicationId = 0x47415445;  // "GATE"
inline constexpr std::int64_t kSchemaVersion = 5;

// kCorrupt: a database, and not a trail. kUnsupported: a newer trail. An empty
// database is version 0.
Result<std::int64_t> TrailVersion(Database& database);

// Makes an empty database a trail with the chain id `chain`. Under the writer
// lock, as is Migrate.
Status CreateTrail(Database& database, const std::string& chain);

// Brings a trail of `version` up to date; each step is one transaction.
Status Migrate(Database& database, std::int64_t version);

}  // namespace gatehouse::audit
