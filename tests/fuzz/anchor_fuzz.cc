// SPDX-License-Identifier: Apache-2.0
// Any line of an anchor file. It never crashes; and what is taken for an anchor
// stands in the line, letter by letter, as it would be written: no two lines
// that differ in it mean the same.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "audit/anchor.h"

namespace {

using gatehouse::audit::AnchorLine;

void Require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  const auto read = gatehouse::audit::ParseAnchor(line);
  const bool marked =
      line.find(gatehouse::audit::kAnchorMark) != std::string_view::npos;
  Require(marked == (read.kind != AnchorLine::kOther));
  if (read.kind != AnchorLine::kAnchor) return 0;
  const std::string again = gatehouse::audit::FormatAnchor(read.anchor);
  Require(line.find(again) != std::string_view::npos);
  const auto twice = gatehouse::audit::ParseAnchor(again);
  Require(twice.kind == AnchorLine::kAnchor && twice.anchor == read.anchor);
  return 0;
}
