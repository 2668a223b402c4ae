// SPDX-License-Identifier: Apache-2.0
#include "proxy/leading_id.h"

#include <cstddef>

namespace gatehouse {
namespace {

// The end of the string that starts at `at`; npos where it is cut off.
std::size_t StringEnd(std::string_view text, std::size_t at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      return at + 1;
    }
  }
  return std::string_view::npos;
}

std::size_t ScalarEnd(std::string_view text, std::size_t at) {
  if (at < text.size() && text[at] == '"') return StringEnd(text, at);
  return text.find_first_of(",}] \t", at);
}

}  // namespace

std::optional<RpcId> LeadingId(std::string_view prefix) {
  constexpr std::string_view kBlank = " \t";
  std::size_t at = prefix.find_first_not_of(kBlank);
  if (at >= prefix.size() || prefix[at] != '{') return std::nullopt;
  while (at < prefix.size()) {
    const std::size_t key = prefix.find_first_not_of(kBlank, at + 1);
    if (key >= prefix.size() || prefix[key] != '"') return std::nullopt;
    const std::size_t key_end = StringEnd(prefix, key);
    const std::size_t colon = prefix.find_first_not_of(kBlank, key_end);
    if (colon >= prefix.size() || prefix[colon] != ':') return std::nullopt;
    const std::size_t value = prefix.find_first_not_of(kBlank, colon + 1);
    const std::size_t value_end = ScalarEnd(prefix, value);
    if (value_end >= prefix.size()) return std::nullopt;
    if (prefix.substr(key, key_end - key) == "\"id\"") {
      const auto id = ParseJson(prefix.substr(value, value_end - value));
      return id.ok() ? ReadRpcId(id.value()) : std::nullopt;
    }
    if (prefix[value] == '{' || prefix[value] == '[') return std::nullopt;
    at = prefix.find_first_not_of(kBlank, value_end);
    if (at >= prefix.size() || prefix[at] != ',') return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace gatehouse
