// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the pods that a request would make ask for, in the words of the Pod
// Security Standards. Part of a request: the classifier fills it in
// (policy/kubernetes/pod_template.h reads it out of manifests), rules match it
// by `podSecurity`, the record keeps it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse {

// The least strict standard that lets the pods in: kPrivileged is what
// violates "baseline", kBaseline what violates "restricted" only.
enum class PodSecurity : std::uint8_t {
  kUnknown = 0,  // it may make or change pods, and how is not known
  kNone,         // it neither makes pods nor changes what they ask for
  kRestricted,
  kBaseline,
  kPrivileged,
};

// "unknown", "none", "restricted", "baseline", "privileged".
std::string_view PodSecurityName(PodSecurity security);
// One of the three standards; nullopt for any other word.
std::optional<PodSecurity> PodStandardFromName(std::string_view name);
// The names of the standards, the strictest first.
inline constexpr std::string_view kPodStandards[] = {"restricted", "baseline",
                                                     "privileged"};

// `because`, `host_paths` and `service_account` are told of a template that was
// read, and empty otherwise.
struct PodFacts {
  PodSecurity security = PodSecurity::kUnknown;
  // The first field that makes it more than restricted: "spec.hostNetwork".
  std::string because;
  bool host_paths = false;  // mounts folders of the node
  // The account that the pods run as; "" the default one; nullopt not known.
  std::optional<std::string> service_account;

  friend bool operator==(const PodFacts&, const PodFacts&) = default;
};

// Whether a standard is named: the facts tell of a template.
bool IsPodStandard(PodSecurity security) noexcept;

// What a command or tool is known to do about the pods that it makes or
// changes, as `pods:` says in kubectl.yaml and in profiles.
enum class PodsFrom : std::uint8_t {
  kUnknown = 0,
  kManifest,  // they are those of the manifest
  kImage,     // made from an image, with nothing asked for
  kNowhere,   // what pods ask for stays as it is
};

// "manifest", "image", "none"; nullopt for any other word.
std::optional<PodsFrom> PodsFromName(std::string_view name);

}  // namespace gatehouse
