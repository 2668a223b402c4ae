// SPDX-License-Identifier: Apache-2.0
#include "proxy/declared_features.h"

#include <array>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "proxy/message_edit.h"

namespace gatehouse {
namespace {

struct DeclaredRow {
  std::string_view name;  // among the capabilities
  FeatureUse FeatureSettings::*use;
};
constexpr std::array<DeclaredRow, 3> kDeclared = {{
    {"sampling", &FeatureSettings::sampling},
    {"elicitation", &FeatureSettings::elicitation},
    {"roots", &FeatureSettings::roots},
}};

bool DeniesAny(const FeatureSettings& policy) {
  for (const DeclaredRow& row : kDeclared) {
    if (policy.*row.use == FeatureUse::kDeny) return true;
  }
  return false;
}

// The member of a member of the message.
std::optional<std::size_t> Find(std::string_view text,
                                std::initializer_list<std::string_view> path) {
  std::size_t at = 0;
  for (const std::string_view name : path) {
    const auto found = FindMember(text, at, name);
    if (!found) return std::nullopt;
    at = found->begin;
  }
  return at;
}

}  // namespace

std::optional<Message> WithoutExtension(const Message& request,
                                        std::string_view name) {
  std::string text = request.canonical;
  const auto object =
      Find(text, {"params", "_meta",
                  "io.modelcontextprotocol/clientCapabilities", "extensions"});
  if (!object) return std::nullopt;
  text = WithoutMember(std::move(text), *object, name);
  if (text == request.canonical) return std::nullopt;
  return ReadEdited(text);
}

std::optional<Message> WithoutDenied(const Message& request,
                                     const FeatureSettings& policy) {
  if (!DeniesAny(policy)) return std::nullopt;
  std::string text = request.canonical;
  const auto object =
      request.method == "initialize"
          ? Find(text, {"params", "capabilities"})
          : Find(text, {"params", "_meta",
                        "io.modelcontextprotocol/clientCapabilities"});
  if (!object) return std::nullopt;
  for (const DeclaredRow& row : kDeclared) {
    if (policy.*row.use != FeatureUse::kDeny) continue;
    text = WithoutMember(std::move(text), *object, row.name);
  }
  if (text == request.canonical) return std::nullopt;
  return ReadEdited(text);
}

}  // namespace gatehouse
