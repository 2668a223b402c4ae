// SPDX-License-Identifier: Apache-2.0
#include "cli/csv.h"

#include <string_view>

namespace gatehouse::cli {

std::string CsvCell(const std::string& text) {
  std::string cell = "\"";
  if (!text.empty() &&
      std::string_view("=+-@\t\r\n").find(text[0]) != std::string_view::npos) {
    cell += '\'';
  }
  for (const char letter : text) {
    if (letter == '"') cell += '"';
    cell += letter;
  }
  return cell + '"';
}

std::string CsvLine(const std::vector<std::string>& cells) {
  std::string line;
  for (const std::string& cell : cells) {
    if (!line.empty()) line += ',';
    line += CsvCell(cell);
  }
  return line + "\r\n";
}

}  // namespace gatehouse::cli
