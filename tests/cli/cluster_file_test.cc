// SPDX-License-Identifier: Apache-2.0
#include "cli/cluster_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace gatehouse::cli {
namespace {

namespace fs = std::filesystem;

class ClusterFileTest : public ::testing::Test {
 protected:
  ClusterFileTest()
      : folder_(fs::temp_directory_path() /
                ("gatehouse-cluster-" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
  }
  ~ClusterFileTest() override { fs::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& current) {
    std::string path = folder_ / name;
    // A new file each time: another inode, as tools replace kubeconfigs.
    fs::remove(path);
    std::ofstream(path) << "current-context: " << current
                        << "\ncontexts:\n- {name: dev, context: {namespace: a}}"
                           "\n- {name: prod, context: {namespace: b}}\n";
    return path;
  }

  fs::path folder_;
};

TEST_F(ClusterFileTest, SeesAContextSwitchedUnderIt) {
  const std::string path = Write("config", "dev");
  auto file = ClusterFile::Open(path, "");
  ASSERT_TRUE(file.ok()) << file.error().sentence;
  EXPECT_EQ(file.value()->View().current, "dev");
  EXPECT_FALSE(file.value()->View().switched);
  Write("config", "prod");
  EXPECT_EQ(file.value()->View().current, "prod");
  EXPECT_TRUE(file.value()->View().switched);
  EXPECT_EQ(file.value()->View().CurrentNamespace(), "b");
  EXPECT_EQ(file.value()->start_context(), "dev")
      << "the scope stays with the context at start";
}

TEST_F(ClusterFileTest, KnowsNoContextWhileTheFileCannotBeRead) {
  const std::string path = Write("config", "dev");
  auto file = ClusterFile::Open(path, "");
  ASSERT_TRUE(file.ok());
  std::ofstream(path) << "current-context: [\n";
  EXPECT_EQ(file.value()->View().current, "");
  Write("config", "dev");
  EXPECT_EQ(file.value()->View().current, "dev");
  EXPECT_FALSE(file.value()->View().switched);
}

TEST_F(ClusterFileTest, ReadsEveryFileOfTheVariable) {
  const std::string first = Write("one", "");
  const std::string second = Write("two", "prod");
  setenv("KUBECONFIG",
         (first + ":" + (folder_ / "none").string() + ":" + second).c_str(), 1);
  auto file = ClusterFile::Open("", "");
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(file.value()->View().current, "prod");
}

TEST_F(ClusterFileTest, NeedsTheFileAndContextThatAreNamed) {
  EXPECT_FALSE(ClusterFile::Open(folder_ / "none", "").ok());
  const std::string path = Write("config", "dev");
  EXPECT_TRUE(ClusterFile::Open(path, "prod").ok());
  EXPECT_FALSE(ClusterFile::Open(path, "other").ok());
  setenv("KUBECONFIG", (folder_ / "none").c_str(), 1);
  EXPECT_TRUE(ClusterFile::Open("", "").ok()) << "no kubeconfig is no error";
}

}  // namespace
}  // namespace gatehouse::cli
