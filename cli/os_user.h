// SPDX-License-Identifier: Apache-2.0
#pragma once
// Who runs the guard, as the operating system says: the user and groups that
// `who:` in a rule and every record name. No network look-ups beyond what the
// system's own user database does.

#include <cstdint>
#include <string>
#include <vector>

namespace gatehouse::cli {

struct OsUser {
  std::uint32_t uid = 0;
  std::string name;  // "uid-1000" where the database has no name
  std::vector<std::string> groups;
};

OsUser CurrentUser();

}  // namespace gatehouse::cli
