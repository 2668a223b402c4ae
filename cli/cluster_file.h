// SPDX-License-Identifier: Apache-2.0
#pragma once
// The kubeconfig on disk as the judge sees it where the server is not confined
// to a copy: read at start, and again when one of its files has changed, since
// a server's own tool may switch the context under a later call. Keeps no
// credentials.

#include <memory>
#include <string>

#include "cli/kubeconfig_files.h"
#include "policy/result.h"
#include "proxy/judge.h"

namespace gatehouse::cli {

// One owner, one thread.
class ClusterFile final : public ClusterSource {
 public:
  // `path`: the file of --kubeconfig; "" for DefaultKubeconfig, and no file at
  // all is no error. `context`: the one of --context, which must be there; ""
  // for the current one. kNotFound, kPermission, kInvalid where a named file
  // cannot be used.
  static Result<std::unique_ptr<ClusterFile>> Open(const std::string& path,
                                                   const std::string& context);
  static Result<std::unique_ptr<ClusterFile>> Open(KubeconfigFiles files);

  // After a change that cannot be read the view is empty: no context is known
  // and calls fall outside every scope, until the file can be read again.
  const ClusterView& View() override;

  // The context that a policy without scope.contexts is bound to.
  const std::string& start_context() const { return start_context_; }

 private:
  explicit ClusterFile(KubeconfigFiles files);
  Status Read();

  KubeconfigFiles files_;
  ClusterView view_;
  std::string first_current_;  // what was current at the start
  bool switched_ = false;      // another has been current since
  std::string start_context_;
};

}  // namespace gatehouse::cli
