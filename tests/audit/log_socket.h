// SPDX-License-Identifier: Apache-2.0
#pragma once
// A socket that stands in for /dev/log.

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <string>

namespace gatehouse::audit {

// The bound socket's descriptor; the caller closes it.
inline int BindLogSocket(const std::string& path) {
  const int log = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  EXPECT_EQ(
      bind(log, reinterpret_cast<const sockaddr*>(&address), sizeof address),
      0);
  return log;
}

}  // namespace gatehouse::audit
