// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"

#include <algorithm>
#include <iterator>

namespace gatehouse::cli {
namespace {

struct Entry {
  std::string_view name;
  void (*add)(Command app);
};

constexpr Entry kCommands[] = {
    {"run", AddRun},     {"policy", AddPolicy},
    {"audit", AddAudit}, {"server", AddServer},
    {"demo", AddDemo},   {"explain-code", AddExplainCode},
};

}  // namespace

void AddCommands(Command app, std::string_view first) {
  const auto* named = std::ranges::find(kCommands, first, &Entry::name);
  if (named != std::end(kCommands)) return named->add(app);
  for (const Entry& command : kCommands) command.add(app);
}

}  // namespace gatehouse::cli
