// SPDX-License-Identifier: Apache-2.0
#include "proxy/long_line.h"

#include <utility>

namespace gatehouse {
namespace {

constexpr std::size_t kFirstBytes = std::size_t{64} << 10;
constexpr std::size_t kUsualBytes = std::size_t{1} << 20;

}  // namespace

void LongLine::Add(std::string_view piece) {
  bytes_ += piece.size();
  scanner_.Feed(piece);
  if (mode_ != Mode::kHeld) return;
  if (scanner_.sound() && bytes_ <= max_held_) {
    // Room that is not used costs nothing, moving what is held does. Not of the
    // first pieces: what passes on while it comes is given away after them.
    if (held_.size() > kFirstBytes && held_.capacity() < kUsualBytes) {
      held_.reserve(kUsualBytes);
    }
    held_.append(piece);
    return;
  }
  mode_ = Mode::kDiscarded;
  held_ = std::string();
}

std::string LongLine::Stream() {
  mode_ = Mode::kStreamed;
  return std::exchange(held_, {});
}

std::variant<ServerFault, ServerMessage> LongLine::Finish() {
  auto finished = scanner_.Finish();
  auto* message = std::get_if<ServerMessage>(&finished);
  if (message != nullptr && mode_ == Mode::kHeld) {
    const std::size_t begin = scanner_.result_begin();
    message->result = held().substr(begin, scanner_.result_end() - begin);
  }
  return finished;
}

}  // namespace gatehouse
