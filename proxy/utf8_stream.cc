// SPDX-License-Identifier: Apache-2.0
#include "proxy/utf8_stream.h"

#include <algorithm>
#include <cstddef>

#include "simdjson.h"

namespace gatehouse {
namespace {

// Of the character that a byte begins; what begins none counts as one, for
// the validator to refuse.
std::size_t Length(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  if (byte >= 0xC2 && byte <= 0xDF) return 2;
  if (byte >= 0xE0 && byte <= 0xEF) return 3;
  if (byte >= 0xF0 && byte <= 0xF4) return 4;
  return 1;
}

bool Continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// How many of the last bytes begin a character that is not whole.
std::size_t CutOff(std::string_view text) {
  for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size());
       ++back) {
    const char c = text[text.size() - back];
    if (!Continues(c)) return Length(c) > back ? back : 0;
  }
  return 0;
}

bool IsUtf8(std::string_view text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

}  // namespace

bool Utf8Stream::Feed(std::string_view piece) {
  if (!tail_.empty()) {
    const std::size_t missing = Length(tail_[0]) - tail_.size();
    const std::size_t taken = std::min(missing, piece.size());
    tail_.append(piece.substr(0, taken));
    piece.remove_prefix(taken);
    if (taken < missing) return true;
    if (!IsUtf8(tail_)) return false;
    tail_.clear();
  }
  const std::size_t cut = CutOff(piece);
  tail_ = piece.substr(piece.size() - cut);
  return IsUtf8(piece.substr(0, piece.size() - cut));
}

}  // namespace gatehouse
