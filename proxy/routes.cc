// SPDX-License-Identifier: Apache-2.0
#include "proxy/routes.h"

#include <array>

namespace gatehouse {
namespace {

constexpr MessageKind kAsked = MessageKind::kRequest;
constexpr MessageKind kTold = MessageKind::kNotification;

constexpr auto kRoutes = std::to_array<RouteRow>({
    {"tools/call", kAsked, Route::kJudge},
    {"ping", kAsked, Route::kPass},
    {"initialize", kAsked, Route::kInitialize},
    // The probe for the era: any answer of ours would decide it wrongly.
    {"server/discover", kAsked, Route::kPass},
    {"logging/setLevel", kAsked, Route::kPass},
    {"notifications/initialized", kTold, Route::kPass},
    {"notifications/cancelled", kTold, Route::kCancel},
    {"notifications/progress", kTold, Route::kProgress},
    {"notifications/roots/list_changed", kTold, Route::kPass},
    {"tools/list", kAsked, Route::kList},
    {"prompts/list", kAsked, Route::kList},
    {"resources/list", kAsked, Route::kList},
    {"resources/templates/list", kAsked, Route::kList},
    {"tasks/list", kAsked, Route::kList, Eras::kLegacy},
    // A server may read the cluster to answer any of these.
    {"resources/read", kAsked, Route::kMethod},
    {"resources/subscribe", kAsked, Route::kMethod, Eras::kLegacy},
    {"resources/unsubscribe", kAsked, Route::kMethod, Eras::kLegacy},
    {"subscriptions/listen", kAsked, Route::kMethod},
    {"prompts/get", kAsked, Route::kMethod},
    {"completion/complete", kAsked, Route::kMethod},
    {"tasks/get", kAsked, Route::kTask},
    {"tasks/result", kAsked, Route::kTask, Eras::kLegacy},
    {"tasks/update", kAsked, Route::kTask},
    {"tasks/cancel", kAsked, Route::kTask},
});
constexpr RouteRow kNowhere;

}  // namespace

const RouteRow& FindRoute(std::string_view method, MessageKind kind) {
  for (const RouteRow& row : kRoutes) {
    if (row.kind == kind && row.method == method) return row;
  }
  return kNowhere;
}

std::span<const RouteRow> AllRoutes() { return kRoutes; }

}  // namespace gatehouse
