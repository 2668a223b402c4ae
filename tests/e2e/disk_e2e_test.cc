// SPDX-License-Identifier: Apache-2.0
// The real guard on a disk that gives trouble: what acts is refused with
// `audit-unavailable`, lists and ping still work, and once the disk is well
// again so is the guard, without a restart. Where a disk is a small file system
// in memory, only root can mount it: elsewhere such tests are skipped.

#include <gtest/gtest.h>
#include <sys/mount.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "audit/reader.h"
#include "tests/support/guard_process.h"
#include "tests/support/read_only_disk.h"

namespace gatehouse {
namespace {

namespace fs = std::filesystem;
using testing::Eventually;
using testing::GuardProcess;
using testing::GuardSpec;
using testing::ReadOnlyDisk;
using testing::TemporaryFolder;

std::string Call(int id, const std::string& argument = "") {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
         R"(,"method":"tools/call","params":{"name":"list_pods",)"
         R"("arguments":{"namespace":"dev)" +
         argument + R"("}}})";
}

// A file system of its own at `path`.
class Disk {
 public:
  Disk(std::string path, const std::string& options) : path_(std::move(path)) {
    fs::create_directories(path_);
    mounted_ = mount("tmpfs", path_.c_str(), "tmpfs", 0, options.c_str()) == 0;
  }
  ~Disk() { Unmount(); }
  void Unmount() {
    if (mounted_) umount2(path_.c_str(), MNT_DETACH);
    mounted_ = false;
  }
  bool mounted() const { return mounted_; }
  std::string File(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
  bool mounted_ = false;
};

// Whether the call passed; else it must have been refused for want of a trail.
bool Passes(GuardProcess& guard, int id, const std::string& argument = "") {
  EXPECT_TRUE(guard.WriteLine(Call(id, argument)));
  const auto answer = guard.ReadLineWith("\"id\":" + std::to_string(id) + ",");
  EXPECT_TRUE(answer.has_value()) << guard.Stderr();
  if (!answer || answer->find("done: list_pods") != std::string::npos) {
    return answer.has_value();
  }
  EXPECT_NE(answer->find("[code audit-unavailable]"), std::string::npos)
      << *answer;
  return false;
}

void ExpectListsAndPingWork(GuardProcess& guard) {
  ASSERT_TRUE(
      guard.WriteLine(R"({"jsonrpc":"2.0","id":"ping","method":"ping"})"));
  EXPECT_TRUE(guard.ReadLineWith(R"("id":"ping")").has_value());
  ASSERT_TRUE(guard.WriteLine(
      R"({"jsonrpc":"2.0","id":"list","method":"tools/list"})"));
  const auto tools = guard.ReadLineWith(R"("id":"list")");
  ASSERT_TRUE(tools.has_value());
  EXPECT_NE(tools->find(R"("tools":)"), std::string::npos) << *tools;
}

void ExpectWholeTrail(const GuardProcess& guard) {
  const auto verified =
      testing::RunGatehouse({"audit", "verify", "--db", guard.database()});
  EXPECT_EQ(verified.exit_code, 0) << verified.output;
  const auto listed =
      testing::RunGatehouse({"audit", "list", "--limit", "0", "--format",
                             "jsonl", "--db", guard.database()});
  std::size_t allowed = 0;
  for (std::size_t at = 0; (at = listed.output.find(R"("decision":"allow")",
                                                    at)) != std::string::npos;
       ++at) {
    ++allowed;
  }
  std::size_t received = 0;
  const std::string text = guard.Received();
  for (std::size_t at = 0;
       (at = text.find(R"("method":"tools/call")", at)) != std::string::npos;
       ++at) {
    ++received;
  }
  EXPECT_GE(allowed, received) << "a call reached the server unrecorded";
}

std::string List(const GuardProcess& guard) {
  return testing::RunGatehouse({"audit", "list", "--limit", "0", "--wide",
                                "--db", guard.database()})
      .output;
}

TEST(Disk, Full) {
  const TemporaryFolder folder;
  const Disk disk(folder.File("audit"), "size=16m,mode=700");
  if (!disk.mounted()) GTEST_SKIP() << "only root can mount";
  GuardProcess guard(GuardSpec{}, folder);
  int id = 1;
  ASSERT_TRUE(Passes(guard, id)) << guard.Stderr();
  {
    std::ofstream filler(disk.File("filler"), std::ios::binary);
    const std::string block(64 * 1024, 'x');
    while (filler.write(block.data(), 65536) && filler.flush()) continue;
  }
  // The last records go where the ballast was.
  bool refused = false;
  for (; id < 20'000 && !refused; ++id) refused = !Passes(guard, id + 1);
  ASSERT_TRUE(refused);
  EXPECT_FALSE(fs::exists(disk.File("audit.ballast")));
  EXPECT_FALSE(Passes(guard, ++id + 1));
  ExpectListsAndPingWork(guard);
  EXPECT_NE(guard.Stderr().find("the room is used up"), std::string::npos)
      << guard.Stderr();
  fs::remove(disk.File("filler"));
  EXPECT_TRUE(Eventually([&] { return Passes(guard, ++id + 1); }))
      << guard.Stderr();
  guard.CloseInput();
  EXPECT_EQ(guard.WaitForExit(), 0);
  ExpectWholeTrail(guard);
  const std::string list = List(guard);
  for (const char* event : {"storage full", "storage free"}) {
    EXPECT_NE(list.find(event), std::string::npos) << event << "\n" << list;
  }
  EXPECT_NE(list.find("audit-unavailable"), std::string::npos)
      << "what was refused is recorded, too";
}

TEST(Disk, DatabaseRemovedAndPutBack) {
  const TemporaryFolder folder;
  GuardProcess guard(GuardSpec{}, folder);
  ASSERT_TRUE(Passes(guard, 1)) << guard.Stderr();
  const std::string away = folder.File("away.db");
  fs::rename(guard.database(), away);
  EXPECT_FALSE(Passes(guard, 2));
  ExpectListsAndPingWork(guard);
  fs::rename(away, guard.database());
  EXPECT_TRUE(Passes(guard, 3));
  guard.CloseInput();
  EXPECT_EQ(guard.WaitForExit(), 0);
  ExpectWholeTrail(guard);
}

TEST(Disk, DatabaseRemovedAndMadeAnewByAnotherGuard) {
  const TemporaryFolder folder;
  GuardProcess guard(GuardSpec{}, folder);
  ASSERT_TRUE(Passes(guard, 1)) << guard.Stderr();
  fs::remove(guard.database());
  EXPECT_FALSE(Passes(guard, 2));
  GuardProcess next(GuardSpec{}, folder);
  EXPECT_TRUE(Passes(next, 1)) << next.Stderr();
  EXPECT_TRUE(Passes(guard, 3)) << guard.Stderr();
  for (GuardProcess* each : {&guard, &next}) {
    each->CloseInput();
    EXPECT_EQ(each->WaitForExit(), 0);
  }
  EXPECT_NE(List(guard).find("trail replaced"), std::string::npos);
  const auto verified =
      testing::RunGatehouse({"audit", "verify", "--db", guard.database()});
  EXPECT_NE(verified.exit_code, 3) << verified.output;
}

// Another file system over the folder: what was there is out of reach.
TEST(Disk, FolderCovered) {
  const TemporaryFolder folder;
  GuardProcess guard(GuardSpec{}, folder);
  ASSERT_TRUE(Passes(guard, 1)) << guard.Stderr();
  // The guard must see the mount: it is in this process's namespace.
  Disk cover(folder.File("audit"), "size=1m,mode=0,ro");
  if (!cover.mounted()) GTEST_SKIP() << "only root can mount";
  // What becomes of a folder may go unnoticed for a tenth of a second
  // (audit/known_name.h): a machine may be faster than that.
  int id = 2;
  while (id < 1'000 && Passes(guard, id)) ++id;
  EXPECT_LT(id, 1'000) << "no call was refused";
  ExpectListsAndPingWork(guard);
  cover.Unmount();
  EXPECT_TRUE(Passes(guard, id + 1)) << guard.Stderr();
  guard.CloseInput();
  EXPECT_EQ(guard.WaitForExit(), 0);
  ExpectWholeTrail(guard);
}

// From the start: every request is answered with the reason.
TEST(Disk, ReadOnly) {
  const TemporaryFolder folder;
  const Disk disk(folder.File("audit"), "size=16m,mode=700,ro");
  if (!disk.mounted()) GTEST_SKIP() << "only root can mount";
  GuardProcess guard(GuardSpec{}, folder);
  ASSERT_TRUE(guard.WriteLine(Call(1)));
  const auto answer = guard.ReadLineWith("audit-unavailable");
  ASSERT_TRUE(answer.has_value()) << guard.Stderr();
  EXPECT_NE(answer->find("Read-only file system"), std::string::npos)
      << *answer;
  guard.CloseInput();
  EXPECT_EQ(guard.WaitForExit(), 3);
  EXPECT_EQ(guard.Received(), "");
}

// A disk that turned read-only under a running guard, and was mended.
TEST(Disk, ReadOnlyUnderway) {
  const TemporaryFolder folder;
  ReadOnlyDisk disk;
  std::optional<GuardProcess> guard;
  if (!disk.Start([&] { guard.emplace(GuardSpec{}, folder); })) {
    GTEST_SKIP() << "this kernel has no filters that ask";
  }
  ASSERT_TRUE(Passes(*guard, 1)) << guard->Stderr();
  disk.TurnReadOnly();
  EXPECT_FALSE(Passes(*guard, 2));
  ExpectListsAndPingWork(*guard);
  EXPECT_FALSE(Passes(*guard, 3));
  EXPECT_GT(disk.refused(), 0);
  disk.TurnWritable();
  EXPECT_TRUE(Passes(*guard, 4)) << guard->Stderr();
  guard->CloseInput();
  EXPECT_EQ(guard->WaitForExit(), 0);
  ExpectWholeTrail(*guard);
}

}  // namespace
}  // namespace gatehouse
