// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a ":" or a "=" in raw bytes tells of a secret, by the name before it and
// the value behind it, however much is quoted or escaped around them: a part of
// secret_gate's look at a line. Pure; borrows the rules. Errs towards yes.

#include <cstddef>
#include <string_view>

#include "audit/redact_rules.h"

namespace gatehouse::audit {

// One byte, in a register: as three, put together in memory to be returned,
// it took half of the time of all marks.
struct MarkMeaning {
  bool name : 1 = false;     // "password": …, or {name: DB_PASSWORD, …}
  bool secret : 1 = false;   // kind: Secret
  bool encoded : 1 = false;  // "blob": bytes in base64
};

// The mark is at `mark`.
MarkMeaning ReadMark(std::string_view bytes, std::size_t mark,
                     const RedactionRules& rules);

// --token: the dashes are at `dashes`.
bool IsSecretFlagAt(std::string_view bytes, std::size_t dashes,
                    const RedactionRules& rules);

}  // namespace gatehouse::audit
