// SPDX-License-Identifier: Apache-2.0
#include "cli/os_user.h"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <optional>
#include <thread>

namespace gatehouse::cli {
namespace {

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, FileCloser>;

// A group is one line, with all its members. A longer one has no name here.
constexpr std::size_t kMaxLineBytes = 1 << 20;
// What is tried first.
constexpr std::size_t kLineBytes = 1 << 10;

// The exit code of getent, of glibc and of musl.
constexpr int kNoSuchEntry = 2;
// Between two looks at whether getent, which has closed its output, is gone.
constexpr std::chrono::milliseconds kEndPause{1};
// Between two looks at whether the answer is still wanted.
constexpr std::chrono::milliseconds kLook{20};

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

using Clock = std::chrono::steady_clock;

// Until when an answer is waited for.
struct Patience {
  Clock::time_point until;
  std::stop_token stop;
  bool over() const { return Clock::now() >= until || stop.stop_requested(); }
};

// A process of getent's, ended with it.
class Getent {
 public:
  // Nothing but these words reaches it, of our environment and signals too.
  Getent(std::string program, std::string what, std::string which);
  Getent(const Getent&) = delete;
  Getent& operator=(const Getent&) = delete;
  ~Getent();

  // All that it says, and nothing where the system has no getent. nullopt where
  // it could not be started, has not ended in time or not as getent does, or
  // says too much: then there may be an entry that nobody has seen.
  std::optional<std::string> Answer(const Patience& patience);

 private:
  // All of it, to its end.
  std::optional<std::string> Read(const Patience& patience);
  bool Ended(const Patience& patience);

  bool exists_ = true;
  pid_t child_ = -1;
  int answer_ = -1;
};

Getent::Getent(std::string program, std::string what, std::string which) {
  std::array<int, 2> ends = {-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return;
  const std::array<char*, 4> argv = {program.data(), what.data(), which.data(),
                                     nullptr};
  const std::array<char*, 1> environment = {nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null",
                                   O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null",
                                   O_WRONLY, 0);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  const int error = posix_spawn(&child_, program.c_str(), &actions, &attributes,
                                argv.data(), environment.data());
  if (error != 0) child_ = -1;
  exists_ = error != ENOENT;
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  answer_ = ends[0];
}

Getent::~Getent() {
  if (answer_ >= 0) close(answer_);
  if (child_ < 0) return;
  kill(child_, SIGKILL);  // no more where it has ended
  while (waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

std::optional<std::string> Getent::Answer(const Patience& patience) {
  if (!exists_) return "";
  if (child_ < 0) return std::nullopt;
  std::optional<std::string> text = Read(patience);
  return text && Ended(patience) ? text : std::nullopt;
}

std::optional<std::string> Getent::Read(const Patience& patience) {
  std::string text;
  std::array<char, 4096> block;
  while (text.size() <= kMaxLineBytes) {
    if (patience.over()) return std::nullopt;
    pollfd ready = {answer_, POLLIN, 0};
    if (poll(&ready, 1, kLook.count()) <= 0) continue;
    const ssize_t got = read(answer_, block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) return text;
    text.append(block.data(), static_cast<std::size_t>(got));
  }
  return std::nullopt;
}

// One that was killed, or that its loader had no memory for (127), has said
// nothing about the entry.
bool Getent::Ended(const Patience& patience) {
  int status = 0;
  while (true) {
    const pid_t ended = waitpid(child_, &status, WNOHANG);
    if (ended == child_) break;
    if (ended < 0 && errno != EINTR) return false;
    if (patience.over()) return false;
    std::this_thread::sleep_for(kEndPause);
  }
  child_ = -1;
  return WIFEXITED(status) &&
         (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == kNoSuchEntry);
}

// Who is asked, and by when.
struct Asking {
  const UserDatabase& database;
  Patience patience{Clock::now() + database.patience, database.stop};
  bool complete = true;  // so far
};

template <typename Kind>
std::optional<std::string> Ask(Asking& asking, const char* what,
                               std::uint32_t id) {
  if (!asking.complete) return std::nullopt;
  auto answer = Getent(asking.database.getent, what, std::to_string(id))
                    .Answer(asking.patience);
  asking.complete = answer.has_value();
  if (!answer || answer->empty()) return std::nullopt;
  const File lines(fmemopen(answer->data(), answer->size(), "r"));
  asking.complete = lines != nullptr;
  if (lines == nullptr) return std::nullopt;
  return Find<Kind>(lines.get(), id, kMaxLineBytes);
}

template <typename Kind>
std::optional<std::string> Name(Asking& asking, const std::string& path,
                                const char* what, std::uint32_t id) {
  std::optional<std::string> name;
  const File file(std::fopen(path.c_str(), "re"));
  if (file != nullptr) name = Find<Kind>(file.get(), id, kLineBytes);
  return name ? name : Ask<Kind>(asking, what, id);
}

std::string UserName(Asking& asking, std::uint32_t uid) {
  const auto name = Name<Passwd>(asking, asking.database.passwd, "passwd", uid);
  return name ? *name : "uid-" + std::to_string(uid);
}

std::string GroupName(Asking& asking, std::uint32_t gid) {
  const auto name = Name<Group>(asking, asking.database.group, "group", gid);
  return name ? *name : "gid-" + std::to_string(gid);
}

}  // namespace

std::string UserName(std::uint32_t uid, const UserDatabase& database) {
  Asking asking{database};
  return UserName(asking, uid);
}

std::string GroupName(std::uint32_t gid, const UserDatabase& database) {
  Asking asking{database};
  return GroupName(asking, gid);
}

OsUser CurrentUser(const UserDatabase& database) {
  Asking asking{database};
  OsUser user;
  user.uid = getuid();
  user.name = UserName(asking, user.uid);
  const int count = getgroups(0, nullptr);
  std::vector<gid_t> groups(count > 0 ? static_cast<std::size_t>(count) : 0);
  const int filled = getgroups(count > 0 ? count : 0, groups.data());
  groups.resize(filled > 0 ? static_cast<std::size_t>(filled) : 0);
  if (groups.empty()) groups.push_back(getgid());
  for (const gid_t gid : groups) {
    user.groups.push_back(GroupName(asking, gid));
  }
  user.complete = asking.complete;
  return user;
}

}  // namespace gatehouse::cli
