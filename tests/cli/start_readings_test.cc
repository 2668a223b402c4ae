// SPDX-License-Identifier: Apache-2.0
#include "cli/start_readings.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <system_error>
#include <thread>

#include "policy/kubernetes/tool_profile.h"
#include "tests/support/no_threads.h"
#include "tests/support/process_census.h"

namespace gatehouse::cli {
namespace {

using gatehouse::testing::TemporaryFolder;

TEST(StartReadings, HaveWhatAStartNeeds) {
  const TemporaryFolder folder;
  StartReadings readings;
  EXPECT_EQ(readings.User().uid, getuid());
  EXPECT_FALSE(readings.Tables()->Find("pods").empty());
  SessionSettings settings;
  settings.secret_keys = {"shoeSize"};
  readings.Continue(ChooseProfileHead("sample-server", {}).value(),
                    {folder.File("audit.db"), "a session", settings});
  auto redactor = readings.Redactor();
  ASSERT_TRUE(redactor.ok()) << redactor.error().sentence;
  EXPECT_EQ(
      redactor.value()->MaskText("shoesize=forty-four").find("forty-four"),
      std::string::npos)
      << "what the policy adds";
  EXPECT_TRUE(std::filesystem::exists(folder.File("audit.key")));
  EXPECT_NE(readings.Profile()->Find("list_pods"), nullptr)
      << "all of the profile, and not its head";
}

TEST(StartReadings, SayWhyThereIsNoKey) {
  const TemporaryFolder folder;
  std::ofstream(folder.File("audit.key")) << "short\n";
  StartReadings readings;
  readings.Continue({}, {folder.File("audit.db"), "a session", {}});
  const auto redactor = readings.Redactor();
  ASSERT_FALSE(redactor.ok());
  EXPECT_EQ(redactor.error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(readings.Profile(), nullptr);
}

TEST(StartReadings, AreOursToReadWhereNoThreadCanBeHad) {
  const TemporaryFolder folder;
  const gatehouse::testing::NoThreads none;
  ASSERT_THROW(std::thread([] {}), std::system_error);
  StartReadings readings;
  EXPECT_EQ(readings.User().uid, getuid());
  EXPECT_FALSE(readings.Tables()->Find("pods").empty());
  readings.Continue(ChooseProfileHead("sample-server", {}).value(),
                    {folder.File("audit.db"), "a session", {}});
  EXPECT_TRUE(readings.Redactor().ok());
  EXPECT_NE(readings.Profile(), nullptr);
  sigset_t blocked;
  pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
  EXPECT_FALSE(sigismember(&blocked, SIGTERM)) << "signals still reach us";
}

// A start that fails takes nothing of it.
TEST(StartReadings, EndWithNobodyWaiting) {
  const TemporaryFolder folder;
  const StartReadings unused;
  StartReadings readings;
  readings.Continue({}, {folder.File("audit.db"), "a session", {}});
}

}  // namespace
}  // namespace gatehouse::cli
