// SPDX-License-Identifier: Apache-2.0
#include "proxy/client_features.h"

#include <array>
#include <string_view>

#include "policy/json_value.h"

namespace gatehouse {
namespace {

// What is declared by an object at that place; what is none declares nothing.
struct FeatureRow {
  std::array<std::string_view, 4> path;
  ClientFeature feature;
};
constexpr auto kFeatures = std::to_array<FeatureRow>({
    {{"sampling"}, ClientFeature::kSampling},
    {{"sampling", "tools"}, ClientFeature::kSamplingTools},
    {{"sampling", "context"}, ClientFeature::kSamplingContext},
    {{"roots"}, ClientFeature::kRoots},
    {{"tasks", "requests", "sampling", "createMessage"},
     ClientFeature::kSamplingTask},
    {{"tasks", "requests", "elicitation", "create"},
     ClientFeature::kElicitationTask},
});

const JsonValue* Declared(const JsonValue& capabilities,
                          std::string_view name) {
  const JsonValue* value = Member(capabilities, name);
  const bool object = value != nullptr && KindOf(*value) == JsonKind::kObject;
  return object ? value : nullptr;
}

bool Declares(const JsonValue& capabilities, const FeatureRow& row) {
  const JsonValue* at = &capabilities;
  for (const std::string_view name : row.path) {
    if (name.empty()) break;
    at = Declared(*at, name);
    if (at == nullptr) return false;
  }
  return true;
}

}  // namespace

ClientFeatures ReadClientFeatures(const JsonValue& capabilities) {
  ClientFeatures features;
  if (KindOf(capabilities) != JsonKind::kObject) return features;
  for (const FeatureRow& row : kFeatures) {
    if (Declares(capabilities, row)) features.Add(row.feature);
  }
  const JsonValue* elicitation = Declared(capabilities, "elicitation");
  if (elicitation == nullptr) return features;
  const bool url = Member(*elicitation, "url") != nullptr;
  // An empty object means forms, as before links could be asked for.
  if (!url || Member(*elicitation, "form") != nullptr) {
    features.Add(ClientFeature::kElicitation);
  }
  if (url) features.Add(ClientFeature::kElicitationUrl);
  return features;
}

}  // namespace gatehouse
