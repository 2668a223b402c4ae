// SPDX-License-Identifier: Apache-2.0
#include "cli/server_session.h"

#include <gtest/gtest.h>

#include "policy/json_value.h"

namespace gatehouse::cli {
namespace {

TEST(ServerSession, DoesNotWaitForEverForAServerThatSaysNothing) {
  StartChoice choice;
  choice.no_confine = true;  // there may be no kubeconfig here
  choice.policy.policy = "read-only";
  choice.server = {"sleep", "100"};
  const auto listing =
      ListServerTools(choice, nullptr, std::chrono::seconds(1));
  ASSERT_FALSE(listing.ok());
  EXPECT_EQ(listing.error().sentence,
            "the server did not answer initialize within 1 seconds");
}

}  // namespace
}  // namespace gatehouse::cli
