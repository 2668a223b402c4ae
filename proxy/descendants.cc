// SPDX-License-Identifier: Apache-2.0
#include "proxy/descendants.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "proxy/fd.h"

namespace gatehouse {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// Beyond this a descendant cannot be ended by us (a setuid program).
constexpr milliseconds kKillLimit{2000};
// Descendants that are not our children end without a SIGCHLD to us.
constexpr milliseconds kRecheck{5};

struct ProcessEntry {
  pid_t pid = 0;
  pid_t parent = 0;
  pid_t session = 0;
  char state = '?';
  ProcessStart start = 0;  // tells a reused id apart
};

std::string ReadWhole(const std::string& path) {
  UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, 1024> buffer = {};
  if (!fd.open()) return "";
  const ssize_t count = read(fd.get(), buffer.data(), buffer.size());
  return count > 0 ? std::string(buffer.data(), static_cast<size_t>(count))
                   : "";
}

std::optional<ProcessEntry> ReadProcess(std::string_view pid_text) {
  ProcessEntry entry;
  const char* end = pid_text.data() + pid_text.size();
  const auto parsed = std::from_chars(pid_text.data(), end, entry.pid);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  const std::string stat =
      ReadWhole("/proc/" + std::string(pid_text) + "/stat");
  // "pid (name) state parent …": the name may hold spaces and parentheses.
  const std::size_t name_end = stat.rfind(") ");
  if (name_end == std::string::npos) return std::nullopt;
  std::vector<std::string> fields;
  std::string field;
  for (const char c : std::string_view(stat).substr(name_end + 2)) {
    if (c != ' ') {
      field += c;
      continue;
    }
    fields.push_back(std::exchange(field, {}));
  }
  constexpr std::size_t kStartTime = 19;  // field 22 of proc(5)
  if (fields.size() <= kStartTime || fields[0].empty()) return std::nullopt;
  entry.state = fields[0][0];
  entry.parent = static_cast<pid_t>(std::atoi(fields[1].c_str()));
  entry.session = static_cast<pid_t>(std::atoi(fields[3].c_str()));
  entry.start = std::strtoull(fields[kStartTime].c_str(), nullptr, 10);
  return entry;
}

std::vector<ProcessEntry> ReadProcessTable() {
  std::vector<ProcessEntry> table;
  DIR* directory = opendir("/proc");
  if (directory == nullptr) return table;
  while (const dirent* item = readdir(directory)) {
    if (auto entry = ReadProcess(item->d_name)) {
      table.push_back(*entry);
    }
  }
  closedir(directory);
  return table;
}

using IsSpared = std::function<bool(const ProcessEntry&)>;

bool SpareNone(const ProcessEntry&) { return false; }

// Without those that are spared, and all below them.
std::vector<ProcessEntry> EntriesBelow(pid_t root, const IsSpared& spared) {
  std::multimap<pid_t, ProcessEntry> by_parent;
  for (const ProcessEntry& entry : ReadProcessTable()) {
    by_parent.emplace(entry.parent, entry);
  }
  std::vector<ProcessEntry> found;
  std::vector<pid_t> open_ends = {root};
  while (!open_ends.empty()) {
    const auto [first, last] = by_parent.equal_range(open_ends.back());
    open_ends.pop_back();
    for (auto child = first; child != last; ++child) {
      if (spared(child->second)) continue;
      open_ends.push_back(child->second.pid);
      if (child->second.state != 'Z') found.push_back(child->second);
    }
    by_parent.erase(first, last);  // a table read while it changes may loop
  }
  return found;
}

// Signals the very process that was seen: through a pidfd, after a second look,
// since the id of a dead grandchild may by now be somebody else's.
void SignalEntry(const ProcessEntry& entry, int signal) {
  const UniqueFd handle(
      static_cast<int>(syscall(SYS_pidfd_open, entry.pid, 0)));
  const auto again = ReadProcess(std::to_string(entry.pid));
  if (!again || again->start != entry.start) return;
  if (handle.open()) {
    syscall(SYS_pidfd_send_signal, handle.get(), signal, nullptr, 0);
  } else if (errno == ENOSYS) {
    kill(entry.pid, signal);
  }
}

// One round of ending everything below us. `on_ended` hears of each reaped.
int SignalUntilGone(int signal, milliseconds limit, const OnEnded& on_ended,
                    const IsSpared& spared) {
  const auto until = Clock::now() + limit;
  std::vector<pid_t> told;
  while (true) {
    for (const EndedProcess& ended : ReapChildren()) on_ended(ended);
    const std::vector<ProcessEntry> left = EntriesBelow(getpid(), spared);
    if (left.empty()) {
      // One that ended since is a zombie: not seen, but to be told of.
      for (const EndedProcess& ended : ReapChildren()) on_ended(ended);
      return 0;
    }
    for (const ProcessEntry& entry : left) {
      // A handler is told once; a process that appears later as well.
      const bool news =
          std::find(told.begin(), told.end(), entry.pid) == told.end();
      if (news || signal == SIGKILL) SignalEntry(entry, signal);
      if (news) told.push_back(entry.pid);
    }
    if (Clock::now() >= until) return static_cast<int>(left.size());
    poll(nullptr, 0, static_cast<int>(kRecheck.count()));
  }
}

int End(milliseconds grace, const OnEnded& on_ended, const IsSpared& spared) {
  const int left = SignalUntilGone(SIGTERM, grace, on_ended, spared);
  return left == 0 ? 0 : SignalUntilGone(SIGKILL, kKillLimit, on_ended, spared);
}

}  // namespace

std::vector<EndedProcess> ReapChildren() {
  std::vector<EndedProcess> ended;
  while (true) {
    EndedProcess one;
    one.pid = waitpid(-1, &one.status, WNOHANG);
    if (one.pid < 0 && errno == EINTR) continue;
    if (one.pid <= 0) return ended;
    ended.push_back(one);
  }
}

int EndDescendants(milliseconds grace, const OnEnded& on_ended) {
  return End(grace, on_ended, SpareNone);
}

int EndDescendantsOfLost(ProcessStart lost, milliseconds grace) {
  const pid_t ours = getsid(0);
  return End(
      grace, [](const EndedProcess&) {},
      [lost, ours](const ProcessEntry& entry) {
        return entry.session == ours || entry.start < lost;
      });
}

ProcessStart StartOf(pid_t pid) {
  const auto entry = ReadProcess(std::to_string(pid));
  return entry ? entry->start : 0;
}

std::vector<pid_t> DescendantsOf(pid_t root) {
  std::vector<pid_t> pids;
  for (const ProcessEntry& entry : EntriesBelow(root, SpareNone)) {
    pids.push_back(entry.pid);
  }
  return pids;
}

}  // namespace gatehouse
