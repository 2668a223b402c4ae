// SPDX-License-Identifier: Apache-2.0
// What the documents of two policies say of a whole session, one row a field.
#include <algorithm>

#include "policy/policy_diff.h"

namespace gatehouse {
namespace {

class Changes {
 public:
  // `strict`: what the field says, for people, on its strict side.
  void Add(bool was_strict, bool now_strict, const std::string& strict,
           const std::string& loose) {
    if (was_strict == now_strict) return;
    list_.push_back(now_strict ? SettingChange{Direction::kNarrower, strict}
                               : SettingChange{Direction::kWider, loose});
  }

  // What one list has and the other lacks; `more`: what having it means.
  void AddList(const std::vector<std::string>& was,
               const std::vector<std::string>& now, const std::string& field,
               Direction more) {
    const auto lacks = [](const auto& list, const std::string& name) {
      return std::ranges::find(list, name) == list.end();
    };
    const Direction less =
        more == Direction::kWider ? Direction::kNarrower : Direction::kWider;
    for (const std::string& name : now) {
      if (lacks(was, name)) Add(more, field, ": with ", name);
    }
    for (const std::string& name : was) {
      if (lacks(now, name)) Add(less, field, ": without ", name);
    }
  }

  std::vector<SettingChange> Take() { return std::move(list_); }

 private:
  void Add(Direction direction, const std::string& field, const char* how,
           const std::string& name) {
    std::string sentence = field;
    sentence.append(how).append(name);
    list_.push_back({direction, std::move(sentence)});
  }

  std::vector<SettingChange> list_;
};

}  // namespace

std::vector<SettingChange> CompareSettings(const CompiledPolicy& was,
                                           const CompiledPolicy& now) {
  Changes changes;
  changes.Add(was.mode == Mode::kEnforce, now.mode == Mode::kEnforce,
              "mode: enforce; what is refused was let through before",
              "mode: observe; what is refused is let through all the same");
  changes.Add(was.pin_strict, now.pin_strict, "pin: strict",
              "pin is no longer strict");
  const SessionSettings& a = was.settings;
  const SessionSettings& b = now.settings;
  changes.Add(a.controls == TextControls::kStrip,
              b.controls == TextControls::kStrip, "text: controls are stripped",
              "text: controls are kept");
  const auto feature = [&](const std::string& name,
                           FeatureUse FeatureSettings::*use) {
    changes.Add(a.client_features.*use == FeatureUse::kDeny,
                b.client_features.*use == FeatureUse::kDeny,
                "clientFeatures: " + name + " is denied",
                "clientFeatures: " + name + " is no longer denied");
  };
  feature("sampling", &FeatureSettings::sampling);
  feature("elicitation", &FeatureSettings::elicitation);
  feature("roots", &FeatureSettings::roots);
  changes.AddList(was.server_settings, now.server_settings, "serverSettings",
                  Direction::kWider);
  changes.AddList(a.secret_keys, b.secret_keys, "redaction keys",
                  Direction::kNarrower);
  changes.AddList(a.formats, b.formats, "redaction formats",
                  Direction::kNarrower);
  return changes.Take();
}

}  // namespace gatehouse
