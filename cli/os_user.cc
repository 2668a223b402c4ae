// SPDX-License-Identifier: Apache-2.0
#include "cli/os_user.h"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <array>

namespace gatehouse::cli {
namespace {

std::string UserName(uid_t uid) {
  std::array<char, 4096> buffer;
  passwd entry{};
  passwd* found = nullptr;
  getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found);
  return found == nullptr ? "uid-" + std::to_string(uid) : found->pw_name;
}

std::string GroupName(gid_t gid) {
  std::array<char, 16384> buffer;
  group entry{};
  group* found = nullptr;
  getgrgid_r(gid, &entry, buffer.data(), buffer.size(), &found);
  return found == nullptr ? "gid-" + std::to_string(gid) : found->gr_name;
}

}  // namespace

OsUser CurrentUser() {
  OsUser user;
  // The real user: a set-uid wrapper must not change who asked.
  user.uid = getuid();
  user.name = UserName(user.uid);
  const int count = getgroups(0, nullptr);
  std::vector<gid_t> groups(count > 0 ? static_cast<std::size_t>(count) : 0);
  const int filled = getgroups(count > 0 ? count : 0, groups.data());
  groups.resize(filled > 0 ? static_cast<std::size_t>(filled) : 0);
  if (groups.empty()) groups.push_back(getgid());
  for (const gid_t gid : groups) user.groups.push_back(GroupName(gid));
  return user;
}

}  // namespace gatehouse::cli
