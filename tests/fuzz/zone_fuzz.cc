// SPDX-License-Identifier: Apache-2.0
// Any bytes as the file of a time zone. What is taken for one gives an offset
// at any time, however far away, and never one that no clock has: a `when`
// must not move by days because a file says so.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "policy/time_zone.h"

namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using std::chrono::seconds;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto zone = gatehouse::TimeZone::Read(bytes);
  if (!zone.ok()) {
    Require(!zone.error().sentence.empty());
    return 0;
  }
  constexpr std::int64_t kYear = 31'556'952;
  for (const std::int64_t at :
       {std::int64_t{0}, kYear * 20, kYear * 56, kYear * 70, kYear * 5'000,
        -kYear * 3'000, std::int64_t{1} << 40, -(std::int64_t{1} << 40)}) {
    const seconds offset =
        zone.value().OffsetAt(std::chrono::sys_seconds(seconds(at)));
    // RFC 8536 allows 25 h west to 26 h east; no zone had more.
    Require(offset >= std::chrono::hours(-26));
    Require(offset <= std::chrono::hours(26));
  }
  return 0;
}
