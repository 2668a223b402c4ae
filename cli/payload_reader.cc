// SPDX-License-Identifier: Apache-2.0
#include "cli/payload_reader.h"

#include <algorithm>
#include <array>

#include "simdjson.h"

namespace gatehouse::cli {
namespace {

namespace ondemand = simdjson::ondemand;

// What no two calls share. A name that is missing here costs time only: then
// fewer calls are alike.
constexpr auto kOwn = std::to_array<std::string_view>(
    {"time", "session", "call", "rpc_id", "arguments", "arguments_digest",
     "traceparent", "sentence", "detail", "pid"});

bool IsOwn(ondemand::raw_json_string key) {
  return std::ranges::any_of(
      kOwn, [key](std::string_view name) { return key.unsafe_is_equal(name); });
}

}  // namespace

struct PayloadReader::Buffers {
  bool Open(const std::string& payload, ondemand::object& object);

  ondemand::parser parser;
  ondemand::document document;
  std::string padded;
  std::string common;
};

bool PayloadReader::Buffers::Open(const std::string& payload,
                                  ondemand::object& object) {
  padded.reserve(payload.size() + simdjson::SIMDJSON_PADDING);
  padded = payload;
  const simdjson::padded_string_view view(padded.data(), padded.size(),
                                          padded.capacity());
  return parser.iterate(view).get(document) == simdjson::SUCCESS &&
         document.get_object().get(object) == simdjson::SUCCESS;
}

PayloadReader::PayloadReader() : buffers_(std::make_unique<Buffers>()) {}
PayloadReader::~PayloadReader() = default;

// A member reaches up to the next one's key, with its comma.
std::string_view PayloadReader::Common(const std::string& payload) {
  std::string& common = buffers_->common;
  ondemand::object object;
  if (!buffers_->Open(payload, object)) return {};
  common = "{";
  const char* begin = nullptr;  // of the member before, where it is wanted
  for (auto member : object) {
    ondemand::field field;
    if (std::move(member).get(field) != simdjson::SUCCESS) return {};
    const char* const key = field.key().raw() - 1;
    if (begin != nullptr) common.append(begin, key);
    begin = IsOwn(field.key()) ? nullptr : key;
  }
  if (begin != nullptr) {
    const std::string& all = buffers_->padded;
    common.append(begin, all.data() + all.rfind('}'));
  } else if (common.back() == ',') {
    common.pop_back();
  }
  common += '}';
  return common;
}

PayloadReader::End PayloadReader::ReadEnd(const std::string& payload) {
  End end;
  ondemand::object object;
  if (!buffers_->Open(payload, object)) return end;
  std::string_view outcome;
  if (object["outcome"].get(outcome) == simdjson::SUCCESS) {
    end.outcome = outcome;
  }
  std::int64_t took = 0;
  if (object["duration_us"].get(took) == simdjson::SUCCESS) {
    end.duration_us = took;
  }
  return end;
}

}  // namespace gatehouse::cli
