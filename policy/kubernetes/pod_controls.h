// SPDX-License-Identifier: Apache-2.0
#pragma once
// The controls of the Pod Security Standards that look at one field, as a
// table: https://kubernetes.io/docs/concepts/security/pod-security-standards/,
// checked against kubernetes/pod-security-admission (1.34). pod_template.h
// walks a template by it.
//
// To follow a change of the standards, touch the table here and
// tests/policy/kubernetes/pod_template_test.cc.

#include <optional>
#include <span>
#include <string_view>

#include "policy/document.h"
#include "policy/pod_security.h"

namespace gatehouse {

// What a control asks of a field. A field that is absent or null is accepted.
enum class Accepts {
  kFalse,    // false
  kBool,     // true or false: which of them is asked for elsewhere
  kZero,     // the number 0
  kNotZero,  // any other number
  kWords,    // one of `words`, or ""
  kNothing,  // it must not be there
};

struct Control {
  std::string_view field;  // "[]" steps into each item of a list
  Accepts accepts;
  PodSecurity otherwise;     // what the pods ask for where it is not accepted
  std::string_view words{};  // between blanks
};

// The profiles of seccomp and AppArmor that every standard accepts.
inline constexpr std::string_view kSafeProfiles = "RuntimeDefault Localhost";

// Of a pod's spec; of the spec and of each container; of each container.
std::span<const Control> PodControls();
std::span<const Control> SharedControls();
std::span<const Control> ContainerControls();

// Whether a control accepts a value that is there and not null.
bool IsAccepted(const YamlNode& value, const Control& control);

bool IsNull(const YamlNode& node);
// A boolean that every reader takes for one; `yes` is none.
std::optional<bool> BoolOf(const YamlNode& node);
bool IsInteger(const YamlNode& node);
// Whether `words`, between blanks, has this word.
bool IsWordOf(std::string_view word, std::string_view words);

}  // namespace gatehouse
