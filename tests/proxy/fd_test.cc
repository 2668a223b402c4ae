// SPDX-License-Identifier: Apache-2.0
#include "proxy/fd.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

namespace gatehouse {
namespace {

bool IsOpen(int fd) { return fcntl(fd, F_GETFD) >= 0; }
bool IsCloseOnExec(int fd) { return (fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0; }
bool IsNonBlocking(int fd) { return (fcntl(fd, F_GETFL) & O_NONBLOCK) != 0; }

Pipe NewPipe() { return std::move(MakePipe()).value(); }

TEST(UniqueFd, ClosesWhatItOwnsAndNothingElse) {
  Pipe pipe = NewPipe();
  const int read = pipe.read.get();
  UniqueFd moved = std::move(pipe.read);
  EXPECT_FALSE(pipe.read.open());
  EXPECT_TRUE(IsOpen(read));
  moved = UniqueFd();
  EXPECT_FALSE(IsOpen(read));
  const int write = pipe.write.Release();
  pipe.write.Close();
  EXPECT_TRUE(IsOpen(write));
  close(write);
}

TEST(MakePipe, IsCloseOnExecAboveStdioAndBig) {
  const Pipe pipe = NewPipe();
  for (const int fd : {pipe.read.get(), pipe.write.get()}) {
    EXPECT_TRUE(IsCloseOnExec(fd));
    EXPECT_GT(fd, 2);
  }
  // Refused only when the user's budget is spent; then it is still 64 KiB.
  EXPECT_GE(fcntl(pipe.write.get(), F_GETPIPE_SZ), 64 << 10);
}

TEST(MakePipe, StaysAboveStdioEvenWhereStdinIsClosed) {
  const UniqueFd saved(dup(0));
  close(0);
  const Pipe pipe = NewPipe();
  EXPECT_FALSE(IsOpen(0));
  EXPECT_GT(pipe.read.get(), 2);
  dup2(saved.get(), 0);
}

TEST(MakeSocketPair, KeepsMessageBoundaries) {
  const auto pair = std::move(MakeSocketPair()).value();
  EXPECT_TRUE(IsCloseOnExec(pair.first.get()));
  ASSERT_EQ(send(pair.first.get(), "ab", 2, 0), 2);
  ASSERT_EQ(send(pair.first.get(), "c", 1, 0), 1);
  std::array<char, 8> buffer = {};
  EXPECT_EQ(recv(pair.second.get(), buffer.data(), buffer.size(), 0), 2);
}

TEST(SystemError, NamesWhatFailedAndTheCode) {
  const Error error = SystemError("cannot start npx", ENOENT);
  EXPECT_EQ(error.code, ErrorCode::kNotFound);
  EXPECT_EQ(error.sentence, "cannot start npx: No such file or directory");
  EXPECT_EQ(SystemError("x", EACCES).code, ErrorCode::kPermission);
  EXPECT_EQ(SystemError("x", EMFILE).code, ErrorCode::kIo);
}

TEST(Stream, NeverBlocksAndSaysWhatHappened) {
  Pipe pipe = NewPipe();
  Stream reader = Stream::Adopt(std::move(pipe.read)).value();
  Stream writer = Stream::Adopt(std::move(pipe.write)).value();
  std::array<char, 16> buffer = {};
  EXPECT_EQ(reader.Read(buffer).state, IoState::kBlocked);
  EXPECT_EQ(writer.Write("hello").bytes, 5U);
  EXPECT_EQ(reader.Read(buffer).bytes, 5U);
  EXPECT_EQ(std::string(buffer.data(), 5), "hello");
  writer.Close();
  EXPECT_EQ(reader.Read(buffer).state, IoState::kEnd);
  reader.Close();
  EXPECT_EQ(reader.Read(buffer).error, EBADF);
}

TEST(Stream, WriteToAFullPipeBlocksNobody) {
  Pipe pipe = NewPipe();
  Stream writer = Stream::Adopt(std::move(pipe.write)).value();
  const std::string block(1 << 16, 'x');
  IoResult result = writer.Write(block);
  while (result.state == IoState::kMoved) result = writer.Write(block);
  EXPECT_EQ(result.state, IoState::kBlocked);
}

TEST(Stream, SharedPipeLeavesTheOthersFlagsAlone) {
  const Pipe pipe = NewPipe();
  Stream reader = Stream::Share(pipe.read.get()).value();
  Stream writer = Stream::Share(pipe.write.get()).value();
  EXPECT_FALSE(IsNonBlocking(pipe.read.get()));
  EXPECT_FALSE(IsNonBlocking(pipe.write.get()));
  EXPECT_TRUE(IsCloseOnExec(reader.fd()));
  std::array<char, 4> buffer = {};
  EXPECT_EQ(reader.Read(buffer).state, IoState::kBlocked);
  EXPECT_EQ(writer.Write("ok").bytes, 2U);
  EXPECT_EQ(reader.Read(buffer).bytes, 2U);
  reader.Close();
  EXPECT_TRUE(IsOpen(pipe.read.get()));
}

// Node gives its children sockets for stdio.
TEST(Stream, SharedSocketIsNotMadeNonBlockingEither) {
  std::array<int, 2> ends = {-1, -1};
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
  const UniqueFd ours(ends[0]);
  UniqueFd theirs(ends[1]);
  Stream stream = Stream::Share(ours.get()).value();
  std::array<char, 4> buffer = {};
  EXPECT_EQ(stream.Read(buffer).state, IoState::kBlocked);
  EXPECT_FALSE(IsNonBlocking(ours.get()));
  theirs.Close();
  EXPECT_EQ(stream.Read(buffer).state, IoState::kEnd);
  const IoResult gone = stream.Write("x");  // and no SIGPIPE
  EXPECT_EQ(gone.state, IoState::kFailed);
  EXPECT_EQ(gone.error, EPIPE);
}

TEST(Stdio, WhatIsClosedIsFilledAndNothingElse) {
  const pid_t child = fork();
  if (child == 0) {
    close(STDIN_FILENO);
    close(STDERR_FILENO);
    FillStdio();
    char byte = 0;
    const bool at_end = read(STDIN_FILENO, &byte, 1) == 0;
    const bool deaf = write(STDERR_FILENO, "x", 1) < 0;
    const int next = open("/dev/null", O_RDONLY);
    _exit(at_end && deaf && next > STDERR_FILENO ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST(Stream, SharingAClosedDescriptorIsAnError) {
  EXPECT_FALSE(Stream::Share(1 << 20).ok());
}

}  // namespace
}  // namespace gatehouse
