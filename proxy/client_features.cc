// SPDX-License-Identifier: Apache-2.0
#include "proxy/client_features.h"

#include <string_view>

#include "policy/json_value.h"

namespace gatehouse {
namespace {

const JsonValue* Declared(const JsonValue& capabilities,
                          std::string_view name) {
  const JsonValue* value = Member(capabilities, name);
  const bool object = value != nullptr && KindOf(*value) == JsonKind::kObject;
  return object ? value : nullptr;
}

}  // namespace

ClientFeatures ReadClientFeatures(const JsonValue& capabilities) {
  ClientFeatures features;
  if (KindOf(capabilities) != JsonKind::kObject) return features;
  if (Declared(capabilities, "sampling") != nullptr) {
    features.Add(ClientFeature::kSampling);
  }
  if (Declared(capabilities, "roots") != nullptr) {
    features.Add(ClientFeature::kRoots);
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
