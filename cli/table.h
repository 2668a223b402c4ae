// SPDX-License-Identifier: Apache-2.0
#pragma once
// A small table for a terminal: columns as wide as they need, shrunk to fit,
// long cells cut with "…". (Debian 12 packages no C++ library for it.) It
// makes text; who writes it where is the command's business.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "cli/text_style.h"

namespace gatehouse::cli {

// The text without what could steer a terminal or hide in it: control
// characters, bidirectional and zero-width marks, bad UTF-8; each becomes "?".
// Records quote what strangers sent.
std::string Printable(std::string_view text);

// Printable, cut with "…" or filled with spaces to `width` columns.
std::string FitTo(std::string_view text, std::size_t width);
// Printable, and cut where it is longer.
std::string CutTo(std::string_view text, std::size_t width);

// Cells are made printable when they are added. A value; one thread.
class Table {
 public:
  struct Cell {
    std::string text;
    Style style = Style::kPlain;
  };

  explicit Table(std::vector<std::string> titles);
  // One cell for each title.
  void Add(std::vector<Cell> row);
  // Lines of at most `width` columns (more only where there are too many
  // columns for four letters each), a title line first.
  std::string Render(std::size_t width) const;

 private:
  std::vector<std::size_t> FitColumns(std::size_t width) const;

  std::vector<std::vector<Cell>> rows_;  // the titles first
};

}  // namespace gatehouse::cli
