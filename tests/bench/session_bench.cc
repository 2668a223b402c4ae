// SPDX-License-Identifier: Apache-2.0
// What the guard costs a session, as ratios to a relay that only copies bytes
// (relay_floor), measured side by side: rounds go through all contenders in
// turn, and each row is the median of the rounds' ratios, with the spread.
//   session_bench [--rounds N] [--only WORD] [--json]

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/bench/bench_session.h"

namespace gatehouse::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kInitialize =
    R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{)"
    R"("protocolVersion":"2025-11-25","capabilities":{},)"
    R"("clientInfo":{"name":"bench","version":"1"}}})"
    "\n";

double Seconds(Clock::time_point since) {
  return std::chrono::duration<double>(Clock::now() - since).count();
}

std::string CallLine(int id) {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
         R"(,"method":"tools/call","params":{"name":"list_pods",)"
         R"("arguments":{"namespace":"dev"}}})"
         "\n";
}

std::string PingLine(int id) {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
         R"(,"method":"ping"})"
         "\n";
}

// The folder, its policy of 50 rules, and the contenders.
class Field {
 public:
  Field() {
    std::string name = std::filesystem::temp_directory_path() / "benchXXXXXX";
    if (mkdtemp(name.data()) == nullptr) std::exit(3);
    folder_ = name;
    std::ofstream policy(folder_ + "/policy.yaml");
    policy << "apiVersion: gatehouse/v1\nkind: Policy\nname: bench\nrules:\n";
    for (int i = 0; i < 49; ++i) {
      policy << "- {id: r" << i << ", "
             << (i % 4 == 0 ? "deny: delete" : "allow: [get, list, patch]")
             << ", resources: pods, namespaces: 'team-" << i << "-*'}\n";
    }
    policy << "- {id: last, allow: read}\n";
    std::ofstream(folder_ + "/kubeconfig")
        << R"({"current-context":"c","contexts":[{"name":"c","context":{)"
           R"("cluster":"c"}}],"clusters":[{"name":"c","cluster":{)"
           R"("server":"https://127.0.0.1:1"}}]})";
  }
  ~Field() { std::filesystem::remove_all(folder_); }
  Field(const Field&) = delete;
  Field& operator=(const Field&) = delete;

  Contender Relay() const {
    return {"relay", {RELAY_FLOOR, ECHO_SERVER}, {}, false};
  }
  // Every record on the disk before anybody hears of it.
  Contender FullGuard() const {
    Contender guard = Guard("full.db");
    guard.argv.insert(guard.argv.begin() + 2, {"--durability", "full"});
    return guard;
  }
  const std::string& folder() const { return folder_; }
  Contender Guard(const std::string& database = "audit.db") const {
    return {"guard",
            {GATEHOUSE, "run", "--policy", folder_ + "/policy.yaml",
             "--profile", "sample-server", "--db", folder_ + "/" + database,
             "--max-result", "off", "--", ECHO_SERVER},
            {{"HOME", folder_},
             {"XDG_RUNTIME_DIR", folder_},
             {"KUBECONFIG", folder_ + "/kubeconfig"}},
            false};
  }

 private:
  std::string folder_;
};

Contender With(Contender what, const char* name, const std::string& value) {
  what.environment.emplace_back(name, value);
  return what;
}

Contender Pinned(Contender what) {
  what.pinned = true;
  return what;
}

void Greet(Session& session) {
  session.Send(kInitialize);
  session.ReadLine();
}

// The median time of one call at a time, in microseconds.
double P50(const Contender& what, std::string (*line)(int)) {
  constexpr int kCalls = 3000;
  Session session(what);
  Greet(session);
  std::vector<double> times;
  for (int id = 1; id <= kCalls; ++id) {
    const std::string text = line(id);
    const auto start = Clock::now();
    session.Send(text);
    session.ReadLine();
    if (id > kCalls / 10) times.push_back(Seconds(start) * 1e6);
  }
  std::nth_element(times.begin(), times.begin() + times.size() / 2,
                   times.end());
  return times[times.size() / 2];
}

struct Throughput {
  double calls_per_second = 0;
  double cpu_per_call = 0;
};

Throughput ManyInFlight(const Contender& what) {
  constexpr int kCalls = 40'000;
  constexpr int kInFlight = 64;
  Session session(what);
  Greet(session);
  int sent = 0;
  int answered = 0;
  const double cpu = session.CpuSeconds();
  const auto start = Clock::now();
  std::string text;
  while (answered < kCalls) {
    text.clear();
    while (sent < kCalls && sent - answered < kInFlight) {
      text += CallLine(++sent);
    }
    session.Send(text);
    answered += static_cast<int>(session.ReadBatch());
  }
  return {kCalls / Seconds(start), (session.CpuSeconds() - cpu) / kCalls};
}

// From the start of the process to its first answer, in milliseconds.
double FirstAnswer(const Contender& what) {
  const auto start = Clock::now();
  Session session(what);
  Greet(session);
  return Seconds(start) * 1e3;
}

// Megabytes a second.
double Results(const Contender& what, std::size_t bytes, int count) {
  Session session(With(what, "ECHO_BYTES", std::to_string(bytes)));
  Greet(session);
  session.Send(CallLine(1));
  session.SkipLines(1);
  const auto start = Clock::now();
  std::size_t moved = 0;
  for (int id = 2; id < 2 + count; ++id) {
    session.Send(CallLine(id));
    moved += session.SkipLines(1);
  }
  return static_cast<double>(moved) / 1e6 / Seconds(start);
}

double GrowthOfOneResult(const Contender& what) {
  Session session(With(what, "ECHO_BYTES", "50000000"));
  Greet(session);
  session.Send(PingLine(1));
  session.SkipLines(1);
  const double before = session.PeakMiB();
  session.Send(CallLine(2));
  session.SkipLines(1);
  return session.PeakMiB() - before;
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

double GrowthBehindClient(const Contender& what) {
  Session session(With(what, "ECHO_FLOOD", "500000000"));
  const double before = SettledPeak(session, [] {});
  session.Send(PingLine(1));
  return SettledPeak(session, [] {}) - before;
}

double GrowthBehindServer(const Contender& what) {
  Session session(With(what, "ECHO_STALL", "1"));
  Greet(session);
  const double before = session.PeakMiB();
  std::string calls;
  for (int id = 1; id < 200; ++id) calls += CallLine(id);
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

struct Row {
  std::string_view name;
  std::string_view unit;
  bool at_most = true;
  double must = 0;
  std::function<double(const Field&)> measure;
};

double Ratio(double ours, double floor) { return floor > 0 ? ours / floor : 0; }

std::vector<Row> Rows() {
  static int fresh = 0;
  return {
      {"p50, allowed read, 50 rules, NORMAL, pinned", "x", true, 1.75,
       [](const Field& f) {
         return Ratio(P50(Pinned(f.Guard()), CallLine),
                      P50(Pinned(f.Relay()), CallLine));
       }},
      {"p50, no record (ping), pinned", "x", true, 1.10,
       [](const Field& f) {
         return Ratio(P50(Pinned(f.Guard()), PingLine),
                      P50(Pinned(f.Relay()), PingLine));
       }},
      {"calls/s, 64 in flight, NORMAL", "x", false, 0.27,
       [](const Field& f) {
         return Ratio(ManyInFlight(f.Guard()).calls_per_second,
                      ManyInFlight(f.Relay()).calls_per_second);
       }},
      {"p50, FULL: (guard - relay) / fdatasync", "x", true, 2.2,
       [](const Field& f) {
         const double added =
             P50(f.FullGuard(), CallLine) - P50(f.Relay(), CallLine);
         return Ratio(added, SyncMicroseconds(f.folder()));
       }},
      {"calls/s, 64 in flight, FULL to its NORMAL", "x", false, 0.45,
       [](const Field& f) {
         return Ratio(ManyInFlight(f.FullGuard()).calls_per_second,
                      ManyInFlight(f.Guard()).calls_per_second);
       }},
      {"CPU per call, 64 in flight", "x", true, 7,
       [](const Field& f) {
         return Ratio(ManyInFlight(f.Guard()).cpu_per_call,
                      ManyInFlight(f.Relay()).cpu_per_call);
       }},
      {"first answer, existing database", "x", true, 1.25,
       [](const Field& f) {
         return Ratio(FirstAnswer(f.Guard()), FirstAnswer(f.Relay()));
       }},
      {"first answer, new database", "x", true, 1.5,
       [](const Field& f) {
         const std::string name = "new" + std::to_string(++fresh) + "/audit.db";
         return Ratio(FirstAnswer(f.Guard(name)), FirstAnswer(f.Relay()));
       }},
      {"1 MB results", "x", false, 0.75,
       [](const Field& f) {
         return Ratio(Results(f.Guard(), 1'000'000, 60),
                      Results(f.Relay(), 1'000'000, 60));
       }},
      {"50 MB results, --max-result off", "x", false, 0.90,
       [](const Field& f) {
         return Ratio(Results(f.Guard(), 50'000'000, 4),
                      Results(f.Relay(), 50'000'000, 4));
       }},
      {"memory growth, one 50 MB result", "MiB", true, 1,
       [](const Field& f) { return GrowthOfOneResult(f.Guard()); }},
      {"memory growth, 500 MB behind a stalled client", "MiB", true, 2,
       [](const Field& f) { return GrowthBehindClient(f.Guard()); }},
      {"memory growth, 500 MB behind a stalled server", "MiB", true, 2,
       [](const Field& f) { return GrowthBehindServer(f.Guard()); }},
  };
}

void Print(const Row& row, std::vector<double> values, bool json) {
  std::sort(values.begin(), values.end());
  const double median = values[values.size() / 2];
  const bool met = row.at_most ? median <= row.must : median >= row.must;
  if (json) {
    std::printf(
        "{\"row\":\"%s\",\"unit\":\"%s\",\"must\":%g,\"median\":%.3f,"
        "\"low\":%.3f,\"high\":%.3f,\"met\":%s}\n",
        row.name.data(), row.unit.data(), row.must, median, values.front(),
        values.back(), met ? "true" : "false");
  } else {
    std::printf("%-46s %s %5.2f %-3s  %6.2f  (%.2f-%.2f)  %s\n",
                row.name.data(), row.at_most ? "<=" : ">=", row.must,
                row.unit.data(), median, values.front(), values.back(),
                met ? "met" : "MISSED");
  }
  std::fflush(stdout);
}

int Run(int rounds, std::string_view only, bool json) {
  const Field field;
  (void)FirstAnswer(field.Guard());  // makes the database
  for (const Row& row : Rows()) {
    if (row.name.find(only) == row.name.npos) continue;
    std::vector<double> values;
    for (int round = 0; round < rounds; ++round) {
      values.push_back(row.measure(field));
    }
    Print(row, std::move(values), json);
  }
  return 0;
}

}  // namespace
}  // namespace gatehouse::bench

int main(int argc, char** argv) {
  int rounds = 7;
  std::string_view only;
  bool json = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--json") json = true;
    if (word == "--rounds" && i + 1 < argc) rounds = std::atoi(argv[++i]);
    if (word == "--only" && i + 1 < argc) only = argv[++i];
  }
  return gatehouse::bench::Run(std::max(rounds, 1), only, json);
}
