// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which MCP server the demo wraps: kubernetes-mcp-server where it is installed
// or npm can fetch it, else the sample server inside this program; and what
// the demo asks of it, since their tools have different names.

#include <functional>
#include <string>
#include <vector>

#include "policy/result.h"

namespace gatehouse::cli {

struct DemoServer {
  std::vector<std::string> argv;
  std::string profile;      // "" where the guard finds it by the command line
  std::string description;  // "kubernetes-mcp-server, from npm"
  bool real = false;
};

struct DemoStep {
  std::string asked;  // "delete the deployment web in shop"
  std::string tool;
  std::string arguments;  // JSON text
  bool refused = false;   // what is expected
};

// `choice` is --server's value: auto, npm or sample. `say` is told what takes
// time. kNotFound where npm was asked for and cannot be had.
Result<DemoServer> ChooseDemoServer(
    const std::string& choice, const std::string& self,
    const std::function<void(const std::string&)>& say);

enum class DemoTarget { kSample = 0, kRealCluster };

// On a real cluster the refused calls name objects that do not exist, so that
// even a faulty guard could not let the demo do harm.
std::vector<DemoStep> DemoSteps(const DemoServer& server, DemoTarget target);

// The program of that name on PATH, or "".
std::string FindProgram(const std::string& name);

}  // namespace gatehouse::cli
