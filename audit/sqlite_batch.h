// SPDX-License-Identifier: Apache-2.0
#pragma once
// One transaction's worth of trail, in memory: rows sealed onto the head that
// was read under the writer lock, and what goes in beside them. It is written
// whole when the sink commits. Who holds the lock, and how durable the
// transaction is, is sqlite_sink's business.

#include <string>
#include <string_view>
#include <vector>

#include "audit/chain.h"
#include "audit/digest.h"
#include "audit/sqlite_trail.h"
#include "audit/tool_definition.h"
#include "policy/result.h"

namespace gatehouse::audit {

class SqliteBatch {
 public:
  // Forgets what was in it; the next record follows `head`.
  void Begin(ChainHead head);
  // The number that the record will have.
  Sequence Add(const Record& record);
  void KeepPolicy(std::string_view hash, std::string_view text);
  void KeepDefinition(const ToolDefinition& definition);

  // Within an open transaction. kCorrupt where the head is not what Begin was
  // told any more.
  Status Write(SqliteTrail& trail) const;

  // The chain's head once the batch is committed.
  const ChainHead& head() const { return next_; }

 private:
  struct Policy {
    std::string hash;
    std::string text;
  };

  Sha256 hasher_;
  RandomStore random_;
  ChainHead before_;
  ChainHead next_;
  std::vector<StoredRecord> rows_;
  std::vector<Policy> policies_;
  std::vector<ToolDefinition> definitions_;
};

}  // namespace gatehouse::audit
