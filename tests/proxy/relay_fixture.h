// SPDX-License-Identifier: Apache-2.0
#pragma once
// The relay on a thread of its own, over pipes whose other ends the test
// holds: it plays client and server, byte by byte if need be.

#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "proxy/relay.h"

namespace gatehouse::testing {

inline std::vector<Verdict> ForwardAll(std::span<const Frame> frames) {
  std::vector<Verdict> verdicts;
  for (const Frame& frame : frames) {
    verdicts.push_back(
        {Verdict::Kind::kForward, std::string(frame.bytes) + "\n"});
  }
  return verdicts;
}

// Reads until `bytes` have come, the end, or ten quiet seconds.
inline std::string ReadSome(int fd, std::size_t bytes) {
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

inline std::string ReadToEnd(int fd) { return ReadSome(fd, ~std::size_t{0}); }

inline void Say(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = write(fd, text.data(), text.size());
    ASSERT_GT(count, 0);
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

inline Stream Adopted(UniqueFd fd) {
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

}  // namespace gatehouse::testing
