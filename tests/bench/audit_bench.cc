// SPDX-License-Identifier: Apache-2.0
// What a durable record costs a call: the gate over the real store beside the
// gate over a store that keeps nothing, a bare INSERT and COMMIT of as many
// bytes, and one fdatasync of the same disk. Interleaved in one run, medians of
// rounds; the ratios are what counts. `audit_bench [FOLDER [ROUNDS]]`.

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "tests/support/store_bench.h"

namespace gatehouse {
namespace {

using Clock = std::chrono::steady_clock;
using Microseconds = std::chrono::duration<double, std::micro>;

constexpr int kCallsOfARound = 60;

// Numbers records and forgets them.
class NullSink final : public audit::Sink {
 public:
  Result<audit::Sequence> Append(const audit::Record&) override {
    return ++last_;
  }
  Result<std::optional<std::size_t>> CountLimits(
      std::span<const audit::LimitUse>) override {
    return std::optional<std::size_t>();
  }
  Status Commit(audit::Durability) override { return Done{}; }
  std::uint64_t StartSync() override { return ++syncs_; }
  std::optional<audit::Synced> TakeSynced() override {
    return audit::Synced{syncs_};
  }
  int synced_fd() const override { return -1; }
  void Rollback() override {}
  Status KeepPolicy(std::string_view, std::string_view) override {
    return Done{};
  }
  Status KeepDefinition(const audit::ToolDefinition&) override {
    return Done{};
  }
  Result<std::vector<audit::ToolDefinition>> Definitions(
      std::string_view) override {
    return std::vector<audit::ToolDefinition>();
  }
  void Idle() override {}

 private:
  audit::Sequence last_ = 0;
  std::uint64_t syncs_ = 0;
};

// One row a commit, each on the disk: what SQLite itself takes for it.
class BareDatabase {
 public:
  explicit BareDatabase(const std::string& path) : row_(700, 'x') {
    sqlite3_open(path.c_str(), &connection_);
    sqlite3_exec(connection_,
                 "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                 "CREATE TABLE t(id INTEGER PRIMARY KEY, row TEXT)",
                 nullptr, nullptr, nullptr);
    sqlite3_prepare_v2(connection_, "INSERT INTO t(row) VALUES (?)", -1,
                       &insert_, nullptr);
  }
  ~BareDatabase() {
    sqlite3_finalize(insert_);
    sqlite3_close(connection_);
  }
  void Write() {
    sqlite3_bind_text(insert_, 1, row_.data(), static_cast<int>(row_.size()),
                      SQLITE_STATIC);
    if (sqlite3_step(insert_) != SQLITE_DONE) std::abort();
    sqlite3_reset(insert_);
  }

 private:
  std::string row_;
  sqlite3* connection_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
};

class BareFile {
 public:
  explicit BareFile(const std::string& path)
      : fd_(open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)) {}
  ~BareFile() { close(fd_); }
  void Write() {
    const std::string page(4096, 'x');
    if (pwrite(fd_, page.data(), page.size(), at_) < 0) std::abort();
    at_ += 4096;
    if (fdatasync(fd_) != 0) std::abort();
  }

 private:
  int fd_;
  off_t at_ = 0;
};

struct Row {
  std::string name;
  std::function<void()> call;
  std::vector<double> p50s = {};  // of each round, microseconds

  void Round() {
    std::vector<double> took;
    for (int i = 0; i < kCallsOfARound; ++i) {
      const auto begin = Clock::now();
      call();
      took.push_back(Microseconds(Clock::now() - begin).count());
    }
    std::ranges::sort(took);
    p50s.push_back(took[took.size() / 2]);
  }
  double Median() {
    std::ranges::sort(p50s);
    return p50s[p50s.size() / 2];
  }
};

std::unique_ptr<audit::Sink> OpenAt(const std::string& path) {
  audit::SinkOptions options;
  options.self = RecordOf(GateBench::Somebody());
  auto sink = audit::OpenSqliteSink(path, options);
  if (!sink.ok()) {
    std::fprintf(stderr, "%s\n", sink.error().sentence.c_str());
    std::exit(1);
  }
  return std::move(sink).value();
}

void Call(StoreBench& bench, const char* tool) {
  if (!bench.Call(tool)) std::abort();
  bench.Answer();
}

int Run(const std::string& folder, int rounds) {
  StoreBench store(OpenAt(folder + "/audit.db"));
  StoreBench none(std::make_unique<NullSink>());
  BareDatabase bare(folder + "/bare.db");
  BareFile file(folder + "/bare.file");
  std::vector<Row> rows = {
      {"gate, no trail", [&none] { Call(none, "write_pod"); }},
      {"gate, trail, a read (NORMAL)", [&store] { Call(store, "read_pod"); }},
      {"gate, trail, a change (FULL)", [&store] { Call(store, "write_pod"); }},
      {"bare INSERT + COMMIT (FULL)", [&bare] { bare.Write(); }},
      {"fdatasync of one page", [&file] { file.Write(); }},
  };
  for (int round = 0; round < rounds; ++round) {
    for (Row& row : rows) row.Round();
  }
  std::printf("%-32s %10s %10s %10s\n", "p50 of a call, microseconds", "median",
              "least", "most");
  for (Row& row : rows) {
    const double median = row.Median();
    std::printf("%-32s %10.1f %10.1f %10.1f\n", row.name.c_str(), median,
                row.p50s.front(), row.p50s.back());
  }
  const double added_read = rows[1].Median() - rows[0].Median();
  const double added = rows[2].Median() - rows[0].Median();
  std::printf("\nadded by a NORMAL record: %.1f us\n", added_read);
  std::printf(
      "added by a FULL record:   %.1f us = %.2f x bare = %.2f x "
      "fdatasync\n",
      added, added / rows[3].Median(), added / rows[4].Median());
  return 0;
}

}  // namespace
}  // namespace gatehouse

int main(int argc, char** argv) {
  std::string pattern =
      (argc > 1 ? std::string(argv[1]) : std::string("/var/tmp")) +
      "/gatehouse-bench-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) return 1;
  const int exit_code =
      gatehouse::Run(pattern, argc > 2 ? std::atoi(argv[2]) : 21);
  std::filesystem::remove_all(pattern);
  return exit_code;
}
