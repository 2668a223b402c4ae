// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/bench_measures.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "tests/bench/bench_field.h"

namespace gatehouse::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kInFlight = 64;
constexpr std::string_view kInitialize =
    R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{)"
    R"("protocolVersion":"2025-11-25","capabilities":{},)"
    R"("clientInfo":{"name":"bench","version":"1"}}})"
    "\n";

double Seconds(Clock::time_point since) {
  return std::chrono::duration<double>(Clock::now() - since).count();
}

std::string Call(int id, std::string_view params) {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
         R"(,"method":"tools/call","params":{)" + std::string(params) + "}}\n";
}

void Greet(Session& session) {
  session.Send(kInitialize);
  session.SkipLines(1);
}

// Keeps `in_flight` calls on their way until `calls` are answered. The longest
// wait for the next answers, in seconds.
double Drive(Session& session, int calls, int in_flight) {
  int sent = 0;
  int answered = 0;
  double longest = 0;
  std::string text;
  while (answered < calls) {
    text.clear();
    while (sent < calls && sent - answered < in_flight)
      text += ReadCall(++sent);
    session.Send(text);
    const auto start = Clock::now();
    answered += static_cast<int>(session.ReadBatch());
    longest = std::max(longest, Seconds(start));
  }
  return longest;
}

// Until its memory has not grown for a while.
double SettledPeak(Session& session, const std::function<void()>& push) {
  double peak = session.PeakMiB();
  for (int quiet = 0; quiet < 10; ++quiet) {
    push();
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    const double now = session.PeakMiB();
    if (now > peak) quiet = 0;
    peak = now;
  }
  return peak;
}

}  // namespace

std::string ReadCall(int id) {
  return Call(id, R"("name":"list_pods","arguments":{"namespace":"dev"})");
}

std::string RefusedCall(int id) {
  return Call(id, R"("name":"delete_resource","arguments":{)"
                  R"("resource":"pods","name":"web","namespace":"dev"})");
}

std::string Ping(int id) {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
         R"(,"method":"ping"})"
         "\n";
}

Latency OneAtATime(const Contender& what, Line line, int calls) {
  Session session(what);
  Greet(session);
  std::vector<double> times;
  for (int id = 1; id <= calls; ++id) {
    const std::string text = line(id);
    const auto start = Clock::now();
    session.Send(text);
    session.SkipLines(1);
    if (id > calls / 10) times.push_back(Seconds(start) * 1e6);
  }
  std::sort(times.begin(), times.end());
  return {times[times.size() / 2], times[times.size() * 99 / 100]};
}

Load ManyInFlight(const Contender& what, int calls) {
  Session session(what);
  Greet(session);
  const double cpu = session.CpuSeconds();
  const auto start = Clock::now();
  Drive(session, calls, kInFlight);
  const double took = Seconds(start);
  return {calls / took, (session.CpuSeconds() - cpu) / calls * 1e6};
}

Crowd Together(const Contender& what, int contenders) {
  const int calls = 32'000 / contenders;
  std::vector<std::unique_ptr<Session>> sessions;
  for (int i = 0; i < contenders; ++i) {
    sessions.push_back(std::make_unique<Session>(what));
    Greet(*sessions.back());
  }
  std::vector<double> waits(sessions.size());
  std::vector<std::thread> clients;
  const auto start = Clock::now();
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    clients.emplace_back([&, i] {
      waits[i] = Drive(*sessions[i], calls, kInFlight / contenders);
    });
  }
  for (std::thread& client : clients) client.join();
  return {calls * contenders / Seconds(start),
          *std::max_element(waits.begin(), waits.end())};
}

double FirstAnswer(const Contender& what) {
  const auto start = Clock::now();
  Session session(what);
  Greet(session);
  return Seconds(start) * 1e3;
}

double Results(const Contender& what, std::size_t bytes, int count) {
  Session session(With(what, "ECHO_BYTES", std::to_string(bytes)));
  Greet(session);
  session.Send(ReadCall(1));
  session.SkipLines(1);
  const auto start = Clock::now();
  std::size_t moved = 0;
  for (int id = 2; id < 2 + count; ++id) {
    session.Send(ReadCall(id));
    moved += session.SkipLines(1);
  }
  return static_cast<double>(moved) / 1e6 / Seconds(start);
}

double Progress(const Contender& what) {
  constexpr std::size_t kNotes = 1'000;
  constexpr int kCalls = 40;
  Session session(With(what, "ECHO_PROGRESS", std::to_string(kNotes)));
  Greet(session);
  const auto start = Clock::now();
  for (int id = 1; id <= kCalls; ++id) {
    session.Send(Call(id, R"("_meta":{"progressToken":7},"name":"list_pods",)"
                          R"("arguments":{"namespace":"dev"})"));
    // One that is lost would leave this waiting for ever.
    session.SkipLines(kNotes + 1);
  }
  return static_cast<double>(kNotes) * kCalls / Seconds(start);
}

double GrowthOfOneResult(const Contender& what) {
  Session session(With(what, "ECHO_BYTES", "50000000"));
  Greet(session);
  session.Send(Ping(1));
  session.SkipLines(1);
  const double before = session.PeakMiB();
  session.Send(ReadCall(2));
  session.SkipLines(1);
  return session.PeakMiB() - before;
}

double GrowthBehindClient(const Contender& what) {
  Session session(With(what, "ECHO_FLOOD", "500000000"));
  const double before = SettledPeak(session, [] {});
  session.Send(Ping(1));
  return SettledPeak(session, [] {}) - before;
}

double GrowthBehindServer(const Contender& what) {
  Session session(With(what, "ECHO_STALL", "1"));
  Greet(session);
  const double before = session.PeakMiB();
  std::string calls;
  for (int id = 1; id < 200; ++id) calls += ReadCall(id);
  std::size_t at = 0;
  std::size_t sent = 0;
  const double peak = SettledPeak(session, [&] {
    while (sent < 500'000'000) {
      const std::size_t count =
          session.SendSome(std::string_view(calls).substr(at));
      if (count == 0) return;
      sent += count;
      at = (at + count) % calls.size();
    }
  });
  return peak - before;
}

double PeakBeyondOneResult(const Contender& what) {
  constexpr std::size_t kBytes = 8'000'000;
  Session session(With(what, "ECHO_BYTES", std::to_string(kBytes)));
  Greet(session);
  session.Send(ReadCall(1));
  session.SkipLines(1);
  return session.PeakMiB() - static_cast<double>(kBytes) / (1 << 20);
}

}  // namespace gatehouse::bench
