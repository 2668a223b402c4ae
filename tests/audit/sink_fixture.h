// SPDX-License-Identifier: Apache-2.0
#pragma once
// A trail of a test's own that sinks write to and that is verified.

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>

#include "audit/reader.h"
#include "audit/verify.h"
#include "tests/audit/trail_fixture.h"

namespace gatehouse::audit {

class SqliteSinkTest : public TrailTest {
 protected:
  VerifyReport VerifyNow() {
    const auto reader = OpenReader(database_);
    EXPECT_TRUE(reader.ok()) << reader.error().sentence;
    const auto report = Verify(*reader.value());
    EXPECT_TRUE(report.ok()) << report.error().sentence;
    return report.value();
  }
  static mode_t ModeOf(const std::string& path) {
    struct stat info {};
    EXPECT_EQ(stat(path.c_str(), &info), 0) << path;
    return info.st_mode & 0777;
  }
};

}  // namespace gatehouse::audit
