// SPDX-License-Identifier: Apache-2.0
#include "audit/sqlite_batch.h"

#include <utility>

namespace gatehouse::audit {
namespace {

constexpr std::size_t kSaltBytes = 16;

Status InsertRow(SqliteTrail& trail, const StoredRecord& row) {
  return trail.statements.insert
      .BindInteger(1, static_cast<std::int64_t>(row.seq))
      .BindInteger(2, row.time_ns)
      .BindText(3, row.stage)
      .BindText(4, row.session)
      .BindText(5, row.call)
      .BindText(6, row.tool)
      .BindText(7, row.decision)
      .BindText(8, row.code)
      .BindText(9, row.namespaces)
      .BindBlob(10, row.digest)
      .BindBlob(11, row.previous)
      .BindBlob(12, row.hash)
      .BindBlob(13, row.salt)
      .BindText(14, *row.payload)
      .Run();
}

Status InsertDefinition(SqliteTrail& trail, const ToolDefinition& definition) {
  return trail.statements.keep_definition.BindText(1, definition.server)
      .BindText(2, definition.tool)
      .BindText(3, definition.hash)
      .BindText(4, definition.text)
      .BindInteger(5, definition.seen_ns)
      .BindInteger(6, definition.accepted ? 1 : 0)
      .Run();
}

// Names the old head, so that a writer that does not know the lock cannot
// fork the chain.
Status MoveHead(SqliteTrail& trail, const ChainHead& from,
                const ChainHead& to) {
  Status moved = trail.statements.move_head
                     .BindInteger(1, static_cast<std::int64_t>(to.seq))
                     .BindBlob(2, to.hash)
                     .BindInteger(3, static_cast<std::int64_t>(from.seq))
                     .BindBlob(4, from.hash)
                     .Run();
  if (!moved.ok() || trail.database.Changes() == 1) return moved;
  return Error{ErrorCode::kCorrupt,
               "the head of the audit trail was moved by a writer without the "
               "lock"};
}

}  // namespace

void SqliteBatch::Begin(ChainHead head) {
  rows_.clear();
  policies_.clear();
  definitions_.clear();
  before_ = std::move(head);
  next_ = before_;
}

Sequence SqliteBatch::Add(const Record& record) {
  rows_.push_back(Seal(hasher_, next_, record, random_.Take(kSaltBytes)));
  next_.seq = rows_.back().seq;
  next_.hash = rows_.back().hash;
  return next_.seq;
}

void SqliteBatch::KeepPolicy(std::string_view hash, std::string_view text) {
  policies_.push_back({std::string(hash), std::string(text)});
}

void SqliteBatch::KeepDefinition(const ToolDefinition& definition) {
  definitions_.push_back(definition);
}

Status SqliteBatch::Write(SqliteTrail& trail) const {
  for (const Policy& policy : policies_) {
    Status kept = trail.statements.keep_policy.BindText(1, policy.hash)
                      .BindText(2, policy.text)
                      .Run();
    if (!kept.ok()) return kept;
  }
  for (const ToolDefinition& definition : definitions_) {
    Status kept = InsertDefinition(trail, definition);
    if (!kept.ok()) return kept;
  }
  for (const StoredRecord& row : rows_) {
    Status inserted = InsertRow(trail, row);
    if (!inserted.ok()) return inserted;
  }
  return rows_.empty() ? Status(Done{}) : MoveHead(trail, before_, next_);
}

}  // namespace gatehouse::audit
