// SPDX-License-Identifier: Apache-2.0
#pragma once
// For calls of a library that fail only where memory is out.

#include <cstdlib>

namespace gatehouse::audit {

inline void Must(bool worked) {
  if (!worked) std::abort();
}

}  // namespace gatehouse::audit
