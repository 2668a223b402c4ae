// SPDX-License-Identifier: Apache-2.0
#include "cli/audit_call.h"

#include <gtest/gtest.h>

#include "tests/policy/policy_fixture.h"

namespace gatehouse::cli {
namespace {

// A table of eighty columns shows the first request only.
TEST(AuditCall, SaysFirstWhatMayChangeSomething) {
  AuditCall call;
  for (const char* request :
       {"get pods dev/web", "list pods dev", "delete pods dev/web", "raw  -"}) {
    call.requests.push_back(testing::Asked(request));
  }
  EXPECT_EQ(call.RequestsInShort(),
            "delete pods dev/web @dev; raw @dev; get pods dev/web @dev; "
            "list pods dev @dev");
}

}  // namespace
}  // namespace gatehouse::cli
