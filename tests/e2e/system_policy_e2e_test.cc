// SPDX-License-Identifier: Apache-2.0
// The machine's own policy where it really is: /etc/gatehouse/policy.yaml, in a
// mount namespace of the test's own. A user's policy can only narrow it; one
// that others could have written keeps every guard from starting.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include "tests/support/guard_process.h"

namespace gatehouse {
namespace {

namespace fs = std::filesystem;
using testing::GuardProcess;
using testing::GuardSpec;
using testing::TemporaryFolder;

constexpr const char* kSystemFolder = "/etc/gatehouse";
constexpr const char* kPolicy = "/etc/gatehouse/policy.yaml";
constexpr int kSkipped = 77;

// Without root, as root of a user namespace: what belongs to us is root's.
bool BecomeRoot() {
  const uid_t user = geteuid();
  const gid_t group = getegid();
  if (user == 0) return unshare(CLONE_NEWNS) == 0;
  if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
  std::ofstream("/proc/self/setgroups") << "deny";
  std::ofstream("/proc/self/uid_map") << "0 " << user << " 1";
  std::ofstream("/proc/self/gid_map") << "0 " << group << " 1";
  return geteuid() == 0;
}

// An /etc that holds what programs start by, and an empty gatehouse folder.
bool MountOwnEtc(const std::string& folder) {
  if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      mount("tmpfs", folder.c_str(), "tmpfs", 0, "mode=0755") != 0) {
    return false;
  }
  std::error_code ignored;
  for (const char* name : {"passwd", "group", "nsswitch.conf", "ld.so.cache",
                           "ld.so.conf", "localtime"}) {
    fs::copy(std::string("/etc/") + name, folder + "/" + name, ignored);
  }
  return mount(folder.c_str(), "/etc", nullptr, MS_BIND, nullptr) == 0 &&
         mkdir(kSystemFolder, 0755) == 0;
}

// Runs `body` in a process that has its own /etc.
void InOwnEtc(const std::function<void()>& body) {
  const TemporaryFolder folder;
  const pid_t pid = fork();
  ASSERT_GE(pid, 0);
  if (pid == 0) {
    if (!BecomeRoot() || !MountOwnEtc(folder.path())) _exit(kSkipped);
    body();
    fflush(nullptr);
    _exit(::testing::Test::HasFailure() ? 1 : 0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(pid, &status, 0), pid);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == kSkipped) {
    GTEST_SKIP() << "this machine lets nobody make a mount namespace";
  }
  EXPECT_EQ(WEXITSTATUS(status), 0) << "see above";
}

void WriteSystemPolicy(std::string_view body, mode_t mode = 0644) {
  std::ofstream(kPolicy) << "apiVersion: gatehouse/v1\nkind: Policy\n"
                            "name: machine\n"
                         << body;
  chmod(kPolicy, mode);
}

std::string CallLine(std::string_view tool, std::string_view arguments) {
  return R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":")" +
         std::string(tool) + R"(","arguments":)" + std::string(arguments) +
         "}}";
}

const std::string kDelete = CallLine(
    "delete_resource", R"({"resource":"pods","name":"x","namespace":"dev"})");
const std::string kList = CallLine("list_pods", R"({"namespace":"dev"})");

// The guard's answer to one line, by a user's policy that allows all of it.
struct Session {
  std::string answer;
  std::string received;  // by the server
};
Session Ask(const std::string& line,
            std::string_view rules = "- {id: all, allow: [read, write]}\n",
            const std::vector<std::string>& more = {}) {
  const TemporaryFolder folder;
  const std::string user = folder.File("user.yaml");
  std::ofstream(user) << "apiVersion: gatehouse/v1\nkind: Policy\nname: mine\n"
                         "rules:\n"
                      << rules;
  GuardSpec spec;
  spec.options = {"--policy", user, "--profile", "sample-server"};
  spec.options.insert(spec.options.end(), more.begin(), more.end());
  GuardProcess guard(spec);
  guard.WriteLine(line);
  Session session;
  session.answer = guard.ReadLine().value_or("");
  guard.CloseInput();
  EXPECT_EQ(guard.WaitForExit(), 0) << guard.Stderr();
  session.received = guard.Received();
  return session;
}

TEST(SystemPolicy, IsNarrowedByTheUsersAndNeverWidened) {
  InOwnEtc([] {
    EXPECT_EQ(Ask(kDelete).received, kDelete + "\n") << "without a system's";

    WriteSystemPolicy(
        "rules:\n- {id: at-most, allow: [read, write]}\n"
        "- {id: no-deletes, deny: delete, reason: Not on this machine.}\n");
    const Session deleted = Ask(kDelete);
    EXPECT_EQ(deleted.received, "");
    EXPECT_NE(deleted.answer.find("system/no-deletes"), std::string::npos)
        << deleted.answer;
    EXPECT_NE(deleted.answer.find("Not on this machine"), std::string::npos);
    EXPECT_EQ(Ask(kList).received, kList + "\n");

    // What the user's own policy refuses the system's does not allow.
    WriteSystemPolicy("rules:\n- {id: at-most, allow: [read, write]}\n");
    EXPECT_EQ(Ask(kDelete, "- {id: look, allow: read}\n").received, "");
    // Nor does observing lift what the system refuses.
    WriteSystemPolicy("rules:\n- {id: at-most, allow: read}\n");
    EXPECT_EQ(Ask(kDelete, "- {id: look, allow: read}\n", {"--mode", "observe"})
                  .received,
              "");
  });
}

// What the guard says at its end, which is to come before any server starts.
std::string RefusalToStart(const std::vector<std::string>& more = {}) {
  GuardSpec spec;
  spec.options = {"--policy", "read-only", "--profile", "sample-server"};
  spec.options.insert(spec.options.end(), more.begin(), more.end());
  GuardProcess guard(spec);
  guard.CloseInput();
  const auto code = guard.WaitForExit();
  EXPECT_NE(code, std::optional<int>(0));
  EXPECT_EQ(guard.Received(), "");
  return guard.Stderr();
}

void ExpectRefusal(std::string_view why) {
  const std::string said = RefusalToStart();
  EXPECT_NE(said.find(kPolicy), std::string::npos) << said;
  EXPECT_NE(said.find(why), std::string::npos) << said;
}

TEST(SystemPolicy, IsBelievedOnlyWhereRootAloneCanWriteIt) {
  InOwnEtc([] {
    constexpr std::string_view kRules = "rules:\n- {id: a, allow: read}\n";
    WriteSystemPolicy(kRules, 0664);
    ExpectRefusal("can be written by others");
    WriteSystemPolicy(kRules, 0646);
    ExpectRefusal("can be written by others");

    WriteSystemPolicy(kRules);
    chmod(kSystemFolder, 0777);
    ExpectRefusal("is in a folder that can be written by others");
    chmod(kSystemFolder, 0755);

    fs::rename(kPolicy, "/etc/gatehouse/real.yaml");
    fs::create_symlink("/etc/gatehouse/real.yaml", kPolicy);
    ExpectRefusal("is a symbolic link");
    fs::remove(kPolicy);
    fs::create_directory(kPolicy);
    ExpectRefusal("is no plain file");
    fs::remove(kPolicy);

    WriteSystemPolicy("rules:\n- {id: a, alow: read}\n");
    ExpectRefusal("error[P");
  });
}

TEST(SystemPolicy, IsBelievedOnlyOfRoot) {
  InOwnEtc([] {
    WriteSystemPolicy("rules:\n- {id: a, allow: read}\n");
    // In a user namespace nobody else is there to give it to: a file of the
    // machine's own root belongs to nobody.
    if (chown(kPolicy, 1, 1) != 0) {
      ASSERT_EQ(mount("/usr/bin/env", kPolicy, nullptr, MS_BIND, nullptr), 0);
    }
    ExpectRefusal("does not belong to root");
  });
}

TEST(SystemPolicy, LocksTheMode) {
  InOwnEtc([] {
    WriteSystemPolicy(
        "lock: {mode: enforce}\nrules:\n- {id: a, allow: read}\n");
    const std::string said = RefusalToStart({"--mode", "observe"});
    EXPECT_NE(said.find("locks the mode"), std::string::npos) << said;
  });
}

}  // namespace
}  // namespace gatehouse
