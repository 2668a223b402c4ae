// SPDX-License-Identifier: Apache-2.0
#pragma once
// Somebody who owns the trail's user id, has our source and a hasher: what can
// be forged on one host, and is then seen by anchors alone.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "audit/chain.h"
#include "audit/digest.h"
#include "audit/reader.h"
#include "audit/sqlite_database.h"
#include "tests/audit/trail_fixture.h"

namespace gatehouse::audit {

// Rewrites the rows from..to so that each fits itself and the one before.
inline void Rehash(const std::string& path, Sequence from, Sequence to) {
  Result<Database> opened = Database::Open(path, Database::Access::kReadWrite);
  ASSERT_TRUE(opened.ok());
  std::vector<StoredRecord> rows;
  Result<std::unique_ptr<Reader>> reader = OpenReader(path);
  const std::string chain = reader.value()->HeadRow().value().chain;
  ASSERT_TRUE(reader.value()
                  ->ForEach([&rows](const StoredRecord& row) {
                    rows.push_back(row);
                    return Reader::Next::kGoOn;
                  })
                  .ok());
  Sha256 hasher;
  Result<Statement> update = opened.value().Prepare(
      "UPDATE record SET previous = ?, hash = ?, digest = ? WHERE seq = ?");
  ASSERT_TRUE(update.ok());
  for (StoredRecord& row : rows) {
    if (row.seq < from || row.seq > to) continue;
    if (row.seq > from) row.previous = rows[row.seq - 2].hash;
    row.digest = PayloadDigest(hasher, row.salt, *row.payload);
    row.hash = RecordHash(hasher, chain, row);
    ASSERT_TRUE(update.value()
                    .BindBlob(1, row.previous)
                    .BindBlob(2, row.hash)
                    .BindBlob(3, row.digest)
                    .BindInteger(4, static_cast<std::int64_t>(row.seq))
                    .Run()
                    .ok());
  }
}

// The head row as the last record demands it.
inline void FixHeadRow(const std::string& path) {
  Tamper(path,
         "UPDATE chain SET (head_seq, head_hash) = (SELECT seq, hash FROM "
         "record ORDER BY seq DESC LIMIT 1)");
}

}  // namespace gatehouse::audit
