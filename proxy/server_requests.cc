// SPDX-License-Identifier: Apache-2.0
#include "proxy/server_requests.h"

#include <array>

namespace gatehouse {
namespace {

constexpr std::string_view kElicitation = "elicitation/create";
constexpr std::size_t kMaxLinkBytes = 512;

struct AskRow {
  std::string_view method;
  std::optional<ClientFeature> feature;  // none: always
};
constexpr std::array<AskRow, 4> kAsks = {{
    {"ping", std::nullopt},
    {"sampling/createMessage", ClientFeature::kSampling},
    {kElicitation, ClientFeature::kElicitation},
    {"roots/list", ClientFeature::kRoots},
}};

std::string_view Text(const ClientAsk& ask, std::string_view key) {
  if (ask.params == nullptr) return {};
  return StringMember(*ask.params, key).value_or("");
}

bool AsksForLink(const ClientAsk& ask) {
  return ask.method == kElicitation && Text(ask, "mode") == "url";
}

}  // namespace

std::optional<AskFault> FaultOf(const ClientAsk& ask, ClientFeatures declared) {
  for (const AskRow& row : kAsks) {
    if (row.method != ask.method) continue;
    if (!row.feature) return std::nullopt;
    const ClientFeature feature =
        AsksForLink(ask) ? ClientFeature::kElicitationUrl : *row.feature;
    if (!declared.Has(feature)) return kUndeclared;
    return std::nullopt;
  }
  return kUndeclared;
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
