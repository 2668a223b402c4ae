// SPDX-License-Identifier: Apache-2.0
#pragma once
// Every command that reads the trail says so in the trail: who, when, and with
// which filters. What it shows is read before that, so that nobody sees his own
// reading; it is printed after.

#include <string>

namespace gatehouse::cli {

// Writes the event `trail read` into the trail at `database` ("" for the
// default). Where that is not possible, says so on stderr and goes on: who may
// read the file cannot be kept from it here.
void RecordReading(const std::string& database, const std::string& command);

}  // namespace gatehouse::cli
