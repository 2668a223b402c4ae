// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"

#include <algorithm>
#include <iterator>

namespace gatehouse::cli {
namespace {

struct Command {
  std::string_view name;
  void (*add)(CLI::App& app, Action& action);
};

constexpr Command kCommands[] = {
    {"run", AddRun},     {"policy", AddPolicy},
    {"audit", AddAudit}, {"server", AddServer},
    {"demo", AddDemo},   {"explain-code", AddExplainCode},
};

}  // namespace

void AddCommands(CLI::App& app, Action& action, std::string_view first) {
  const auto* named = std::ranges::find(kCommands, first, &Command::name);
  if (named != std::end(kCommands)) return named->add(app, action);
  for (const Command& command : kCommands) command.add(app, action);
}

}  // namespace gatehouse::cli
