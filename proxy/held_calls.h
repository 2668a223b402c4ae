// SPDX-License-Identifier: Apache-2.0
#pragma once
// Calls that wait, in their order: while a call that changes the kubeconfig is
// under way, nobody can say where the next one would go. Bounded in number and
// bytes. Part of proxy/session; the gate judges them when they are released.

#include <cstddef>
#include <vector>

#include "proxy/message.h"

namespace gatehouse {

struct HeldCall {
  Message message;
  std::size_t bytes = 0;  // of the frame, as it came
};

class HeldCalls {
 public:
  static constexpr std::size_t kMaxCalls = 1'000;
  static constexpr std::size_t kMaxBytes = std::size_t{8} << 20;

  // False, and `call` is as it was, where there is no room.
  bool Add(HeldCall&& call);
  // The client no longer wants it: false where no call of this id is held.
  bool Remove(const RpcId& id);
  std::vector<HeldCall> TakeAll();
  bool empty() const { return calls_.empty(); }

 private:
  std::vector<HeldCall> calls_;
  std::size_t bytes_ = 0;
};

}  // namespace gatehouse
