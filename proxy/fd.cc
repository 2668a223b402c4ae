// SPDX-License-Identifier: Apache-2.0
#include "proxy/fd.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>

namespace gatehouse {
namespace {

constexpr int kPipeBytes = 1 << 20;
constexpr int kFirstFreeFd = 3;

template <typename Call>
auto Retry(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

// Moves a descriptor out of 0..2: a guard started with stdin closed would
// otherwise give the server's pipe the name of its own stdin.
UniqueFd AboveStdio(int fd) {
  UniqueFd owned(fd);
  if (fd >= kFirstFreeFd || fd < 0) return owned;
  return UniqueFd(fcntl(fd, F_DUPFD_CLOEXEC, kFirstFreeFd));
}

Status ChangeNonBlocking(int fd, bool on) {
  const int flags = fcntl(fd, F_GETFL);
  if (flags < 0) return SystemError("fcntl", errno);
  const int wanted = on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
  if (wanted != flags && fcntl(fd, F_SETFL, wanted) < 0) {
    return SystemError("fcntl", errno);
  }
  return Done{};
}

UniqueFd OpenAgain(int fd) {
  const int flags = fcntl(fd, F_GETFL);
  const std::string path = "/proc/self/fd/" + std::to_string(fd);
  const int mode = (flags & O_ACCMODE) | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
  return UniqueFd(open(path.c_str(), mode));
}

UniqueFd Duplicate(int fd) {
  return UniqueFd(fcntl(fd, F_DUPFD_CLOEXEC, kFirstFreeFd));
}

IoResult ToResult(ssize_t moved) {
  if (moved > 0) {
    return {IoState::kMoved, static_cast<std::size_t>(moved), 0};
  }
  if (moved == 0) return {IoState::kEnd, 0, 0};
  if (errno == EAGAIN || errno == EWOULDBLOCK) {
    return {IoState::kBlocked, 0, 0};
  }
  // A terminal whose other side is gone reads as EIO: that is its end.
  if (errno == EIO) return {IoState::kEnd, 0, 0};
  return {IoState::kFailed, 0, errno};
}

ErrorCode CodeOf(int error) {
  if (error == ENOENT || error == ENOTDIR) return ErrorCode::kNotFound;
  if (error == EACCES || error == EPERM) return ErrorCode::kPermission;
  return ErrorCode::kIo;
}

}  // namespace

UniqueFd& UniqueFd::operator=(UniqueFd&& other) noexcept {
  if (this != &other) {
    Close();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

void UniqueFd::Close() {
  // Not retried on EINTR: Linux has freed the number already.
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

Error SystemError(std::string_view what, int error) {
  return {CodeOf(error),
          std::string(what) + ": " + std::generic_category().message(error)};
}

Result<Pipe> MakePipe(PipeRoom room) {
  std::array<int, 2> ends = {-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) < 0) return SystemError("pipe", errno);
  Pipe pipe{AboveStdio(ends[0]), AboveStdio(ends[1])};
  if (!pipe.read.open() || !pipe.write.open()) {
    return SystemError("pipe", errno);
  }
  // Refused when the user's pipe budget is spent; the default size works too.
  if (room == PipeRoom::kMebibyte) {
    fcntl(pipe.write.get(), F_SETPIPE_SZ, kPipeBytes);
  }
  return pipe;
}

Result<std::pair<UniqueFd, UniqueFd>> MakeSocketPair() {
  std::array<int, 2> ends = {-1, -1};
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) < 0) {
    return SystemError("socketpair", errno);
  }
  std::pair pair{AboveStdio(ends[0]), AboveStdio(ends[1])};
  if (!pair.first.open() || !pair.second.open()) {
    return SystemError("socketpair", errno);
  }
  return pair;
}

void FillStdio() {
  for (int fd = 0; fd < kFirstFreeFd; ++fd) {
    if (fcntl(fd, F_GETFD) >= 0) continue;
    (void)!open("/dev/null", O_RDONLY);  // the lowest that is free: this one
  }
}

Stream& Stream::operator=(Stream&& other) noexcept {
  if (this != &other) {
    Close();
    fd_ = std::move(other.fd_);
    kind_ = other.kind_;
  }
  return *this;
}

Result<Stream> Stream::Adopt(UniqueFd fd) {
  const Status set = ChangeNonBlocking(fd.get(), true);
  if (!set.ok()) return set.error();
  Stream stream;
  stream.fd_ = std::move(fd);
  return stream;
}

Result<Stream> Stream::Share(int fd) {
  struct stat status = {};
  if (fstat(fd, &status) < 0) return SystemError("fstat", errno);
  Stream stream;
  const bool terminal = S_ISCHR(status.st_mode) && isatty(fd) == 1;
  if (S_ISFIFO(status.st_mode) || terminal) {
    stream.fd_ = OpenAgain(fd);
    if (stream.open()) return stream;
    stream.kind_ = Kind::kBorrowedFlag;
  }
  if (S_ISSOCK(status.st_mode)) stream.kind_ = Kind::kSocket;
  stream.fd_ = Duplicate(fd);
  if (!stream.open()) return SystemError("dup", errno);
  if (stream.kind_ == Kind::kBorrowedFlag) {
    const Status set = ChangeNonBlocking(stream.fd(), true);
    if (!set.ok()) return set.error();
  }
  return stream;
}

IoResult Stream::Read(std::span<char> into) {
  if (kind_ == Kind::kSocket) {
    return ToResult(Retry(
        [&] { return recv(fd(), into.data(), into.size(), MSG_DONTWAIT); }));
  }
  return ToResult(Retry([&] { return read(fd(), into.data(), into.size()); }));
}

IoResult Stream::Write(std::span<const iovec> parts) {
  if (kind_ == Kind::kSocket) {
    msghdr message = {};
    message.msg_iov = const_cast<iovec*>(parts.data());  // POSIX: not written
    message.msg_iovlen = parts.size();
    return ToResult(Retry(
        [&] { return sendmsg(fd(), &message, MSG_DONTWAIT | MSG_NOSIGNAL); }));
  }
  const int count = static_cast<int>(parts.size());
  return ToResult(Retry([&] { return writev(fd(), parts.data(), count); }));
}

IoResult Stream::Write(std::string_view bytes) {
  const iovec part = {const_cast<char*>(bytes.data()), bytes.size()};
  return Write(std::span(&part, 1));
}

void Stream::Close() {
  if (open() && kind_ == Kind::kBorrowedFlag) {
    // Nothing to do about a failure: the descriptor goes away either way.
    (void)ChangeNonBlocking(fd(), false);
  }
  fd_.Close();
  kind_ = Kind::kFile;
}

}  // namespace gatehouse
