// SPDX-License-Identifier: Apache-2.0
#pragma once
// A call's arguments under the types that its profile declares: the one place
// that looks at their JSON. What the profile does not know, or what has another
// type than declared, is said at construction; after that every getter is
// certain.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/json_value_fwd.h"
#include "policy/kubernetes/command_line.h"
#include "policy/kubernetes/tool_profile.h"
#include "policy/request.h"

namespace gatehouse {

// Borrows both for its lifetime. `arguments` may be null (none given).
class ArgumentValues {
 public:
  ArgumentValues(const ToolSpec& tool, const JsonValue* arguments);

  // The first fault: an unknown argument, a wrong type, a missing one, a value
  // of which it is not known whether the server compares it as we do.
  const std::optional<Unclear>& fault() const { return fault_; }

  // Given, and neither null, empty text, an empty list, nor (truthy, boolean)
  // off.
  bool IsSet(std::string_view name) const;
  // The text, or a number or boolean as JavaScript prints it; nullopt where it
  // is not given.
  std::optional<std::string> Text(std::string_view name) const;
  std::vector<std::string> Texts(std::string_view name) const;
  // A command line's words under its declared dialect; none where the argument
  // is not given.
  CommandLine Words(std::string_view name) const;
  // Flag names and values; nullopt for a switch that is on. Those that are
  // false or null are left out, as the servers do.
  std::vector<std::pair<std::string, std::optional<std::string>>> Flags(
      std::string_view name) const;
  bool Holds(const Condition& condition) const;

 private:
  const JsonValue* Find(std::string_view name) const;
  void Check(std::string_view name, const JsonValue& value);
  void CheckLetterCase(const Condition& condition);
  void Refuse(std::string reason, std::string_view argument);

  const ToolSpec& tool_;
  const JsonValue* arguments_;
  std::optional<Unclear> fault_;
};

}  // namespace gatehouse
