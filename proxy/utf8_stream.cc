// SPDX-License-Identifier: Apache-2.0
// The table of well-formed bytes of the Unicode Standard (3-7). Nearly all of
// what passes is ASCII, which is skipped eight bytes at a time.
#include "proxy/utf8_stream.h"

#include <cstdint>
#include <cstring>

namespace gatehouse {
namespace {

constexpr std::uint64_t kHighBits = 0x8080'8080'8080'8080;
constexpr unsigned char kLow = 0x80;
constexpr unsigned char kHigh = 0xBF;

const char* SkipAscii(const char* at, const char* end) {
  std::uint64_t bytes = 0;
  for (; end - at >= 8; at += 8) {
    std::memcpy(&bytes, at, sizeof bytes);
    if ((bytes & kHighBits) != 0) break;
  }
  while (at < end && static_cast<unsigned char>(*at) < 0x80) ++at;
  return at;
}

}  // namespace

// The second byte is bounded more closely where the first would else begin an
// overlong form (E0, F0), a surrogate (ED) or what is over U+10FFFF (F4).
bool Utf8Stream::Begin(unsigned char lead) {
  if (lead < 0xC2 || lead > 0xF4) return false;
  left_ = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
  low_ = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : kLow;
  high_ = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : kHigh;
  return true;
}

bool Utf8Stream::Feed(std::string_view piece) {
  const char* at = piece.data();
  const char* const end = at + piece.size();
  while (at < end) {
    if (left_ == 0) {
      at = SkipAscii(at, end);
      if (at == end) return true;
      if (!Begin(static_cast<unsigned char>(*at++))) return false;
      continue;
    }
    const auto byte = static_cast<unsigned char>(*at++);
    if (byte < low_ || byte > high_) return false;
    low_ = kLow;
    high_ = kHigh;
    --left_;
  }
  return true;
}

bool IsUtf8(std::string_view text) {
  Utf8Stream stream;
  return stream.Feed(text) && stream.Complete();
}

}  // namespace gatehouse
