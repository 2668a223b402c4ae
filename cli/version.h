// SPDX-License-Identifier: Apache-2.0
#pragma once
// What `gatehouse --version` prints: version, commit, SQLite's version, and
// the MCP revisions that are spoken.

#include <string>
#include <string_view>

namespace gatehouse::cli {

std::string_view Version();  // "0.1.0"
std::string VersionText();   // several lines, no final newline

}  // namespace gatehouse::cli
