// SPDX-License-Identifier: Apache-2.0
#include "tests/support/kubernetes_tools.h"

#include <unistd.h>

#include <cstdlib>

#include "cli/demo_server.h"

namespace gatehouse::testing {
namespace {

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string Find(const std::string& tool, const char* variable) {
  const std::string named = Variable(variable);
  if (!named.empty()) return named;
  std::string folder = Variable("GATEHOUSE_NPM");
  if (folder.empty()) folder = GATEHOUSE_SOURCE_DIR "/build/npm";
  const std::string file = folder + "/kubernetes/" + tool;
  return access(file.c_str(), X_OK) == 0 ? file : cli::FindProgram(tool);
}

}  // namespace

std::string FindKubectl() { return Find("kubectl", "GATEHOUSE_KUBECTL"); }
std::string FindHelm() { return Find("helm", "GATEHOUSE_HELM"); }

void PutKubernetesToolsOnPath() {
  const std::string kubectl = FindKubectl();
  const std::size_t slash = kubectl.rfind('/');
  if (slash == std::string::npos) return;
  const std::string path = kubectl.substr(0, slash) + ":" + Variable("PATH");
  setenv("PATH", path.c_str(), 1);
}

}  // namespace gatehouse::testing
