// SPDX-License-Identifier: Apache-2.0
#include "proxy/server_launch.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "proxy/fd.h"

namespace gatehouse {
namespace {

// Fits the socket's buffer several times.
constexpr std::size_t kPieceBytes = 32 << 10;

struct Head {
  std::uint32_t words = 0;      // of argv
  std::uint32_t variables = 0;  // of the environment
  std::uint64_t bytes = 0;      // of all strings
};

// 0 at the end, and where it fails.
std::size_t Receive(int control, char* into, std::size_t size) {
  ssize_t count = recv(control, into, size, 0);
  while (count < 0 && errno == EINTR) count = recv(control, into, size, 0);
  return count < 0 ? 0 : static_cast<std::size_t>(count);
}

std::vector<std::string> TakeStrings(std::string_view& text,
                                     std::uint32_t count) {
  std::vector<std::string> strings;
  for (; count > 0 && !text.empty(); --count) {
    const std::size_t end = text.find('\0');
    strings.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end, text.size() - 1) + 1);
  }
  return strings;
}

}  // namespace

Status SendLaunch(int control, const ServerLaunch& launch) {
  std::string text(sizeof(Head), '\0');
  for (const auto* strings : {&launch.argv, &launch.environment}) {
    for (const std::string& string : *strings) {
      text.append(string).push_back('\0');
    }
  }
  const Head head{static_cast<std::uint32_t>(launch.argv.size()),
                  static_cast<std::uint32_t>(launch.environment.size()),
                  text.size() - sizeof(Head)};
  std::memcpy(text.data(), &head, sizeof head);
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view piece = rest.substr(0, kPieceBytes);
    const ssize_t sent =
        send(control, piece.data(), piece.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return SystemError("tell the keeper what to start", errno);
    rest.remove_prefix(piece.size());
  }
  return Done{};
}

std::optional<ServerLaunch> ReceiveLaunch(int control) {
  std::string text(kPieceBytes, '\0');
  std::size_t got = Receive(control, text.data(), text.size());
  Head head;
  if (got < sizeof head) return std::nullopt;
  std::memcpy(&head, text.data(), sizeof head);
  const std::size_t whole = sizeof head + head.bytes;
  text.resize(std::max(whole, text.size()));
  while (got < whole) {
    const std::size_t more = Receive(control, text.data() + got, whole - got);
    if (more == 0) return std::nullopt;
    got += more;
  }
  std::string_view rest(text.data() + sizeof head, head.bytes);
  ServerLaunch launch;
  launch.argv = TakeStrings(rest, head.words);
  launch.environment = TakeStrings(rest, head.variables);
  if (launch.argv.empty()) return std::nullopt;
  return launch;
}

}  // namespace gatehouse
