// SPDX-License-Identifier: Apache-2.0
#include "audit/trail_image.h"

#include <cassert>

namespace gatehouse::audit {

std::string TrailImage(std::string_view chain) {
  assert(chain.size() == kNoChain.size());
  const EmbeddedImage built = BuiltInTrail();
  std::string image(built.size, '\0');
  for (const ImagePiece& piece : built.pieces) {
    image.replace(piece.at, piece.bytes.size(), piece.bytes);
  }
  // Once, which embed_trail has seen.
  return image.replace(image.find(kNoChain), chain.size(), chain);
}

}  // namespace gatehouse::audit
