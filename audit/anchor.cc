// SPDX-License-Identifier: Apache-2.0
// Reading is strict by writing again: only what FormatAnchor itself would write
// is an anchor, so that no byte of it can change unseen.
#include "audit/anchor.h"

#include <charconv>

#include "audit/digest.h"
#include "audit/signing.h"
#include "audit/utc_time.h"

namespace gatehouse::audit {
namespace {

// Takes "NAME=value" and the space after it; nullopt where it is not next.
std::optional<std::string_view> Take(std::string_view& rest,
                                     std::string_view name) {
  if (!rest.starts_with(name) || rest.size() <= name.size() ||
      rest[name.size()] != '=') {
    return std::nullopt;
  }
  rest.remove_prefix(name.size() + 1);
  const std::string_view value = rest.substr(0, rest.find(' '));
  rest.remove_prefix(value.size());
  if (!rest.empty()) rest.remove_prefix(1);
  return value;
}

std::optional<Sequence> ReadSize(std::string_view text) {
  Sequence size = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, size);
  if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return size;
}

std::optional<Anchor> ReadFields(std::string_view rest) {
  const auto chain = Take(rest, "chain");
  const auto size = chain ? Take(rest, "size") : std::nullopt;
  const auto head = size ? Take(rest, "head") : std::nullopt;
  const auto time = head ? Take(rest, "time") : std::nullopt;
  if (!time) return std::nullopt;
  const auto seq = ReadSize(*size);
  const auto hash = Unhex(*head);
  const auto time_ns = ParseUtc(*time);
  if (!seq || !hash || hash->size() != kDigestBytes || !time_ns) {
    return std::nullopt;
  }
  Anchor anchor{{std::string(*chain), *seq, *hash}, *time_ns, "", ""};
  if (const auto key = Take(rest, "key")) {
    const auto signature = Take(rest, "sig");
    const auto bytes = signature ? Unhex(*signature) : std::nullopt;
    if (!bytes || bytes->size() != kSignatureBytes) return std::nullopt;
    anchor.key_id = *key;
    anchor.signature = *bytes;
  }
  return anchor;
}

}  // namespace

std::string AnchorText(const Anchor& anchor) {
  std::string text(kAnchorMark);
  text.append("1 chain=").append(anchor.head.chain);
  text.append(" size=").append(std::to_string(anchor.head.seq));
  text.append(" head=").append(Hex(anchor.head.hash));
  text.append(" time=").append(FormatUtc(anchor.time_ns));
  if (!anchor.key_id.empty()) text.append(" key=").append(anchor.key_id);
  return text;
}

std::string FormatAnchor(const Anchor& anchor) {
  if (anchor.key_id.empty()) return AnchorText(anchor);
  return AnchorText(anchor) + " sig=" + Hex(anchor.signature);
}

ReadAnchorLine ParseAnchor(std::string_view line) {
  const std::size_t mark = line.find(kAnchorMark);
  if (mark == std::string_view::npos) return {};
  line.remove_prefix(mark);
  const std::size_t last = line.find_last_not_of(" \r\n");
  line = line.substr(0, last + 1);
  if (line.size() <= kAnchorMark.size()) return {AnchorLine::kBroken, {}};
  std::string_view rest = line.substr(kAnchorMark.size());
  if (!rest.starts_with("1 ")) return {AnchorLine::kBroken, {}};
  rest.remove_prefix(2);
  std::optional<Anchor> anchor = ReadFields(rest);
  if (!anchor || FormatAnchor(*anchor) != line) {
    return {AnchorLine::kBroken, {}};
  }
  return {AnchorLine::kAnchor, *std::move(anchor)};
}

}  // namespace gatehouse::audit
