// SPDX-License-Identifier: Apache-2.0
#pragma once
// The kubeconfig on disk, as the judge sees it: read at start, and again when
// one of its files has changed, since a server's own tool may switch the
// context under a later call. Keeps no credentials.

#include <memory>
#include <string>
#include <vector>

#include "policy/result.h"
#include "proxy/judge.h"

namespace gatehouse::cli {

// One owner, one thread.
class ClusterFile final : public ClusterSource {
 public:
  // `path`: the file of --kubeconfig; "" for what KUBECONFIG names, else
  // ~/.kube/config, and no file at all is no error. `context`: the one of
  // --context, which must be there; "" for the current one. kNotFound,
  // kPermission, kInvalid where a named file cannot be used.
  static Result<std::unique_ptr<ClusterFile>> Open(const std::string& path,
                                                   const std::string& context);

  // After a change that cannot be read the view is empty: no context is known
  // and calls fall outside every scope, until the file can be read again.
  const ClusterView& View() override;

  // The context that a policy without scope.contexts is bound to.
  const std::string& start_context() const { return start_context_; }

 private:
  // What tells one state of a file from another.
  struct Stamp {
    std::int64_t changed_ns = 0;
    std::uint64_t inode = 0;
    std::int64_t size = -1;  // -1: no file
    friend bool operator==(const Stamp&, const Stamp&) = default;
  };

  explicit ClusterFile(std::vector<std::string> paths);
  std::vector<Stamp> Stamps() const;
  Status Read();

  std::vector<std::string> paths_;
  std::vector<Stamp> stamps_;
  ClusterView view_;
  std::string start_context_;
};

}  // namespace gatehouse::cli
