// SPDX-License-Identifier: Apache-2.0
// Nothing acts unrecorded, and nothing that was acknowledged is lost: both
// gates over the real store, on a disk that fails at its n-th operation, for
// every n, and on one whose power is cut at any point of a session.
//
// CI looks at a part of both sweeps, always the same; nightly at all of it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "audit/sqlite_database.h"
#include "tests/support/fault_vfs.h"
#include "tests/support/process_census.h"
#include "tests/support/store_bench.h"

namespace gatehouse {
namespace {

using audit::Reader;
using audit::Sequence;
using testing::Cut;
using testing::Fault;
using testing::FaultVfs;
using testing::TemporaryFolder;

// Every so manieth point of a sweep; nightly: every one.
std::size_t Stride(std::size_t of_ci) {
  const char* const whole = std::getenv("GATEHOUSE_TEST_WHOLE_SWEEP");
  return whole == nullptr ? of_ci : 1;
}

// Some reads, some changes, their answers, quiet moments between.
template <typename AfterCall>
void Play(StoreBench& bench, const AfterCall& after) {
  for (int round = 0; round < 6; ++round) {
    for (const char* tool : {"read_pod", "write_pod", "observe_pod"}) {
      after(tool, bench.Call(tool));
      bench.Answer();
    }
    EXPECT_TRUE(bench.Ping());
    if (round % 3 == 2) bench.sink->Idle();
  }
  (void)bench.back.Flush();
  bench.sink->Idle();
}

struct Stored {
  audit::VerifyReport report;
  std::vector<std::string> hashes;    // of record 1, 2, …
  std::set<std::string> decisions;    // their call ids
  std::set<std::string> without_end;  // allowed, and no outcome
};

Stored ReadAll(const std::string& database) {
  Stored stored;
  const auto reader = audit::OpenReader(database);
  EXPECT_TRUE(reader.ok()) << reader.error().sentence;
  if (!reader.ok()) return stored;
  const auto report = Verify(*reader.value());
  EXPECT_TRUE(report.ok()) << report.error().sentence;
  if (report.ok()) stored.report = report.value();
  const auto walked = reader.value()->ForEach([&](const auto& row) {
    stored.hashes.push_back(row.hash);
    if (row.stage == "decision") {
      stored.decisions.insert(row.call);
      if (row.decision == "allow") stored.without_end.insert(row.call);
    }
    if (row.stage == "outcome") stored.without_end.erase(row.call);
    return Reader::Next::kGoOn;
  });
  EXPECT_TRUE(walked.ok());
  return stored;
}

void ExpectForwardedIsRecorded(const std::string& database,
                               const std::set<std::string>& forwarded) {
  const Stored stored = ReadAll(database);
  EXPECT_TRUE(stored.report.good()) << stored.report.sentence;
  for (const std::string& call : forwarded) {
    EXPECT_TRUE(stored.decisions.contains(call)) << "lost: " << call;
  }
}

// A session in which operation `n` fails: what it left, after the disk is well
// again. Returns how many operations there were.
std::size_t PlayWithFault(std::size_t n, Fault fault,
                          std::map<std::string, std::size_t>& failed) {
  const TemporaryFolder folder;
  const std::string database = folder.File("audit.db");
  FaultVfs disk;
  disk.FailAt(n, fault);
  const Identity identity = GateBench::Somebody();
  auto sink = StoreBench::Open(database, identity);
  if (sink == nullptr) {
    EXPECT_TRUE(disk.has_failed());
    disk.Heal();
    sink = StoreBench::Open(database, identity);
    EXPECT_NE(sink, nullptr) << "the next start must find a usable trail";
    if (sink == nullptr) return disk.operations();
  }
  std::set<std::string> forwarded;
  {
    StoreBench bench(std::move(sink));
    bool refused = false;
    Play(bench, [&](const char*, bool passed) {
      EXPECT_FALSE(fault == Fault::kForGood && passed && refused);
      refused = refused || !passed;
    });
    disk.Heal();
    EXPECT_TRUE(bench.Call("write_pod")) << "no recovery without a restart";
    EXPECT_TRUE(bench.refusals_named);
    forwarded = bench.forwarded;
  }
  ExpectForwardedIsRecorded(database, forwarded);
  for (const auto& [operation, times] : disk.failed()) {
    failed[operation] += times;
  }
  return disk.operations();
}

void SweepFaults(Fault fault) {
  std::map<std::string, std::size_t> failed;
  const std::size_t all = PlayWithFault(0, Fault::kNever, failed);
  ASSERT_GT(all, 100u);
  for (std::size_t n = 1; n <= all; n += Stride(11)) {
    SCOPED_TRACE("operation " + std::to_string(n));
    PlayWithFault(n, fault, failed);
    if (::testing::Test::HasFailure()) return;
  }
  for (const char* kind :
       {"open", "read", "write", "sync", "lock", "shm-lock", "shm-map"}) {
    EXPECT_TRUE(Stride(11) != 1 || failed.contains(kind)) << kind;
  }
}

TEST(StoreFailure, AFaultAtAnyOperationLosesNothingAndPasses) {
  SweepFaults(Fault::kOnce);
}

TEST(StoreFailure, ADiskThatFailsFromAnyOperationOnIsRecoveredFrom) {
  SweepFaults(Fault::kForGood);
}

// What the session had promised when its log was so long.
struct Promise {
  std::size_t at;
  Sequence record;
  bool full;
};

// The trail, made of what a power cut left, as the next guard finds it.
void ExpectPromisesKept(const std::map<std::string, std::string>& disk,
                        std::size_t at, const std::vector<Promise>& promises,
                        const std::vector<std::string>& hashes) {
  const TemporaryFolder folder;
  for (const auto& [name, bytes] : disk) {
    testing::WriteFile(folder.File(name), bytes);
  }
  const std::string database = folder.File("audit.db");
  Identity next = GateBench::Somebody();
  next.session = "the-next";
  auto sink = StoreBench::Open(database, next);
  ASSERT_NE(sink, nullptr) << "the next start must find a usable trail";
  sink.reset();
  const Stored stored = ReadAll(database);
  EXPECT_TRUE(stored.report.good()) << stored.report.sentence;
  EXPECT_TRUE(stored.without_end.empty());
  // What is there is how the session began, and then the next one's records.
  std::size_t same = 0;
  while (same < std::min(stored.hashes.size(), hashes.size()) &&
         stored.hashes[same] == hashes[same]) {
    ++same;
  }
  for (const Promise& promise : promises) {
    if (promise.full && promise.at <= at) {
      EXPECT_GE(same, promise.record) << "acknowledged, and lost";
    }
  }
}

// Somebody looks at the trail and does not stop: what comes after the view
// stays in the log at each checkpoint.
class SlowReader {
 public:
  explicit SlowReader(const std::string& database)
      : database_(
            audit::Database::Open(database, audit::Database::Access::kReadOnly)
                .value()) {
    EXPECT_TRUE(database_.Execute("BEGIN; SELECT count(*) FROM record").ok());
  }

 private:
  audit::Database database_;
};

std::map<std::string, std::string> Segments(const std::string& folder) {
  std::map<std::string, std::string> segments;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    if (name.starts_with("audit.0") && name.ends_with(".db")) {
      segments[name] = testing::ReadFile(entry.path());
    }
  }
  return segments;
}

void SweepCuts(bool with_reader) {
  const TemporaryFolder folder;
  const std::string database = folder.File("audit.db");
  FaultVfs disk;
  std::vector<Promise> promises;
  // What the head file said, by when; and the segments, which are on the disk
  // before anything says that they are.
  std::map<std::size_t, std::string> heads;
  std::map<std::size_t, std::map<std::string, std::string>> segments;
  std::optional<SlowReader> reader;
  {
    StoreBench bench(StoreBench::Open(database, GateBench::Somebody()));
    Play(bench, [&](const std::string& tool, bool passed) {
      ASSERT_TRUE(passed);
      const InFlight* call =
          bench.session.Find(*StoreBench::RpcIdOf(std::to_string(bench.calls)));
      promises.push_back({disk.log_size(), call->record, tool == "write_pod"});
      heads[disk.log_size()] = testing::ReadFile(folder.File("audit.head"));
      segments[disk.log_size()] = Segments(folder.path());
      if (with_reader && bench.calls == 4) reader.emplace(database);
    });
    heads[disk.log_size()] = testing::ReadFile(folder.File("audit.head"));
    segments[disk.log_size()] = Segments(folder.path());
    reader.reset();
  }
  EXPECT_FALSE(Segments(folder.path()).empty());
  segments[disk.log_size()] = Segments(folder.path());
  disk.EndLog();
  const std::vector<std::string> hashes = ReadAll(database).hashes;
  ASSERT_GT(disk.log_size(), 100u);
  std::uint64_t seed = 20261127;
  for (std::size_t at = 0; at <= disk.log_size(); at += Stride(5)) {
    for (const Cut cut : {Cut::kNothing, Cut::kAll, Cut::kSome, Cut::kTorn}) {
      SCOPED_TRACE("cut before entry " + std::to_string(at) + ", way " +
                   std::to_string(static_cast<int>(cut)) + ", seed " +
                   std::to_string(++seed));
      auto left = disk.Disk(at, cut, seed);
      const auto head = heads.upper_bound(at);
      if (head != heads.begin()) left["audit.head"] = std::prev(head)->second;
      // Those of the next look: one more file than is spoken of harms nobody.
      const auto files = segments.lower_bound(at);
      if (files != segments.end()) {
        left.insert(files->second.begin(), files->second.end());
      }
      ExpectPromisesKept(left, at, promises, hashes);
      if (::testing::Test::HasFailure()) return;
    }
  }
}

TEST(StoreFailure, APowerCutAtAnyPointLosesNoCallThatCouldChangeAnything) {
  SweepCuts(/*with_reader=*/false);
}

TEST(StoreFailure, NorWhereAReaderHoldsTheCheckpointsBack) {
  SweepCuts(/*with_reader=*/true);
}

}  // namespace
}  // namespace gatehouse
