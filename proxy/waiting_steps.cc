// SPDX-License-Identifier: Apache-2.0
#include "proxy/waiting_steps.h"

#include <algorithm>
#include <utility>

namespace gatehouse {
namespace {

// What was judged, beside the text: about, and enough to bound their number.
constexpr std::size_t kBytesOfAStep = 1024;

std::size_t BytesOf(const WaitingStep& waiting) {
  return kBytesOfAStep + waiting.step.message.canonical.size();
}

}  // namespace

void WaitingSteps::Add(WaitingStep waiting) {
  bytes_ += BytesOf(waiting);
  steps_.push_back(std::move(waiting));
}

std::vector<WaitingStep> WaitingSteps::TakeThrough(std::uint64_t through) {
  std::vector<WaitingStep> taken;
  while (!steps_.empty() && steps_.front().sync <= through) {
    bytes_ -= BytesOf(steps_.front());
    taken.push_back(std::move(steps_.front()));
    steps_.pop_front();
  }
  return taken;
}

void WaitingSteps::Remove(std::string_view call) {
  const auto found = std::ranges::find(steps_, call, &WaitingStep::call);
  if (found == steps_.end()) return;
  bytes_ -= BytesOf(*found);
  steps_.erase(found);
}

}  // namespace gatehouse
