// SPDX-License-Identifier: Apache-2.0
#include "cli/kubeconfig_files.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <utility>

#include "cli/plain_file.h"
#include "policy/json_writer.h"

namespace gatehouse::cli {
namespace {

namespace fs = std::filesystem;

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string FolderOf(const std::string& path) {
  std::error_code ignored;
  return fs::absolute(path, ignored).lexically_normal().parent_path().string();
}

// The cluster that this pod runs in, as client-go's rest.InClusterConfig has
// it, in a kubeconfig's words. nullopt outside of a pod.
std::optional<KubeconfigSource> InCluster(const ServiceAccount& account) {
  const std::string token = account.folder + "/token";
  std::error_code ignored;
  if (account.host.empty() || account.port.empty() ||
      !fs::is_regular_file(token, ignored)) {
    return std::nullopt;
  }
  const bool v6 = account.host.find(':') != std::string::npos;
  const std::string host = v6 ? "[" + account.host + "]" : account.host;
  const std::string authority = account.folder + "/ca.crt";
  std::string space;
  auto named = ReadPlainFile(account.folder + "/namespace");
  if (named.ok()) space = std::move(named).value();
  while (!space.empty() && space.back() == '\n') space.pop_back();
  JsonWriter out;
  out.BeginObject().Key("current-context").String(kInClusterContext);
  out.Key("clusters").BeginArray().BeginObject();
  out.Key("name").String(kInClusterContext).Key("cluster").BeginObject();
  out.Key("server").String("https://" + host + ":" + account.port);
  if (fs::exists(authority, ignored)) {
    out.Key("certificate-authority").String(authority);
  }
  out.EndObject().EndObject().EndArray();
  out.Key("users").BeginArray().BeginObject();
  out.Key("name").String(kInClusterContext).Key("user").BeginObject();
  out.Key("tokenFile").String(token).EndObject().EndObject().EndArray();
  out.Key("contexts").BeginArray().BeginObject();
  out.Key("name").String(kInClusterContext).Key("context").BeginObject();
  out.Key("cluster").String(kInClusterContext);
  out.Key("user").String(kInClusterContext);
  if (!space.empty()) out.Key("namespace").String(space);
  out.EndObject().EndObject().EndArray().EndObject();
  return KubeconfigSource{{"the pod's service account", out.Take()},
                          account.folder};
}

}  // namespace

std::vector<std::string> SplitPaths(const std::string& list) {
  std::vector<std::string> paths;
  std::istringstream in(list);
  for (std::string path; std::getline(in, path, ':');) {
    if (path.empty()) continue;
    if (std::find(paths.begin(), paths.end(), path) != paths.end()) continue;
    paths.push_back(path);
  }
  return paths;
}

KubeconfigOrigin DefaultKubeconfig() {
  KubeconfigOrigin origin;
  const std::string list = Variable("KUBECONFIG");
  const std::string home = Variable("HOME");
  if (!list.empty()) {
    origin.paths = SplitPaths(list);
  } else if (!home.empty()) {
    origin.paths = {home + "/.kube/config"};
  }
  origin.service_account.host = Variable("KUBERNETES_SERVICE_HOST");
  origin.service_account.port = Variable("KUBERNETES_SERVICE_PORT");
#ifdef GATEHOUSE_TEST_HOOKS
  const std::string folder = Variable("GATEHOUSE_TEST_SERVICE_ACCOUNT");
  if (!folder.empty()) origin.service_account.folder = folder;
#endif
  return origin;
}

KubeconfigFiles::KubeconfigFiles(KubeconfigOrigin origin)
    : origin_(std::move(origin)) {}

bool KubeconfigFiles::Changed() const {
  return StampsOf(origin_.paths) != stamps_;
}

Result<Kubeconfig> KubeconfigFiles::Read() {
  // Before the reading: a change meanwhile is seen later.
  stamps_ = StampsOf(origin_.paths);
  std::vector<KubeconfigSource> sources;
  if (origin_.text) {
    std::error_code ignored;
    sources.push_back({*origin_.text, fs::current_path(ignored).string()});
  }
  for (std::size_t i = 0; i < origin_.paths.size(); ++i) {
    const std::string& path = origin_.paths[i];
    Result<std::string> text = ReadPlainFile(path);
    if (text.ok()) {
      sources.push_back({{path, std::move(text).value()}, FolderOf(path)});
      continue;
    }
    const bool missing = stamps_[i].size < 0;
    if (missing && !origin_.named) continue;
    if (missing) {
      return Error{ErrorCode::kNotFound, "there is no kubeconfig " + path};
    }
    return Error{ErrorCode::kPermission,
                 "the kubeconfig " + path + " " + text.error().sentence};
  }
  if (auto pod = InCluster(origin_.service_account)) {
    sources.push_back(*std::move(pod));
  }
  return MergeKubeconfigs(sources);
}

}  // namespace gatehouse::cli
