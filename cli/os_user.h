// SPDX-License-Identifier: Apache-2.0
#pragma once
// Who runs the guard, as the operating system says: the user and groups that
// `who:` in a rule and every record name.
//
// The system's files are read first, as nearly every nsswitch.conf has it; who
// is not in them (LDAP, SSSD, systemd) is asked of `getent`, so that no module
// of the name service is ever loaded into the guard: a release is one static
// program, for which that would not be safe.

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

namespace gatehouse::cli {

struct OsUser {
  std::uint32_t uid = 0;
  std::string name;  // "uid-1000" where nothing has a name
  std::vector<std::string> groups;
  // False where getent gave no answer: then some of these may have a name that
  // is not here, and a rule for that name would not be seen to concern us.
  bool complete = true;
};

// Where names are looked for; others than these only in tests.
struct UserDatabase {
  std::string passwd = "/etc/passwd";
  std::string group = "/etc/group";
  std::string getent = "/usr/bin/getent";
  std::chrono::milliseconds patience{5000};  // with all that it is asked
  std::stop_token stop = {};                 // requested: it is over at once
};

// The real user: a set-uid wrapper must not change who asked. Waits for getent
// where it must: a name service whose server is gone may never answer.
OsUser CurrentUser(const UserDatabase& database = {});

// "uid-7" and "gid-7" where there is no name.
std::string UserName(std::uint32_t uid, const UserDatabase& database);
std::string GroupName(std::uint32_t gid, const UserDatabase& database);

}  // namespace gatehouse::cli
