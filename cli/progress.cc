// SPDX-License-Identifier: Apache-2.0
#include "cli/progress.h"

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <utility>

namespace gatehouse::cli {
namespace {

constexpr std::uint64_t kWidth = 40;

}  // namespace

Progress::Progress(std::string doing)
    : doing_(std::move(doing)), shown_(isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() {
  if (any_) std::cerr << "\r\033[K" << std::flush;
}

void Progress::Show(std::uint64_t done, std::uint64_t all) {
  if (!shown_ || all == 0) return;
  const std::uint64_t part = std::min(done, all) * kWidth / all;
  if (any_ && part == drawn_) return;
  any_ = true;
  drawn_ = part;
  std::string bar(part, '=');
  bar.resize(kWidth, ' ');
  std::cerr << "\r" << doing_ << " [" << bar << "] " << done << " of " << all
            << std::flush;
}

}  // namespace gatehouse::cli
