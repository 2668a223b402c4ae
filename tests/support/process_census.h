// SPDX-License-Identifier: Apache-2.0
#pragma once
// Who is still alive: waiting for a condition with a deadline instead of a
// sleep, and finding processes by a variable of their environment, which
// children inherit through any number of forks, sessions and shells.

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace gatehouse::testing {

// Asks again every few milliseconds; false if `limit` passed without a yes.
bool Eventually(const std::function<bool()>& condition,
                std::chrono::milliseconds limit = std::chrono::seconds(10));

// Living processes (no zombies) whose environment at exec held `entry`
// ("NAME=value"). The caller itself is left out.
std::vector<pid_t> ProcessesWith(const std::string& entry);

// Those that a living process has started itself, zombies too.
std::vector<pid_t> ChildrenOf(pid_t parent);

// Alive and not a zombie.
bool IsAlive(pid_t pid);

// What a process holds in memory, now or at most so far; 0 where it is gone.
enum class Memory { kResident = 0, kPeak };
std::size_t MemoryBytes(pid_t pid, Memory which);

// Unlike any other in this run: "GATEHOUSE_TEST_MARK=<pid>-<count>".
std::string NewMark();

// A fresh folder that is removed with everything in it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();
  std::string File(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// "" where there is no such file.
std::string ReadFile(const std::string& path);
void WriteFile(const std::string& path, const std::string& text);

}  // namespace gatehouse::testing
