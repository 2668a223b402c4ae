// SPDX-License-Identifier: Apache-2.0
// A walker finds the fields of pod_controls.h, whatever the workload. The few
// controls that look at more than one field stand beside it.
#include "policy/kubernetes/pod_template.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "policy/kubernetes/fields.h"
#include "policy/kubernetes/pod_controls.h"

namespace gatehouse {
namespace {

constexpr std::string_view kContainerLists[] = {"containers", "initContainers",
                                                "ephemeralContainers"};
// The kinds of volumes that "restricted" accepts.
constexpr std::string_view kPlainVolumes =
    "configMap csi downwardAPI emptyDir ephemeral persistentVolumeClaim "
    "projected secret";

// Gathers what one template asks for.
class PodTemplateReader {
 public:
  PodTemplateReader() { facts_.security = PodSecurity::kNone; }

  PodFacts Take() { return std::move(facts_); }

  // One field further on the way to the template; nullptr where it ends.
  const YamlNode* Step(const YamlNode& map, const std::string& field) {
    const YamlNode* next = Map(map, field, path_);
    path_ = Joined(path_, field);
    return next;
  }

  void Read(const YamlNode& pod) {
    const YamlNode* spec = Map(pod, "spec", path_);
    if (spec == nullptr || !CheckKeys(pod, path_)) return;
    Ask(PodSecurity::kRestricted, "");
    ReadAnnotations(pod, path_);
    const std::string at = Joined(path_, "spec");
    for (const Control& control : PodControls()) Check(*spec, control, at);
    for (const Control& control : SharedControls()) Check(*spec, control, at);
    ReadVolumes(*spec, at);
    ReadContainers(*spec, at);
    ReadServiceAccount(*spec, at);
  }

 private:
  void Ask(PodSecurity security, const std::string& because) {
    if (security <= facts_.security) return;
    facts_.security = security;
    facts_.because = because;
  }

  static std::string Joined(const std::string& path, std::string_view field) {
    return path.empty() ? std::string(field) : path + "." + std::string(field);
  }

  // Patch directives ("$patch") say more than the controls look at.
  bool CheckKeys(const YamlNode& node, const std::string& path) {
    for (const YamlNode& item : node.items) {
      if (!CheckKeys(item, path)) return false;
    }
    for (const YamlMember& member : node.members) {
      const std::string at = Joined(path, member.key);
      if (member.key.starts_with('$')) {
        Ask(PodSecurity::kPrivileged, at + " is a patch directive");
        return false;
      }
      if (!CheckKeys(member.value, at)) return false;
    }
    return true;
  }

  // nullptr where it is absent or null. A field that a careless reader would
  // take for this one ("hostpid") is as bad as one that cannot be read.
  const YamlNode* Field(const YamlNode& map, std::string_view key,
                        const std::string& path) {
    const YamlNode* found = nullptr;
    for (const YamlMember& member : map.members) {
      if (member.key == key) {
        found = &member.value;
      } else if (member.key.size() == key.size() &&
                 LowerCase(member.key) == LowerCase(key)) {
        Ask(PodSecurity::kPrivileged,
            Joined(path, member.key) + " is misspelt");
      }
    }
    return found == nullptr || IsNull(*found) ? nullptr : found;
  }

  const YamlNode* Typed(const YamlNode& map, std::string_view key,
                        const std::string& path, NodeKind kind) {
    const YamlNode* found = Field(map, key, path);
    if (found == nullptr || found->kind == kind) return found;
    Ask(PodSecurity::kPrivileged, Joined(path, key) + " cannot be read");
    return nullptr;
  }
  const YamlNode* Map(const YamlNode& map, std::string_view key,
                      const std::string& path) {
    return Typed(map, key, path, NodeKind::kMap);
  }

  // The items of a list that are maps.
  std::vector<const YamlNode*> Items(const YamlNode& map, std::string_view key,
                                     const std::string& path) {
    std::vector<const YamlNode*> items;
    const YamlNode* list = Typed(map, key, path, NodeKind::kList);
    if (list == nullptr) return items;
    for (const YamlNode& item : list->items) items.push_back(&item);
    return items;
  }

  void CheckValue(const YamlNode& value, const Control& control,
                  const std::string& path) {
    if (IsNull(value) || IsAccepted(value, control)) return;
    // A value of another type is worse than the control's own answer.
    const bool odd = control.accepts == Accepts::kNotZero && !IsInteger(value);
    Ask(odd ? PodSecurity::kPrivileged : control.otherwise, path);
  }

  // Walks "a.b[].c" down from `map`.
  void Walk(const YamlNode& map, const Control& control, std::string_view field,
            const std::string& path) {
    if (map.kind != NodeKind::kMap) {
      if (!IsNull(map)) Ask(PodSecurity::kPrivileged, path + " cannot be read");
      return;
    }
    const std::size_t dot = field.find('.');
    std::string_view key = field.substr(0, dot);
    const std::string_view rest =
        dot == std::string_view::npos ? "" : field.substr(dot + 1);
    const bool list = key.ends_with("[]");
    if (list) key.remove_suffix(2);
    const std::string at = Joined(path, key);
    const auto step = [&](const YamlNode& node, const std::string& here) {
      if (rest.empty()) return CheckValue(node, control, here);
      Walk(node, control, rest, here);
    };
    if (!list) {
      const YamlNode* value = Field(map, key, path);
      if (value != nullptr) step(*value, at);
      return;
    }
    const std::vector<const YamlNode*> items = Items(map, key, path);
    for (std::size_t i = 0; i < items.size(); ++i) {
      step(*items[i], at + "[" + std::to_string(i) + "]");
    }
  }
  void Check(const YamlNode& map, const Control& control,
             const std::string& path) {
    Walk(map, control, control.field, path);
  }

  // AppArmor profiles stood here before they had a field.
  void ReadAnnotations(const YamlNode& pod, const std::string& path) {
    const YamlNode* metadata = Map(pod, "metadata", path);
    if (metadata == nullptr) return;
    const std::string at = Joined(path, "metadata.annotations");
    const YamlNode* annotations =
        Map(*metadata, "annotations", Joined(path, "metadata"));
    if (annotations == nullptr) return;
    for (const YamlMember& member : annotations->members) {
      if (!member.key.starts_with(
              "container.apparmor.security.beta.kubernetes.io/")) {
        continue;
      }
      const std::string& value = member.value.scalar;
      if (!value.empty() && value != "runtime/default" &&
          !value.starts_with("localhost/")) {
        Ask(PodSecurity::kPrivileged, at + "[" + member.key + "]");
      }
    }
  }

  void ReadVolumes(const YamlNode& spec, const std::string& path) {
    const auto volumes = Items(spec, "volumes", path);
    for (std::size_t i = 0; i < volumes.size(); ++i) {
      const std::string at = Joined(path, "volumes[" + std::to_string(i) + "]");
      const YamlNode& volume = *volumes[i];
      if (Field(volume, "hostPath", at) != nullptr) facts_.host_paths = true;
      const bool plain = std::any_of(
          volume.members.begin(), volume.members.end(),
          [](const YamlMember& member) {
            return IsWordOf(member.key, kPlainVolumes) && !IsNull(member.value);
          });
      if (!plain) Ask(PodSecurity::kBaseline, at);
    }
  }

  void ReadContainers(const YamlNode& spec, const std::string& path) {
    for (const std::string_view list : kContainerLists) {
      const auto containers = Items(spec, list, path);
      for (std::size_t i = 0; i < containers.size(); ++i) {
        ReadContainer(
            *containers[i], spec,
            Joined(path, std::string(list) + "[" + std::to_string(i) + "]"));
      }
    }
  }

  void ReadContainer(const YamlNode& container, const YamlNode& spec,
                     const std::string& path) {
    if (container.kind != NodeKind::kMap) {
      return Ask(PodSecurity::kPrivileged, path + " cannot be read");
    }
    for (const Control& control : SharedControls()) {
      Check(container, control, path);
    }
    for (const Control& control : ContainerControls()) {
      Check(container, control, path);
    }
    RequireRestrictions(container, spec, path);
  }

  // "restricted" wants these said: nobody but root by default, no profile, and
  // all capabilities are what is not said.
  void RequireRestrictions(const YamlNode& container, const YamlNode& spec,
                           const std::string& path) {
    const YamlNode* own = container.Find("securityContext");
    const YamlNode* pods = spec.Find("securityContext");
    const std::string at = Joined(path, "securityContext");
    if (BoolAt(own, "allowPrivilegeEscalation") != false) {
      Ask(PodSecurity::kBaseline,
          at + ".allowPrivilegeEscalation is not false");
    }
    if (BoolAt(own, "runAsNonRoot")
                .value_or(BoolAt(pods, "runAsNonRoot").value_or(false)) ==
            false ||
        BoolAt(pods, "runAsNonRoot") == false) {
      Ask(PodSecurity::kBaseline, at + ".runAsNonRoot is not true");
    }
    if (!HasProfile(own) && !HasProfile(pods)) {
      Ask(PodSecurity::kBaseline, at + ".seccompProfile is not set");
    }
    if (!DropsAll(own)) {
      Ask(PodSecurity::kBaseline, at + ".capabilities.drop lacks ALL");
    }
  }

  static const YamlNode* At(const YamlNode* map, std::string_view key) {
    return map == nullptr ? nullptr : map->Find(key);
  }
  static std::optional<bool> BoolAt(const YamlNode* map, std::string_view key) {
    const YamlNode* value = At(map, key);
    return value == nullptr ? std::nullopt : BoolOf(*value);
  }
  static bool HasProfile(const YamlNode* context) {
    const YamlNode* type = At(At(context, "seccompProfile"), "type");
    return type != nullptr && IsWordOf(type->scalar, kSafeProfiles);
  }
  static bool DropsAll(const YamlNode* context) {
    const YamlNode* drop = At(At(context, "capabilities"), "drop");
    return drop != nullptr &&
           std::any_of(drop->items.begin(), drop->items.end(),
                       [](const YamlNode& item) {
                         return item.kind == NodeKind::kScalar &&
                                item.scalar == "ALL";
                       });
  }

  // `serviceAccount` is the older name of the same field.
  void ReadServiceAccount(const YamlNode& spec, const std::string& path) {
    facts_.service_account = "";
    for (const std::string_view key :
         {"serviceAccount", "serviceAccountName"}) {
      const YamlNode* value = Field(spec, key, path);
      if (value == nullptr || value->scalar == "default") continue;
      const bool plain = value->kind == NodeKind::kScalar && value->IsString();
      facts_.service_account =
          plain ? std::optional<std::string>(value->scalar) : std::nullopt;
      if (!plain) return;
    }
  }

  PodFacts facts_;
  std::string path_;  // of the template
};

}  // namespace

PodFacts ReadPodTemplate(const YamlNode& object, std::string_view pods_at) {
  PodTemplateReader reader;
  if (pods_at.empty()) return reader.Take();
  const YamlNode* pod = &object;
  if (pods_at != ".") {
    for (const std::string& field : SplitAt(pods_at, '.')) {
      if (pod != nullptr) pod = reader.Step(*pod, field);
    }
  }
  if (pod != nullptr) reader.Read(*pod);
  return reader.Take();
}

}  // namespace gatehouse
