// SPDX-License-Identifier: Apache-2.0
#pragma once
// Cuts a byte stream into frames: the stage between the relay's reads and
// proxy/message. Splits on "\n" only and strips one trailing "\r"; blank lines
// vanish. Does not look inside a line: other control characters, UTF-8 and
// JSON are the strict reader's business.
//
// Memory is bounded by twice the cap plus one read: a line over the cap is
// handed out in pieces, as they come. What becomes of it is for the gates to
// say.

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "proxy/verdict.h"

namespace gatehouse {

// Owns its buffer. One thread. Cannot fail.
class Framer {
 public:
  // A frame longer than `max_frame_bytes` (without its line end) comes in
  // pieces, also where it is there whole.
  explicit Framer(std::size_t max_frame_bytes);

  // Room for `bytes` at least, to be read into. Ends the life of every frame
  // handed out before.
  std::span<char> Room(std::size_t bytes);
  // So many bytes now stand at the front of that room.
  void Take(std::size_t bytes);
  // Both in one, for bytes that stand elsewhere.
  void Feed(std::string_view bytes);

  // The next frame or piece, or nullopt: feed more. The frame borrows from the
  // framer until the next Room, Feed or TakeRest.
  std::optional<Frame> Next();

  // At the end of the stream, after Next gave nullopt: the line that was never
  // ended, "" if none. It is not a frame and must not be forwarded.
  std::string TakeRest();
  // Pieces of a line were handed out, and not its last.
  bool in_pieces() const { return in_pieces_; }

  // Bytes held and not yet handed out.
  std::size_t buffered() const { return end_ - consumed_; }

 private:
  void Reserve(std::size_t bytes);
  std::string_view Held(std::size_t from) const {
    return {buffer_.get() + from, end_ - from};
  }
  Frame Line(std::string_view line);
  std::optional<Frame> Piece();

  std::size_t max_frame_bytes_;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::size_t consumed_ = 0;  // before this: handed out
  std::size_t scanned_ = 0;   // before this: no line end
  std::size_t end_ = 0;       // of what was taken
  bool in_pieces_ = false;
};

}  // namespace gatehouse
