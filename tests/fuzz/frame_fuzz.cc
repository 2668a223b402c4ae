// SPDX-License-Identifier: Apache-2.0
// Framing does not depend on how the bytes arrive: any cutting gives the
// frames of a plain split at "\n". Nothing over the cap is handed out as a
// whole frame, and nothing over the cap is kept.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/framer.h"

namespace {

constexpr std::size_t kCap = 24;
// In place of a frame over the cap: its head depends on what had arrived.
constexpr std::string_view kTooLong = "\n";

void Require(bool holds) {
  if (!holds) std::abort();
}

std::vector<std::string> Reference(std::string_view text) {
  std::vector<std::string> frames;
  std::size_t end = text.find('\n');
  for (; end != text.npos; end = text.find('\n')) {
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.size() > kCap) {
      frames.emplace_back(kTooLong);
    } else if (line.find_first_not_of(" \t") != line.npos) {
      frames.emplace_back(line);
    }
  }
  if (text.size() > kCap + 1) frames.emplace_back(kTooLong);
  return frames;
}

void Collect(gatehouse::Framer& framer, std::vector<std::string>& frames) {
  while (const auto frame = framer.Next()) {
    Require(frame->bytes.find('\n') == std::string_view::npos);
    if (frame->fault == gatehouse::FrameFault::kTooLong) {
      Require(frame->bytes.size() <= gatehouse::kTooLongHeadBytes);
      frames.emplace_back(kTooLong);
    } else {
      Require(frame->bytes.size() <= kCap);
      frames.emplace_back(frame->bytes);
    }
  }
  Require(framer.buffered() <= kCap + 1);
}

}  // namespace

// The first byte says how to cut the rest.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1,
                              size - 1);
  std::uint32_t seed = data[0];
  gatehouse::Framer framer(kCap);
  std::vector<std::string> frames;
  for (std::size_t at = 0; at < text.size();) {
    seed = seed * 1664525 + 1013904223;
    const std::size_t piece =
        std::min<std::size_t>(1 + (seed >> 24) % 40, text.size() - at);
    framer.Feed(text.substr(at, piece));
    Collect(framer, frames);
    at += piece;
  }
  Require(frames == Reference(text));
  const std::string rest = framer.TakeRest();
  Require(rest.size() <= kCap + 1);
  Require(text.ends_with(rest));
  return 0;
}
