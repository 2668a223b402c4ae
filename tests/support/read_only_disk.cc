// SPDX-License-Identifier: Apache-2.0
#include "tests/support/read_only_disk.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <vector>

namespace gatehouse::testing {
namespace {

// Calls that write whatever their arguments are.
constexpr std::uint32_t kWriting[] = {
    __NR_pwrite64,  __NR_ftruncate, __NR_fallocate, __NR_fsync,
    __NR_fdatasync, __NR_unlinkat,  __NR_renameat2, __NR_mkdirat,
#ifdef __NR_unlink
    __NR_unlink,    __NR_rename,    __NR_mkdir,
#endif
};

sock_filter Load(std::size_t offset) {
  return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset));
}

sock_filter Return(std::uint32_t what) {
  return BPF_STMT(BPF_RET | BPF_K, what);
}

// Asks about `number` alone: two instructions.
void AskAbout(std::vector<sock_filter>& program, std::uint32_t number) {
  program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1));
  program.push_back(Return(SECCOMP_RET_USER_NOTIF));
}

// Asks about `number` where its flags, argument `flags`, say "for writing".
void AskAboutWritingOpens(std::vector<sock_filter>& program,
                          std::uint32_t number, std::size_t flags) {
  const std::size_t low_half =
      offsetof(seccomp_data, args) + flags * sizeof(std::uint64_t);
  program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 4));
  program.push_back(Load(low_half));
  program.push_back(
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_WRONLY | O_RDWR | O_CREAT, 0, 1));
  program.push_back(Return(SECCOMP_RET_USER_NOTIF));
  program.push_back(Return(SECCOMP_RET_ALLOW));
}

std::vector<sock_filter> Program() {
  std::vector<sock_filter> program = {Load(offsetof(seccomp_data, nr))};
  for (const std::uint32_t number : kWriting) AskAbout(program, number);
  AskAboutWritingOpens(program, __NR_openat, 2);
#ifdef __NR_open
  AskAboutWritingOpens(program, __NR_open, 1);
#endif
  program.push_back(Return(SECCOMP_RET_ALLOW));
  return program;
}

// Of this thread and all that it forks; the descriptor hears what they ask.
UniqueFd ListenToThisThread() {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return UniqueFd();
  std::vector<sock_filter> program = Program();
  sock_fprog filter = {static_cast<unsigned short>(program.size()),
                       program.data()};
  return UniqueFd(
      static_cast<int>(syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER,
                               SECCOMP_FILTER_FLAG_NEW_LISTENER, &filter)));
}

}  // namespace

ReadOnlyDisk::~ReadOnlyDisk() {
  stop_.write.Close();
  if (answerer_.joinable()) answerer_.join();
}

bool ReadOnlyDisk::Start(const std::function<void()>& start) {
  // A filter cannot be taken off: a thread of its own gets it, and ends. The
  // answerer must be there before that thread opens its first file.
  std::thread starter([&] {
    listener_ = ListenToThisThread();
    if (listener_.get() < 0) return;
    stop_ = std::move(MakePipe()).value();
    answerer_ = std::thread([this] { Answer(); });
    start();
  });
  starter.join();
  return listener_.get() >= 0;
}

void ReadOnlyDisk::Answer() {
  std::array<pollfd, 2> ready = {pollfd{listener_.get(), POLLIN, 0},
                                 pollfd{stop_.read.get(), POLLIN, 0}};
  while (poll(ready.data(), ready.size(), -1) >= 0 || errno == EINTR) {
    if (ready[1].revents != 0) return;
    if ((ready[0].revents & POLLIN) == 0) {
      ready[0].fd = -1;  // all of them ended: nothing left but to be stopped
      continue;
    }
    seccomp_notif asked = {};
    if (ioctl(listener_.get(), SECCOMP_IOCTL_NOTIF_RECV, &asked) != 0) continue;
    seccomp_notif_resp answer = {};
    answer.id = asked.id;
    if (read_only_) {
      answer.error = -EROFS;
      ++refused_;
    } else {
      answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    }
    ioctl(listener_.get(), SECCOMP_IOCTL_NOTIF_SEND, &answer);
  }
}

}  // namespace gatehouse::testing
