// SPDX-License-Identifier: Apache-2.0
// Nothing is left behind, however the guard, the keeper or the server ends.
#include "proxy/keeper.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "proxy/child.h"
#include "tests/support/process_census.h"

namespace gatehouse {
namespace {

using std::chrono::seconds;
using testing::ChildrenOf;
using testing::Eventually;
using testing::IsAlive;
using testing::NewMark;
using testing::ProcessesWith;
using testing::ReadFile;
using testing::TemporaryFolder;

struct Family {
  std::string name;
  std::string script;  // touches $READY when all of it stands
  int size = 0;        // processes then
};

// How servers really stand: directly, below a shell as npx puts them, in a
// session of their own, daemonised, deaf to SIGTERM.
const std::vector<Family>& Families() {
  static const std::vector<Family> families = {
      {"alone", "touch $READY; exec sleep 1000", 1},
      {"like npx", "sh -c 'sleep 1000 & touch $READY; wait' & wait", 3},
      {"own session", "setsid sleep 1000 & touch $READY; exec sleep 1000", 2},
      {"daemonised",
       "setsid -f sh -c 'setsid -f sleep 1000; exec sleep 1000'; touch "
       "$READY; exec sleep 1000",
       3},
      {"deaf",
       "setsid sh -c 'trap \"\" TERM HUP INT; touch $READY; while :; do sleep "
       "1; done' & trap '' TERM; while :; do sleep 1; done",
       4},
      {"main process gone", "setsid sleep 1000 & sleep 1000 & touch $READY", 2},
  };
  return families;
}

ChildSpec SpecFor(const Family& family, const std::string& mark,
                  const std::string& ready) {
  const std::size_t equals = mark.find('=');
  ChildSpec spec;
  spec.argv = {"sh", "-c", family.script};
  spec.environment = {{mark.substr(0, equals), mark.substr(equals + 1)},
                      {"READY", ready}};
  spec.server_stderr = ServerStderr::kInherit;
  return spec;
}

bool AllGone(const std::string& mark) {
  return Eventually([&] { return ProcessesWith(mark).empty(); });
}

struct FakeGuard {
  pid_t pid = -1;
  pid_t keeper = -1;
};

// A process that starts the server and then only waits to be killed.
FakeGuard StartGuard(const ChildSpec& spec) {
  const Pipe told = std::move(MakePipe()).value();
  FakeGuard guard;
  guard.pid = fork();
  if (guard.pid == 0) {
    Result<Child> child = Child::Start(spec);
    if (!child.ok() || !child.value().AwaitExec(seconds(10)).ok()) _exit(1);
    const pid_t keeper = child.value().keeper_pid();
    if (write(told.write.get(), &keeper, sizeof keeper) < 0) _exit(1);
    while (true) pause();
  }
  if (read(told.read.get(), &guard.keeper, sizeof guard.keeper) < 0) {
    guard.keeper = -1;
  }
  return guard;
}

void Kill(pid_t pid, int signal) {
  kill(pid, signal);
  waitpid(pid, nullptr, 0);
}

TEST(Keeper, LeavesNothingWhenTheGuardIsKilled) {
  for (const Family& family : Families()) {
    const TemporaryFolder folder;
    const std::string mark = NewMark();
    const std::string ready = folder.File("ready");
    const FakeGuard guard = StartGuard(SpecFor(family, mark, ready));
    const bool stands = Eventually([&] {
      // "main process gone": the keeper may already be clearing up.
      return access(ready.c_str(), F_OK) == 0 &&
             (family.name == "main process gone" ||
              static_cast<int>(ProcessesWith(mark).size()) >= family.size);
    });
    EXPECT_TRUE(stands) << family.name;
    Kill(guard.pid, SIGKILL);
    EXPECT_TRUE(AllGone(mark)) << family.name;
    EXPECT_TRUE(Eventually([&] { return !IsAlive(guard.keeper); }))
        << family.name;
  }
}

TEST(Keeper, LeavesNothingWhenTheServerEndsByItself) {
  const TemporaryFolder folder;
  const std::string mark = NewMark();
  Child child =
      Child::Start(SpecFor(Families().back(), mark, folder.File("ready")))
          .value();
  EXPECT_TRUE(Eventually([&] { return child.Refresh() == ChildState::kGone; }));
  EXPECT_TRUE(ProcessesWith(mark).empty());
  ASSERT_TRUE(child.exit().has_value());
  EXPECT_EQ(child.exit()->ExitCode(), 0);
}

TEST(Keeper, WhenItIsKilledItselfTheGuardClearsUp) {
  for (const Family& family : Families()) {
    if (family.name == "main process gone") continue;
    const TemporaryFolder folder;
    const std::string mark = NewMark();
    const std::string ready = folder.File("ready");
    Child child = Child::Start(SpecFor(family, mark, ready)).value();
    ASSERT_TRUE(child.AwaitExec(seconds(10)).ok());
    ASSERT_TRUE(Eventually([&] { return access(ready.c_str(), F_OK) == 0; }));
    kill(child.keeper_pid(), SIGKILL);
    EXPECT_TRUE(
        Eventually([&] { return child.Refresh() == ChildState::kGone; }));
    EXPECT_FALSE(child.exit().has_value());
    EXPECT_TRUE(ProcessesWith(mark).empty()) << family.name;
  }
}

// As `sh -c 'helper & exec gatehouse run …'` has it.
TEST(Keeper, WhenItIsKilledItselfWhatIsNotTheServersStays) {
  const pid_t helper = fork();
  if (helper == 0) {
    while (true) pause();
  }
  Child child =
      Child::Start({{"sleep", "1000"}, {}, ServerStderr::kPipe}).value();
  ASSERT_TRUE(child.AwaitExec(seconds(10)).ok());
  const pid_t server = child.server_pid();
  kill(child.keeper_pid(), SIGKILL);
  EXPECT_TRUE(Eventually([&] { return child.Refresh() == ChildState::kGone; }));
  EXPECT_FALSE(IsAlive(server));
  EXPECT_TRUE(IsAlive(helper));
  Kill(helper, SIGKILL);
}

TEST(Keeper, IsDeafToWhatATerminalSends) {
  Child child =
      Child::Start({{"sleep", "1000"}, {}, ServerStderr::kPipe}).value();
  ASSERT_TRUE(child.AwaitExec(seconds(10)).ok());
  for (const int signal :
       {SIGTERM, SIGINT, SIGHUP, SIGPIPE, SIGQUIT, SIGXFSZ}) {
    kill(child.keeper_pid(), signal);
  }
  EXPECT_NE(getpgid(child.keeper_pid()), getpgrp());
  EXPECT_NE(getsid(child.keeper_pid()), getsid(0));
  EXPECT_EQ(getpgid(child.server_pid()), child.server_pid());
  EXPECT_EQ(child.Refresh(), ChildState::kRunning);
  EXPECT_TRUE(IsAlive(child.server_pid()));
}

// The server's process waits too, from the fork on, for what it is to become.
TEST(Keeper, LeavesNothingWhenItIsKilledBeforeALaunch) {
  Child child = Child::Fork(ServerStderr::kPipe).value();
  std::vector<pid_t> waiting;
  EXPECT_TRUE(Eventually([&] {
    waiting = ChildrenOf(child.keeper_pid());
    return waiting.size() == 1;
  }));
  kill(child.keeper_pid(), SIGKILL);
  for (const pid_t pid : waiting) {
    EXPECT_TRUE(Eventually([&] { return !IsAlive(pid); }));
  }
  EXPECT_TRUE(Eventually([&] { return child.Refresh() == ChildState::kGone; }));
}

TEST(Keeper, LeavesNothingWhenTheGuardGoesBeforeALaunch) {
  std::vector<pid_t> left;
  {
    Child child = Child::Fork(ServerStderr::kPipe).value();
    EXPECT_TRUE(Eventually([&] {
      left = ChildrenOf(child.keeper_pid());
      return left.size() == 1;
    }));
    left.push_back(child.keeper_pid());
  }
  for (const pid_t pid : left) EXPECT_FALSE(IsAlive(pid));
}

// Else a client that waits for the end of our stdout waits for the keeper.
TEST(Keeper, HoldsNoneOfTheServersPipes) {
  Child child =
      Child::Start({{"sh", "-c", "exec >&- 2>&- <&-; exec sleep 1000"},
                    {},
                    ServerStderr::kPipe})
          .value();
  ASSERT_TRUE(child.AwaitExec(seconds(10)).ok());
  const ChildPipes pipes = child.TakePipes();
  char byte = 0;
  EXPECT_EQ(read(pipes.server_stdout.get(), &byte, 1), 0);
  EXPECT_EQ(read(pipes.server_stderr.get(), &byte, 1), 0);
}

}  // namespace
}  // namespace gatehouse
