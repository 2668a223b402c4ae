// SPDX-License-Identifier: Apache-2.0
#include "cli/trail_opening.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>
#include <thread>

#include "audit/writer_lock.h"
#include "tests/support/no_threads.h"
#include "tests/support/process_census.h"
#include "tests/support/waiting_signal.h"

namespace gatehouse::cli {
namespace {

using gatehouse::testing::ReadFile;
using gatehouse::testing::TemporaryFolder;

class TrailOpeningTest : public ::testing::Test {
 protected:
  TrailOpeningTest() {
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

TEST_F(TrailOpeningTest, GivesATrailOfTheUser) {
  TrailOpening opening(Database(), {}, *log_);
  opening.BeginSession(identity_);
  auto opened = opening.Take();
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

TEST_F(TrailOpeningTest, MakesTheKeyOnceAndReadsItAgain) {
  std::string made;
  {
    TrailOpening opening(Database(), {}, *log_);
    const auto key = opening.Key();
    ASSERT_TRUE(key.ok()) << key.error().sentence;
    made = key.value();
    EXPECT_EQ(ReadFile(folder_.File("audit.key")), made);
  }
  TrailOpening again(Database(), {}, *log_);
  EXPECT_EQ(again.Key().value(), made);
}

TEST_F(TrailOpeningTest, SaysWhyThereIsNoKey) {
  std::filesystem::create_directory(folder_.File("audit.key"));
  TrailOpening opening(Database(), {}, *log_);
  const auto key = opening.Key();
  ASSERT_FALSE(key.ok());
  EXPECT_NE(key.error().sentence.find("audit.key"), std::string::npos)
      << key.error().sentence;
}

TEST_F(TrailOpeningTest, SaysWhyThereIsNoTrail) {
  std::ofstream(Database()) << "no database";
  TrailOpening opening(Database(), {}, *log_);
  opening.BeginSession(identity_);
  const auto opened = opening.Take();
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::kCorrupt)
      << opened.error().sentence;
}

// Somebody named the wrong file: of it and its folder nothing is changed.
TEST_F(TrailOpeningTest, LeavesAFileThatIsNoTrailAsItIs) {
  const std::string text(9000, 'x');
  const std::string database = "SQLite format 3" + std::string(9000, '\0');
  for (const std::string& bytes : {std::string("notes"), text, database}) {
    const TemporaryFolder folder;
    const std::string path = folder.File("notes.txt");
    std::ofstream(path) << bytes;
    std::filesystem::permissions(path, std::filesystem::perms(0644));
    TrailOpening opening(path, {}, *log_);
    opening.BeginSession(identity_);
    EXPECT_EQ(opening.Key().error().sentence,
              path + " is not an audit trail; nothing was changed");
    EXPECT_FALSE(opening.Take().ok());
    EXPECT_EQ(ReadFile(path), bytes);
    EXPECT_EQ(std::filesystem::status(path).permissions(),
              std::filesystem::perms(0644));
    const std::filesystem::directory_iterator files(folder.path());
    EXPECT_EQ(std::distance(begin(files), end(files)), 1);
  }
}

TEST_F(TrailOpeningTest, SaysWhatToDoWhereNoPlaceIsKnown) {
  TrailOpening opening("", {}, *log_);
  opening.BeginSession(identity_);
  EXPECT_EQ(opening.Key().error().sentence,
            "no place for the audit trail is known: set HOME, or name the "
            "database with --db");
  EXPECT_FALSE(opening.Take().ok());
}

TEST_F(TrailOpeningTest, IsOursToDoWhereNoThreadCanBeHad) {
  const gatehouse::testing::NoThreads none;
  ASSERT_THROW(std::thread([] {}), std::system_error);
  TrailOpening opening(Database(), {}, *log_);
  opening.BeginSession(identity_);
  EXPECT_TRUE(opening.Key().ok());
  EXPECT_TRUE(opening.Take().ok());
  sigset_t blocked;
  pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
  EXPECT_FALSE(sigismember(&blocked, SIGTERM)) << "signals still reach us";
}

// A rule for a group whose name is not known yet would seem to be no concern of
// its members.
TEST_F(TrailOpeningTest, OpensNoTrailForSomebodyUnknown) {
  const std::string getent = folder_.File("getent");
  std::ofstream(getent) << "#!/bin/sh\nexec sleep 1000\n";
  std::filesystem::permissions(getent, std::filesystem::perms(0755));
  TrailOpening opening(Database(), {}, *log_,
                       {"", "", getent, std::chrono::milliseconds(50)});
  opening.BeginSession(identity_);
  const auto opened = opening.Take();
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::kBusy);
  EXPECT_NE(opened.error().sentence.find("getent has not answered"),
            std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(Database()));
}

// Whose end is awaited by the one who told this process to end.
class ToldToEnd : public TrailOpeningTest {
 protected:
  void ExpectNoLongWait(const audit::SinkOptions& options,
                        const UserDatabase& users) {
    const gatehouse::testing::WaitingTerm term;
    const auto begin = std::chrono::steady_clock::now();
    {
      TrailOpening opening(Database(), options, *log_, users);
      opening.BeginSession(identity_);
      EXPECT_EQ(opening.Take().error().code, ErrorCode::kBusy);
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begin, kLong / 2);
  }
  static constexpr std::chrono::seconds kLong{60};
};

TEST_F(ToldToEnd, WaitsForNoOtherGuard) {
  { TrailOpening(Database(), {}, *log_).BeginSession(identity_); }
  audit::WriterLock holder(folder_.File("audit.lock"));
  ASSERT_TRUE(holder.Acquire(kLong).ok());
  audit::SinkOptions options;
  options.lock_wait = kLong;
  ExpectNoLongWait(options, {});
}

TEST_F(ToldToEnd, WaitsForNoNameService) {
  const std::string getent = folder_.File("getent");
  std::ofstream(getent) << "#!/bin/sh\nexec sleep 1000\n";
  std::filesystem::permissions(getent, std::filesystem::perms(0755));
  ExpectNoLongWait({}, {"", "", getent, kLong});
}

// One that was taken waits as ever: the signal is for the relay then.
TEST_F(ToldToEnd, KeepsATrailThatItHas) {
  std::optional<OpenedTrail> trail;
  {
    TrailOpening opening(Database(), {}, *log_);
    opening.BeginSession(identity_);
    trail.emplace(std::move(opening.Take()).value());
  }
  std::optional<audit::WriterLock> holder(folder_.File("audit.lock"));
  ASSERT_TRUE(holder->Acquire(kLong).ok());
  std::jthread soon([&holder] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    holder.reset();
  });
  audit::Record record = RecordOf(trail->identity);
  record.event = "guard start";
  EXPECT_TRUE(trail->sink->Append(record).ok());
}

// A log has one thread: what is said in another waits for Take.
TEST_F(TrailOpeningTest, WarnsInTheThreadThatTakesTheTrail) {
  audit::SinkOptions options;
  options.max_bytes = 1;  // less than there is
  TrailOpening opening(Database(), options, *log_);
  opening.BeginSession(identity_);
  auto opened = opening.Take();
  const std::string said = ReadFile(folder_.File("log"));
  EXPECT_NE(said.find("trail"), std::string::npos) << said;
}

// A start that fails before: as if a guard had come and gone.
TEST_F(TrailOpeningTest, ClosesWhatNobodyTakes) {
  {
    TrailOpening opening(Database(), {}, *log_);
    opening.BeginSession(identity_);
  }
  EXPECT_TRUE(std::filesystem::exists(Database()));
  EXPECT_FALSE(std::filesystem::exists(Database() + "-wal"));
}

// One that fails before it is known whose session it would be.
TEST_F(TrailOpeningTest, OpensNoTrailForNobody) {
  { TrailOpening opening(Database(), {}, *log_); }
  EXPECT_FALSE(std::filesystem::exists(Database()));
  const gatehouse::testing::NoThreads none;
  { TrailOpening opening(Database(), {}, *log_); }
  EXPECT_FALSE(std::filesystem::exists(Database()));
}

}  // namespace
}  // namespace gatehouse::cli
