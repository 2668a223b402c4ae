// SPDX-License-Identifier: Apache-2.0
#pragma once
// Cells of CSV (RFC 4180), for spreadsheets that may be opened by anybody.

#include <string>
#include <vector>

namespace gatehouse::cli {

// Quoted. A cell that a spreadsheet would run as a formula gets a "'" before
// it: tool names come from strangers.
std::string CsvCell(const std::string& text);

// The cells with commas between and the line's end.
std::string CsvLine(const std::vector<std::string>& cells);

}  // namespace gatehouse::cli
