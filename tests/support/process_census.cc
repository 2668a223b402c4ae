// SPDX-License-Identifier: Apache-2.0
#include "tests/support/process_census.h"

#include <poll.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace gatehouse::testing {

bool Eventually(const std::function<bool()>& condition,
                std::chrono::milliseconds limit) {
  const auto until = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    poll(nullptr, 0, 5);
  }
  return true;
}

std::vector<pid_t> ProcessesWith(const std::string& entry) {
  std::vector<pid_t> found;
  std::error_code ignored;
  for (const auto& item :
       std::filesystem::directory_iterator("/proc", ignored)) {
    const std::string name = item.path().filename();
    pid_t pid = 0;
    const char* end = name.data() + name.size();
    if (std::from_chars(name.data(), end, pid).ptr != end) continue;
    if (pid == getpid()) continue;
    const std::string environment =
        '\0' + ReadFile("/proc/" + name + "/environ");
    if (environment.find('\0' + entry + '\0') != std::string::npos) {
      found.push_back(pid);
    }
  }
  return found;
}

std::vector<pid_t> ChildrenOf(pid_t parent) {
  const std::string of = std::to_string(parent);
  std::istringstream list(
      ReadFile("/proc/" + of + "/task/" + of + "/children"));
  std::vector<pid_t> children;
  for (pid_t pid = 0; list >> pid;) children.push_back(pid);
  return children;
}

bool IsAlive(pid_t pid) {
  const std::string stat = ReadFile("/proc/" + std::to_string(pid) + "/stat");
  const std::size_t name_end = stat.rfind(") ");
  return name_end != std::string::npos && stat[name_end + 2] != 'Z';
}

std::size_t MemoryBytes(pid_t pid, Memory which) {
  std::istringstream status(
      ReadFile("/proc/" + std::to_string(pid) + "/status"));
  const std::string_view row = which == Memory::kPeak ? "VmHWM:" : "VmRSS:";
  std::string word;
  while (status >> word) {
    if (word != row) continue;
    std::size_t kilobytes = 0;
    status >> kilobytes;
    return kilobytes * 1024;
  }
  return 0;
}

std::string NewMark() {
  static int count = 0;
  return "GATEHOUSE_TEST_MARK=" + std::to_string(getpid()) + "-" +
         std::to_string(++count);
}

TemporaryFolder::TemporaryFolder() {
  std::string name = std::filesystem::temp_directory_path() / "gatehouseXXXXXX";
  const char* made = mkdtemp(name.data());
  path_ = made != nullptr ? made : "/nonexistent";
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void WriteFile(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

}  // namespace gatehouse::testing
