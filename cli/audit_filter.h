// SPDX-License-Identifier: Apache-2.0
#pragma once
// The filters of `audit list`, `audit tail` and `audit stats` as options: the
// same names with the same meaning everywhere. What they mean as a question to
// the trail stands in audit/filter.h.

#include <string>

#include "audit/filter.h"
#include "cli/command_options.h"
#include "policy/result.h"

namespace gatehouse::cli {

struct FilterOptions {
  std::string since;
  std::string until;
  bool reads = false;
  audit::Filter filter;  // all but the times
};

// `--limit` is the command's own.
void AddFilterOptions(Command command, FilterOptions& options);

// kInvalid where a time is none, with the sentence to print.
Result<audit::Filter> ReadFilter(const FilterOptions& options,
                                 std::int64_t now_ns);

}  // namespace gatehouse::cli
