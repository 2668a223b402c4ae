// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where a session's kubeconfig comes from, and reading it: the files that were
// named, else those of KUBECONFIG, else ~/.kube/config, as client-go does; or a
// text that a server was given in a variable; and, in a pod, the service
// account's files behind them. Knows when one of the files has changed.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/file_stamp.h"
#include "policy/kubernetes/kubeconfig.h"
#include "policy/result.h"

namespace gatehouse::cli {

// What a pod's kubeconfig context is called.
inline constexpr std::string_view kInClusterContext = "in-cluster";
inline constexpr std::string_view kServiceAccountFolder =
    "/var/run/secrets/kubernetes.io/serviceaccount";

// A pod's own way to its cluster.
struct ServiceAccount {
  std::string folder{kServiceAccountFolder};
  std::string host;  // KUBERNETES_SERVICE_HOST; "": this is no pod
  std::string port;
};

struct KubeconfigOrigin {
  std::vector<std::string> paths;  // in order; one that is missing is skipped,
  bool named = false;              // unless it was named
  std::optional<SourceText> text;  // in place of files
  ServiceAccount service_account;
};

// What KUBECONFIG names, else ~/.kube/config; and this pod's service account.
KubeconfigOrigin DefaultKubeconfig();
// The paths of a list as KUBECONFIG holds it: no empty ones, each once.
std::vector<std::string> SplitPaths(const std::string& list);

// One owner, one thread.
class KubeconfigFiles {
 public:
  explicit KubeconfigFiles(KubeconfigOrigin origin);

  // No file at all is an empty kubeconfig. kNotFound for a named file that is
  // not there, kPermission, kInvalid.
  Result<Kubeconfig> Read();
  // Whether any file has changed since the last Read.
  bool Changed() const;
  const std::vector<std::string>& paths() const { return origin_.paths; }

 private:
  KubeconfigOrigin origin_;
  std::vector<FileStamp> stamps_;
};

}  // namespace gatehouse::cli
