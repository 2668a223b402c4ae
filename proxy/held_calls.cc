// SPDX-License-Identifier: Apache-2.0
#include "proxy/held_calls.h"

#include <algorithm>
#include <utility>

namespace gatehouse {

bool HeldCalls::Add(HeldCall&& call) {
  if (calls_.size() >= kMaxCalls || bytes_ + call.bytes > kMaxBytes) {
    return false;
  }
  bytes_ += call.bytes;
  calls_.push_back(std::move(call));
  return true;
}

bool HeldCalls::Remove(const RpcId& id) {
  const auto found = std::find_if(
      calls_.begin(), calls_.end(),
      [&id](const HeldCall& call) { return call.message.id == id; });
  if (found == calls_.end()) return false;
  bytes_ -= found->bytes;
  calls_.erase(found);
  return true;
}

std::vector<HeldCall> HeldCalls::TakeAll() {
  bytes_ = 0;
  return std::exchange(calls_, {});
}

}  // namespace gatehouse
