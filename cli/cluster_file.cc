// SPDX-License-Identifier: Apache-2.0
#include "cli/cluster_file.h"

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "policy/kubernetes/kubeconfig.h"

namespace gatehouse::cli {
namespace {

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// client-go: the files of KUBECONFIG, empty ones skipped, else the default.
std::vector<std::string> DefaultPaths() {
  std::vector<std::string> paths;
  std::istringstream list(Variable("KUBECONFIG"));
  for (std::string path; std::getline(list, path, ':');) {
    if (!path.empty()) paths.push_back(path);
  }
  if (paths.empty() && !Variable("HOME").empty()) {
    paths.push_back(Variable("HOME") + "/.kube/config");
  }
  return paths;
}

// nullopt where there is no such file: client-go skips it.
Result<std::optional<SourceText>> ReadFile(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0 && errno == ENOENT) {
    return std::optional<SourceText>();
  }
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (in) text << in.rdbuf();
  if (!in) {
    return Error{ErrorCode::kPermission,
                 "the kubeconfig " + path + " cannot be read"};
  }
  return std::optional<SourceText>({path, text.str()});
}

}  // namespace

ClusterFile::ClusterFile(std::vector<std::string> paths)
    : paths_(std::move(paths)) {}

Result<std::unique_ptr<ClusterFile>> ClusterFile::Open(
    const std::string& path, const std::string& context) {
  const bool named = !path.empty();
  std::unique_ptr<ClusterFile> file(
      new ClusterFile(named ? std::vector<std::string>{path} : DefaultPaths()));
  file->stamps_ = file->Stamps();
  if (named && file->stamps_.front().size < 0) {
    return Error{ErrorCode::kNotFound, "there is no kubeconfig " + path};
  }
  const Status read = file->Read();
  if (!read.ok()) return read.error();
  file->start_context_ = context.empty() ? file->view_.current : context;
  if (!context.empty() && file->view_.Find(context) == nullptr) {
    return Error{ErrorCode::kNotFound,
                 "the kubeconfig has no context \"" + context + "\""};
  }
  return file;
}

const ClusterView& ClusterFile::View() {
  std::vector<Stamp> now = Stamps();
  if (now != stamps_) {
    stamps_ = std::move(now);
    if (!Read().ok()) view_ = ClusterView{};
  }
  return view_;
}

std::vector<ClusterFile::Stamp> ClusterFile::Stamps() const {
  std::vector<Stamp> stamps;
  stamps.reserve(paths_.size());
  for (const std::string& path : paths_) {
    struct stat status {};
    Stamp stamp;
    if (stat(path.c_str(), &status) == 0) {
      stamp = {status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec,
               status.st_ino, status.st_size};
    }
    stamps.push_back(stamp);
  }
  return stamps;
}

Status ClusterFile::Read() {
  std::vector<SourceText> texts;
  for (const std::string& path : paths_) {
    auto text = ReadFile(path);
    if (!text.ok()) return text.error();
    if (text.value().has_value()) texts.push_back(*std::move(text).value());
  }
  auto view = ReadKubeconfig(texts);
  if (!view.ok()) return view.error();
  view_ = std::move(view).value();
  return Done{};
}

}  // namespace gatehouse::cli
