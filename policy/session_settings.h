// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a policy says of a whole session and not of single requests: what a
// server may ask of the client, what is masked beyond the shipped rules, what
// becomes of control characters in texts. Read from the document's fields
// (session_fields.cc), put together by rule_compiler over all files and both
// layers, given out by Engine::settings(). Enforced by proxy/ and audit/.

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

// Of two, the smaller is the stricter.
enum class FeatureUse : std::uint8_t { kDeny = 0, kAsDeclared };
enum class TextControls : std::uint8_t { kStrip = 0, kKeep };

// What a server may ask of the client, where the client declared it.
struct FeatureSettings {
  FeatureUse sampling = FeatureUse::kAsDeclared;
  FeatureUse elicitation = FeatureUse::kAsDeclared;
  FeatureUse roots = FeatureUse::kAsDeclared;

  FeatureSettings StricterOf(const FeatureSettings& other) const {
    return {std::min(sampling, other.sampling),
            std::min(elicitation, other.elicitation),
            std::min(roots, other.roots)};
  }
};

struct SessionSettings {
  FeatureSettings client_features;
  TextControls controls = TextControls::kStrip;
  // Beyond the shipped ones: names of keys whose values are secret, as they
  // were written, and names among OptionalFormats().
  std::vector<std::string> secret_keys;
  std::vector<std::string> formats;
};

// Formats of rules/redaction.yaml that are masked only where a policy says so.
std::span<const std::string_view> OptionalFormats();

}  // namespace gatehouse
