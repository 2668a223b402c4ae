// SPDX-License-Identifier: Apache-2.0
#pragma once
// How many columns text for people may take.

#include <cstddef>

namespace gatehouse::cli {

// What a pipe, a file and a terminal that does not know have.
inline constexpr std::size_t kUsualWidth = 80;

// The terminal's, where standard output is one; else what COLUMNS says; else
// kUsualWidth. Never less than 40, where no table can be read.
std::size_t OutputWidth();
// The same of another descriptor.
std::size_t WidthOfOutput(int fd);

}  // namespace gatehouse::cli
