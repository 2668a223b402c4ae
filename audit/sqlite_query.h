// SPDX-License-Identifier: Apache-2.0
#pragma once
// One SELECT of somebody's own over the trail, which can do nothing but read:
// a read-only connection, an authorizer that knows SELECT and functions alone,
// a time limit. Beside the tables of audit/FORMAT.md it sees three views that
// spare the JSON: `calls`, `requests` and `events` (docs/audit-trail.md).

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "audit/sqlite_database.h"
#include "policy/result.h"

namespace gatehouse::audit {

struct QueryCell {
  enum class Kind : std::uint8_t { kNull = 0, kNumber, kText };
  Kind kind = Kind::kNull;
  std::string text;  // a number as SQLite writes it; a blob in hex
};

// Owns its connection. One thread.
class TrailQuery {
 public:
  // kInvalid where `sql` is not one SELECT that the trail can answer; else as
  // OpenReader. Nothing is read yet.
  static Result<TrailQuery> Open(const std::string& path,
                                 const std::string& sql,
                                 std::chrono::milliseconds time_limit);

  const std::vector<std::string>& columns() const { return columns_; }

  // The next row, one cell for each column; empty at the end. kBusy where the
  // time is over.
  Result<std::vector<QueryCell>> Next();

 private:
  struct Deadline {
    std::chrono::steady_clock::time_point at;
    bool passed = false;
  };
  TrailQuery(Database database, std::unique_ptr<Deadline> deadline);
  static int Late(void* deadline);
  Status Restrict();
  Status Prepare(const std::string& sql);
  QueryCell Cell(int column) const;
  Error WhatWentWrong() const;

  std::unique_ptr<Deadline> deadline_;  // outlives the connection
  Database database_;
  Statement statement_;
  std::vector<std::string> columns_;
};

}  // namespace gatehouse::audit
