// SPDX-License-Identifier: Apache-2.0
#pragma once
// Colour for people: only where stdout is a terminal, and never with NO_COLOR.

#include <unistd.h>

#include <cstdlib>
#include <string>

namespace gatehouse::cli {

enum class Style { kPlain = 0, kStrong, kGood, kBad };

inline std::string Styled(Style style, const std::string& text) {
  const char* asked_not = std::getenv("NO_COLOR");
  bool colour = isatty(STDOUT_FILENO) != 0 &&
                (asked_not == nullptr || *asked_not == '\0');
  if (!colour || style == Style::kPlain) return text;
  const char* code = "";
  switch (style) {
    case Style::kPlain:
      break;
    case Style::kStrong:
      code = "1";
      break;
    case Style::kGood:
      code = "32";
      break;
    case Style::kBad:
      code = "31";
      break;
  }
  return std::string("\033[") + code + "m" + text + "\033[0m";
}

}  // namespace gatehouse::cli
