// SPDX-License-Identifier: Apache-2.0
#include "cli/result_limit.h"

#include <gtest/gtest.h>

namespace gatehouse::cli {
namespace {

TEST(ResultLimit, ReadsBytesUnitsAndOff) {
  const auto bytes = [](std::string_view text) -> std::size_t {
    const auto limit = ReadResultLimit(text);
    EXPECT_TRUE(!limit || !limit->streams) << text;
    return limit ? limit->max_bytes : 0;
  };
  EXPECT_EQ(bytes("1024"), 1024u);
  EXPECT_EQ(bytes("64KiB"), 65536u);
  EXPECT_EQ(bytes("10MiB"), kMaxResultBytes);
  EXPECT_EQ(bytes("1GiB"), std::size_t{1} << 30);
  for (const std::string_view bad :
       {"", "0", "1023", "-1", "10MB", "MiB", "1.5MiB", "99999999999", "5GiB",
        "18446744073709551615GiB", "on", "1024 "}) {
    EXPECT_FALSE(ReadResultLimit(bad).has_value()) << bad;
  }
  const auto off = ReadResultLimit("off");
  ASSERT_TRUE(off.has_value());
  EXPECT_TRUE(off->streams);
  EXPECT_EQ(off->max_bytes, kMaxResultBytes);
}

}  // namespace
}  // namespace gatehouse::cli
