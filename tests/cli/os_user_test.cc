// SPDX-License-Identifier: Apache-2.0
#include "cli/os_user.h"

#include <grp.h>
#include <gtest/gtest.h>
#include <pwd.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/support/process_census.h"

namespace gatehouse::cli {
namespace {

class OsUserTest : public ::testing::Test {
 protected:
  OsUserTest() {
    database_ = {folder_.File("passwd"), folder_.File("group"),
                 folder_.File("getent"), std::chrono::seconds(60)};
    std::ofstream(database_.passwd)
        << "root:x:0:0:root:/root:/bin/sh\n\n# a note\nbroken line\n"
           "ada:x:1000:1000::/home/ada:/bin/sh\nalso:x:1000:1:::\n";
    std::ofstream(database_.group) << "root:x:0:\nteam-a:x:1000:ada,bob\n";
  }

  // A getent that answers `answer`, and keeps what it was asked.
  void Getent(const std::string& answer) const {
    std::ofstream(database_.getent)
        << "#!/bin/sh\necho \"$@\" > '" << database_.getent
        << ".asked'\nenv >> '" << database_.getent << ".asked'\n"
        << "cat <<'E'\n"
        << answer << "E\n";
    std::filesystem::permissions(database_.getent,
                                 std::filesystem::perms(0755));
  }

  void Script(const std::string& text) const {
    std::ofstream(database_.getent) << text;
    std::filesystem::permissions(database_.getent,
                                 std::filesystem::perms(0755));
  }

  std::string Asked() const {
    std::ifstream file(database_.getent + ".asked");
    return {std::istreambuf_iterator<char>(file), {}};
  }

  testing::TemporaryFolder folder_;
  UserDatabase database_;
};

TEST_F(OsUserTest, IsTheFirstOfItsNumberInTheFiles) {
  EXPECT_EQ(UserName(0, database_), "root");
  EXPECT_EQ(UserName(1000, database_), "ada");
  EXPECT_EQ(GroupName(1000, database_), "team-a");
}

TEST_F(OsUserTest, IsANumberWhereNothingHasAName) {
  EXPECT_EQ(UserName(7, database_), "uid-7");
  EXPECT_EQ(GroupName(7, database_), "gid-7");
  EXPECT_EQ(UserName(7, {"", "", "", std::chrono::seconds(60)}), "uid-7");
}

TEST_F(OsUserTest, AsksGetentForWhomNoFileHas) {
  Getent("eve:*:70000:70000:Eve:/home/eve:/bin/sh\n");
  EXPECT_EQ(UserName(70000, database_), "eve");
  EXPECT_TRUE(Asked().starts_with("passwd 70000\n")) << Asked();
  // What the guard's environment says reaches no name service.
  EXPECT_EQ(Asked().find("HOME="), std::string::npos) << Asked();
  Getent("ops:*:70001:eve\n");
  EXPECT_EQ(GroupName(70001, database_), "ops");
  EXPECT_TRUE(Asked().starts_with("group 70001\n")) << Asked();
}

TEST_F(OsUserTest, AsksNobodyForWhomAFileHas) {
  Getent("mallory:*:1000:1000:::\n");
  EXPECT_EQ(UserName(1000, database_), "ada");
  EXPECT_EQ(Asked(), "");
}

// One answer of another number, none, and rubbish.
TEST_F(OsUserTest, TakesOnlyTheNumberThatItAskedFor) {
  for (const char* answer : {"eve:*:70000:1:::\n", "", ":::\n", "x\n"}) {
    Getent(answer);
    EXPECT_EQ(UserName(7, database_), "uid-7") << answer;
  }
}

TEST_F(OsUserTest, ReadsAGroupOfManyMembers) {
  std::string line = "all:x:5000:";
  for (int i = 0; i < 20'000; ++i) line += "user" + std::to_string(i) + ",";
  std::ofstream(database_.group) << line << "\nnext:x:5001:\n";
  EXPECT_EQ(GroupName(5000, database_), "all");
  EXPECT_EQ(GroupName(5001, database_), "next");
}

// Beyond a megabyte a line is no entry, and nothing behind it is read.
TEST_F(OsUserTest, ReadsNoEndlessLine) {
  std::ofstream(database_.group)
      << "root:x:0:\nvast:x:5000:" << std::string(2 << 20, 'u') << "\n";
  EXPECT_EQ(GroupName(0, database_), "root");
  EXPECT_EQ(GroupName(5000, database_), "gid-5000");
}

// A name service whose server is gone: nobody waits for it without end, or
// again for each group, and it leaves no process.
TEST_F(OsUserTest, IsNotCompleteWhereNobodyAnswersInTime) {
  std::ofstream(database_.getent)
      << "#!/bin/sh\necho $$ >> '" << database_.getent << ".asked'\n"
      << "echo eve; exec sleep 1000\n";
  std::filesystem::permissions(database_.getent, std::filesystem::perms(0755));
  UserDatabase silent = database_;
  silent.passwd = silent.group = "";
  silent.patience = std::chrono::seconds(2);  // a shell starts in that
  const OsUser user = CurrentUser(silent);
  EXPECT_FALSE(user.complete);
  EXPECT_EQ(user.name, "uid-" + std::to_string(getuid()));
  ASSERT_FALSE(user.groups.empty());
  EXPECT_TRUE(user.groups.front().starts_with("gid-"));
  std::istringstream asked(Asked());
  pid_t getent = 0;
  ASSERT_TRUE(asked >> getent);
  EXPECT_NE(kill(getent, 0), 0) << "it is still there";
  EXPECT_FALSE(asked >> getent) << "asked again";
}

// Each of these may have had a name for us.
TEST_F(OsUserTest, IsNotCompleteWhereGetentFails) {
  UserDatabase failing = database_;
  failing.passwd = failing.group = "";
  for (const char* script :
       {"#!/bin/sh\nkill -9 $$\n", "#!/bin/sh\nexit 127\n",
        "#!/bin/sh\nexec cat /dev/zero\n", "no program\n"}) {
    Script(script);
    const OsUser user = CurrentUser(failing);
    EXPECT_FALSE(user.complete) << script;
    EXPECT_EQ(user.name, "uid-" + std::to_string(getuid())) << script;
  }
}

// Where no process can be started: here, for want of a descriptor.
TEST_F(OsUserTest, IsNotCompleteWhereGetentCannotBeStarted) {
  UserDatabase failing = database_;
  failing.passwd = failing.group = "";
  Script("#!/bin/sh\nexit 0\n");
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{0, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  const OsUser user = CurrentUser(failing);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_FALSE(user.complete);
}

TEST_F(OsUserTest, IsCompleteWhereNothingHasAName) {
  UserDatabase empty = database_;
  empty.passwd = empty.group = "";
  EXPECT_TRUE(CurrentUser(empty).complete) << "a system without getent";
  for (const char* script : {"#!/bin/sh\nexit 0\n", "#!/bin/sh\nexit 2\n"}) {
    Script(script);
    EXPECT_TRUE(CurrentUser(empty).complete) << script;
  }
}

TEST_F(OsUserTest, IsWhatTheSystemSaysOfUs) {
  const OsUser user = CurrentUser();
  EXPECT_EQ(user.uid, getuid());
  EXPECT_TRUE(user.complete);
  const passwd* const entry = getpwuid(getuid());
  if (entry != nullptr) {
    EXPECT_EQ(user.name, entry->pw_name);
  }
  ASSERT_FALSE(user.groups.empty());
  const group* const own = getgrgid(getgid());
  if (own != nullptr) {
    EXPECT_NE(std::find(user.groups.begin(), user.groups.end(), own->gr_name),
              user.groups.end());
  }
}

}  // namespace
}  // namespace gatehouse::cli
