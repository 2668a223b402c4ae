// SPDX-License-Identifier: Apache-2.0
#pragma once
// The private copy of the kubeconfig that a confined server gets, on disk
// (0600 in the session's own folder), and what the judge sees of it. It follows
// its sources: when one changes, it is written anew, atomically.
//
// A server may edit its copy (`kubectl config use-context`). Of what it writes,
// two things stand: which context is current, if that is in scope, and a
// context's namespace. Everything else is written over, so that no edit opens
// a way to another cluster or identity. The sources never change.

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/kubeconfig_files.h"
#include "cli/private_folder.h"
#include "policy/kubernetes/confined_kubeconfig.h"
#include "proxy/judge.h"

namespace gatehouse::cli {

struct CopySpec {
  KubeconfigFiles files;
  Kubeconfig whole;  // what they hold now
  std::function<bool(std::string_view context)> in_scope;
  std::string context;  // the one to start in; "" for the sources' own
  // Told, in one sentence, what went wrong later. May be empty.
  std::function<void(std::string_view)> warn;
};

// One owner, one thread. Removes the copy when it goes.
class ConfinedCopy final : public ClusterSource {
 public:
  // kNotFound where no context is in scope, or none of several is current: a
  // copy without one would send clients elsewhere. kInvalid as Confine.
  static Result<std::unique_ptr<ConfinedCopy>> Make(CopySpec spec,
                                                    PrivateFolder folder);

  // The copy, written anew first if a source or the server changed something.
  // Where that could not be written nothing is in it but why; then it is tried
  // again, every 100 ms at most.
  const ClusterView& View() override;
  void Forget() override { stamp_ = {}; }

  const std::string& path() const { return path_; }
  // The files it is made from.
  const std::vector<std::string>& sources() const {
    return spec_.files.paths();
  }

 private:
  ConfinedCopy(CopySpec spec, PrivateFolder folder);
  Status Start();
  std::vector<std::string> InScope() const;
  void Refresh();
  bool ReadSources();
  void ReadServersEdits();
  std::string CurrentContext() const;
  Result<ConfinedKubeconfig> MakeCopy();
  Status Write(const std::string& text);
  Status Replace(const std::string& next, const std::string& text);
  void Warn(const std::string& sentence);

  CopySpec spec_;  // `whole`: what the sources said when last read
  PrivateFolder folder_;
  std::string path_;
  std::string current_;    // the session's own current context
  std::string started_;    // the one that the server was started with
  bool switched_ = false;  // another has been current since
  std::map<std::string, std::string, std::less<>> namespaces_;  // the server's
  ConfinedKubeconfig copy_;
  FileStamp stamp_;      // of the file when it was written
  bool written_ = true;  // false: what the server has now is not known
  std::chrono::steady_clock::time_point tried_;  // to write it
  ClusterView nothing_;                          // but why it is not known
  std::string last_warning_;
};

}  // namespace gatehouse::cli
