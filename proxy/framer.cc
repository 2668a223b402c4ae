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
    const Frame frame =
        Line(std::string_view(buffer_).substr(consumed_, end - consumed_));
    if (frame.part == FramePart::kFirst) return frame;
    consumed_ = end + 1;
    scanned_ = consumed_;
    if (frame.part == FramePart::kLast || !IsBlank(frame.bytes)) return frame;
  }
  scanned_ = buffer_.size();
  // One more than the cap may still be the "\r" of a frame that just fits.
  if (!in_pieces_ && buffered() <= max_frame_bytes_ + 1) return std::nullopt;
  return Piece();
}

// A line that is there to its end: its last piece, where others went before.
// Of one over the cap the first, and only that is consumed here.
Frame Framer::Line(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (std::exchange(in_pieces_, false)) return {line, FramePart::kLast};
  if (line.size() <= max_frame_bytes_) return {line, FramePart::kWhole};
  in_pieces_ = true;
  consumed_ += line.size();
  scanned_ = consumed_;
  return {line, FramePart::kFirst};
}

// All that is there, but a "\r" that may belong to the line's end.
std::optional<Frame> Framer::Piece() {
  std::string_view piece = std::string_view(buffer_).substr(consumed_);
  if (piece.ends_with('\r')) piece.remove_suffix(1);
  if (piece.empty()) return std::nullopt;
  consumed_ += piece.size();
  const bool first = !std::exchange(in_pieces_, true);
  return Frame{piece, first ? FramePart::kFirst : FramePart::kMiddle};
}

std::string Framer::TakeRest() {
  Compact();
  scanned_ = 0;
  return std::exchange(buffer_, {});
}

}  // namespace gatehouse
