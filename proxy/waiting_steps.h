// SPDX-License-Identifier: Apache-2.0
#pragma once
// Steps whose record is written and must reach the disk before anybody hears
// of them, in their order. Part of the gate, which says what becomes of them
// when the sync has ended; a client that cancels does not wait for that.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

#include "audit/record.h"
#include "proxy/intake.h"

namespace gatehouse {

struct WaitingStep {
  std::uint64_t sync = 0;      // as of audit::Sink::StartSync
  audit::Sequence record = 0;  // its record's number
  std::string call;            // id of the call; "" of a frame that was refused
  Step step;
};

class WaitingSteps {
 public:
  // More is not taken from the client meanwhile.
  static constexpr std::size_t kMaxBytes = std::size_t{4} << 20;

  void Add(WaitingStep waiting);
  // Removes and returns all whose sync is `through` or before it.
  std::vector<WaitingStep> TakeThrough(std::uint64_t through);
  // The call will not be made.
  void Remove(std::string_view call);
  bool empty() const { return steps_.empty(); }
  bool full() const { return bytes_ > kMaxBytes; }

 private:
  std::deque<WaitingStep> steps_;
  std::size_t bytes_ = 0;  // about
};

}  // namespace gatehouse
