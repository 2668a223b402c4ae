// SPDX-License-Identifier: Apache-2.0
#include "proxy/server_requests.h"

#include <algorithm>
#include <array>

#include "policy/json_value.h"
#include "proxy/key_fold.h"

namespace gatehouse {
namespace {

constexpr std::string_view kElicitation = "elicitation/create";
constexpr std::size_t kMaxLinkBytes = 512;

constexpr std::size_t kMaxAsks = 64;
constexpr std::int64_t kLinkRequired = -32042;

// The keys by which an ask is told. Go's reader takes one that only resembles
// another for that.
constexpr auto kAskResultKeys =
    std::to_array<std::string_view>({"inputRequests", "resultType"});
constexpr auto kAskErrorKeys =
    std::to_array<std::string_view>({"code", "message", "data"});
constexpr auto kLinkKeys = std::to_array<std::string_view>({"elicitations"});
constexpr auto kAskKeys = std::to_array<std::string_view>({"method", "params"});
constexpr auto kParamKeys = std::to_array<std::string_view>(
    {"mode", "url", "elicitationId", "message", "requestedSchema", "task",
     "messages", "systemPrompt", "includeContext", "tools", "toolChoice",
     "maxTokens", "_meta"});

struct AskRow {
  std::string_view method;
  ClientFeature feature;
  FeatureUse FeatureSettings::*policy;
};
constexpr std::array<AskRow, 3> kAskRows = {{
    {"sampling/createMessage", ClientFeature::kSampling,
     &FeatureSettings::sampling},
    {kElicitation, ClientFeature::kElicitation, &FeatureSettings::elicitation},
    {"roots/list", ClientFeature::kRoots, &FeatureSettings::roots},
}};

// What an ask may hold only where the client declared that, too: MCP forbids it
// to servers, and a client that does not know it may take it all the same.
struct PartRow {
  std::string_view method;
  std::string_view key;
  ClientFeature feature;
  std::string_view plain;  // a value that says no more than none
  AskFault fault;
};
constexpr auto kParts = std::to_array<PartRow>({
    {"sampling/createMessage",
     "tools",
     ClientFeature::kSamplingTools,
     "",
     {Code::kMalformed, "the client did not declare sampling.tools"}},
    {"sampling/createMessage",
     "toolChoice",
     ClientFeature::kSamplingTools,
     "",
     {Code::kMalformed, "the client did not declare sampling.tools"}},
    {"sampling/createMessage",
     "includeContext",
     ClientFeature::kSamplingContext,
     "none",
     {Code::kMalformed, "the client did not declare sampling.context"}},
    {"sampling/createMessage",
     "task",
     ClientFeature::kSamplingTask,
     "",
     {Code::kMalformed, "the client did not declare tasks for sampling"}},
    {kElicitation,
     "task",
     ClientFeature::kElicitationTask,
     "",
     {Code::kMalformed, "the client did not declare tasks for elicitation"}},
    {"roots/list",
     "task",
     ClientFeature::kNone,
     "",
     {Code::kMalformed, "no client answers this by a task"}},
});

std::optional<AskFault> PartFault(const ClientAsk& ask,
                                  const ClientFeatures& declared) {
  if (ask.params == nullptr) return std::nullopt;
  for (const PartRow& row : kParts) {
    if (row.method != ask.method || declared.Has(row.feature)) continue;
    const JsonValue* part = Member(*ask.params, row.key);
    if (part == nullptr || KindOf(*part) == JsonKind::kNull) continue;
    if (!row.plain.empty() && AsString(*part) == row.plain) continue;
    return row.fault;
  }
  return std::nullopt;
}

std::string_view Text(const ClientAsk& ask, std::string_view key) {
  if (ask.params == nullptr) return {};
  return StringMember(*ask.params, key).value_or("");
}

// A link stands there whatever the mode is called.
bool AsksForLink(const ClientAsk& ask) {
  return ask.method == kElicitation &&
         (Text(ask, "mode") == "url" ||
          (ask.params != nullptr && Member(*ask.params, "url") != nullptr));
}

// A person decides by how it looks: what a terminal acts on, what turns the
// text round, and the backslash that browsers take for a slash are in no link.
bool IsLinkText(std::string_view url) {
  return std::ranges::all_of(
      url, [](char c) { return c > 0x20 && c < 0x7F && c != '\\'; });
}

std::optional<AskFault> LinkFault(const ClientAsk& ask) {
  const JsonValue* url =
      ask.params == nullptr ? nullptr : Member(*ask.params, "url");
  if (url == nullptr) return std::nullopt;
  const auto text = AsString(*url);
  if (text && IsLinkText(*text)) return std::nullopt;
  return AskFault{Code::kMalformed,
                  "its link holds characters that no link has"};
}

}  // namespace

std::optional<AskFault> FaultOf(const ClientAsk& ask, const AskLimits& limits) {
  if (ask.method == "ping") return std::nullopt;
  for (const AskRow& row : kAskRows) {
    if (row.method != ask.method) continue;
    const ClientFeature feature =
        AsksForLink(ask) ? ClientFeature::kElicitationUrl : row.feature;
    if (!limits.declared.Has(feature)) return kUndeclared;
    if (limits.policy.*row.policy != FeatureUse::kAsDeclared) {
      return AskFault{Code::kDeniedByRule,
                      "the policy lets no server ask this (clientFeatures)"};
    }
    if (ask.params != nullptr &&
        !FindFoldedMember(*ask.params, kParamKeys).empty()) {
      return AskFault{Code::kMalformed,
                      "a key of it only resembles one that MCP has"};
    }
    if (const auto fault = PartFault(ask, limits.declared)) return fault;
    return AsksForLink(ask) ? LinkFault(ask) : std::nullopt;
  }
  return kUndeclared;
}

std::optional<AskFault> FaultOf(const std::vector<ClientAsk>& asks,
                                const AskLimits& limits) {
  for (const ClientAsk& ask : asks) {
    if (auto fault = FaultOf(ask, limits)) return fault;
  }
  return std::nullopt;
}

std::optional<std::vector<ClientAsk>> AsksIn(const JsonValue& result) {
  std::vector<ClientAsk> asks;
  if (!FindFoldedMember(result, kAskResultKeys).empty()) return std::nullopt;
  const JsonValue* all = Member(result, "inputRequests");
  if (all == nullptr) return asks;
  const auto members = Members(*all);
  if (KindOf(*all) != JsonKind::kObject || members.size() > kMaxAsks) {
    return std::nullopt;
  }
  for (const auto& [key, ask] : members) {
    const auto method = StringMember(*ask, "method");
    if (!method || !FindFoldedMember(*ask, kAskKeys).empty()) {
      return std::nullopt;
    }
    asks.push_back({*method, Member(*ask, "params"), key});
  }
  return asks;
}

std::optional<std::vector<ClientAsk>> LinksOf(const JsonValue& error) {
  std::vector<ClientAsk> asks;
  if (!FindFoldedMember(error, kAskErrorKeys).empty()) return std::nullopt;
  // A code that is no plain integer may be rounded to this one, or read from a
  // string.
  const JsonValue* code = Member(error, "code");
  const auto plain = code == nullptr ? std::nullopt : AsInteger(*code);
  if (plain && *plain != kLinkRequired) return asks;
  const JsonValue* data = Member(error, "data");
  if (data != nullptr && !FindFoldedMember(*data, kLinkKeys).empty()) {
    return std::nullopt;
  }
  const JsonValue* links =
      data == nullptr ? nullptr : Member(*data, "elicitations");
  if (links == nullptr) return asks;
  for (const JsonValue* link : Elements(*links)) {
    asks.push_back({kElicitation, link});
  }
  return asks;
}

std::string DetailOf(const ClientAsk& ask) {
  if (ask.method != kElicitation) return "";
  if (!AsksForLink(ask)) return "a form";
  return "a link: " + PublicPartOf(Text(ask, "url"));
}

std::string PublicPartOf(std::string_view url) {
  const std::size_t secret = url.find_first_of("?#");
  std::string shown(url.substr(0, secret));
  const std::size_t host = shown.find("//");
  if (host != std::string::npos) {
    const std::size_t path = shown.find('/', host + 2);
    const std::size_t user = shown.rfind('@', path);
    if (user != std::string::npos && user > host) {
      shown.erase(host + 2, user - host - 1);
    }
  }
  if (shown.size() > kMaxLinkBytes) shown.resize(kMaxLinkBytes);
  if (secret != std::string_view::npos) shown += "?…";
  return shown;
}

}  // namespace gatehouse
