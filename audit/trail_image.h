// SPDX-License-Identifier: Apache-2.0
#pragma once
// The database file of a trail that has no records yet. All but the chain's id
// was made when the program was built (embed_trail.cc), by the statements that
// sqlite_schema has for it: a first start copies it, and runs none of them.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace gatehouse::audit {

// The id that the image was made with, as long as every other.
inline constexpr std::string_view kNoChain =
    "00000000-0000-0000-0000-000000000000";

// A run of bytes that are not all zero.
struct ImagePiece {
  std::uint32_t at = 0;
  std::string_view bytes;
};

struct EmbeddedImage {
  std::size_t size = 0;
  std::span<const ImagePiece> pieces;
};

// Of the generated source.
EmbeddedImage BuiltInTrail();

// In write-ahead mode. `chain`: a UUID.
std::string TrailImage(std::string_view chain);

}  // namespace gatehouse::audit
