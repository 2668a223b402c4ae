// SPDX-License-Identifier: Apache-2.0
#include "proxy/child.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>

#include "tests/support/process_census.h"

namespace gatehouse {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Eventually;
using testing::ReadFile;
using testing::TemporaryFolder;

ChildSpec Shell(const std::string& script) {
  ChildSpec spec;
  spec.argv = {"sh", "-c", script};
  return spec;
}

// All that the server writes until it closes its end.
std::string ReadAll(const UniqueFd& fd) {
  std::string text;
  std::array<char, 4096> buffer = {};
  while (true) {
    const ssize_t count = read(fd.get(), buffer.data(), buffer.size());
    if (count <= 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

bool WaitFor(Child& child, ChildState state) {
  return Eventually([&] { return child.Refresh() == state; });
}

TEST(Child, PassesOnExitCodesAndSignals) {
  struct Row {
    std::string script;
    int exit_code;
  };
  for (const Row& row : {Row{"exit 0", 0}, Row{"exit 7", 7},
                         Row{"kill -9 $$", 137}, Row{"kill -15 $$", 143}}) {
    Child child = Child::Start(Shell(row.script)).value();
    ASSERT_TRUE(child.AwaitExec(seconds(10)).ok());
    ASSERT_TRUE(WaitFor(child, ChildState::kGone));
    ASSERT_TRUE(child.exit().has_value()) << row.script;
    EXPECT_EQ(child.exit()->ExitCode(), row.exit_code) << row.script;
  }
}

TEST(Child, SaysWhyAProgramCannotStart) {
  struct Row {
    std::string program;
    ErrorCode code;
    std::string sentence;
  };
  const TemporaryFolder folder;
  testing::WriteFile(folder.File("plain"), "text");
  for (const Row& row :
       {Row{"no-such-server", ErrorCode::kNotFound,
            "cannot start no-such-server: No such file or directory"},
        Row{folder.File("plain"), ErrorCode::kPermission,
            "cannot start " + folder.File("plain") + ": Permission denied"}}) {
    Child child = Child::Start({{row.program}, {}, {}}).value();
    const Status started = child.AwaitExec(seconds(10));
    ASSERT_FALSE(started.ok());
    EXPECT_EQ(started.error().code, row.code);
    EXPECT_EQ(started.error().sentence, row.sentence);
    EXPECT_TRUE(WaitFor(child, ChildState::kGone));
  }
  EXPECT_FALSE(Child::Start({}).ok());
}

TEST(Child, ConnectsAllThreeStreams) {
  Child child =
      Child::Start(Shell("read line; echo got $line; echo bad >&2")).value();
  ChildPipes pipes = child.TakePipes();
  ASSERT_EQ(write(pipes.server_stdin.get(), "hi\n", 3), 3);
  EXPECT_EQ(ReadAll(pipes.server_stdout), "got hi\n");
  EXPECT_EQ(ReadAll(pipes.server_stderr), "bad\n");
}

TEST(Child, ChangesTheEnvironmentAndSearchesItsPath) {
  setenv("GATEHOUSE_TEST_GONE", "1", 1);
  const TemporaryFolder folder;
  testing::WriteFile(folder.File("own-server"),
                     "#!/bin/sh\necho $A-$GATEHOUSE_TEST_GONE-$HOME\n");
  ASSERT_EQ(chmod(folder.File("own-server").c_str(), 0700), 0);
  ChildSpec spec;
  spec.argv = {"own-server"};
  spec.environment = {{"A", "x=y"},
                      {"GATEHOUSE_TEST_GONE", std::nullopt},
                      {"HOME", "/here"},
                      {"PATH", folder.path() + ":/bin"}};
  Child child = Child::Start(std::move(spec)).value();
  EXPECT_EQ(ReadAll(child.TakePipes().server_stdout), "x=y--/here\n");
}

// What the guard or its client has open must not leak into the server.
// A guard that cannot go on: its keeper has nothing to end.
TEST(Child, IsGoneAtOnceWhereNothingWasLaunched) {
  Child child = Child::Fork(ServerStderr::kPipe).value();
  EXPECT_EQ(child.Refresh(), ChildState::kRunning);
  child.Shutdown(ShutdownPace::kFast);
  EXPECT_EQ(child.state(), ChildState::kGone);
  EXPECT_EQ(child.server_pid(), 0);
}

TEST(Child, LaunchesLongAfterTheFork) {
  Child child = Child::Fork(ServerStderr::kPipe).value();
  const std::string long_text(200'000, 'x');
  ChildSpec spec = Shell("echo ${#A}${#B}");
  spec.environment = {{"A", long_text.substr(0, 100'000)},
                      {"B", long_text.substr(0, 100'000)}};
  ASSERT_TRUE(child.Launch(std::move(spec)).ok());
  ASSERT_TRUE(child.AwaitExec(seconds(10)).ok());
  EXPECT_EQ(ReadAll(child.TakePipes().server_stdout), "100000100000\n");
}

TEST(Child, StartsWithCleanSignalsAndDescriptors) {
  const UniqueFd leaky(open("/dev/null", O_RDONLY));  // not close-on-exec
  signal(SIGPIPE, SIG_IGN);
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, &before);
  struct Row {
    std::vector<std::string> argv;
    std::string seen;
  };
  for (const Row& row :
       {Row{{"sh", "-c", "ls /proc/$$/fd"}, "0\n1\n2\n"},
        // Signals 1 to 31: the C library keeps 32 and 33 for itself, and where
        // whoever started the tests ignored them, nobody can reset them.
        Row{{"sh", "-c",
             "while read -r name mask; do case $name in SigBlk:|SigIgn:) "
             "printf '%s %08x\\n' $name $((0x${mask#????????} & 0x7fffffff));; "
             "esac; done </proc/self/status"},
            "SigBlk: 00000000\nSigIgn: 00000000\n"}}) {
    Child child = Child::Start({row.argv, {}, ServerStderr::kPipe}).value();
    EXPECT_EQ(ReadAll(child.TakePipes().server_stdout), row.seen);
  }
  sigprocmask(SIG_SETMASK, &before, nullptr);
}

// From the first fork on: a warning may come before signals are watched, and
// the log be a pipe that nobody reads.
TEST(Child, AForkMakesAWriteThatNobodyReadsFailAndEndNobody) {
  const auto before = signal(SIGPIPE, SIG_DFL);
  const Child child = Child::Fork(ServerStderr::kPipe).value();
  EXPECT_EQ(signal(SIGPIPE, before), SIG_IGN);
}

TEST(Child, OrderlyShutdownGoesFromEofToTermToKill) {
  struct Row {
    std::string script;
    std::string seen;
    int exit_code;
  };
  for (const Row& row : {
           Row{"cat >/dev/null; echo eof; exit 3", "eof\n", 3},
           Row{"trap 'echo term; exit 4' TERM; while :; do sleep 0.01; done",
               "term\n", 4},
           Row{"trap '' TERM; while :; do sleep 0.01; done", "", 137},
       }) {
    Child child = Child::Start(Shell(row.script)).value();
    ASSERT_TRUE(child.AwaitExec(seconds(10)).ok());
    ChildPipes pipes = child.TakePipes();
    pipes.server_stdin.Close();
    const auto start = std::chrono::steady_clock::now();
    child.BeginShutdown(ShutdownPace::kOrderly);
    EXPECT_EQ(ReadAll(pipes.server_stdout), row.seen);
    ASSERT_TRUE(WaitFor(child, ChildState::kGone));
    EXPECT_LT(std::chrono::steady_clock::now() - start, seconds(2));
    ASSERT_TRUE(child.exit().has_value());
    EXPECT_EQ(child.exit()->ExitCode(), row.exit_code) << row.script;
  }
}

TEST(Child, DestroyingItEndsTheServer) {
  pid_t server = 0;
  {
    Child child = Child::Start(Shell("exec sleep 1000")).value();
    ASSERT_TRUE(child.AwaitExec(seconds(10)).ok());
    server = child.server_pid();
    EXPECT_TRUE(testing::IsAlive(server));
  }
  EXPECT_FALSE(testing::IsAlive(server));
}

TEST(Child, AwaitExecGivesUpInTime) {
  Child child = Child::Start(Shell("exit 0")).value();
  kill(child.keeper_pid(), SIGSTOP);
  const Status started = child.AwaitExec(milliseconds(1));
  kill(child.keeper_pid(), SIGCONT);
  // Either it had started before the stop, or it says that it takes long.
  EXPECT_TRUE(started.ok() || started.error().code == ErrorCode::kBusy);
  EXPECT_TRUE(WaitFor(child, ChildState::kGone));
}

}  // namespace
}  // namespace gatehouse
