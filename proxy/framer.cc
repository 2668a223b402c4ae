// SPDX-License-Identifier: Apache-2.0
#include "proxy/framer.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace gatehouse {
namespace {

// A buffer grown for one big frame is given back once it is no longer needed.
constexpr std::size_t kKeepCapacity = std::size_t{512} << 10;

// Blank to every reader measured; nothing to answer and nothing to forward.
bool IsBlank(std::string_view line) {
  return line.find_first_not_of(" \t") == std::string_view::npos;
}

}  // namespace

Framer::Framer(std::size_t max_frame_bytes)
    : max_frame_bytes_(max_frame_bytes) {}

std::span<char> Framer::Room(std::size_t bytes) {
  if (consumed_ == end_) {
    consumed_ = scanned_ = end_ = 0;
    if (capacity_ > kKeepCapacity) {
      buffer_.reset();
      capacity_ = 0;
    }
  }
  if (capacity_ - end_ < bytes) Reserve(bytes);
  return {buffer_.get() + end_, capacity_ - end_};
}

// Moves what is left to the front, of a bigger buffer where that is not enough.
void Framer::Reserve(std::size_t bytes) {
  const std::size_t held = buffered();
  if (capacity_ < held + bytes) {
    const std::size_t grown = std::max(held + bytes, 2 * held);
    auto bigger = std::make_unique_for_overwrite<char[]>(grown);
    if (held > 0) std::memcpy(bigger.get(), buffer_.get() + consumed_, held);
    buffer_ = std::move(bigger);
    capacity_ = grown;
  } else if (held > 0) {
    std::memmove(buffer_.get(), buffer_.get() + consumed_, held);
  }
  scanned_ -= consumed_;
  consumed_ = 0;
  end_ = held;
}

void Framer::Take(std::size_t bytes) { end_ += bytes; }

void Framer::Feed(std::string_view bytes) {
  const std::span<char> room = Room(bytes.size());
  std::copy(bytes.begin(), bytes.end(), room.begin());
  Take(bytes.size());
}

std::optional<Frame> Framer::Next() {
  while (true) {
    const std::size_t length = Held(scanned_).find('\n');
    if (length == std::string_view::npos) break;
    const std::size_t line_end = scanned_ + length;
    const Frame frame = Line(Held(consumed_).substr(0, line_end - consumed_));
    if (frame.part == FramePart::kFirst) return frame;
    consumed_ = line_end + 1;
    scanned_ = consumed_;
    if (frame.part == FramePart::kLast || !IsBlank(frame.bytes)) return frame;
  }
  scanned_ = end_;
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
  std::string_view piece = Held(consumed_);
  if (piece.ends_with('\r')) piece.remove_suffix(1);
  if (piece.empty()) return std::nullopt;
  consumed_ += piece.size();
  const bool first = !std::exchange(in_pieces_, true);
  return Frame{piece, first ? FramePart::kFirst : FramePart::kMiddle};
}

std::string Framer::TakeRest() {
  std::string rest(Held(consumed_));
  consumed_ = scanned_ = end_ = 0;
  return rest;
}

}  // namespace gatehouse
