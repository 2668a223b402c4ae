// SPDX-License-Identifier: Apache-2.0
#include "cli/private_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <thread>
#include <utility>

#include "cli/paths.h"
#include "proxy/relay.h"

namespace gatehouse::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "session-";
constexpr std::chrono::milliseconds kNow{0};

// Whoever has it may be stopped, or a server that means ill: then we say so.
Result<UniqueFd> Lock(const std::string& path,
                      std::chrono::milliseconds patience) {
  UniqueFd fd(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
                   S_IRUSR | S_IWUSR));
  if (!fd.open()) return SystemError("open " + path, errno);
  const auto until = std::chrono::steady_clock::now() + patience;
  while (flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK) return SystemError("lock " + path, errno);
    if (std::chrono::steady_clock::now() >= until || WaitingSignal() != 0) {
      return Error{ErrorCode::kBusy, path + " is locked by another process"};
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return fd;
}

// A folder that nobody else can enter, or why not.
Status Prepare(const std::string& base) {
  std::error_code error;
  fs::create_directories(fs::path(base).parent_path(), error);
  if (mkdir(base.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
    return SystemError("make the folder " + base, errno);
  }
  struct stat status {};
  if (lstat(base.c_str(), &status) != 0) return SystemError(base, errno);
  if (!S_ISDIR(status.st_mode) || status.st_uid != geteuid()) {
    return Error{ErrorCode::kPermission,
                 base + " is not a folder of this user's"};
  }
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0 &&
      chmod(base.c_str(), S_IRWXU) != 0) {
    return SystemError("chmod " + base, errno);
  }
  return Done{};
}

// Removes the folders whose sessions are no more. What cannot be removed stays.
void Sweep(const std::string& base) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(base, error)) {
    if (!entry.path().filename().string().starts_with(kPrefix)) continue;
    const auto lock = Lock(entry.path() / "lock", kNow);
    if (lock.ok()) fs::remove_all(entry.path(), error);
  }
}

}  // namespace

Result<PrivateFolder> PrivateFolder::Make() { return MakeIn(RuntimeFolder()); }

Result<PrivateFolder> PrivateFolder::MakeIn(
    const std::string& base, std::chrono::milliseconds patience) {
  const Status prepared = Prepare(base);
  if (!prepared.ok()) return prepared.error();
  // Between making a folder and locking it, nobody sweeps.
  const auto all = Lock(base + "/lock", patience);
  if (!all.ok()) return all.error();
  Sweep(base);
  PrivateFolder folder;
  std::string name = base + "/" + std::string(kPrefix) + "XXXXXX";
  if (mkdtemp(name.data()) == nullptr) return SystemError(name, errno);
  folder.path_ = name;
  auto lock = Lock(name + "/lock", kNow);
  if (!lock.ok()) return lock.error();
  folder.lock_ = std::move(lock).value();
  return folder;
}

Status PrivateFolder::MakeAgain() {
  const std::string base = fs::path(path_).parent_path();
  Status prepared = Prepare(base);
  if (!prepared.ok()) return prepared;
  const auto all = Lock(base + "/lock", kNow);
  if (!all.ok()) return all.error();
  if (mkdir(path_.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
    return SystemError("make the folder " + path_, errno);
  }
  auto lock = Lock(path_ + "/lock", kNow);
  if (!lock.ok()) return lock.error();
  lock_ = std::move(lock).value();
  return Done{};
}

PrivateFolder::PrivateFolder(PrivateFolder&& other) noexcept
    : path_(std::exchange(other.path_, "")), lock_(std::move(other.lock_)) {}

PrivateFolder::~PrivateFolder() {
  if (path_.empty()) return;
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace gatehouse::cli
