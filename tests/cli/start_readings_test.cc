// SPDX-License-Identifier: Apache-2.0
#include "cli/start_readings.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>
#include <thread>

#include "tests/support/no_threads.h"
#include "tests/support/process_census.h"

namespace gatehouse::cli {
namespace {

using gatehouse::testing::ReadFile;
using gatehouse::testing::TemporaryFolder;

class StartReadingsTest : public ::testing::Test {
 protected:
  StartReadingsTest() {
    identity_.session = "a session";
    identity_.server = "sample-server";
    log_.emplace(
        std::move(Log::Open({LogLevel::kWarn, folder_.File("log")})).value());
  }

  std::string Database() const { return folder_.File("audit.db"); }

  TemporaryFolder folder_;
  Identity identity_;
  std::optional<Log> log_;
};

TEST_F(StartReadingsTest, GiveTablesAndATrailOfTheUser) {
  StartReadings readings(Database(), {}, identity_, *log_);
  EXPECT_FALSE(readings.Tables()->Find("pods").empty());
  auto opened = readings.TakeTrail();
  ASSERT_TRUE(opened.ok()) << opened.error().sentence;
  const Identity& identity = opened.value().identity;
  EXPECT_EQ(identity.uid, getuid());
  EXPECT_FALSE(identity.subject.user.empty());
  EXPECT_FALSE(identity.subject.groups.empty());
  EXPECT_EQ(identity.session, "a session");
  EXPECT_EQ(identity.server, "sample-server");
  audit::Record record = RecordOf(identity);
  record.event = "guard start";
  ASSERT_TRUE(opened.value().sink->Append(record).ok());
  EXPECT_TRUE(opened.value().sink->Commit(audit::Durability::kNormal).ok());
}

TEST_F(StartReadingsTest, SayWhyThereIsNoTrail) {
  std::ofstream(Database()) << "no database";
  StartReadings readings(Database(), {}, identity_, *log_);
  const auto opened = readings.TakeTrail();
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::kCorrupt)
      << opened.error().sentence;
}

TEST_F(StartReadingsTest, AreOursToReadWhereNoThreadCanBeHad) {
  const gatehouse::testing::NoThreads none;
  ASSERT_THROW(std::thread([] {}), std::system_error);
  StartReadings readings(Database(), {}, identity_, *log_);
  EXPECT_FALSE(readings.Tables()->Find("pods").empty());
  EXPECT_TRUE(readings.TakeTrail().ok());
  sigset_t blocked;
  pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
  EXPECT_FALSE(sigismember(&blocked, SIGTERM)) << "signals still reach us";
}

// A log has one thread: what is said in another waits for TakeTrail.
TEST_F(StartReadingsTest, WarnInTheThreadThatTakesTheTrail) {
  audit::SinkOptions options;
  options.max_bytes = 1;  // less than there is
  StartReadings readings(Database(), options, identity_, *log_);
  auto opened = readings.TakeTrail();
  const std::string said = ReadFile(folder_.File("log"));
  EXPECT_NE(said.find("trail"), std::string::npos) << said;
}

// A start that fails before: as if a guard had come and gone.
TEST_F(StartReadingsTest, CloseWhatNobodyTakes) {
  { StartReadings readings(Database(), {}, identity_, *log_); }
  EXPECT_TRUE(std::filesystem::exists(Database()));
  EXPECT_FALSE(std::filesystem::exists(Database() + "-wal"));
}

}  // namespace
}  // namespace gatehouse::cli
