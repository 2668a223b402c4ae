// SPDX-License-Identifier: Apache-2.0
#include "cli/cluster_file.h"

#include <utility>

namespace gatehouse::cli {

ClusterFile::ClusterFile(KubeconfigFiles files) : files_(std::move(files)) {}

Result<std::unique_ptr<ClusterFile>> ClusterFile::Open(KubeconfigFiles files) {
  std::unique_ptr<ClusterFile> file(new ClusterFile(std::move(files)));
  const Status read = file->Read();
  if (!read.ok()) return read.error();
  file->first_current_ = file->view_.current;
  file->start_context_ = file->view_.current;
  return file;
}

Result<std::unique_ptr<ClusterFile>> ClusterFile::Open(
    const std::string& path, const std::string& context) {
  KubeconfigOrigin origin = DefaultKubeconfig();
  if (!path.empty()) {
    origin.paths = {path};
    origin.named = true;
  }
  auto file = Open(KubeconfigFiles(std::move(origin)));
  if (!file.ok() || context.empty()) return file;
  if (file.value()->view_.Find(context) == nullptr) {
    const bool none = file.value()->view_.contexts.empty();
    return Error{ErrorCode::kNotFound,
                 none ? "there is no kubeconfig here that could have the "
                        "context \"" +
                            context + "\"; name one with --kubeconfig"
                      : "the kubeconfig has no context \"" + context + "\""};
  }
  file.value()->start_context_ = context;
  return file;
}

const ClusterView& ClusterFile::View() {
  if (files_.Changed() && !Read().ok()) view_ = ClusterView{};
  switched_ =
      switched_ || (!view_.current.empty() && view_.current != first_current_);
  view_.switched = switched_;
  return view_;
}

Status ClusterFile::Read() {
  auto whole = files_.Read();
  if (!whole.ok()) return whole.error();
  view_ = ViewOf(whole.value());
  return Done{};
}

}  // namespace gatehouse::cli
