// SPDX-License-Identifier: Apache-2.0
// What a start waits for, and what it does not look at.

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/guard_process.h"

namespace gatehouse {
namespace {

using testing::GuardProcess;
using testing::GuardSpec;
using testing::TemporaryFolder;

constexpr std::string_view kPing =
    R"({"jsonrpc":"2.0","id":1,"method":"ping"})";

// Such a file could load code into the guard; here it would leave it without
// SHA-256, and so without a start.
TEST(Start, ReadsNoConfigurationOfOpenssl) {
  const TemporaryFolder folder;
  const std::string file = folder.File("openssl.cnf");
  std::ofstream(file) << "openssl_conf = init\n[init]\nproviders = list\n"
                         "[list]\nnull = on\n[on]\nactivate = 1\n";
  GuardSpec spec;
  spec.environment = {{"OPENSSL_CONF", file}};
  GuardProcess guard(spec);
  guard.WriteLine(kPing);
  EXPECT_TRUE(guard.WaitUntilReceived(kPing));
}

// Lines that come before the server is ready are kept.
TEST(Start, ForwardsWhatCameBeforeTheServerWasReady) {
  GuardSpec spec;
  spec.server = {"sh", "-c", "read line; printf '%s\\n' \"$line\" >&2; cat"};
  GuardProcess guard(spec);
  guard.WriteLine(kPing);
  EXPECT_TRUE(testing::Eventually([&] {
    return guard.Stderr().find(R"("method":"ping")") != std::string::npos;
  }));
}

}  // namespace
}  // namespace gatehouse
