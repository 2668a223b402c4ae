// SPDX-License-Identifier: Apache-2.0
#pragma once
// The secret key of a database's digests and mask tags: 32 random bytes in
// `audit.key` beside the database, mode 0600, made at first use. Without it a
// digest in the trail tells nothing; it proves nothing about the chain, which
// is not keyed.

#include <string>

#include "policy/result.h"

namespace gatehouse::audit {

// The key of the database at `database`, made (with its folder) where there is
// none. Two processes that make it at once get the same one.
Result<std::string> OpenKeyFile(const std::string& database);

// The same, but kNotFound where there is none: to make one is to wait for the
// disk.
Result<std::string> ReadKeyFile(const std::string& database);

}  // namespace gatehouse::audit
