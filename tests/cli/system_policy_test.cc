// SPDX-License-Identifier: Apache-2.0
#include "cli/system_policy.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <initializer_list>

namespace gatehouse::cli {
namespace {

namespace fs = std::filesystem;

class SystemPolicyTest : public ::testing::Test {
 protected:
  SystemPolicyTest() {
    std::string pattern = ::testing::TempDir() + "gatehouse-system-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    chmod(folder_.c_str(), 0755);
    place_ = {folder_ + "/policy.yaml", geteuid()};
  }
  ~SystemPolicyTest() override { fs::remove_all(folder_); }

  void Put(mode_t mode) {
    std::ofstream(place_.path) << "name: base\n";
    chmod(place_.path.c_str(), mode);
  }
  // "": there is none; else its text, or why it is not believed.
  std::string Read() {
    const auto read = ReadSystemPolicy(place_);
    if (!read.ok()) return read.error().sentence;
    return read.value() ? read.value()->text : "";
  }

  std::string folder_;
  SystemPolicyPlace place_;
};

TEST_F(SystemPolicyTest, IsReadWhereItMayBeBelieved) {
  EXPECT_EQ(Read(), "");
  for (const mode_t mode : std::initializer_list<mode_t>{0644, 0600, 0444}) {
    Put(mode);
    EXPECT_EQ(Read(), "name: base\n") << mode;
    fs::remove(place_.path);
  }
}

TEST_F(SystemPolicyTest, IsRefusedWhereOthersCouldWriteIt) {
  for (const mode_t mode :
       std::initializer_list<mode_t>{0664, 0646, 0666, 0622}) {
    Put(mode);
    EXPECT_NE(Read().find("can be written by others"), std::string::npos)
        << mode;
    fs::remove(place_.path);
  }
  Put(0644);
  for (const mode_t mode : std::initializer_list<mode_t>{0775, 0757, 01777}) {
    chmod(folder_.c_str(), mode);
    EXPECT_NE(Read().find("is in a folder that can be written by others"),
              std::string::npos)
        << mode;
  }
}

TEST_F(SystemPolicyTest, IsRefusedWhereItBelongsToAnother) {
  Put(0644);
  place_.owner = geteuid() + 1;
  EXPECT_NE(Read().find("belongs to another user"), std::string::npos);
}

TEST_F(SystemPolicyTest, IsRefusedWhereItIsNoPlainFile) {
  fs::create_directory(place_.path);
  EXPECT_NE(Read().find("is no plain file"), std::string::npos);
  fs::remove(place_.path);
  std::ofstream(folder_ + "/other.yaml") << "name: base\n";
  fs::create_symlink(folder_ + "/other.yaml", place_.path);
  EXPECT_NE(Read().find("is a symbolic link"), std::string::npos);
  fs::remove(place_.path);
  mkfifo(place_.path.c_str(), 0644);
  EXPECT_NE(Read().find("is no plain file"), std::string::npos);
}

TEST_F(SystemPolicyTest, AFileThatItExtendsMustBeThere) {
  EXPECT_EQ(ReadSystemFile(folder_ + "/more.yaml", geteuid()).error().code,
            ErrorCode::kNotFound);
}

}  // namespace
}  // namespace gatehouse::cli
