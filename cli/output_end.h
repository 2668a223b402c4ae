// SPDX-License-Identifier: Apache-2.0
#pragma once
// The last step of every command but `run`, whose standard output is the
// relay's: a table that a full disk cut off must not look whole to a script.

namespace gatehouse::cli {

// Writes out what standard output still holds. `exit_code`; kExitEnvironment,
// and a sentence on standard error, where that or an earlier write failed. What
// a pipe's reader no longer wants is no failure.
int EndOutput(int exit_code);

}  // namespace gatehouse::cli
