// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads the trail for the `audit` commands: a read-only connection that
// never checkpoints and never blocks a guard. Each answer is a view of one
// instant. It judges nothing: whether the rows are what was written is
// verify.h's question.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "audit/chain.h"
#include "audit/filter.h"
#include "audit/record.h"
#include "policy/result.h"

namespace gatehouse::audit {

// One call: its decision (or an event) and what came of it. Where a forwarded
// call has no outcome, it is unknown: still running, or cut off by a crash.
struct StoredCall {
  StoredRecord decision;
  std::optional<StoredRecord> outcome;
};

// The calls of a walk whose outcome was not seen yet, by their id.
using OpenCalls = std::unordered_set<std::string>;

// Owns one connection. One thread. Methods answer kIo, kBusy or kCorrupt.
class Reader {
 public:
  virtual ~Reader() = default;

  // Decisions and events that match, oldest first, each with its outcome.
  virtual Result<std::vector<StoredCall>> List(const Filter& filter) = 0;

  // Walks what matches in order of seq, in one view: each event, each decision
  // and the outcome of each such decision, as a record of its own. `open` says
  // whose outcomes are awaited and is kept up to date, so that a later walk can
  // go on after the number that is returned: the last record of the view.
  // Where `filter.stage` is given: the records of that stage, and no others.
  // `filter.limit` does not count here. The record that `visit` gets is valid
  // during its call only.
  virtual Result<Sequence> Follow(
      const Filter& filter, OpenCalls& open,
      const std::function<void(const StoredRecord&)>& visit) = 0;

  // A number that changes when another connection has written; cheap.
  virtual Result<std::int64_t> DataVersion() = 0;

  // The call that record `seq` belongs to (its decision or its outcome);
  // kNotFound where there is no such record.
  virtual Result<StoredCall> Show(Sequence seq) = 0;

  // A policy's text by its hash; kNotFound where it was not kept.
  virtual Result<std::string> PolicyText(std::string_view hash) = 0;

  // Walks all records in order of seq, in one view, until `visit` says stop;
  // then returns the head row of the same view. The record that `visit` gets
  // is valid during its call only.
  enum class Next { kStop = 0, kGoOn };
  virtual Result<ChainHead> ForEach(
      const std::function<Next(const StoredRecord&)>& visit) = 0;

  // The head of what was pruned before the first record; seq 0 where nothing
  // was.
  virtual Result<ChainHead> Before() = 0;

  // What `audit.head` beside the database says; nullopt where there is none.
  virtual Result<std::optional<ChainHead>> HeadFile() = 0;

  // The chain's id, and what the head row says of its end.
  virtual Result<ChainHead> HeadRow() = 0;

  // The texts that records cite by hash: policies, and the tools' definitions
  // as far as they were kept whole.
  struct KeptText {
    std::string what;  // "the policy", "the definition of TOOL"
    std::string hash;  // "sha256:…"
    std::string text;
  };
  virtual Status ForEachText(
      const std::function<Next(const KeptText&)>& visit) = 0;
};

// kNotFound where there is no file, kCorrupt where it is no trail.
Result<std::unique_ptr<Reader>> OpenReader(const std::string& path);

}  // namespace gatehouse::audit
