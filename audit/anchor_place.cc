// SPDX-License-Identifier: Apache-2.0
#include "audit/anchor_place.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <utility>

#include "audit/trail_files.h"

namespace gatehouse::audit {
namespace {

constexpr const char* kSystemLog = "/dev/log";

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

class AnchorFile : public AnchorPlace {
 public:
  explicit AnchorFile(std::string path) : path_(std::move(path)) {}
  Status Send(std::string_view line) const override;

 private:
  std::string path_;
};

// Appended by one write, so that the lines of several guards stay whole.
Status AnchorFile::Send(std::string_view line) const {
  const Descriptor file(open(
      path_.c_str(),
      O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600));
  struct stat info {};
  if (file.get() < 0 || fstat(file.get(), &info) != 0) {
    return SystemError("open the anchor file", path_);
  }
  if (!S_ISREG(info.st_mode)) {
    return Error{ErrorCode::kInvalid, path_ + " is not a regular file"};
  }
  std::string text;
  char last = '\n';
  // A line that a crash or a full disk cut short must not swallow this one.
  if (info.st_size > 0 && pread(file.get(), &last, 1, info.st_size - 1) == 1 &&
      last != '\n') {
    text = "\n";
  }
  text.append(line) += '\n';
  const auto size = static_cast<ssize_t>(text.size());
  if (write(file.get(), text.data(), text.size()) != size ||
      fdatasync(file.get()) != 0) {
    return SystemError("write the anchor file", path_);
  }
  return Done{};
}

class SystemLog : public AnchorPlace {
 public:
  explicit SystemLog(std::string socket) : socket_(std::move(socket)) {}
  Status Send(std::string_view line) const override;

 private:
  std::string socket_;
};

// As syslog(3) writes it; that function tells nobody when it fails. The
// facility is the one for security, whose log others may not read.
Status SystemLog::Send(std::string_view line) const {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_.size() >= sizeof address.sun_path) {
    return Error{ErrorCode::kInvalid, socket_ + " is too long for a socket"};
  }
  std::memcpy(address.sun_path, socket_.c_str(), socket_.size() + 1);
  const Descriptor log(
      socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (log.get() < 0 ||
      connect(log.get(), reinterpret_cast<const sockaddr*>(&address),
              sizeof address) != 0) {
    return SystemError("reach the system's log at", socket_);
  }
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  std::array<char, 32> time{};
  std::strftime(time.data(), time.size(), "%b %e %H:%M:%S", &local);
  const std::string text = "<" + std::to_string(LOG_AUTHPRIV | LOG_NOTICE) +
                           ">" + time.data() + " gatehouse[" +
                           std::to_string(getpid()) + "]: " + std::string(line);
  if (send(log.get(), text.data(), text.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(text.size())) {
    return SystemError("write to the system's log at", socket_);
  }
  return Done{};
}

}  // namespace

Result<std::unique_ptr<AnchorPlace>> FindAnchorPlace(const std::string& name) {
  constexpr std::string_view kOther = "syslog:";
  if (name.empty()) {
    return Error{ErrorCode::kInvalid,
                 "an anchor goes to a file or to syslog: name one"};
  }
  if (name == "syslog") {
    return std::unique_ptr<AnchorPlace>(
        std::make_unique<SystemLog>(kSystemLog));
  }
  if (name.starts_with(kOther)) {
    return std::unique_ptr<AnchorPlace>(
        std::make_unique<SystemLog>(name.substr(kOther.size())));
  }
  return std::unique_ptr<AnchorPlace>(std::make_unique<AnchorFile>(name));
}

}  // namespace gatehouse::audit
