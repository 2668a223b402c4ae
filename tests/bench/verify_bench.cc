// SPDX-License-Identifier: Apache-2.0
// How long `audit verify` takes over a million records, beside what it cannot
// be faster than: reading the same rows, and hashing the same bytes. And how
// long `audit stats` takes to count them.
//
//   verify_bench FOLDER [RECORDS [SEGMENT_MIB]]
//
// The trail is made in FOLDER once (about 1 GB for a million) and kept for the
// next run. Prints medians of three rounds, interleaved, in processor time.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "audit/chain.h"
#include "audit/digest.h"
#include "audit/reader.h"
#include "audit/sqlite_sink.h"
#include "audit/utc_time.h"
#include "audit/verify.h"
#include "cli/call_counter.h"
#include "cli/trail_stats.h"

namespace gatehouse::audit {
namespace {

// As a guard writes them: a decision with one request, and its outcome.
Record Decision(const std::string& call) {
  Record record;
  record.stage = Stage::kDecision;
  record.time_ns = NowNanoseconds();
  record.session = "01900000-0000-7000-8000-000000000001";
  record.call = call;
  record.os_user = "ada";
  record.pid = 4242;
  record.kube_user = "ada@example";
  record.context = "dev";
  record.client_name = "an-editor";
  record.client_version = "1.2.3";
  record.method = "tools/call";
  record.protocol_version = "2025-11-25";
  record.rpc_id = "17";
  record.server = "kubernetes-mcp-server";
  record.tool = "pods_list_in_namespace";
  Request request;
  request.verb = Verb::kList;
  request.group = request.subresource = request.name = "";
  request.resource = "pods";
  request.namespace_name = "dev";
  request.context = "dev";
  record.requests = {request};
  record.arguments = R"({"namespace":"dev","labelSelector":"app=web"})";
  record.arguments_digest = std::string(64, 'a');
  record.decision = gatehouse::Decision{};
  record.decision->effect = Effect::kAllow;
  record.decision->code = Code::kAllowed;
  record.decision->rule = "look-around";
  record.decision->sentence = "the rule look-around allows to list pods";
  record.policy_hash = "sha256:" + std::string(64, 'b');
  record.mode = "enforce";
  return record;
}

Record OutcomeOf(const std::string& call) {
  Record record;
  record.stage = Stage::kOutcome;
  record.time_ns = NowNanoseconds();
  record.session = "01900000-0000-7000-8000-000000000001";
  record.call = call;
  record.method = "tools/call";
  record.tool = "pods_list_in_namespace";
  record.outcome = Outcome::kOk;
  record.bytes = 4711;
  record.duration_us = 1500;
  record.result_digest = std::string(64, 'c');
  return record;
}

void Must(bool good, const std::string& what) {
  if (good) return;
  std::fprintf(stderr, "verify_bench: %s\n", what.c_str());
  std::exit(1);
}

void Make(const std::string& path, Sequence records,
          std::uint64_t segment_bytes) {
  SinkOptions options;
  options.segment_bytes = segment_bytes;
  auto sink = OpenSqliteSink(path, options);
  Must(sink.ok(), "cannot make the trail");
  std::string call;
  for (Sequence i = 0; i < records; ++i) {
    if (i % 2 == 0) call = NewUuidV7(static_cast<std::int64_t>(i / 2));
    const auto appended =
        sink.value()->Append(i % 2 == 0 ? Decision(call) : OutcomeOf(call));
    Must(appended.ok(), "cannot append");
    if (i % 1000 == 999) {
      Must(sink.value()->Commit(Durability::kNormal).ok(), "cannot commit");
    }
  }
  Must(sink.value()->Commit(Durability::kFull).ok(), "cannot commit");
}

std::unique_ptr<Reader> Open(const std::string& path) {
  auto reader = OpenReader(path);
  Must(reader.ok(), "cannot read the trail");
  return std::move(reader).value();
}

// All columns of all rows, and nothing done with them.
std::uint64_t Scan(const std::string& path) {
  std::uint64_t bytes = 0;
  const auto walked = Open(path)->ForEach([&bytes](const StoredRecord& row) {
    bytes += row.payload ? row.payload->size() : 0;
    return Reader::Next::kGoOn;
  });
  Must(walked.ok(), "cannot walk");
  return bytes;
}

// As many digests over as many bytes.
void Hash(Sequence records, std::uint64_t bytes) {
  const std::string payload(bytes / records, 'x');
  const std::string encoding(330, 'y');
  Sha256 hasher;
  for (Sequence i = 0; i < records; ++i) {
    (void)hasher.Add(payload).Finish();
    (void)hasher.Add(encoding).Finish();
  }
}

// As `audit stats` without filters: its overview.
void CountCalls(const std::string& path, Sequence records) {
  std::vector<const cli::StatsField*> fields;
  for (const char* name : {"tool", "verb", "namespace", "code", "rule", "user",
                           "client", "server"}) {
    fields.push_back(cli::FindStatsField(name));
  }
  cli::TrailStats stats(std::move(fields));
  cli::CallCounter counter(stats);
  OpenCalls open;
  const auto walked = Open(path)->Follow(
      Filter{}, open,
      [&counter](const StoredRecord& record) { counter.Add(record); });
  counter.AddRest();
  Must(walked.ok() && stats.all().calls == records / 2, "not counted");
}

// Of the processor and not of the clock: all three are bound by it, and other
// programs on the machine do not show.
double Seconds(const std::function<void()>& work) {
  const std::clock_t start = std::clock();
  work();
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

double Median(std::array<double, 3> times) {
  std::ranges::sort(times);
  return times[1];
}

int Main(int argc, char** argv) {
  Must(argc >= 2, "usage: verify_bench FOLDER [RECORDS]");
  const Sequence records = argc > 2 ? std::stoull(argv[2]) : 1'000'000;
  const std::uint64_t mebibytes = argc > 3 ? std::stoull(argv[3]) : 0;
  const std::string path = std::string(argv[1]) + "/calls-" +
                           std::to_string(records) + "-" +
                           std::to_string(mebibytes) + ".db";
  if (!std::filesystem::exists(path)) Make(path, records, mebibytes << 20);
  const std::uint64_t bytes = Scan(path);
  std::array<double, 3> scan{}, hash{}, verify{}, stats{};
  for (std::size_t round = 0; round < 3; ++round) {
    scan[round] = Seconds([&] { (void)Scan(path); });
    hash[round] = Seconds([&] { Hash(records, bytes); });
    verify[round] = Seconds([&] {
      const auto report = Verify(*Open(path));
      // One more for each segment that was closed.
      Must(report.ok() && report.value().count >= records, "not verified");
    });
    stats[round] = Seconds([&] { CountCalls(path, records); });
  }
  std::printf("%llu records, %llu MB of payloads\n",
              static_cast<unsigned long long>(records),
              static_cast<unsigned long long>(bytes >> 20));
  std::printf(
      "scan    %6.2f s\nhash    %6.2f s\nverify  %6.2f s, %.2f of both\n",
      Median(scan), Median(hash), Median(verify),
      Median(verify) / (Median(scan) + Median(hash)));
  std::printf("stats   %6.2f s\n", Median(stats));
  return 0;
}

}  // namespace
}  // namespace gatehouse::audit

int main(int argc, char** argv) { return gatehouse::audit::Main(argc, argv); }
