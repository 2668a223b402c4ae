// SPDX-License-Identifier: Apache-2.0
#include "policy/time_zone.h"

#include <algorithm>
#include <string>

namespace gatehouse {
namespace {

constexpr std::size_t kHeader = 44;

// The counts of a TZif header, in the order of the file.
struct Counts {
  std::size_t is_ut = 0;
  std::size_t is_std = 0;
  std::size_t leap = 0;
  std::size_t time = 0;
  std::size_t type = 0;
  std::size_t character = 0;

  // Of the data block after the header.
  std::size_t Bytes(std::size_t time_bytes) const {
    return time * (time_bytes + 1) + type * 6 + character +
           leap * (time_bytes + 4) + is_std + is_ut;
  }
};

// Big-endian, two's complement. `bytes` are there.
std::int64_t Signed(std::string_view bytes) {
  std::uint64_t value =
      static_cast<unsigned char>(bytes[0]) >= 0x80 ? ~0ull : 0;
  for (char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return static_cast<std::int64_t>(value);
}

std::optional<Counts> ReadHeader(std::string_view text) {
  if (text.size() < kHeader || !text.starts_with("TZif") || text[4] < '2') {
    return std::nullopt;
  }
  const auto count = [&](std::size_t index) {
    constexpr std::int64_t kMost = 1 << 16;
    const std::int64_t value = Signed(text.substr(20 + index * 4, 4));
    return static_cast<std::size_t>(value >= 0 && value < kMost ? value
                                                                : kMost);
  };
  return Counts{count(0), count(1), count(2), count(3), count(4), count(5)};
}

Error BadZone(std::string why) { return {ErrorCode::kInvalid, std::move(why)}; }

// The part of the file with 64-bit times, from its header on.
std::string_view SecondPart(std::string_view tzif) {
  const auto first = ReadHeader(tzif);
  if (!first) return {};
  const std::size_t skip = kHeader + first->Bytes(4);
  return skip < tzif.size() ? tzif.substr(skip) : std::string_view();
}

}  // namespace

Result<TimeZone> TimeZone::Read(std::string_view tzif) {
  const std::string_view part = SecondPart(tzif);
  const auto counts = ReadHeader(part);
  if (!counts || counts->type == 0 || counts->leap != 0 ||
      part.size() < kHeader + counts->Bytes(8)) {
    return BadZone("its data is not a time zone");
  }
  const std::string_view times = part.substr(kHeader);
  const std::string_view indexes = times.substr(counts->time * 8);
  const std::string_view types = indexes.substr(counts->time);
  const auto offset = [&](std::size_t type) {
    return std::chrono::seconds(Signed(types.substr(type * 6, 4)));
  };
  // RFC 8536: no clock is further away. Another one would move a `when` by
  // days.
  constexpr std::chrono::seconds kWest{-89'999};
  constexpr std::chrono::seconds kEast{93'599};
  for (std::size_t type = 0; type < counts->type; ++type) {
    if (offset(type) < kWest || offset(type) > kEast) {
      return BadZone("it has an offset that no clock has");
    }
  }
  TimeZone zone;
  zone.first_ = offset(0);
  for (std::size_t i = 0; i < counts->time; ++i) {
    const auto type = static_cast<unsigned char>(indexes[i]);
    const std::int64_t at = Signed(times.substr(i * 8, 8));
    const bool later = zone.changes_.empty() || at > zone.changes_.back().at;
    if (type >= counts->type || !later) {
      return BadZone("its data contradicts itself");
    }
    zone.changes_.push_back({at, offset(type)});
  }
  std::string_view footer = part.substr(kHeader + counts->Bytes(8));
  if (footer.size() < 2 || footer.front() != '\n' || footer.back() != '\n') {
    return BadZone("its data has no end");
  }
  footer = footer.substr(1, footer.size() - 2);
  zone.after_ = ReadZoneRule(footer);
  if (!footer.empty() && !zone.after_)
    return BadZone("its last rule is not known");
  return zone;
}

std::chrono::seconds TimeZone::OffsetAt(
    std::chrono::sys_seconds time) const noexcept {
  const std::int64_t at = time.time_since_epoch().count();
  if (after_ && (changes_.empty() || at >= changes_.back().at)) {
    return after_->OffsetAt(time);
  }
  const auto next =
      std::upper_bound(changes_.begin(), changes_.end(), at,
                       [](std::int64_t value, const Change& change) {
                         return value < change.at;
                       });
  return next == changes_.begin() ? first_ : std::prev(next)->offset;
}

}  // namespace gatehouse
