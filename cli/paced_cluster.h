// SPDX-License-Identifier: Apache-2.0
#pragma once
// The kubeconfig as the judge sees it, looked at on disk when that is due
// (file_watch.h) and not at each call.

#include <memory>
#include <utility>

#include "cli/file_watch.h"
#include "proxy/clock.h"
#include "proxy/judge.h"

namespace gatehouse::cli {

// Owns the source, borrows watch and clock. One thread.
class PacedCluster final : public ClusterSource {
 public:
  PacedCluster(std::unique_ptr<ClusterSource> source, const FileWatch* watch,
               const Clock& clock)
      : source_(std::move(source)), pace_(watch), clock_(clock) {}

  const ClusterView& View() override {
    const bool due = pace_.IsDue(clock_.MonotonicNow());
    if (due || view_ == nullptr) view_ = &source_->View();
    return *view_;
  }
  // A call has changed it: what is on disk is read at the next View.
  void Forget() override {
    source_->Forget();
    view_ = nullptr;
  }

 private:
  std::unique_ptr<ClusterSource> source_;
  FilePace pace_;
  const Clock& clock_;
  const ClusterView* view_ = nullptr;  // the source's
};

}  // namespace gatehouse::cli
