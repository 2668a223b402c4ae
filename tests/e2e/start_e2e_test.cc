// SPDX-License-Identifier: Apache-2.0
// What a start waits for, and what it does not look at.

#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>

#include "audit/writer_lock.h"
#include "tests/support/guard_process.h"

namespace gatehouse {
namespace {

using std::chrono::milliseconds;
using testing::GuardProcess;
using testing::GuardSpec;
using testing::TemporaryFolder;

constexpr std::string_view kStartPing =
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
  guard.WriteLine(kStartPing);
  EXPECT_TRUE(guard.WaitUntilReceived(kStartPing));
}

// Lines that come before the server is ready are kept.
TEST(Start, ForwardsWhatCameBeforeTheServerWasReady) {
  GuardSpec spec;
  spec.server = {"sh", "-c", "read line; printf '%s\\n' \"$line\" >&2; cat"};
  GuardProcess guard(spec);
  guard.WriteLine(kStartPing);
  EXPECT_TRUE(testing::Eventually([&] {
    return guard.Stderr().find(R"("method":"ping")") != std::string::npos;
  }));
}

// Told to end while it waits for another guard, it does: it does not say after
// the wait that it could not start, and leaves nothing of its own.
TEST(Start, EndsAtOnceWhenToldToWhileItWaits) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.File("audit"));
  audit::WriterLock holder(folder.File("audit/audit.lock"));
  ASSERT_TRUE(holder.Acquire(std::chrono::seconds(10)).ok());
  GuardProcess guard(GuardSpec{}, folder);
  ASSERT_TRUE(testing::Eventually([&] { return guard.ServerPid() > 0; }));
  guard.Signal(SIGTERM);
  EXPECT_EQ(guard.WaitForExit(), 128 + SIGTERM);
  EXPECT_EQ(guard.Stderr(), "");
  EXPECT_TRUE(guard.AllGone());
}

// What a start makes on its way to a file, or for its own session.
std::string Leftovers(const TemporaryFolder& folder) {
  std::string names;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(folder.path())) {
    const std::string name = entry.path().filename();
    const bool draft = name.ends_with(".new") || name.ends_with(".next") ||
                       name.starts_with("audit.key.");
    if (draft || name.starts_with("session-")) names += name + " ";
  }
  return names;
}

// From its first moment until it is up.
TEST(Start, LeavesNothingWhereverItIsEnded) {
  for (std::chrono::microseconds after{0}; after < milliseconds(60);
       after += std::chrono::microseconds(1500)) {
    const TemporaryFolder folder;
    GuardProcess guard(GuardSpec{}, folder);
    const auto until = std::chrono::steady_clock::now() + after;
    while (std::chrono::steady_clock::now() < until) continue;
    guard.Signal(SIGTERM);
    ASSERT_EQ(guard.WaitForExit(), 128 + SIGTERM) << guard.Stderr();
    EXPECT_TRUE(guard.AllGone());
    ASSERT_EQ(Leftovers(folder), "") << after.count() << " us";
  }
}

}  // namespace
}  // namespace gatehouse
