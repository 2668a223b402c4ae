// SPDX-License-Identifier: Apache-2.0
#include "cli/payload_reader.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "audit/json_string.h"
#include "proxy/json_slices.h"

namespace gatehouse::cli {
namespace {

// What no two calls share. A name that is missing here costs time only: then
// fewer calls are alike.
constexpr auto kOwn = std::to_array<std::string_view>(
    {"time", "session", "call", "rpc_id", "arguments", "arguments_digest",
     "traceparent", "sentence", "detail", "pid"});

}  // namespace

std::string_view PayloadReader::Common(std::string_view payload) {
  common_.clear();
  if (!payload.starts_with('{') || !payload.ends_with('}')) return common_;
  common_ += '{';
  for (const JsonSlice& member : ObjectSlices(payload)) {
    if (std::ranges::count(kOwn, member.key) != 0) continue;
    if (common_.size() > 1) common_ += ',';
    common_ += '"';
    common_ += member.key;
    common_ += "\":";
    common_ += member.value;
  }
  common_ += '}';
  return common_;
}

PayloadReader::End PayloadReader::ReadEnd(std::string_view payload) {
  End end;
  for (const auto& [key, value] : ObjectSlices(payload)) {
    if (key == "outcome" && value.size() >= 2 && value.front() == '"') {
      end.outcome = audit::UnescapeJson(value.substr(1, value.size() - 2));
    } else if (key == "duration_us") {
      std::int64_t took = 0;
      const char* const last = value.data() + value.size();
      const auto [stop, fault] = std::from_chars(value.data(), last, took);
      if (fault == std::errc() && stop == last) end.duration_us = took;
    }
  }
  return end;
}

}  // namespace gatehouse::cli
