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

// A line over the cap comes in pieces: the first, any number of others, and
// the last, which may be empty.
enum class FramePart : std::uint8_t { kWhole = 0, kFirst, kMiddle, kLast };

// One line, or a piece of one, without its "\n" and at most one trailing "\r".
// `bytes` borrows from the framer until the next Feed.
struct Frame {
  std::string_view bytes;
  FramePart part = FramePart::kWhole;
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
  // Of kForward to the client: a piece of a line, of which only the last has
  // the "\n". Nothing else is written to the client until then.
  FramePart part = FramePart::kWhole;
};

// A gate as the relay sees it: judges all complete frames of one wake-up at
// once, so that their records share a commit. Verdicts come in order; a frame
// may have none (dropped) or several (forward and answer).
using FrameHandler =
    std::function<std::vector<Verdict>(std::span<const Frame>)>;

}  // namespace gatehouse
