// SPDX-License-Identifier: Apache-2.0
#pragma once
// A server that answers each line it reads with the next of `answers`.

#include <string>
#include <vector>

#include "cli/line_process.h"

namespace gatehouse::cli {

inline LineProcess StartScript(const std::vector<std::string>& answers) {
  LineProcessSpec spec;
  spec.argv = {"/bin/sh", "-c",
               R"(for answer in "$@"; do read -r line; )"
               R"(printf '%s\n' "$answer"; done)",
               "sh"};
  spec.argv.insert(spec.argv.end(), answers.begin(), answers.end());
  return LineProcess::Start(spec).value();
}

}  // namespace gatehouse::cli
