// SPDX-License-Identifier: Apache-2.0
// Many guards on one database, killed at random while all of them write: the
// chain holds, every call that reached a server has its record, every one that
// was let through has its end, and nobody waits long for the lock.
//
// CI plays a short one; nightly 8 guards of 1,000 calls each.

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "audit/reader.h"
#include "policy/json_value.h"
#include "tests/e2e/e2e_fixture.h"
#include "tests/support/guard_process.h"

namespace gatehouse {
namespace {

using std::chrono::milliseconds;
using testing::GuardProcess;
using testing::GuardSpec;
using testing::Setting;
using testing::TemporaryFolder;

// The ids of calls are unlike any other's.
std::string Call(const std::string& id) {
  return R"({"jsonrpc":"2.0","id":")" + id +
         R"(","method":"tools/call","params":{"name":"list_pods",)"
         R"("arguments":{"namespace":"dev"}}})";
}

constexpr const char* kKubeconfig =
    "apiVersion: v1\nkind: Config\ncurrent-context: test\n"
    "clusters: [{name: c, cluster: {server: 'https://127.0.0.1:1'}}]\n"
    "users: [{name: u, user: {token: t}}]\n"
    "contexts: [{name: test, context: {cluster: c, user: u}}]\n";

class Sweep {
 public:
  Sweep(int guards, int calls) : calls_(calls) {
    testing::WriteFile(folder_.File("kubeconfig-of-all"), kKubeconfig);
    for (int i = 0; i < guards; ++i) guards_.push_back(Start(i));
  }

  void Run() {
    for (int call = 0; call < calls_; ++call) {
      if (::testing::Test::HasFailure()) return;
      Round(call);
    }
    for (auto& guard : guards_) End(*guard);
    // What those left open that died last is closed by one more start.
    End(*Start(0));
  }

  const TemporaryFolder& folder() const { return folder_; }
  const std::set<std::string>& reached() const { return reached_; }
  const std::string& database() const { return database_; }
  int kills() const { return kills_; }
  milliseconds worst() const { return worst_; }

 private:
  // Every second one has each record on the disk before its call leaves.
  std::unique_ptr<GuardProcess> Start(int number) {
    GuardSpec spec;
    spec.options = {"--policy",     "read-only",
                    "--profile",    "sample-server",
                    "--durability", number % 2 == 0 ? "normal" : "full"};
    // Written once: a start must not find it half written by another's.
    spec.kubeconfig = folder_.File("kubeconfig-of-all");
    auto guard = std::make_unique<GuardProcess>(spec, folder_);
    database_ = guard->database();
    return guard;
  }

  // All guards get a call at once; one in ten does not live to answer.
  void Round(int call) {
    std::vector<bool> dies(guards_.size());
    for (std::size_t i = 0; i < guards_.size(); ++i) {
      dies[i] = random_() % 10 == 0;
      const std::string id = std::to_string(i) + "-" + std::to_string(call);
      ASSERT_TRUE(guards_[i]->WriteLine(Call(id))) << guards_[i]->Stderr();
    }
    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < guards_.size(); ++i) {
      if (dies[i] && random_() % 2 == 0) Kill(i);
    }
    for (std::size_t i = 0; i < guards_.size(); ++i) {
      if (dies[i]) continue;
      const std::string id = std::to_string(i) + "-" + std::to_string(call);
      const auto answer = guards_[i]->ReadLineWith("\"" + id + "\"");
      ASSERT_TRUE(answer.has_value()) << guards_[i]->Stderr();
      ASSERT_NE(answer->find("done: list_pods"), std::string::npos)
          << *answer << "\n"
          << guards_[i]->Stderr();
      if (restarted_) continue;  // starting takes its own time
      worst_ = std::max(worst_, std::chrono::duration_cast<milliseconds>(
                                    std::chrono::steady_clock::now() - begin));
    }
    restarted_ = false;
    for (std::size_t i = 0; i < guards_.size(); ++i) {
      if (dies[i]) Kill(i);
    }
  }

  void Kill(std::size_t i) {
    guards_[i]->Signal(SIGKILL);
    EXPECT_EQ(guards_[i]->WaitForExit(), 128 + SIGKILL);
    EXPECT_TRUE(guards_[i]->AllGone());
    NoteReached(*guards_[i]);
    guards_[i] = Start(static_cast<int>(i));
    ++kills_;
    restarted_ = true;
  }

  void End(GuardProcess& guard) {
    guard.CloseInput();
    EXPECT_EQ(guard.WaitForExit(), 0) << guard.Stderr();
    NoteReached(guard);
  }

  void NoteReached(const GuardProcess& guard) {
    const std::string text = guard.Received();
    constexpr std::string_view kBefore = R"("id":")";
    std::size_t at = 0;
    while ((at = text.find(kBefore, at)) != std::string::npos) {
      at += kBefore.size();
      reached_.insert(text.substr(at, text.find('"', at) - at));
    }
  }

  int calls_;
  TemporaryFolder folder_;
  std::string database_;
  std::mt19937 random_{20261127};
  std::vector<std::unique_ptr<GuardProcess>> guards_;
  std::set<std::string> reached_;
  int kills_ = 0;
  bool restarted_ = false;
  milliseconds worst_{0};
};

struct Recorded {
  std::set<std::string> allowed;      // JSON-RPC ids
  std::set<std::string> without_end;  // calls
  std::size_t unknown = 0;
};

Recorded Read(const std::string& database) {
  Recorded recorded;
  const auto reader = audit::OpenReader(database);
  EXPECT_TRUE(reader.ok()) << reader.error().sentence;
  const auto walked = reader.value()->ForEach([&](const auto& row) {
    const Result<JsonValue> payload = ParseJson(*row.payload);
    EXPECT_TRUE(payload.ok());
    if (row.stage == "decision" && row.decision == "allow") {
      recorded.allowed.insert(
          std::string(StringMember(payload.value(), "rpc_id").value_or("")));
      recorded.without_end.insert(row.call);
    } else if (row.stage == "outcome") {
      EXPECT_EQ(recorded.without_end.erase(row.call), 1U) << "two ends";
      recorded.unknown +=
          StringMember(payload.value(), "outcome") == "unknown" ? 1 : 0;
    }
    return audit::Reader::Next::kGoOn;
  });
  EXPECT_TRUE(walked.ok());
  return recorded;
}

TEST(KillSweep, NoCallIsLostAndNobodyWaitsLong) {
  const auto guards = static_cast<int>(Setting("GATEHOUSE_TEST_GUARDS", 3));
  const auto calls = static_cast<int>(Setting("GATEHOUSE_TEST_CALLS", 20));
  Sweep sweep(guards, calls);
  sweep.Run();
  const auto verified =
      testing::RunGatehouse({"audit", "verify", "--db", sweep.database()});
  EXPECT_EQ(verified.exit_code, 0) << verified.output;
  const Recorded recorded = Read(sweep.database());
  std::size_t lost = 0;
  for (const std::string& id : sweep.reached()) {
    if (!recorded.allowed.contains(id)) ++lost;
  }
  EXPECT_EQ(lost, 0U) << "calls that reached a server have no record";
  EXPECT_EQ(recorded.without_end.size(), 0U);
  EXPECT_GT(sweep.kills(), 0);
  std::cout << guards << " guards x " << calls << " calls, " << sweep.kills()
            << " kills: " << sweep.reached().size()
            << " calls reached a server, " << recorded.allowed.size()
            << " recorded, " << lost << " lost, " << recorded.unknown
            << " with an unknown end, worst wait " << sweep.worst().count()
            << " ms\n";
  // The whole round of all guards, on whatever machine this is: no assertion
  // on a second, but on a lock that is never given.
  EXPECT_LT(sweep.worst().count(), 10'000);
}

}  // namespace
}  // namespace gatehouse
