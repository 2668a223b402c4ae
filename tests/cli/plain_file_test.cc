// SPDX-License-Identifier: Apache-2.0
// A path that leads to what has no end, or to nobody, neither holds the guard
// up nor fills its memory.
#include "cli/plain_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "cli/kubeconfig_files.h"
#include "cli/policy_source.h"
#include "cli/profile_source.h"
#include "tests/support/process_census.h"

namespace gatehouse::cli {
namespace {

namespace fs = std::filesystem;
using gatehouse::testing::TemporaryFolder;
using gatehouse::testing::WriteFile;

TEST(PlainFile, IsReadThroughLinks) {
  const TemporaryFolder folder;
  WriteFile(folder.File("a"), "text");
  fs::create_symlink(folder.File("a"), folder.File("b"));
  EXPECT_EQ(ReadPlainFile(folder.File("b")).value(), "text");
  WriteFile(folder.File("a"), "");
  EXPECT_EQ(ReadPlainFile(folder.File("a")).value(), "");
  EXPECT_EQ(ReadPlainFile("/dev/null").value(), "");
  EXPECT_EQ(ReadPlainFile(folder.File("c")).error().code, ErrorCode::kNotFound);
}

TEST(PlainFile, IsNothingElse) {
  const TemporaryFolder folder;
  const std::string pipe = folder.File("pipe");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  fs::create_symlink("/dev/zero", folder.File("zeros"));
  const std::string vast = folder.File("vast");
  WriteFile(vast, "name: x\n");
  ASSERT_EQ(truncate(vast.c_str(), off_t{4} << 30), 0);
  for (const std::string& path :
       {pipe, folder.File("zeros"), folder.path(), vast}) {
    const auto text = ReadPlainFile(path);
    ASSERT_FALSE(text.ok()) << path;
    EXPECT_EQ(text.error().code, ErrorCode::kPermission);
    const std::string sentence =
        path + (path == vast ? " is too large" : " is no plain file");
    // All that is read while a session runs is read so.
    KubeconfigOrigin origin;
    origin.paths = {path};
    const auto cluster = KubeconfigFiles(origin).Read();
    ASSERT_FALSE(cluster.ok());
    EXPECT_NE(cluster.error().sentence.find(sentence), std::string::npos);
    PolicyChoice choice;
    choice.policy = path;
    EXPECT_NE(LoadPolicy(choice).error.find(sentence), std::string::npos);
  }
  fs::rename(pipe, pipe + ".yaml");
  const auto profile = ChooseProfileHead(pipe + ".yaml", {});
  ASSERT_FALSE(profile.ok());
  EXPECT_NE(profile.error().sentence.find("is no plain file"),
            std::string::npos);
}

TEST(PlainFile, HasFourMebibytesAtMost) {
  const TemporaryFolder folder;
  const std::string path = folder.File("policy.yaml");
  WriteFile(path, std::string(kMostPlainBytes, 'x'));
  EXPECT_EQ(ReadPlainFile(path).value().size(), kMostPlainBytes);
  WriteFile(path, std::string(kMostPlainBytes + 1, 'x'));
  EXPECT_EQ(ReadPlainFile(path).error().sentence,
            "is too large (more than 4 MiB)");
}

// What says whether a file exists may throw where nobody can tell.
TEST(PlainFile, ThatCannotBeLookedAtIsNoException) {
  const TemporaryFolder folder;
  const std::string loop = folder.File("loop");
  fs::create_symlink(loop, loop);
  EXPECT_EQ(ReadPlainFile(loop).error().code, ErrorCode::kPermission);
  PolicyChoice choice;
  choice.policy = loop;
  EXPECT_NE(LoadPolicy(choice).error.find("cannot be read"), std::string::npos);
}

}  // namespace
}  // namespace gatehouse::cli
