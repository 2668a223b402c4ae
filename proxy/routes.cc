// SPDX-License-Identifier: Apache-2.0
#include "proxy/routes.h"

#include <array>

namespace gatehouse {
namespace {

constexpr MessageKind kAsked = MessageKind::kRequest;
constexpr MessageKind kTold = MessageKind::kNotification;

constexpr auto kRoutes = std::to_array<RouteRow>({
    {"tools/call", kAsked, Route::kJudge, ""},
    {"tools/list", kAsked, Route::kPass, ""},
    {"ping", kAsked, Route::kPass, ""},
    {"initialize", kAsked, Route::kInitialize, ""},
    // The probe for the era: any answer of ours would decide it wrongly.
    {"server/discover", kAsked, Route::kPass, ""},
    {"logging/setLevel", kAsked, Route::kPass, ""},
    {"notifications/initialized", kTold, Route::kPass, ""},
    {"notifications/cancelled", kTold, Route::kCancel, ""},
    {"notifications/progress", kTold, Route::kProgress, ""},
    {"notifications/roots/list_changed", kTold, Route::kPass, ""},
    // A server may read the cluster to answer any of these.
    {"resources/list", kAsked, Route::kUnsupported, "resources"},
    {"resources/templates/list", kAsked, Route::kUnsupported, "resources"},
    {"resources/read", kAsked, Route::kUnsupported, "resources"},
    {"resources/subscribe", kAsked, Route::kUnsupported, "resources"},
    {"resources/unsubscribe", kAsked, Route::kUnsupported, "resources"},
    {"resources/directory/read", kAsked, Route::kUnsupported, "resources"},
    {"prompts/list", kAsked, Route::kUnsupported, "prompts"},
    {"prompts/get", kAsked, Route::kUnsupported, "prompts"},
    {"completion/complete", kAsked, Route::kUnsupported, "completions"},
    {"tasks/get", kAsked, Route::kUnsupported, "tasks"},
    {"tasks/result", kAsked, Route::kUnsupported, "tasks"},
    {"tasks/list", kAsked, Route::kUnsupported, "tasks"},
    {"tasks/cancel", kAsked, Route::kUnsupported, "tasks"},
    {"tasks/update", kAsked, Route::kUnsupported, "tasks"},
    {"subscriptions/listen", kAsked, Route::kUnsupported, "subscriptions"},
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
