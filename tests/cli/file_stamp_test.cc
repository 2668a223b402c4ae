// SPDX-License-Identifier: Apache-2.0
#include "cli/file_stamp.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

namespace gatehouse::cli {
namespace {

TEST(FileStamp, TellsOneStateOfAFileFromAnother) {
  const std::string path =
      ::testing::TempDir() + "gatehouse-stamp-" + std::to_string(getpid());
  const auto none = StampsOf({path});
  EXPECT_EQ(none.front().size, -1);
  std::ofstream(path) << "one";
  const auto one = StampsOf({path});
  EXPECT_NE(one, none);
  EXPECT_EQ(one, StampsOf({path}));
  std::ofstream(path) << "four";
  EXPECT_NE(StampsOf({path}), one);
  const auto before = StampsOf({path});
  std::ofstream(path + ".new") << "five";
  std::rename((path + ".new").c_str(), path.c_str());
  EXPECT_NE(StampsOf({path}), before) << "another file of that name";
  std::remove(path.c_str());
  EXPECT_EQ(StampsOf({path}), none);
}

TEST(FileStamp, KnowsWhatMayStillChangeUnseen) {
  using std::chrono::system_clock;
  const auto now = system_clock::now();
  FileStamp stamp;
  stamp.size = 3;
  stamp.changed_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(
                         now.time_since_epoch())
                         .count();
  EXPECT_TRUE(MayChangeUnseen({stamp}, now));
  EXPECT_FALSE(MayChangeUnseen({stamp}, now + std::chrono::seconds(1)));
  EXPECT_FALSE(MayChangeUnseen({FileStamp{}}, now));
}

}  // namespace
}  // namespace gatehouse::cli
