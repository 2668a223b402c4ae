// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/meaning.h"

#include <gtest/gtest.h>

namespace gatehouse {
namespace {

TEST(Meaning, HoldsEachRequestOnceAndTheFirstReason) {
  Meaning meaning;
  Request request;
  request.verb = Verb::kGet;
  meaning.Add(request);
  meaning.Add(request);
  request.dry_run = true;
  meaning.Add(request);
  EXPECT_EQ(meaning.requests.size(), 2u);
  EXPECT_FALSE(meaning.unclear);
  meaning.Refuse("first");
  meaning.Refuse("second");
  EXPECT_EQ(meaning.unclear->reason, "first");
}

}  // namespace
}  // namespace gatehouse
