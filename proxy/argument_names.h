// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which argument names each tool declares, learned from the server's own
// tools/list answers: Go servers decode arguments without regard to case, so a
// name that only resembles a declared one must not pass (protocol.md 2.1, 7).
// Believed for refusing only, never for allowing. Bounded.

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "policy/json_value.h"

namespace gatehouse {

// A value; one thread.
class ArgumentNames {
 public:
  // Adds each tool of a tools/list result; what is not of that shape is
  // skipped. Beyond the caps nothing more is learned.
  void Learn(const JsonValue& result);
  // nullptr where the tool was not seen.
  const std::vector<std::string>* Find(std::string_view tool) const;

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> tools_;
};

// The arguments whose names resemble, without being identical, a declared name
// of the tool or a name that policy depends on. `declared` (may be nullptr) is
// what Find gave; an argument that is itself declared there is not suspicious.
// The views borrow from `arguments`.
std::vector<std::string_view> FindLookalikes(
    const JsonValue& arguments, const std::vector<std::string>* declared);

}  // namespace gatehouse
