// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/hunt/arena.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "policy/json_value.h"
#include "policy/kubernetes/kubeconfig.h"
#include "policy/kubernetes/tables.h"
#include "policy/kubernetes/tool_profile.h"
#include "tests/support/kubernetes_tools.h"
#include "tests/support/process_census.h"

namespace gatehouse::testing {
namespace {

constexpr const char* kNodeServer = "mcp-server-kubernetes";
constexpr const char* kGoServer = "kubernetes-mcp-server";
constexpr const char* kAllToolsets =
    "--toolsets=config,core,helm,kubevirt,tekton";

constexpr std::size_t kRemembered = 8;

// What no answer may hold: the content of a file, and of the sample Secrets.
constexpr const char* kCanary = "canary-7f3a";
constexpr const char* kSecretWords[] = {kCanary, "not-a-real-password",
                                        "bm90LWEtcmVhbC1wYXNzd29yZA"};

std::string Address(const SampleCluster& cluster) {
  return "http://127.0.0.1:" + std::to_string(cluster.port());
}

std::string Kubeconfig(const SampleCluster& here, const SampleCluster& prod,
                       const std::string& place) {
  return "apiVersion: v1\nkind: Config\ncurrent-context: here\nclusters:\n"
         "- {name: here, cluster: {server: '" +
         Address(here) + "'}}\n- {name: stranger, cluster: {server: '" +
         Address(prod) +
         "'}}\nusers:\n- {name: u, user: {token: t}}\ncontexts:\n"
         "- {name: here, context: {cluster: here, user: u" +
         (place.empty() ? "" : ", namespace: " + place) +
         "}}\n- {name: prod, context: {cluster: stranger, user: u, "
         "namespace: dev}}\n";
}

// The guard's own "no", as a tool result or as a JSON-RPC error.
bool IsRefusal(const JsonValue& answer) {
  if (!RefusalCode(answer).empty()) return true;
  const JsonValue* error = Member(answer, "error");
  const JsonValue* data = error == nullptr ? nullptr : Member(*error, "data");
  return data != nullptr && Member(*data, "code") != nullptr;
}

std::string Joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "\n    " + line;
  return text;
}

}  // namespace

std::vector<Prey> AllPrey() {
  const auto found = [](const std::string& name,
                        std::vector<std::string> more) {
    const std::string program = FindNpmServer(name);
    if (program.empty()) return std::vector<std::string>();
    more.insert(more.begin(), program);
    return more;
  };
  std::vector<std::string> kubectl;
  if (!FindKubectl().empty()) {
    kubectl = {GATEHOUSE_BINARY_DIR "/tests/e2e/hunt/kubectl_server"};
  }
  return {{kNodeServer, kNodeServer, found(kNodeServer, {})},
          {kGoServer, kGoServer, found(kGoServer, {kAllToolsets})},
          {"kubectl", "sample-server", kubectl}};
}

std::string Arena::stranger() const { return Address(*stranger_); }

std::unique_ptr<Arena> Arena::Start(const Prey& prey, const Fence& fence,
                                    const std::string& context_namespace,
                                    const std::vector<std::string>& options) {
  std::unique_ptr<Arena> arena(new Arena(prey, fence));
  arena->options_ = options;
  arena->cluster_ = SampleCluster::Start();
  arena->stranger_ = SampleCluster::Start();
  if (arena->cluster_ == nullptr || arena->stranger_ == nullptr) return nullptr;
  arena->WriteFiles(context_namespace);
  arena->classifier_ = std::make_unique<Classifier>(
      EmbeddedProfile(prey.profile), KubernetesTables::Embedded());
  return arena->StartGuard() ? std::move(arena) : nullptr;
}

void Arena::WriteFiles(const std::string& context_namespace) {
  const TemporaryFolder& folder = cluster_->folder();
  for (const char* name : {"work", "home", "bin"}) {
    std::filesystem::create_directory(folder.File(name));
  }
  const std::string config =
      Kubeconfig(*cluster_, *stranger_, context_namespace);
  WriteFile(folder.File("work/config"), config);
  WriteFile(folder.File("policy.yaml"), fence_.policy);
  WriteFile(folder.File("work/canary.txt"), kCanary);
  WriteFile(folder.File("work/canary.yaml"),
            std::string("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "
                        "made, namespace: dev}\ndata: {a: ") +
                kCanary + "}\n");
  // A plugin that leaves a trace.
  WriteFile(folder.File("bin/kubectl-evil"), "#!/bin/sh\ntouch plugin-ran\n");
  chmod(folder.File("bin/kubectl-evil").c_str(), 0755);
  const SourceText file{"kubeconfig", config};
  view_ = ReadKubeconfig({&file, 1}).value();
  files_ = Files();
}

std::vector<std::string> Arena::GuardCommand() const {
  const TemporaryFolder& folder = cluster_->folder();
  const std::string kubectl = FindKubectl();
  const char* path = std::getenv("PATH");
  std::vector<std::string> argv = {
      "/usr/bin/env",
      "-C",
      folder.File("work"),
      "HOME=" + folder.File("home"),
      "KUBECONFIG=" + folder.File("work/config"),
      "HUNT_KUBECTL=" + kubectl,
      "PATH=" + kubectl.substr(0, kubectl.rfind('/')) + ":" +
          folder.File("bin") + ":" + (path == nullptr ? "" : path),
      GATEHOUSE_BINARY_DIR "/gatehouse",
      "run",
      "--db",
      folder.File("audit.db"),
      "--policy",
      folder.File("policy.yaml"),
      "--profile",
      prey_.profile,
      "--kubeconfig",
      folder.File("work/config"),
      "--show-denied"};  // hidden tools are hunted too
  argv.insert(argv.end(), options_.begin(), options_.end());
  argv.emplace_back("--");
  argv.insert(argv.end(), prey_.argv.begin(), prey_.argv.end());
  return argv;
}

bool Arena::StartGuard() {
  client_ = McpClient::Start(GuardCommand());
  if (client_ == nullptr) return false;
  const JsonValue listed = client_->Request("tools/list", "{}");
  const JsonValue* result = Member(listed, "result");
  const JsonValue* tools =
      result == nullptr ? nullptr : Member(*result, "tools");
  if (tools == nullptr || tools->empty()) return false;
  tools_ = *tools;
  return true;
}

// All of the working folder: nothing may be made, changed or removed there.
std::vector<std::pair<std::string, std::string>> Arena::Files() const {
  std::vector<std::pair<std::string, std::string>> files;
  const std::string work = cluster_->folder().File("work");
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(work)) {
    const std::string path = entry.path().string();
    files.emplace_back(path, entry.is_regular_file() ? ReadFile(path) : "");
  }
  std::sort(files.begin(), files.end());
  return files;
}

// Lines inside the policy that an earlier call accounts for. Outside it, a line
// is a find, whichever call it came from.
void Arena::ForgetStragglers(std::vector<std::string>& seen) const {
  std::erase_if(seen, [&](const std::string& line) {
    return Allows(fence_, line) &&
           std::any_of(earlier_.begin(), earlier_.end(),
                       [&](const std::vector<Request>& requests) {
                         return Uncovered({line}, requests).empty();
                       });
  });
}

HuntOutcome Arena::Try(const HuntCall& call) {
  const std::size_t mark = cluster_->Mark();
  const std::size_t stranger_mark = stranger_->Mark();
  const JsonValue answer = client_->Call(call.tool, call.arguments.dump());
  HuntOutcome outcome;
  outcome.answer = answer.dump();
  outcome.passed = !IsRefusal(answer);
  outcome.seen = cluster_->Since(mark);
  const std::vector<Request> named =
      classifier_->Classify({call.tool, &call.arguments}, view_).requests;
  outcome.wrong = FaultOf(outcome, named, stranger_->Since(stranger_mark));
  if (!outcome.wrong.empty() && Files() != files_) {
    WriteFiles(view_.Find(view_.current)->namespace_name);
  }
  if (outcome.passed) earlier_.push_back(named);
  if (earlier_.size() > kRemembered) earlier_.pop_front();
  // The server ended, or hangs: neither may end the hunt.
  if (Member(answer, "failed") != nullptr) StartGuard();
  return outcome;
}

std::string Arena::FaultOf(const HuntOutcome& outcome,
                           const std::vector<Request>& named,
                           const std::vector<std::string>& strangers) const {
  if (!strangers.empty()) return "another cluster saw" + Joined(strangers);
  if (Files() != files_) return "a file was made, changed or removed";
  std::vector<std::string> seen = outcome.seen;
  std::vector<std::string> outside;
  std::copy_if(seen.begin(), seen.end(), std::back_inserter(outside),
               [&](const std::string& line) { return !Allows(fence_, line); });
  if (!outside.empty()) return "outside the policy" + Joined(outside);
  ForgetStragglers(seen);
  if (!outcome.passed) {
    return seen.empty() ? "" : "refused, and seen" + Joined(seen);
  }
  for (const char* word : kSecretWords) {
    if (outcome.answer.find(word) != std::string::npos) {
      return "the answer holds what it must not: " +
             outcome.answer.substr(0, 300);
    }
  }
  const std::vector<std::string> unnamed = Uncovered(seen, named);
  if (unnamed.empty()) return "";
  return "not named by the profile" + Joined(unnamed) + Told(named);
}

}  // namespace gatehouse::testing
