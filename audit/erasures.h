// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether what is gone from a trail went by `audit prune`: each payload that
// was erased, and what stood before the first record, must be named by a
// record that came later. Part of verify; holds ranges and no records.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "audit/chain.h"
#include "audit/record.h"

namespace gatehouse::audit {

struct Erasure {
  Sequence seq = 0;
  std::string sentence;
};

// One thread.
class Erasures {
 public:
  // Each record of the trail, in order.
  void Note(const StoredRecord& row);

  // The first thing that is gone and that no record names. `before`: the head
  // of what stood before the first record; seq 0 for nothing.
  std::optional<Erasure> Unrecorded(const ChainHead& before) const;

 private:
  struct Range {
    Sequence first = 0;
    Sequence last = 0;
  };
  struct Pruned {
    Sequence last = 0;
    std::string head;  // hex
  };

  std::vector<Range> erased_;
  std::vector<Range> said_;
  std::vector<Pruned> pruned_;
};

}  // namespace gatehouse::audit
