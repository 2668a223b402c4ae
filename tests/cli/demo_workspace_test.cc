// SPDX-License-Identifier: Apache-2.0
#include "cli/demo_workspace.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "cli/line_process.h"
#include "tests/support/process_census.h"

namespace gatehouse::cli {
namespace {

namespace fs = std::filesystem;

TEST(DemoWorkspace, IsGoneAfterwards) {
  std::string path;
  {
    DemoWorkspace workspace = DemoWorkspace::Make().value();
    path = workspace.path();
    testing::WriteFile(workspace.File("a"), "text");
    EXPECT_TRUE(fs::exists(path + "/a"));
  }
  EXPECT_FALSE(fs::exists(path));
}

TEST(DemoWorkspace, StaysWhenKept) {
  std::string path;
  {
    DemoWorkspace workspace = DemoWorkspace::Make().value();
    path = workspace.path();
    workspace.Keep();
  }
  EXPECT_TRUE(fs::exists(path));
  fs::remove_all(path);
}

// kill -9 of the demo: the folder lives as long as a program that it started,
// and not longer.
TEST(DemoWorkspace, IsGoneHoweverTheDemoEnds) {
  Pipe pipe = MakePipe().value();
  pid_t demo = fork();
  ASSERT_GE(demo, 0);
  if (demo == 0) {
    DemoWorkspace workspace = DemoWorkspace::Make().value();
    std::string line = workspace.path() + "\n";
    (void)!write(pipe.write.get(), line.data(), line.size());
    pause();
  }
  std::string path;
  for (char c = 0; read(pipe.read.get(), &c, 1) == 1 && c != '\n';) path += c;
  ASSERT_TRUE(fs::exists(path));
  kill(demo, SIGKILL);
  waitpid(demo, nullptr, 0);
  EXPECT_TRUE(testing::Eventually([&] { return !fs::exists(path); }));
}

TEST(DemoWorkspace, WaitsForTheProgramsThatUseIt) {
  std::string path;
  LineProcessSpec spec;
  spec.argv = {"/bin/cat"};
  std::optional<LineProcess> user;
  {
    DemoWorkspace workspace = DemoWorkspace::Make().value();
    path = workspace.path();
    spec.inherited_fd = workspace.lifeline();
    user.emplace(LineProcess::Start(spec).value());
    user->Finish(std::chrono::seconds(10));
    EXPECT_TRUE(fs::exists(path));
  }
  EXPECT_FALSE(fs::exists(path));
}

}  // namespace
}  // namespace gatehouse::cli
