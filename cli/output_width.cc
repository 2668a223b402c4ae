// SPDX-License-Identifier: Apache-2.0
#include "cli/output_width.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string_view>

namespace gatehouse::cli {
namespace {

constexpr std::size_t kLeast = 40;
// A table is laid out column by column: no variable makes that long.
constexpr std::size_t kMost = 10'000;

std::size_t WidthOfTerminal(int fd) {
  winsize size{};
  if (isatty(fd) == 0 || ioctl(fd, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

// 0 where it says nothing.
std::size_t WidthOfEnvironment() {
  const char* const text = std::getenv("COLUMNS");
  if (text == nullptr) return 0;
  const std::string_view columns(text);
  std::size_t width = 0;
  const char* const end = columns.data() + columns.size();
  const auto read = std::from_chars(columns.data(), end, width);
  return read.ec == std::errc{} && read.ptr == end ? width : 0;
}

}  // namespace

std::size_t WidthOfOutput(int fd) {
  std::size_t width = WidthOfTerminal(fd);
  if (width == 0) width = WidthOfEnvironment();
  if (width == 0) return kUsualWidth;
  return std::clamp(width, kLeast, kMost);
}

std::size_t OutputWidth() { return WidthOfOutput(STDOUT_FILENO); }

}  // namespace gatehouse::cli
