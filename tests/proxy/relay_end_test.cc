// SPDX-License-Identifier: Apache-2.0
// How a session ends, and with which exit code.
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/proxy/relay_fixture.h"
#include "tests/support/process_census.h"

namespace gatehouse {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Adopted;
using testing::Eventually;
using testing::ForwardAll;
using testing::ReadSome;
using testing::ReadToEnd;
using testing::RelayTest;
using testing::Say;

TEST_F(RelayTest, AfterTheClientsEndItWaitsForWhatIsInFlight) {
  std::atomic<bool> owed = true;
  handlers_.in_flight = [&] { return owed.load(); };
  handlers_.from_server = [&](std::span<const Frame> frames) {
    owed = false;
    return ForwardAll(frames);
  };
  limits_.drain = seconds(20);
  Start();
  Say(client_writes(), "call\n");
  client_in_.write.Close();
  EXPECT_EQ(ReadSome(server_reads(), 5), "call\n");
  Say(server_writes(), "answer\n");
  EXPECT_EQ(ReadSome(client_reads(), 7), "answer\n");
  EXPECT_EQ(ReadToEnd(server_reads()), "<end>");
  server_out_.write.Close();
  EXPECT_EQ(Join().reason, RelayExit::Reason::kClientClosed);
}

TEST_F(RelayTest, DoesNotWaitForEver) {
  handlers_.in_flight = [] { return true; };
  limits_.drain = milliseconds(20);
  const auto start = std::chrono::steady_clock::now();
  client_in_.write.Close();
  Start();
  EXPECT_EQ(Join().reason, RelayExit::Reason::kClientClosed);
  EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(2000));
}

// It is not read, since it does not read its answers: its end is seen all the
// same.
TEST_F(RelayTest, AClientThatEndsWithAnswersUnreadIsNotWaitedFor) {
  handlers_.from_client = [](std::span<const Frame> frames) {
    const Verdict answer{Verdict::Kind::kAnswer,
                         std::string(1 << 20, 'n') + "\n"};
    return std::vector<Verdict>(frames.size(), answer);
  };
  Start();
  Say(client_writes(), "a\nb\nc\n");
  ReadSome(client_reads(), 1);
  Say(client_writes(), "d\n");
  const auto start = std::chrono::steady_clock::now();
  client_in_.write.Close();
  const RelayExit exit = Join();
  EXPECT_EQ(exit.reason, RelayExit::Reason::kClientClosed);
  EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(2000));
}

TEST_F(RelayTest, NeverForwardsALineThatWasNotEnded) {
  std::string unfinished;
  handlers_.on_unfinished = [&](RelaySide side, std::string_view bytes) {
    unfinished += side == RelaySide::kClient ? "client:" : "server:";
    unfinished += bytes;
  };
  Say(client_writes(), "whole\nhalf");
  client_in_.write.Close();
  Start();
  EXPECT_EQ(ReadToEnd(server_reads()), "whole\n<end>");
  Say(server_writes(), "torn");
  server_out_.write.Close();
  EXPECT_EQ(ReadToEnd(client_reads()), "<end>");
  Join();
  EXPECT_EQ(unfinished, "client:halfserver:torn");
}

TEST_F(RelayTest, WhenTheServerEndsTheClientHearsIt) {
  int asked = 0;
  handlers_.on_server_gone = [&] {
    ++asked;
    return std::string("server-died\n");
  };
  Start();
  Say(server_writes(), "last\n");
  server_out_.write.Close();
  EXPECT_EQ(ReadToEnd(client_reads()), "last\nserver-died\n<end>");
  const RelayExit exit = Join();
  EXPECT_EQ(exit.reason, RelayExit::Reason::kServerGone);
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(exit.ExitCode(), 3);  // no child here: its code is not known
}

TEST_F(RelayTest, AClientThatNoLongerReadsEndsTheSession) {
  Start();
  client_out_.read.Close();
  EXPECT_EQ(ReadToEnd(server_reads()), "<end>");
  server_out_.write.Close();
  const RelayExit exit = Join();
  EXPECT_EQ(exit.reason, RelayExit::Reason::kClientGone);
  EXPECT_EQ(exit.ExitCode(), 0);
}

TEST_F(RelayTest, ASignalEndsTheSession) {
  Start();
  kill(getpid(), SIGTERM);
  EXPECT_EQ(ReadToEnd(server_reads()), "<end>");
  server_out_.write.Close();
  const RelayExit exit = Join();
  EXPECT_EQ(exit.reason, RelayExit::Reason::kSignal);
  EXPECT_EQ(exit.ExitCode(), 128 + SIGTERM);
}

TEST_F(RelayTest, AHangupIsTheHandlersWhereThereIsOne) {
  handlers_.on_hangup = [] { kill(getpid(), SIGTERM); };
  Start();
  kill(getpid(), SIGHUP);
  EXPECT_EQ(ReadToEnd(server_reads()), "<end>");
  server_out_.write.Close();
  const RelayExit exit = Join();
  EXPECT_EQ(exit.signal, SIGTERM) << "and did not end it by itself";
}

TEST_F(RelayTest, AGateCanCloseTheSession) {
  handlers_.from_client = [](std::span<const Frame>) {
    return std::vector<Verdict>{{Verdict::Kind::kAnswer, "because\n"},
                                {Verdict::Kind::kClose, "broken"},
                                {Verdict::Kind::kForward, "never\n"}};
  };
  Start();
  Say(client_writes(), "x\n");
  EXPECT_EQ(ReadToEnd(server_reads()), "<end>");
  server_out_.write.Close();
  EXPECT_EQ(ReadToEnd(client_reads()), "because\n<end>");
  const RelayExit exit = Join();
  EXPECT_EQ(exit.reason, RelayExit::Reason::kClosed);
  EXPECT_EQ(exit.detail, "broken");
  EXPECT_EQ(exit.ExitCode(), 3);
}

TEST_F(RelayTest, IsIdleOncePerQuietTime) {
  std::atomic<int> idle = 0;
  handlers_.on_idle = [&] { ++idle; };
  limits_.idle_after = milliseconds(1);
  Start();
  ASSERT_TRUE(Eventually([&] { return idle == 1; }));
  Say(client_writes(), "x\n");
  EXPECT_EQ(ReadSome(server_reads(), 2), "x\n");
  ASSERT_TRUE(Eventually([&] { return idle == 2; }));
  client_in_.write.Close();
  server_out_.write.Close();
  Join();
  EXPECT_EQ(idle, 3);  // and before it returns
}

TEST_F(RelayTest, ReportsATooLongFrameAndGoesOn) {
  limits_.max_client_frame_bytes = 10;
  handlers_.from_client = [](std::span<const Frame> frames) {
    std::vector<Verdict> verdicts;
    for (const Frame& frame : frames) {
      const bool fits = frame.part == FramePart::kWhole;
      if (!fits && frame.part != FramePart::kLast) continue;
      verdicts.push_back(
          {fits ? Verdict::Kind::kForward : Verdict::Kind::kAnswer,
           fits ? "fits\n" : "too long\n"});
    }
    return verdicts;
  };
  Start();
  std::thread writer(
      [&] { Say(client_writes(), std::string(5'000'000, 'x') + "\nok\n"); });
  EXPECT_EQ(ReadSome(server_reads(), 5), "fits\n");
  EXPECT_EQ(ReadSome(client_reads(), 9), "too long\n");
  writer.join();
}

TEST_F(RelayTest, WithoutAServerTheClientIsAnsweredForAWhile) {
  with_server_ = false;
  limits_.lifetime = milliseconds(300);
  handlers_.from_client = [](std::span<const Frame>) {
    return std::vector<Verdict>{{Verdict::Kind::kForward, "nowhere\n"},
                                {Verdict::Kind::kAnswer, "not started\n"}};
  };
  Start();
  Say(client_writes(), "initialize\n");
  EXPECT_EQ(ReadToEnd(client_reads()), "not started\n<end>");
  const RelayExit exit = Join();
  EXPECT_EQ(exit.reason, RelayExit::Reason::kLifetime);
  EXPECT_EQ(exit.ExitCode(), 3);
}

struct WithChild {
  std::string client_saw;
  std::string logged;
  RelayExit exit;
};

// A session with a shell script as server; the client says `input` and ends.
WithChild RunScript(const std::string& script, const std::string& input,
                    bool keep_open) {
  Pipe client_in = std::move(MakePipe()).value();
  Pipe client_out = std::move(MakePipe()).value();
  Pipe log_pipe = std::move(MakePipe()).value();
  Child child =
      Child::Start({{"sh", "-c", script}, {}, ServerStderr::kPipe}).value();
  ChildPipes pipes = child.TakePipes();
  RelayStreams streams;
  streams.client_in = Adopted(std::move(client_in.read));
  streams.client_out = Adopted(std::move(client_out.write));
  streams.server_in = Adopted(std::move(pipes.server_stdin));
  streams.server_out = Adopted(std::move(pipes.server_stdout));
  streams.server_err = Adopted(std::move(pipes.server_stderr));
  streams.child = &child;
  Say(client_in.write.get(), input);
  if (!keep_open) client_in.write.Close();
  WithChild result;
  Log log = std::move(Log::OnFd(log_pipe.write.get(), LogLevel::kWarn)).value();
  result.exit = RunRelay(std::move(streams),
                         {ForwardAll, ForwardAll, {}, {}, {}, {}}, {}, log);
  result.client_saw = ReadToEnd(client_out.read.get());
  log_pipe.write.Close();
  {
    Log moved = std::move(log);  // its own view of the pipe ends here
  }
  result.logged = ReadToEnd(log_pipe.read.get());
  return result;
}

TEST(RelayWithChild, PassesOnTheServersExitCode) {
  const WithChild seen =
      RunScript("read a; echo \"got $a\"; echo oops >&2; exit 7", "hi\n", true);
  EXPECT_EQ(seen.client_saw, "got hi\n<end>");
  EXPECT_EQ(seen.logged, "[server] oops\n<end>");
  EXPECT_EQ(seen.exit.reason, RelayExit::Reason::kServerGone);
  EXPECT_EQ(seen.exit.ExitCode(), 7);
}

TEST(RelayWithChild, AServerKilledBySignalGives128AndTheSignal) {
  EXPECT_EQ(RunScript("kill -9 $$", "", true).exit.ExitCode(), 137);
}

TEST(RelayWithChild, AfterTheClientsEndTheServerEndsInTwoSeconds) {
  struct Row {
    std::string script;
    int exit_code;
  };
  for (const Row& row :
       {Row{"cat", 0}, Row{"cat; exit 5", 5}, Row{"cat; exec sleep 1000", 0},
        Row{"trap '' TERM; cat; while :; do sleep 0.05; done", 0}}) {
    const auto start = std::chrono::steady_clock::now();
    const WithChild seen = RunScript(row.script, "a\nb\n", false);
    EXPECT_LT(std::chrono::steady_clock::now() - start, seconds(2));
    EXPECT_EQ(seen.client_saw, "a\nb\n<end>") << row.script;
    EXPECT_EQ(seen.exit.reason, RelayExit::Reason::kClientClosed);
    EXPECT_EQ(seen.exit.ExitCode(), row.exit_code) << row.script;
  }
}

}  // namespace
}  // namespace gatehouse
