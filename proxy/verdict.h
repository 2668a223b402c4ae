// SPDX-License-Identifier: Apache-2.0
#pragma once
// What crosses between the relay (which owns bytes) and the gates (which own
// meaning): frames in, verdicts out. Pure values.

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

enum class FrameFault : std::uint8_t {
  kNone = 0,
  kTooLong,  // over the cap: `bytes` holds its first 4 KiB only
};

// One line without its "\n" and at most one trailing "\r" stripped.
// `bytes` borrows from the framer until the next Feed.
struct Frame {
  std::string_view bytes;
  FrameFault fault = FrameFault::kNone;
};

// What the relay does with one frame.
struct Verdict {
  enum class Kind : std::uint8_t {
    kDrop = 0,  // nothing leaves
    kForward,   // `bytes` go on to the far side
    kAnswer,    // `bytes` go back to the sender
    kClose,     // end the session; `bytes` is why, for the log
  };
  Kind kind = Kind::kDrop;
  std::string bytes;  // whole lines, each ending in "\n"
};

// A gate as the relay sees it: judges all complete frames of one wake-up at
// once, so that their records share a commit. Verdicts come in order; a frame
// may have none (dropped) or several (forward and answer).
using FrameHandler =
    std::function<std::vector<Verdict>(std::span<const Frame>)>;

}  // namespace gatehouse
