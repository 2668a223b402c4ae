// SPDX-License-Identifier: Apache-2.0
#include "cli/os_user.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <optional>

namespace gatehouse::cli {
namespace {

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, FileCloser>;

// A group is one line, with all its members. A longer one has no name here.
constexpr std::size_t kMaxLineBytes = 1 << 20;
// What is tried first in a file, where a line can be read again; an answer of
// getent cannot.
constexpr std::size_t kLineBytes = 1 << 10;

// Of an entry, what it is looked up by and what is wanted of it.
struct Passwd {
  using Entry = passwd;
  static constexpr auto kNext = fgetpwent_r;
  static std::uint32_t Id(const Entry& entry) { return entry.pw_uid; }
  static const char* Name(const Entry& entry) { return entry.pw_name; }
};

struct Group {
  using Entry = group;
  static constexpr auto kNext = fgetgrent_r;
  static std::uint32_t Id(const Entry& entry) { return entry.gr_gid; }
  static const char* Name(const Entry& entry) { return entry.gr_name; }
};

template <typename Kind>
std::optional<std::string> Find(std::FILE* file, std::uint32_t id,
                                std::size_t first_bytes) {
  std::string line(first_bytes, '\0');
  typename Kind::Entry entry{};
  typename Kind::Entry* found = nullptr;
  while (true) {
    const int error =
        Kind::kNext(file, &entry, line.data(), line.size(), &found);
    if (error == ERANGE && line.size() < kMaxLineBytes) {
      line.resize(line.size() * 4);  // the same entry again
    } else if (error != 0) {
      return std::nullopt;
    } else if (Kind::Id(entry) == id) {
      return Kind::Name(entry);
    }
  }
}

// Its exit code says no more than its output does: nothing, where there is no
// such entry.
template <typename Kind>
std::optional<std::string> Ask(const std::string& getent, const char* database,
                               std::uint32_t id) {
  std::array<int, 2> ends = {-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  std::string program = getent;
  std::string what = database;
  std::string which = std::to_string(id);
  const std::array<char*, 4> argv = {program.data(), what.data(), which.data(),
                                     nullptr};
  const std::array<char*, 1> environment = {nullptr};  // nobody's but ours
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null",
                                   O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null",
                                   O_WRONLY, 0);
  pid_t child = -1;
  const int failed = posix_spawn(&child, program.c_str(), &actions, nullptr,
                                 argv.data(), environment.data());
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  const File answer(fdopen(ends[0], "r"));
  if (answer == nullptr) close(ends[0]);
  std::optional<std::string> name;
  if (failed == 0 && answer != nullptr)
    name = Find<Kind>(answer.get(), id, kMaxLineBytes);
  int status = 0;
  while (failed == 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return name;
}

template <typename Kind>
std::optional<std::string> Name(std::uint32_t id, const std::string& path,
                                const char* database,
                                const std::string& getent) {
  std::optional<std::string> name;
  const File file(std::fopen(path.c_str(), "re"));
  if (file != nullptr) name = Find<Kind>(file.get(), id, kLineBytes);
  return name ? name : Ask<Kind>(getent, database, id);
}

}  // namespace

std::string UserName(std::uint32_t uid, const UserDatabase& database) {
  const auto name =
      Name<Passwd>(uid, database.passwd, "passwd", database.getent);
  return name ? *name : "uid-" + std::to_string(uid);
}

std::string GroupName(std::uint32_t gid, const UserDatabase& database) {
  const auto name = Name<Group>(gid, database.group, "group", database.getent);
  return name ? *name : "gid-" + std::to_string(gid);
}

OsUser CurrentUser() {
  const UserDatabase database;
  OsUser user;
  user.uid = getuid();
  user.name = UserName(user.uid, database);
  const int count = getgroups(0, nullptr);
  std::vector<gid_t> groups(count > 0 ? static_cast<std::size_t>(count) : 0);
  const int filled = getgroups(count > 0 ? count : 0, groups.data());
  groups.resize(filled > 0 ? static_cast<std::size_t>(filled) : 0);
  if (groups.empty()) groups.push_back(getgid());
  for (const gid_t gid : groups) {
    user.groups.push_back(GroupName(gid, database));
  }
  return user;
}

}  // namespace gatehouse::cli
