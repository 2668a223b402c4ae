// SPDX-License-Identifier: Apache-2.0
// Framing does not depend on how the bytes arrive: any cutting gives the
// frames of a plain split at "\n", those over the cap in pieces that make them
// up. Nothing over the cap is handed out whole, and nothing over it is kept.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proxy/framer.h"

namespace {

constexpr std::size_t kCap = 24;

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
    const bool blank = line.find_first_not_of(" \t") == line.npos;
    if (line.size() > kCap || !blank) frames.emplace_back(line);
  }
  frames.emplace_back(text);  // what was not ended
  return frames;
}

// `open` is what has come of a line in pieces.
void Collect(gatehouse::Framer& framer, std::vector<std::string>& frames,
             std::string& open) {
  using gatehouse::FramePart;
  while (const auto frame = framer.Next()) {
    Require(frame->bytes.find('\n') == std::string_view::npos);
    const bool whole = frame->part == FramePart::kWhole;
    Require(!whole || frame->bytes.size() <= kCap);
    Require(open.empty() == (whole || frame->part == FramePart::kFirst));
    open += frame->bytes;
    if (!whole && frame->part != FramePart::kLast) continue;
    Require(whole || open.size() > kCap);
    frames.push_back(std::exchange(open, {}));
  }
  Require(framer.in_pieces() == !open.empty());
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
  std::string open;
  for (std::size_t at = 0; at < text.size();) {
    seed = seed * 1664525 + 1013904223;
    const std::size_t piece =
        std::min<std::size_t>(1 + (seed >> 24) % 40, text.size() - at);
    framer.Feed(text.substr(at, piece));
    Collect(framer, frames, open);
    at += piece;
  }
  const std::string rest = framer.TakeRest();
  Require(rest.size() <= kCap + 1);
  frames.push_back(open + rest);
  Require(frames == Reference(text));
  return 0;
}
