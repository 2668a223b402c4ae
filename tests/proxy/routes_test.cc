// SPDX-License-Identifier: Apache-2.0
#include "proxy/routes.h"

#include <gtest/gtest.h>

#include <set>

#include "proxy/server_lists.h"

namespace gatehouse {
namespace {

TEST(Routes, OnlyWhatIsNamedPasses) {
  // Everything that is forwarded unjudged: a new row must be added here too.
  const std::set<std::string_view> passing = {
      "ping",
      "initialize",
      "server/discover",
      "logging/setLevel",
      "notifications/initialized",
      "notifications/roots/list_changed"};
  std::set<std::string_view> found;
  for (const RouteRow& row : AllRoutes()) {
    if (row.route == Route::kPass || row.route == Route::kInitialize) {
      found.insert(row.method);
    }
  }
  EXPECT_EQ(found, passing);
}

TEST(Routes, AMethodIsFoundAsItsOwnKindOnly) {
  EXPECT_EQ(FindRoute("tools/call", MessageKind::kRequest).route,
            Route::kJudge);
  EXPECT_EQ(FindRoute("tools/call", MessageKind::kNotification).route,
            Route::kUnknown);
  EXPECT_EQ(FindRoute("notifications/cancelled", MessageKind::kRequest).route,
            Route::kUnknown);
  EXPECT_EQ(
      FindRoute("notifications/cancelled", MessageKind::kNotification).route,
      Route::kCancel);
}

TEST(Routes, ComparesMethodsByteForByte) {
  for (const char* method :
       {"", "Tools/call", "tools/call ", "tools/calls", "tools",
        "tools\xE2\x81\x84"
        "call"}) {
    EXPECT_EQ(FindRoute(method, MessageKind::kRequest).route, Route::kUnknown)
        << method;
  }
}

TEST(Routes, EveryListIsFilteredOnItsWayBack) {
  for (const RouteRow& row : AllRoutes()) {
    EXPECT_EQ(row.route == Route::kList, ServerLists::IsList(row.method))
        << row.method;
  }
}

}  // namespace
}  // namespace gatehouse
