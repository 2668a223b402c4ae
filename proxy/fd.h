// SPDX-License-Identifier: Apache-2.0
#pragma once
// File descriptors: who owns them, and reading and writing that never blocks.
// The bottom of the relay; knows nothing of frames. Every descriptor made here
// is close-on-exec, and every call retries EINTR.

#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "policy/result.h"

namespace gatehouse {

// Owns one descriptor, or none (-1). Closes it on destruction.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept;
  ~UniqueFd() { Close(); }

  int get() const { return fd_; }
  bool open() const { return fd_ >= 0; }
  int Release() { return std::exchange(fd_, -1); }
  void Close();

 private:
  int fd_ = -1;
};

struct Pipe {
  UniqueFd read;
  UniqueFd write;
};

// How much a pipe holds: the system's 64 KiB, or 1 MiB where it grants that
// (the default halves big results).
enum class PipeRoom : std::uint8_t { kDefault = 0, kMebibyte };

// Both ends are above 2, so they never stand in for stdio.
Result<Pipe> MakePipe(PipeRoom room = PipeRoom::kMebibyte);

// Two connected sockets that keep message boundaries.
Result<std::pair<UniqueFd, UniqueFd>> MakeSocketPair();

// Opens what whoever started us left closed of stdin, stdout and stderr: else
// the next file that we open becomes one of them. stdin is at its end then, and
// writes fail. Before anything else is opened.
void FillStdio();

// "what: reason" for the errno value `error`, with the fitting code.
Error SystemError(std::string_view what, int error);

enum class IoState : std::uint8_t {
  kFailed = 0,  // `error` is the errno; EPIPE and ECONNRESET come as this
  kEnd,         // end of file (reads only)
  kBlocked,     // nothing could move; poll first
  kMoved,       // `bytes` > 0 moved
};

struct IoResult {
  IoState state = IoState::kFailed;
  std::size_t bytes = 0;
  int error = 0;
};

// One end of a byte stream whose reads and writes never block.
// Owns its descriptor. Movable; one thread.
class Stream {
 public:
  Stream() = default;  // closed
  Stream(Stream&&) noexcept = default;
  Stream& operator=(Stream&& other) noexcept;
  ~Stream() { Close(); }

  // Takes a descriptor that nobody else shares and makes it non-blocking.
  static Result<Stream> Adopt(UniqueFd fd);

  // A non-blocking view of an inherited descriptor (stdin, stdout, stderr),
  // which stays open. O_NONBLOCK belongs to the open file, which the client
  // and the terminal share, and a killed guard could not take it back: so
  // pipes and terminals are opened a second time, sockets are used with
  // MSG_DONTWAIT, plain files never block. Only where opening again is
  // refused is the flag set, and taken back by Close.
  static Result<Stream> Share(int fd);

  // Fails with EBADF when closed.
  IoResult Read(std::span<char> into);
  IoResult Write(std::span<const iovec> parts);
  IoResult Write(std::string_view bytes);

  int fd() const { return fd_.get(); }
  bool open() const { return fd_.open(); }
  void Close();

 private:
  enum class Kind : std::uint8_t { kFile = 0, kSocket, kBorrowedFlag };

  UniqueFd fd_;
  Kind kind_ = Kind::kFile;
};

}  // namespace gatehouse
