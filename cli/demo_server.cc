// SPDX-License-Identifier: Apache-2.0
#include "cli/demo_server.h"

#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <string_view>

#include "cli/line_process.h"

namespace gatehouse::cli {
namespace {

constexpr const char* kName = "kubernetes-mcp-server";
constexpr const char* kPackage = "kubernetes-mcp-server@0.0.67";

bool IsProgram(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) &&
         access(path.c_str(), X_OK) == 0;
}

// Fetches the package into npm's cache by running it once; false where npm
// cannot (no network, no registry, no build for this machine).
bool Fetch() {
  LineProcessSpec spec;
  spec.argv = {"npx", "-y", kPackage, "--version"};
  Result<LineProcess> process = LineProcess::Start(spec);
  if (!process.ok()) return false;
  return process.value().Finish(std::chrono::seconds(120)) == 0;
}

DemoServer OwnSampleServer(const std::string& self) {
  return {{self, "sample-server"},
          "sample-server",
          "a small SAMPLE server inside gatehouse (no Kubernetes behind it)",
          false};
}

std::vector<DemoStep> RealServerSteps(DemoTarget target) {
  bool real = target == DemoTarget::kRealCluster;
  std::string name = real ? "gatehouse-demo-no-such" : "web";
  std::string secret = real ? "gatehouse-demo-no-such" : "db-credentials";
  std::string place = real ? "default" : "shop";
  return {{"list the pods of all namespaces", "pods_list", "{}", false},
          {"delete the deployment " + name + " in " + place, "resources_delete",
           R"({"apiVersion":"apps/v1","kind":"Deployment","name":")" + name +
               R"(","namespace":")" + place + R"("})",
           true},
          {"show the Secret " + secret + " in " + place, "resources_get",
           R"({"apiVersion":"v1","kind":"Secret","name":")" + secret +
               R"(","namespace":")" + place + R"("})",
           true}};
}

}  // namespace

std::string FindProgram(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::string_view left = path == nullptr ? "" : path;
  while (!left.empty()) {
    std::size_t end = left.find(':');
    std::string file = std::string(left.substr(0, end)) + "/" + name;
    if (file.front() == '/' && IsProgram(file)) return file;
    if (end == std::string_view::npos) break;
    left.remove_prefix(end + 1);
  }
  return "";
}

Result<DemoServer> ChooseDemoServer(
    const std::string& choice, const std::string& self,
    const std::function<void(const std::string&)>& say) {
  if (choice == "sample") return OwnSampleServer(self);
  if (!FindProgram(kName).empty()) {
    return DemoServer{
        {kName}, "", "kubernetes-mcp-server, installed here", true};
  }
  bool npm = !FindProgram("node").empty() && !FindProgram("npx").empty();
  if (npm) {
    say("Fetching kubernetes-mcp-server 0.0.67 with npx (the first time "
        "takes a little) ...");
    if (Fetch()) {
      return DemoServer{{"npx", "-y", kPackage},
                        "",
                        "kubernetes-mcp-server 0.0.67, from npm",
                        true};
    }
  }
  if (choice == "npm") {
    return Error{ErrorCode::kNotFound,
                 npm ? "npx cannot fetch kubernetes-mcp-server 0.0.67"
                     : "there is no node and npx on PATH"};
  }
  say(npm ? "npx cannot fetch kubernetes-mcp-server: using the sample server."
          : "No node and npx on PATH: using the sample server.");
  return OwnSampleServer(self);
}

std::vector<DemoStep> DemoSteps(const DemoServer& server, DemoTarget target) {
  if (server.real) return RealServerSteps(target);
  return {
      {"list the pods of all namespaces", "list_pods", "{}", false},
      {"delete the deployment web in shop", "delete_resource",
       R"({"resource":"deployments","name":"web","namespace":"shop"})", true},
      {"show the Secret db-credentials in shop", "kubectl",
       R"({"args":["get","secret","db-credentials","-n","shop"]})", true}};
}

}  // namespace gatehouse::cli
