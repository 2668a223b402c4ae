// SPDX-License-Identifier: Apache-2.0
#pragma once
// A checkpoint of the chain that is kept elsewhere: what `audit verify
// --anchors` compares with, and the only thing that proves tampering by whoever
// owns the user id. One line of text, so that it survives a log, a mail and a
// terminal. Pure; the format stands in audit/FORMAT.md, "Anchors".

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "audit/chain.h"

namespace gatehouse::audit {

// "gatehouse-anchor 1 chain=… size=… head=… time=… key=… sig=…"
inline constexpr std::string_view kAnchorMark = "gatehouse-anchor ";

struct Anchor {
  ChainHead head;  // all of it was on the disk when the anchor was made
  std::int64_t time_ns = 0;
  std::string key_id;     // of the key that signed; "" where none did
  std::string signature;  // raw bytes, over AnchorText

  friend bool operator==(const Anchor&, const Anchor&) = default;
};

// What is signed: all but ` sig=…`.
std::string AnchorText(const Anchor& anchor);

// The whole line, without its end.
std::string FormatAnchor(const Anchor& anchor);

// What a line of a file or of a log holds: an anchor, which may stand after
// other words (a time, a host's name); something that is meant to be one and
// is not; or neither.
enum class AnchorLine : std::uint8_t { kOther = 0, kBroken, kAnchor };
struct ReadAnchorLine {
  AnchorLine kind = AnchorLine::kOther;
  Anchor anchor;
};
ReadAnchorLine ParseAnchor(std::string_view line);

}  // namespace gatehouse::audit
