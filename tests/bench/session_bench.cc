// SPDX-License-Identifier: Apache-2.0
// What the guard costs a session: the budget table of the shared design
// (performance.md). Ratios to a relay that only copies bytes (relay_floor), to
// no proxy, or to the disk, measured side by side: each round takes its
// contenders in turn, and a row is the median of its rounds, with the spread.
//   session_bench [--rounds N] [--only WORD] [--json]

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/bench_field.h"
#include "tests/bench/bench_measures.h"

namespace gatehouse::bench {
namespace {

enum class Goal { kAtMost = 0, kAtLeast };

struct Row {
  std::string_view name;
  std::string_view unit;
  Goal goal = Goal::kAtMost;
  double must = 0;
  std::function<double(Field&)> measure;
};

// A streamed answer needs the limit off, see --max-result.
const std::vector<std::string> kStreams = {"--max-result", "off"};
const std::vector<std::string> kFull = {"--durability", "full"};

double Throughput(const Contender& what) {
  return ManyInFlight(what).calls_per_second;
}

// One call at a time, everything on one core.
std::vector<Row> LatencyRows() {
  return {
      {"p50, allowed read, 50 rules, NORMAL, pinned", "x", Goal::kAtMost, 1.75,
       [](Field& f) {
         return OneAtATime(Pinned(f.Guard()), ReadCall).p50 /
                OneAtATime(Pinned(f.Relay()), ReadCall).p50;
       }},
      {"p50, no record (ping), pinned", "x", Goal::kAtMost, 1.10,
       [](Field& f) {
         return OneAtATime(Pinned(f.Guard()), Ping).p50 /
                OneAtATime(Pinned(f.Relay()), Ping).p50;
       }},
      {"p99, allowed read, NORMAL, pinned", "x", Goal::kAtMost, 3,
       [](Field& f) {
         return OneAtATime(Pinned(f.Guard()), ReadCall).p99 /
                OneAtATime(Pinned(f.Relay()), ReadCall).p99;
       }},
      {"FULL: (guard - relay) / one fdatasync", "x", Goal::kAtMost, 2.2,
       [](Field& f) {
         constexpr int kCalls = 500;
         const double guard =
             OneAtATime(Pinned(f.Guard(kFull)), ReadCall, kCalls).p50;
         const double relay =
             OneAtATime(Pinned(f.Relay()), ReadCall, kCalls).p50;
         return (guard - relay) / f.SyncMicroseconds();
       }},
      {"p50, a refused call, pinned, to no proxy", "x", Goal::kAtMost, 2.5,
       [](Field& f) {
         return OneAtATime(Pinned(f.Guard()), RefusedCall).p50 /
                OneAtATime(Pinned(f.Direct()), RefusedCall).p50;
       }},
      {"p50, a server of 0.3 ms, to no proxy", "x", Goal::kAtMost, 1.12,
       [](Field& f) {
         constexpr int kCalls = 1'000;
         const auto slow = [](const Contender& what) {
           return OneAtATime(With(what, "ECHO_DELAY_US", "300"), ReadCall,
                             kCalls)
               .p50;
         };
         return slow(f.Guard()) / slow(f.Direct());
       }},
      {"first answer, existing database", "x", Goal::kAtMost, 1.25,
       [](Field& f) {
         return FirstAnswer(f.Guard()) / FirstAnswer(f.Relay());
       }},
      {"first answer, new database", "x", Goal::kAtMost, 1.5,
       [](Field& f) {
         return FirstAnswer(f.FreshGuard()) / FirstAnswer(f.Relay());
       }},
  };
}

std::vector<Row> LoadRows() {
  return {
      {"calls/s, 64 in flight, NORMAL", "x", Goal::kAtLeast, 0.27,
       [](Field& f) { return Throughput(f.Guard()) / Throughput(f.Relay()); }},
      {"calls/s, 64 in flight, FULL, to NORMAL", "x", Goal::kAtLeast, 0.45,
       [](Field& f) {
         return Throughput(f.Guard(kFull)) / Throughput(f.Guard());
       }},
      {"CPU per call, 64 in flight", "x", Goal::kAtMost, 7,
       [](Field& f) {
         return ManyInFlight(f.Guard()).cpu_microseconds /
                ManyInFlight(f.Relay()).cpu_microseconds;
       }},
      {"calls/s, 8 guards on one database, to one", "x", Goal::kAtLeast, 0.66,
       [](Field& f) {
         return Together(f.Guard(), 8).calls_per_second /
                Together(f.Guard(), 1).calls_per_second;
       }},
      {"worst wait, 8 guards on one database", "s", Goal::kAtMost, 1,
       [](Field& f) { return Together(f.Guard(), 8).worst_wait; }},
      {"progress/s, none lost", "x", Goal::kAtLeast, 0.65,
       [](Field& f) { return Progress(f.Guard()) / Progress(f.Relay()); }},
  };
}

std::vector<Row> SizeRows() {
  return {
      {"1 MB results", "x", Goal::kAtLeast, 0.75,
       [](Field& f) {
         return Results(f.Guard(), 1'000'000, 200) /
                Results(f.Relay(), 1'000'000, 200);
       }},
      {"1 MB results, each with one token to mask", "MB/s", Goal::kAtLeast, 250,
       [](Field& f) {
         return Results(With(f.Guard(), "ECHO_TOKEN", "1"), 1'000'000, 50);
       }},
      {"50 MB results, --max-result off", "x", Goal::kAtLeast, 0.90,
       [](Field& f) {
         return Results(f.Guard(kStreams), 50'000'000, 4) /
                Results(f.Relay(), 50'000'000, 4);
       }},
      {"memory growth, one 50 MB result", "MiB", Goal::kAtMost, 1,
       [](Field& f) { return GrowthOfOneResult(f.Guard(kStreams)); }},
      {"memory growth, 500 MB behind a stalled client", "MiB", Goal::kAtMost, 2,
       [](Field& f) { return GrowthBehindClient(f.Guard()); }},
      {"memory growth, 500 MB behind a stalled server", "MiB", Goal::kAtMost, 2,
       [](Field& f) { return GrowthBehindServer(f.Guard()); }},
      {"peak memory beyond an 8 MB result held", "MiB", Goal::kAtMost, 12,
       [](Field& f) { return PeakBeyondOneResult(f.Guard()); }},
  };
}

std::vector<Row> AllRows() {
  std::vector<Row> rows;
  for (const auto& part : {LatencyRows(), LoadRows(), SizeRows()}) {
    rows.insert(rows.end(), part.begin(), part.end());
  }
  return rows;
}

void Print(const Row& row, std::vector<double> values, bool json) {
  std::sort(values.begin(), values.end());
  const double median = values[values.size() / 2];
  const bool at_most = row.goal == Goal::kAtMost;
  const bool met = at_most ? median <= row.must : median >= row.must;
  if (json) {
    std::printf(
        "{\"row\":\"%s\",\"unit\":\"%s\",\"must\":%g,\"median\":%.3f,"
        "\"low\":%.3f,\"high\":%.3f,\"met\":%s}\n",
        row.name.data(), row.unit.data(), row.must, median, values.front(),
        values.back(), met ? "true" : "false");
  } else {
    std::printf("%-46s %s %6.2f %-4s  %7.2f  (%.2f-%.2f)  %s\n",
                row.name.data(), at_most ? "<=" : ">=", row.must,
                row.unit.data(), median, values.front(), values.back(),
                met ? "met" : "MISSED");
  }
  std::fflush(stdout);
}

int Run(int rounds, std::string_view only, bool json) {
  Field field;
  (void)FirstAnswer(field.Guard());  // makes the database
  for (const Row& row : AllRows()) {
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
