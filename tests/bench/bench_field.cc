// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/bench_field.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace gatehouse::bench {
namespace {

std::string NewFolder(const std::filesystem::path& parent) {
  std::string name = parent / "benchXXXXXX";
  if (mkdtemp(name.data()) == nullptr) std::exit(3);
  return name;
}

// As a login gives a session its own: in memory, where the system has that.
std::filesystem::path InMemory() {
  const char* const shared = "/dev/shm";
  return access(shared, W_OK | X_OK) == 0
             ? std::filesystem::path(shared)
             : std::filesystem::temp_directory_path();
}

// Of many teams; the last rule lets the calls of the bench through.
void WritePolicy(const std::string& path) {
  std::ofstream policy(path);
  policy << "apiVersion: gatehouse/v1\nkind: Policy\nname: bench\nrules:\n";
  for (int i = 0; i < 49; ++i) {
    policy << "- {id: r" << i << ", "
           << (i % 4 == 0 ? "deny: delete" : "allow: [get, list, patch]")
           << ", resources: pods, namespaces: 'team-" << i << "-*'}\n";
  }
  policy << "- {id: last, allow: read}\n";
}

}  // namespace

Field::Field()
    : folder_(NewFolder(std::filesystem::temp_directory_path())),
      runtime_(NewFolder(InMemory())) {
  WritePolicy(folder_ + "/policy.yaml");
  std::ofstream(folder_ + "/kubeconfig")
      << R"({"current-context":"c","contexts":[{"name":"c","context":{)"
         R"("cluster":"c"}}],"clusters":[{"name":"c","cluster":{)"
         R"("server":"https://127.0.0.1:1"}}]})";
}

Field::~Field() {
  std::filesystem::remove_all(folder_);
  std::filesystem::remove_all(runtime_);
}

Contender Field::Direct() const { return {{ECHO_SERVER}, {}, false}; }

Contender Field::Relay() const {
  return {{RELAY_FLOOR, ECHO_SERVER}, {}, false};
}

Contender Field::Guard(const std::vector<std::string>& options) const {
  return GuardOver("audit.db", options);
}

Contender Field::FreshGuard() {
  return GuardOver("new" + std::to_string(++fresh_) + "/audit.db", {});
}

Contender Field::GuardOver(const std::string& database,
                           const std::vector<std::string>& options) const {
  Contender guard{
      {GATEHOUSE, "run", "--policy", folder_ + "/policy.yaml", "--profile",
       "sample-server", "--db", folder_ + "/" + database},
      {{"HOME", folder_},
       {"XDG_RUNTIME_DIR", runtime_},
       {"KUBECONFIG", folder_ + "/kubeconfig"}},
      false};
  guard.argv.insert(guard.argv.end(), options.begin(), options.end());
  guard.argv.insert(guard.argv.end(), {"--", ECHO_SERVER});
  return guard;
}

double Field::SyncMicroseconds() const {
  constexpr int kSyncs = 200;
  const std::string path = folder_ + "/sync";
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  const std::string page(4096, 'x');
  std::vector<double> times;
  for (int i = 0; i < kSyncs; ++i) {
    const auto start = std::chrono::steady_clock::now();
    if (pwrite(fd, page.data(), page.size(), i * 4096) < 0) std::exit(3);
    if (fdatasync(fd) != 0) std::exit(3);
    const std::chrono::duration<double, std::micro> took =
        std::chrono::steady_clock::now() - start;
    times.push_back(took.count());
  }
  close(fd);
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

Contender With(Contender what, const char* name, std::string_view value) {
  what.environment.emplace_back(name, value);
  return what;
}

Contender Pinned(Contender what) {
  what.pinned = true;
  return what;
}

}  // namespace gatehouse::bench
