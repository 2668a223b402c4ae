// SPDX-License-Identifier: Apache-2.0
#include "cli/server_session.h"

#include <gtest/gtest.h>

#include "policy/json_value.h"

namespace gatehouse::cli {
namespace {

TEST(ServerSession, DoesNotWaitForEverForAServerThatSaysNothing) {
  const auto listing =
      ListServerTools({"sleep", "100"}, std::chrono::seconds(1));
  ASSERT_FALSE(listing.ok());
  EXPECT_EQ(listing.error().sentence,
            "the server did not answer initialize within 1 seconds");
}

}  // namespace
}  // namespace gatehouse::cli
