// SPDX-License-Identifier: Apache-2.0
#include "cli/live_policy.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace gatehouse::cli {
namespace {

namespace fs = std::filesystem;

std::string PolicyOf(std::string_view rules) {
  return "apiVersion: gatehouse/v1\nkind: Policy\nname: live\n" +
         std::string(rules) + "\n";
}

class LivePolicyTest : public ::testing::Test {
 protected:
  LivePolicyTest() {
    std::string pattern = ::testing::TempDir() + "gatehouse-live-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    choice_.policy = folder_ + "/policy.yaml";
    choice_.system = {folder_ + "/system.yaml", geteuid()};
    choice_.tables = Tables();
  }
  ~LivePolicyTest() override { fs::remove_all(folder_); }

  static std::shared_ptr<const KubernetesTables> Tables() {
    static const auto tables = KubernetesTables::Embedded();
    return tables;
  }
  void Put(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ + "/" + name) << text;
  }
  void Start(std::string_view rules) {
    Put("policy.yaml", PolicyOf(rules));
    Begin();
  }
  void Begin() {
    LoadedPolicy loaded = LoadPolicy(choice_);
    ASSERT_NE(loaded.engine, nullptr) << loaded.Faults();
    live_ = std::make_unique<LivePolicy>(choice_, std::move(loaded));
    live_->SetEvents({[this](const Engine&) -> Status {
                        if (trail_fails_) return Error{ErrorCode::kIo, "full"};
                        ++loaded_;
                        return Done{};
                      },
                      [this](const std::string& faults) {
                        rejected_ += faults;
                        ++rejections_;
                      }});
  }
  std::string FirstRule() const { return live_->engine()->rules()[0].id; }

  std::string folder_;
  PolicyChoice choice_;
  std::unique_ptr<LivePolicy> live_;
  bool trail_fails_ = false;
  int loaded_ = 0;
  int rejections_ = 0;
  std::string rejected_;
};

TEST_F(LivePolicyTest, AChangeIsLoadedAndACallKeepsItsEngine) {
  Start("rules: [{id: a, allow: get}]");
  const auto in_flight = live_->engine();
  live_->Refresh();
  EXPECT_EQ(live_->engine(), in_flight) << "nothing has changed";
  Put("policy.yaml", PolicyOf("rules: [{id: b, allow: get}]"));
  live_->Refresh();
  EXPECT_EQ(FirstRule(), "b");
  EXPECT_EQ(in_flight->rules()[0].id, "a");
  EXPECT_EQ(loaded_, 1);
  EXPECT_EQ(rejected_, "");
}

TEST_F(LivePolicyTest, TheLastGoodOneStays) {
  Start("rules: [{id: a, allow: get}]");
  Put("policy.yaml", PolicyOf("rules: [{id: b, alow: get}]"));
  live_->Refresh();
  live_->Refresh();
  EXPECT_EQ(FirstRule(), "a");
  EXPECT_NE(rejected_.find("error[P012]"), std::string::npos) << rejected_;
  EXPECT_EQ(rejections_, 1) << "told once";
  fs::remove(folder_ + "/policy.yaml");
  live_->Refresh();
  EXPECT_EQ(FirstRule(), "a");
  Put("policy.yaml", PolicyOf("rules: [{id: c, allow: get}]"));
  live_->Refresh();
  EXPECT_EQ(FirstRule(), "c");
}

TEST_F(LivePolicyTest, FollowsWhatItExtendsAndTheSystemPolicy) {
  Put("base.yaml", PolicyOf("rules: [{id: x, allow: get}]"));
  Put("policy.yaml",
      "apiVersion: gatehouse/v1\nkind: Policy\nname: outer\n"
      "extends: [./base.yaml]\n");
  Begin();
  EXPECT_EQ(FirstRule(), "live/x");
  Put("base.yaml", PolicyOf("rules: [{id: y, allow: get}]"));
  live_->Refresh();
  EXPECT_EQ(FirstRule(), "live/y");
  Put("system.yaml", PolicyOf("rules: [{id: s, deny: any}]"));
  live_->Refresh();
  EXPECT_EQ(live_->engine()->rules().back().id, "system/s");
  Put("system.yaml", PolicyOf("rules: oops"));
  live_->Refresh();
  EXPECT_EQ(live_->engine()->rules().back().id, "system/s");
  EXPECT_NE(rejected_, "");
}

TEST_F(LivePolicyTest, HangupReadsWhateverHasChanged) {
  Start("rules: [{id: a, allow: get}]");
  live_->Reload();
  EXPECT_EQ(loaded_, 1);
  EXPECT_EQ(FirstRule(), "a");
}

TEST_F(LivePolicyTest, WhatCannotBeRecordedIsNotUsedYet) {
  Start("rules: [{id: a, allow: get}]");
  Put("policy.yaml", PolicyOf("rules: [{id: b, allow: get}]"));
  trail_fails_ = true;
  live_->Refresh();
  EXPECT_EQ(FirstRule(), "a");
  trail_fails_ = false;
  live_->Refresh();
  EXPECT_EQ(FirstRule(), "b");
}

TEST_F(LivePolicyTest, AUsersOwnFileThatIsGoneDoesNotBecomeThePreset) {
  setenv("XDG_CONFIG_HOME", folder_.c_str(), 1);
  fs::create_directory(folder_ + "/gatehouse");
  Put("gatehouse/policy.yaml", PolicyOf("rules: [{id: a, allow: get}]"));
  choice_.policy = "";
  Begin();
  fs::remove(folder_ + "/gatehouse/policy.yaml");
  live_->Refresh();
  unsetenv("XDG_CONFIG_HOME");
  EXPECT_EQ(FirstRule(), "a");
  EXPECT_NE(rejected_.find("is gone"), std::string::npos) << rejected_;
}

}  // namespace
}  // namespace gatehouse::cli
