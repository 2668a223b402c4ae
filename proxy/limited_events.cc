// SPDX-License-Identifier: Apache-2.0
#include "proxy/limited_events.h"

#include <cstdint>
#include <utility>

namespace gatehouse {
namespace {

constexpr std::int64_t kBurst = 100;

std::string More(std::uint64_t count) {
  return std::to_string(count) + " more were not recorded";
}

}  // namespace

LimitedEvents::LimitedEvents(const GateContext& context, std::string_view event)
    : context_(context),
      make_(context.trail, context.session, context.redactor),
      event_(event),
      limit_(kBurst) {}

bool LimitedEvents::Allow() {
  return limit_.Allow(context_.clock.MonotonicNow());
}

audit::Record LimitedEvents::Make(std::string_view detail) const {
  return make_.OfEvent(event_, detail);
}

void LimitedEvents::Queue(audit::Record&& record) {
  if (const std::uint64_t more = limit_.TakeSuppressed(); more > 0) {
    record.detail += "; " + More(more);
  }
  context_.trail.Queue(std::move(record));
}

void LimitedEvents::TellRest() {
  const std::uint64_t more = limit_.TakeSuppressed();
  if (more > 0) context_.trail.Queue(Make(More(more)));
}

}  // namespace gatehouse
