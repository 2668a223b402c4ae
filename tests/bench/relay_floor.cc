// SPDX-License-Identifier: Apache-2.0
// The floor for any process in the middle: starts a server and copies bytes
// both ways, one poll loop, no look at what they are. `relay_floor SERVER…`

#include <poll.h>
#include <unistd.h>

#include <array>
#include <string>

namespace {

struct Way {
  int from = -1;
  int to = -1;
  bool open = true;
};

bool WriteAll(int to, const char* bytes, std::size_t count) {
  while (count > 0) {
    const ssize_t written = write(to, bytes, count);
    if (written <= 0) return false;
    bytes += written;
    count -= static_cast<std::size_t>(written);
  }
  return true;
}

void Copy(Way& way) {
  static std::array<char, 256 << 10> buffer;
  const ssize_t count = read(way.from, buffer.data(), buffer.size());
  way.open = count > 0 &&
             WriteAll(way.to, buffer.data(), static_cast<std::size_t>(count));
  if (!way.open) close(way.to);
}

}  // namespace

int main(int argc, char** argv) {
  int in[2];
  int out[2];
  if (argc < 2 || pipe(in) != 0 || pipe(out) != 0) return 2;
  if (fork() == 0) {
    dup2(in[0], STDIN_FILENO);
    dup2(out[1], STDOUT_FILENO);
    for (const int fd : {in[0], in[1], out[0], out[1]}) close(fd);
    execvp(argv[1], argv + 1);
    _exit(127);
  }
  close(in[0]);
  close(out[1]);
  std::array<Way, 2> ways = {{{STDIN_FILENO, in[1]}, {out[0], STDOUT_FILENO}}};
  while (ways[1].open) {
    std::array<pollfd, 2> ready = {};
    for (std::size_t i = 0; i < ways.size(); ++i) {
      ready[i] = {ways[i].open ? ways[i].from : -1, POLLIN, 0};
    }
    if (poll(ready.data(), ready.size(), -1) < 0) return 1;
    for (std::size_t i = 0; i < ways.size(); ++i) {
      if (ready[i].revents != 0) Copy(ways[i]);
    }
  }
  return 0;
}
