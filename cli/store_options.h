// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where `gatehouse run` keeps its trail and how much room that may take: the
// options, and what the store is told of them.

#include <cstdint>
#include <string>

#include "audit/sqlite_sink.h"
#include "cli/command.h"

namespace gatehouse::cli {

struct StoreChoice {
  std::string database;
  std::uint64_t quota = 0;                  // bytes; 0: none
  std::uint64_t segment_size = 512u << 20;  // bytes; 0: never
  std::string segment_age;                  // a duration; "": never
  std::string retention;                    // a duration; "": none
};

void AddStoreOptions(Command command, StoreChoice& choice);

audit::SinkOptions StoreOptionsOf(const StoreChoice& choice);

}  // namespace gatehouse::cli
