// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads the trail for `audit list|show|verify`: a read-only connection that
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
#include <vector>

#include "audit/chain.h"
#include "audit/record.h"
#include "policy/result.h"

namespace gatehouse::audit {

// One call: its decision (or an event) and what came of it. Where a forwarded
// call has no outcome, it is unknown: still running, or cut off by a crash.
struct StoredCall {
  StoredRecord decision;
  std::optional<StoredRecord> outcome;
};

// "" and nullopt do not filter. All that are given must hold.
struct Filter {
  std::optional<std::int64_t> since_ns;
  std::string decision;
  std::string tool;
  std::string namespace_name;
  std::string session;
  std::size_t limit = 50;  // the newest so many; 0: all
};

// Owns one connection. One thread. Methods answer kIo, kBusy or kCorrupt.
class Reader {
 public:
  virtual ~Reader() = default;

  // Decisions and events that match, oldest first, each with its outcome.
  virtual Result<std::vector<StoredCall>> List(const Filter& filter) = 0;

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

  // What `audit.head` beside the database says; nullopt where there is none.
  virtual Result<std::optional<ChainHead>> HeadFile() = 0;

  // The chain's id, for a verifier that walks it.
  virtual Result<std::string> ChainId() = 0;
};

// kNotFound where there is no file, kCorrupt where it is no trail.
Result<std::unique_ptr<Reader>> OpenReader(const std::string& path);

}  // namespace gatehouse::audit
