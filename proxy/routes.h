// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which way each client method goes: one table, and default deny. Read by the
// gate after the envelope is known to be sound. To let a method through, give
// it a row in routes.cc, a case in tests/proxy/routes_test.cc, and, if it can
// reach the cluster, a judge.

#include <cstdint>
#include <span>
#include <string_view>

#include "proxy/message.h"

namespace gatehouse {

enum class Route : std::uint8_t {
  kUnknown = 0,  // refused or dropped: not a method we know
  kPass,         // reaches nothing: forwarded without a record
  kInitialize,   // passes, and is remembered
  kList,         // passes; its answer is filtered (server_lists.h)
  kJudge,        // tools/call
  kMethod,       // judged by what it names (method_reader.h)
  kTask,         // passes for a task that a call of this session became
  kCancel,       // passes if it names a request in flight
  kProgress,     // passes while the server waits for an answer of the client
};

// Requests of which revisions have the method at all.
enum class Eras : std::uint8_t {
  kBoth = 0,  // or the server's to say: it reaches nothing
  kLegacy,    // removed in 2026-07-28
};

struct RouteRow {
  std::string_view method;
  MessageKind kind = MessageKind::kRequest;
  Route route = Route::kUnknown;
  Eras eras = Eras::kBoth;
};

// The row of this method as a request or as a notification; a row with
// kUnknown where there is none.
const RouteRow& FindRoute(std::string_view method, MessageKind kind);
std::span<const RouteRow> AllRoutes();

}  // namespace gatehouse
