// SPDX-License-Identifier: Apache-2.0
#pragma once
// What can be measured of one contender: each function starts it, drives it as
// a client would, and ends it. Nothing is compared here (session_bench.cc).

#include <cstddef>
#include <string>

#include "tests/bench/bench_session.h"

namespace gatehouse::bench {

// One line of a client, by the request's id.
using Line = std::string (*)(int id);
std::string ReadCall(int id);     // allowed, and recorded
std::string RefusedCall(int id);  // a delete
std::string Ping(int id);         // needs no record

// One request at a time, in microseconds.
struct Latency {
  double p50 = 0;
  double p99 = 0;
};
Latency OneAtATime(const Contender& what, Line line, int calls = 5'000);

// Reads, so many in flight.
struct Load {
  double calls_per_second = 0;
  double cpu_microseconds = 0;  // of the contender itself, per call
};
Load ManyInFlight(const Contender& what, int calls = 40'000);

// The same by several contenders at once, with as many in flight in all.
struct Crowd {
  double calls_per_second = 0;  // of all
  double worst_wait = 0;        // seconds, for the next answer
};
Crowd Together(const Contender& what, int contenders);

// From the start of the process to its first answer, in milliseconds.
double FirstAnswer(const Contender& what);

// Answers of so many bytes, one after the other: megabytes a second.
double Results(const Contender& what, std::size_t bytes, int count);

// Progress notifications a second; ends the bench where one is lost.
double Progress(const Contender& what);

// Peak memory in MiB: what it grows by for one answer of 50 MB, behind a client
// or a server that does not read, and what it is beyond an answer that is held.
double GrowthOfOneResult(const Contender& what);
double GrowthBehindClient(const Contender& what);
double GrowthBehindServer(const Contender& what);
double PeakBeyondOneResult(const Contender& what);

}  // namespace gatehouse::bench
