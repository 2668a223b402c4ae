// SPDX-License-Identifier: Apache-2.0
#include "cli/paced_cluster.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace gatehouse::cli {
namespace {

struct Counted final : ClusterSource {
  explicit Counted(int& count) : looks(count) {}
  const ClusterView& View() override {
    ++looks;
    return view;
  }
  int& looks;
  ClusterView view;
};

TEST(PacedCluster, LooksOnceUntilItIsDueOrForgotten) {
  int looks = 0;
  FileWatch watch({});
  const FakeClock clock;
  PacedCluster cluster(std::make_unique<Counted>(looks), &watch, clock);
  const ClusterView* view = &cluster.View();
  EXPECT_EQ(&cluster.View(), view);
  EXPECT_EQ(looks, 1);
  watch.Rearm();
  (void)cluster.View();
  EXPECT_EQ(looks, 2) << "the watch told of a change";
  cluster.Forget();
  (void)cluster.View();
  EXPECT_EQ(looks, 3) << "a call changed it";
}

}  // namespace
}  // namespace gatehouse::cli
