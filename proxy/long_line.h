// SPDX-License-Identifier: Apache-2.0
#pragma once
// One line of the server that comes in pieces: read as it arrives, and kept up
// to a limit so that it can still be judged as a whole. Beyond the limit only
// what it was is known at its end. The return gate says what becomes of it.

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "proxy/line_scanner.h"

namespace gatehouse {

// Owns the bytes that it keeps. One thread. Cannot fail.
class LongLine {
 public:
  enum class Mode : std::uint8_t {
    kHeld = 0,   // kept so far
    kDiscarded,  // too long, or unsound: nothing of it is kept
    kStreamed,   // it passes on as it comes
  };

  explicit LongLine(std::size_t max_held_bytes) : max_held_(max_held_bytes) {}

  void Add(std::string_view piece);
  // From now on nothing is kept; what was is handed over, to be sent.
  std::string Stream();
  // After the last piece. Of a held line the message borrows `held`.
  std::variant<ServerFault, ServerMessage> Finish();

  Mode mode() const { return mode_; }
  // Whom it answers, once it has said so; else nullptr.
  const RpcId* Answers() const { return scanner_.Answers(); }
  bool sound() const { return scanner_.sound(); }
  bool complete() const { return scanner_.complete(); }
  bool asks_client() const { return scanner_.asks_client(); }
  std::string_view held() const { return held_; }
  // For whoever takes that over.
  std::string* owner() { return &held_; }
  std::size_t bytes() const { return bytes_; }

 private:
  std::size_t max_held_;
  LineScanner scanner_;
  Mode mode_ = Mode::kHeld;
  std::string held_;
  std::size_t bytes_ = 0;
};

}  // namespace gatehouse
