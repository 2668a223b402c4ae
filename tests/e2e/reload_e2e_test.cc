// SPDX-License-Identifier: Apache-2.0
// A policy that changes while the guard runs, and limits that outlive it.

#include <gtest/gtest.h>
#include <signal.h>

#include <string>
#include <vector>

#include "audit/reader.h"
#include "tests/e2e/e2e_fixture.h"
#include "tests/support/guard_process.h"

namespace gatehouse {
namespace {

using testing::GuardProcess;
using testing::GuardSpec;
using testing::ListPods;
using testing::TemporaryFolder;
using testing::WriteFile;

std::string PolicyOf(std::string_view rules) {
  return "apiVersion: gatehouse/v1\nkind: Policy\nname: live\nrules:\n" +
         std::string(rules) + "\n";
}

constexpr std::string_view kAllow = "- {id: look, allow: read}";
constexpr std::string_view kDeny = "- {id: shut, deny: any}";

class ReloadTest : public ::testing::Test {
 protected:
  void Put(std::string_view rules) const {
    WriteFile(folder_.File("policy.yaml"), PolicyOf(rules));
  }
  GuardSpec Spec() const {
    GuardSpec spec;
    spec.options = {"--policy", folder_.File("policy.yaml"), "--profile",
                    "sample-server"};
    return spec;
  }
  // "ok", or the refusal's code.
  static std::string Ask(GuardProcess& guard, int id) {
    EXPECT_TRUE(guard.WriteLine(ListPods(id)));
    const auto answer = guard.ReadLine();
    if (!answer) return "no answer: " + guard.Stderr();
    if (answer->find("done: list_pods") != std::string::npos) return "ok";
    const std::size_t at = answer->find("\"code\":\"");
    return at == std::string::npos
               ? *answer
               : answer->substr(at + 8, answer->find('"', at + 8) - at - 8);
  }
  static std::string Events(const std::string& database) {
    std::string events;
    const auto reader = audit::OpenReader(database);
    if (!reader.ok()) return reader.error().sentence;
    const auto walked =
        reader.value()->ForEach([&](const audit::StoredRecord& record) {
          const std::string& payload = *record.payload;
          const std::size_t at = payload.find("\"event\":\"policy ");
          if (at != std::string::npos) {
            events +=
                payload.substr(at + 9, payload.find('"', at + 9) - at - 9) +
                ", ";
          }
          return audit::Reader::Next::kGoOn;
        });
    EXPECT_TRUE(walked.ok());
    return events;
  }

  TemporaryFolder folder_;
};

TEST_F(ReloadTest, AChangedFileHoldsFromTheNextCallOn) {
  Put(kAllow);
  GuardProcess guard(Spec());
  EXPECT_EQ(Ask(guard, 1), "ok");
  Put(kDeny);
  EXPECT_EQ(Ask(guard, 2), "denied-by-rule");
  Put("- {id: look, alow: read}");
  EXPECT_EQ(Ask(guard, 3), "denied-by-rule") << "the last good one stays";
  EXPECT_NE(guard.Stderr().find("error[P012]"), std::string::npos);
  Put(kAllow);
  EXPECT_EQ(Ask(guard, 4), "ok");
  EXPECT_EQ(guard.Received(), ListPods(1) + "\n" + ListPods(4) + "\n");
  guard.CloseInput();
  EXPECT_EQ(guard.WaitForExit(), 0);
  EXPECT_EQ(Events(guard.database()),
            "policy loaded, policy rejected, policy loaded, ");
}

TEST_F(ReloadTest, HangupReloadsAndDoesNotEndTheGuard) {
  Put(kAllow);
  GuardProcess guard(Spec());
  EXPECT_EQ(Ask(guard, 1), "ok");
  guard.Signal(SIGHUP);
  EXPECT_EQ(Ask(guard, 2), "ok");
  guard.CloseInput();
  EXPECT_EQ(guard.WaitForExit(), 0);
  EXPECT_EQ(Events(guard.database()), "policy loaded, ");
}

TEST_F(ReloadTest, ALimitOutlivesTheGuard) {
  Put("- {id: look, allow: read, limit: {calls: 3, per: 1h}}");
  {
    GuardProcess guard(Spec(), folder_);
    EXPECT_EQ(Ask(guard, 1), "ok");
    EXPECT_EQ(Ask(guard, 2), "ok");
    guard.CloseInput();
    EXPECT_EQ(guard.WaitForExit(), 0);
  }
  GuardProcess again(Spec(), folder_);
  EXPECT_EQ(Ask(again, 3), "ok");
  EXPECT_EQ(Ask(again, 4), "limit");
  EXPECT_EQ(Ask(again, 5), "limit");
  again.CloseInput();
  EXPECT_EQ(again.WaitForExit(), 0);
}

}  // namespace
}  // namespace gatehouse
