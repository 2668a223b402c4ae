// SPDX-License-Identifier: Apache-2.0
#include "cli/live_policy.h"

#include <utility>

namespace gatehouse::cli {

LivePolicy::LivePolicy(PolicyChoice choice, LoadedPolicy loaded)
    : choice_(std::move(choice)),
      origin_(std::move(loaded.origin)),
      engine_(std::move(loaded.engine)),
      files_(std::move(loaded.files)),
      stamps_(std::move(loaded.stamps)),
      unsettled_(MayChangeUnseen(stamps_, std::chrono::system_clock::now())) {}

void LivePolicy::Refresh() {
  if (unsettled_ || StampsOf(files_) != stamps_) Read(false);
}

void LivePolicy::Reload() { Read(true); }

void LivePolicy::Reject(const std::string& faults) {
  if (events_.on_rejected) events_.on_rejected(faults);
}

void LivePolicy::Read(bool told) {
  LoadedPolicy loaded = LoadPolicy(choice_);
  unsettled_ = MayChangeUnseen(loaded.stamps, std::chrono::system_clock::now());
  const bool seen = loaded.stamps == stamps_;
  stamps_ = std::move(loaded.stamps);
  files_ = std::move(loaded.files);
  if (loaded.engine == nullptr) {
    // A file that is written in steps is refused once, not at each look.
    if (told || !seen) Reject(loaded.Faults());
    return;
  }
  // A user's file that is gone would fall back to a preset, which may allow
  // more.
  if (loaded.origin != origin_) {
    if (told || !seen) Reject("the policy " + origin_ + " is gone");
    return;
  }
  if (!told && loaded.engine->hash() == engine_->hash()) return;
  if (events_.on_loaded && !events_.on_loaded(*loaded.engine).ok()) {
    unsettled_ = true;
    return;
  }
  engine_ = std::move(loaded.engine);
}

}  // namespace gatehouse::cli
