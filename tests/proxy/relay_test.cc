// SPDX-License-Identifier: Apache-2.0
// The relay on a thread of its own, over pipes whose other ends the test
// holds: it plays client and server, byte by byte if need be.
#include "proxy/relay.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/support/process_census.h"

namespace gatehouse {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Eventually;

std::vector<Verdict> ForwardAll(std::span<const Frame> frames) {
  std::vector<Verdict> verdicts;
  for (const Frame& frame : frames) {
    verdicts.push_back(
        {Verdict::Kind::kForward, std::string(frame.bytes) + "\n"});
  }
  return verdicts;
}

// Reads until `bytes` have come, the end, or ten quiet seconds.
std::string ReadSome(int fd, std::size_t bytes) {
  std::string text;
  std::vector<char> buffer(1 << 16);
  while (text.size() < bytes) {
    pollfd ready = {fd, POLLIN, 0};
    if (poll(&ready, 1, 10'000) <= 0) return text + "<timeout>";
    const std::size_t wanted = std::min(buffer.size(), bytes - text.size());
    const ssize_t count = read(fd, buffer.data(), wanted);
    if (count <= 0) return text + "<end>";
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return text;
}

std::string ReadToEnd(int fd) { return ReadSome(fd, ~std::size_t{0}); }

void Say(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = write(fd, text.data(), text.size());
    ASSERT_GT(count, 0);
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

Stream Adopted(UniqueFd fd) {
  return std::move(Stream::Adopt(std::move(fd))).value();
}

class RelayTest : public ::testing::Test {
 protected:
  void Start() {
    signal_fd_ = std::move(WatchSignals()).value();
    RelayStreams streams;
    streams.client_in = Adopted(std::move(client_in_.read));
    streams.client_out = Adopted(std::move(client_out_.write));
    if (with_server_) {
      streams.server_in = Adopted(std::move(server_in_.write));
      streams.server_out = Adopted(std::move(server_out_.read));
    }
    streams.signal_fd = signal_fd_.get();
    streams.turn_fd = turn_fd_.get();
    runner_ = std::thread([this, moved = std::move(streams)]() mutable {
      Log log =
          std::move(Log::OnFd(log_pipe_.write.get(), LogLevel::kInfo)).value();
      exit_ = RunRelay(std::move(moved), handlers_, limits_, log);
      done_ = true;
    });
  }
  RelayExit Join() {
    runner_.join();
    return exit_;
  }
  void TearDown() override {
    client_in_.write.Close();
    server_out_.write.Close();
    if (runner_.joinable()) runner_.join();
  }

  int client_writes() const { return client_in_.write.get(); }
  int client_reads() const { return client_out_.read.get(); }
  int server_writes() const { return server_out_.write.get(); }
  int server_reads() const { return server_in_.read.get(); }

  Pipe client_in_ = std::move(MakePipe()).value();
  Pipe client_out_ = std::move(MakePipe()).value();
  Pipe server_in_ = std::move(MakePipe()).value();
  Pipe server_out_ = std::move(MakePipe()).value();
  Pipe log_pipe_ = std::move(MakePipe()).value();
  UniqueFd signal_fd_;
  UniqueFd turn_fd_;
  bool with_server_ = true;
  RelayHandlers handlers_{ForwardAll, ForwardAll, {}, {}, {}, {}};
  RelayLimits limits_;
  std::thread runner_;
  RelayExit exit_;
  std::atomic<bool> done_ = false;
};

TEST_F(RelayTest, ForwardsBothWaysOneByteAtATime) {
  Start();
  for (const char c : std::string("hello\nworld\n")) {
    Say(client_writes(), std::string(1, c));
  }
  EXPECT_EQ(ReadSome(server_reads(), 12), "hello\nworld\n");
  for (const char c : std::string("back\n")) {
    Say(server_writes(), std::string(1, c));
  }
  EXPECT_EQ(ReadSome(client_reads(), 5), "back\n");
}

// What a thread has made ready goes out although neither side says anything;
// until then the client need not be read.
TEST_F(RelayTest, IsWokenForItsTurnAndHoldsTheClientUntilThen) {
  std::atomic<bool> holds = false;
  std::atomic<int> taken = 0;
  turn_fd_ = UniqueFd(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  handlers_.from_client = [&](std::span<const Frame> frames) {
    holds = true;
    taken += static_cast<int>(frames.size());
    return std::vector<Verdict>();
  };
  handlers_.holds_client = [&] { return holds.load(); };
  handlers_.on_turn = [&]() -> std::vector<Verdict> {
    std::uint64_t told = 0;
    if (read(turn_fd_.get(), &told, sizeof told) < 0) return {};
    holds = false;
    return {{Verdict::Kind::kForward, "ready\n"}};
  };
  Start();
  Say(client_writes(), "one\n");
  ASSERT_TRUE(Eventually([&] { return holds.load(); }));
  Say(client_writes(), "two\n");
  Say(server_writes(), "other\n");
  EXPECT_EQ(ReadSome(client_reads(), 6), "other\n");  // the loop goes on
  EXPECT_EQ(taken, 1);
  const std::uint64_t one = 1;
  ASSERT_EQ(write(turn_fd_.get(), &one, sizeof one), 8);
  EXPECT_EQ(ReadSome(server_reads(), 6), "ready\n");
  EXPECT_TRUE(Eventually([&] { return taken == 2; }));
}

TEST_F(RelayTest, DoesWhatTheVerdictsSay) {
  handlers_.from_client = [](std::span<const Frame> frames) {
    std::vector<Verdict> verdicts;
    for (const Frame& frame : frames) {
      if (frame.bytes == "drop") continue;
      if (frame.bytes == "dropped") verdicts.push_back({});
      if (frame.bytes == "answer" || frame.bytes == "both") {
        verdicts.push_back({Verdict::Kind::kAnswer, "no\n"});
      }
      if (frame.bytes == "both" || frame.bytes == "pass") {
        verdicts.push_back({Verdict::Kind::kForward, "yes\n"});
      }
    }
    return verdicts;
  };
  Start();
  Say(client_writes(), "drop\ndropped\nanswer\nboth\npass\n");
  EXPECT_EQ(ReadSome(client_reads(), 6), "no\nno\n");
  EXPECT_EQ(ReadSome(server_reads(), 8), "yes\nyes\n");
  client_in_.write.Close();
  EXPECT_EQ(ReadToEnd(server_reads()), "<end>");
}

TEST_F(RelayTest, HandsAWholeWakeUpToTheGateAtOnce) {
  std::vector<std::size_t> batches;
  handlers_.from_client = [&](std::span<const Frame> frames) {
    batches.push_back(frames.size());
    return ForwardAll(frames);
  };
  Say(client_writes(), "a\nb\nc\nd\n");
  client_in_.write.Close();
  Start();
  EXPECT_EQ(ReadToEnd(server_reads()), "a\nb\nc\nd\n<end>");
  server_out_.write.Close();
  Join();
  EXPECT_EQ(batches, std::vector<std::size_t>{4});
}

TEST_F(RelayTest, CarriesThousandsOfFramesBothWays) {
  Start();
  std::string sent;
  for (int i = 0; i < 20'000; ++i) {
    sent += std::string(static_cast<std::size_t>(i % 300), 'x') + "\n";
  }
  // Lines of one character run through the gates; blank ones vanish.
  std::string expected;
  for (int i = 0; i < 20'000; ++i) {
    if (i % 300 == 0) continue;
    expected += std::string(static_cast<std::size_t>(i % 300), 'x') + "\n";
  }
  std::thread echo([&] {
    std::vector<char> buffer(50'000);
    while (true) {
      const ssize_t count = read(server_reads(), buffer.data(), buffer.size());
      if (count <= 0) break;
      Say(server_writes(),
          std::string_view(buffer.data(), static_cast<std::size_t>(count)));
    }
    server_out_.write.Close();
  });
  std::thread writer([&] { Say(client_writes(), sent); });
  EXPECT_EQ(ReadSome(client_reads(), expected.size()), expected);
  writer.join();
  client_in_.write.Close();
  echo.join();
  EXPECT_EQ(Join().reason, RelayExit::Reason::kClientClosed);
}

// Writes without blocking until nothing more is taken for a while.
std::size_t Stuff(UniqueFd fd, const std::string& block) {
  Stream stream = Adopted(std::move(fd));
  std::size_t total = 0;
  while (true) {
    const IoResult written = stream.Write(block);
    if (written.state == IoState::kMoved) {
      total += written.bytes;
      continue;
    }
    pollfd room = {stream.fd(), POLLOUT, 0};
    if (poll(&room, 1, 300) == 0) return total;
  }
}

TEST_F(RelayTest, AClientThatStopsReadingStopsTheServer) {
  Start();
  const std::string block = std::string(99'999, 'x') + "\n";
  const std::size_t taken = Stuff(std::move(server_out_.write), block);
  // Two pipes, one outbox, one wake-up; never the 64 MB it would like.
  EXPECT_LT(taken, std::size_t{6} << 20);
  const std::string got = ReadToEnd(client_reads());
  EXPECT_GE(got.size(), taken - block.size());
  EXPECT_EQ(Join().reason, RelayExit::Reason::kServerGone);
}

TEST_F(RelayTest, AServerThatStopsReadingStopsTheClient) {
  Start();
  const std::string block = std::string(99'999, 'x') + "\n";
  const std::size_t taken = Stuff(std::move(client_in_.write), block);
  EXPECT_LT(taken, std::size_t{6} << 20);
  EXPECT_GE(ReadToEnd(server_reads()).size(), taken - 2 * block.size());
}

// A megabyte of tiny frames, each with a long answer, for a client that does
// not read: the answers are made as they leave, not all at once.
TEST_F(RelayTest, AnswersDoNotPileUpEither) {
  std::atomic<std::size_t> judged = 0;
  handlers_.from_client = [&](std::span<const Frame> frames) {
    judged += frames.size();
    const Verdict answer{Verdict::Kind::kAnswer, std::string(4095, 'n') + "\n"};
    return std::vector<Verdict>(frames.size(), answer);
  };
  Start();
  std::string frames;
  for (int i = 0; i < 20'000; ++i) frames += "x\n";
  Say(client_writes(), frames);
  ASSERT_TRUE(Eventually([&] { return judged > 0; }));
  std::size_t before = 0;
  Eventually([&] { return std::exchange(before, judged.load()) == judged; });
  EXPECT_LT(judged, 5000U);
  const std::size_t expected = 20'000 * 4096;
  EXPECT_EQ(ReadSome(client_reads(), expected).size(), expected);
  EXPECT_EQ(judged, 20'000U);
}

// Half a line of the server's, then the guard's own answer to the client: that
// waits, or the client would read neither.
TEST_F(RelayTest, NothingIsWrittenIntoAnOpenLine) {
  limits_.max_server_frame_bytes = 4;
  handlers_.from_server = [](std::span<const Frame> frames) {
    std::vector<Verdict> verdicts;
    for (const Frame& frame : frames) {
      const bool last = frame.part == FramePart::kLast;
      verdicts.push_back({Verdict::Kind::kForward,
                          std::string(frame.bytes) + (last ? "\n" : ""),
                          frame.part});
    }
    return verdicts;
  };
  std::atomic<int> answered = 0;
  handlers_.from_client = [&](std::span<const Frame> frames) {
    answered += static_cast<int>(frames.size());
    return std::vector<Verdict>(frames.size(),
                                {Verdict::Kind::kAnswer, "no\n"});
  };
  handlers_.on_server_gone = [] { return std::string("gone\n"); };
  Start();
  Say(server_writes(), "long line ");
  EXPECT_EQ(ReadSome(client_reads(), 10), "long line ");
  Say(client_writes(), "a\nb\n");
  ASSERT_TRUE(Eventually([&] { return answered == 2; }));
  Say(server_writes(), "goes on\nnext one\n");
  EXPECT_EQ(ReadSome(client_reads(), 23), "goes on\nno\nno\nnext one\n");
  // A line that is never ended is left open, and what follows is a new one.
  Say(server_writes(), "cut off");
  EXPECT_EQ(ReadSome(client_reads(), 7), "cut off");
  Say(client_writes(), "c\n");
  ASSERT_TRUE(Eventually([&] { return answered == 3; }));
  server_out_.write.Close();
  EXPECT_EQ(ReadToEnd(client_reads()), "\nno\ngone\n<end>");
  EXPECT_EQ(Join().reason, RelayExit::Reason::kServerGone);
}

// Not for ever: a client whose calls hang learns less than one that is told.
TEST_F(RelayTest, AServerThatStaysStalledIsBusyUntilItReads) {
  limits_.stalled_after = milliseconds(50);
  limits_.max_calls_pending_bytes = 1000;
  std::atomic<bool> busy = false;
  handlers_.on_server_busy = [&](bool now) { busy = now; };
  handlers_.from_client = [&](std::span<const Frame> frames) {
    if (!busy) return ForwardAll(frames);
    return std::vector<Verdict>(frames.size(),
                                {Verdict::Kind::kAnswer, "busy\n"});
  };
  Start();
  const std::string frame(3'000'000, 'x');  // more than a pipe takes
  Say(client_writes(), frame + "\n");
  EXPECT_EQ(ReadSome(server_reads(), 1), "x");  // it was judged
  Say(client_writes(), "refused\n");
  EXPECT_EQ(ReadSome(client_reads(), 5), "busy\n");
  EXPECT_EQ(ReadSome(server_reads(), frame.size()), frame.substr(1) + "\n");
  ASSERT_TRUE(Eventually([&] { return !busy; }));
  Say(client_writes(), "taken\n");
  EXPECT_EQ(ReadSome(server_reads(), 6), "taken\n");
}

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
