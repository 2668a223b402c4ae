// SPDX-License-Identifier: Apache-2.0
#include "cli/paths.h"

#include <unistd.h>

#include <cstdlib>

namespace gatehouse::cli {
namespace {

std::string Environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// The XDG specification says to ignore a relative path.
std::string BaseFolder(const char* variable, const char* below_home) {
  std::string base = Environment(variable);
  if (base.starts_with('/')) return base;
  const std::string home = Environment("HOME");
  return home.empty() ? "" : home + below_home;
}

}  // namespace

std::string DefaultDatabase() {
  std::string named = Environment("GATEHOUSE_DB");
  if (!named.empty()) return named;
  const std::string base = BaseFolder("XDG_STATE_HOME", "/.local/state");
  return base.empty() ? "" : base + "/gatehouse/audit.db";
}

std::string DefaultPolicy() {
  std::string named = Environment("GATEHOUSE_POLICY");
  if (!named.empty()) return named;
  const std::string base = BaseFolder("XDG_CONFIG_HOME", "/.config");
  return base.empty() ? "" : base + "/gatehouse/policy.yaml";
}

std::string RuntimeFolder() {
  const std::string runtime = Environment("XDG_RUNTIME_DIR");
  // It is named for sessions that have ended, too (sudo, cron).
  if (runtime.starts_with('/') && access(runtime.c_str(), W_OK | X_OK) == 0) {
    return runtime + "/gatehouse";
  }
  const std::string state = BaseFolder("XDG_STATE_HOME", "/.local/state");
  if (!state.empty()) return state + "/gatehouse/run";
  return "/tmp/gatehouse-" + std::to_string(geteuid());
}

}  // namespace gatehouse::cli
