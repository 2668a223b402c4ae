// SPDX-License-Identifier: Apache-2.0
#pragma once
// The policy of the machine's owner, which a user's own can only narrow. It
// counts only where nobody else can have written it: it and its folder belong
// to root and are writable by nobody else. One that is there and may not be
// believed, or cannot be read, is an error: the guard does not run without it.

#include <sys/types.h>

#include <optional>
#include <string>

#include "policy/issue.h"
#include "policy/result.h"

namespace gatehouse::cli {

struct SystemPolicyPlace {
  std::string path = "/etc/gatehouse/policy.yaml";
  uid_t owner = 0;  // a test's own
};

// nullopt where there is no such file. kPermission, kIo.
Result<std::optional<SourceText>> ReadSystemPolicy(
    const SystemPolicyPlace& place);

// A file that the system policy extends: it must be there, and to be believed.
Result<SourceText> ReadSystemFile(const std::string& path, uid_t owner);

}  // namespace gatehouse::cli
