// SPDX-License-Identifier: Apache-2.0
#include "proxy/framer.h"

#include <utility>

namespace gatehouse {
namespace {

// A buffer grown for one big frame is given back once it is no longer needed.
constexpr std::size_t kKeepCapacity = std::size_t{1} << 20;

// Blank to every reader measured; nothing to answer and nothing to forward.
bool IsBlank(std::string_view line) {
  return line.find_first_not_of(" \t") == std::string_view::npos;
}

}  // namespace

Framer::Framer(std::size_t max_frame_bytes)
    : max_frame_bytes_(max_frame_bytes) {}

void Framer::Feed(std::string_view bytes) {
  Compact();
  if (skipping_) {
    const std::size_t end = bytes.find('\n');
    if (end == std::string_view::npos) return;
    skipping_ = false;
    bytes.remove_prefix(end + 1);
  }
  buffer_.append(bytes);
}

void Framer::Compact() {
  if (consumed_ == 0) return;
  buffer_.erase(0, consumed_);
  scanned_ -= consumed_;
  consumed_ = 0;
  if (buffer_.capacity() > kKeepCapacity &&
      buffer_.size() < kKeepCapacity / 2) {
    buffer_.shrink_to_fit();
  }
}

std::optional<Frame> Framer::Next() {
  while (true) {
    const std::size_t end = buffer_.find('\n', scanned_);
    if (end == std::string::npos) break;
    const std::string_view line =
        std::string_view(buffer_).substr(consumed_, end - consumed_);
    consumed_ = end + 1;
    scanned_ = consumed_;
    if (std::optional<Frame> frame = Line(line)) return frame;
  }
  scanned_ = buffer_.size();
  // One more than the cap may still be the "\r" of a frame that just fits.
  if (buffered() <= max_frame_bytes_ + 1) return std::nullopt;
  const std::string_view head =
      std::string_view(buffer_).substr(consumed_, kTooLongHeadBytes);
  consumed_ = buffer_.size();
  skipping_ = true;
  return Frame{head, FrameFault::kTooLong};
}

std::optional<Frame> Framer::Line(std::string_view line) const {
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.size() > max_frame_bytes_) {
    return Frame{line.substr(0, kTooLongHeadBytes), FrameFault::kTooLong};
  }
  if (IsBlank(line)) return std::nullopt;
  return Frame{line, FrameFault::kNone};
}

std::string Framer::TakeRest() {
  Compact();
  scanned_ = 0;
  return std::exchange(buffer_, {});
}

}  // namespace gatehouse
