// SPDX-License-Identifier: Apache-2.0
#include "audit/anchor_place.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/audit/log_socket.h"
#include "tests/audit/trail_fixture.h"

namespace gatehouse::audit {
namespace {

class AnchorPlaceTest : public TrailTest {
 protected:
  const std::string place_ = folder_ + "/anchors";
};

TEST_F(AnchorPlaceTest, AppendsWholeLinesToFiles) {
  const auto place = FindAnchorPlace(place_);
  std::ofstream(place_) << "cut short";
  EXPECT_TRUE(place.value()->Send("one").ok());
  EXPECT_TRUE(place.value()->Send("two").ok());
  EXPECT_EQ(ReadWholeFile(place_), "cut short\none\ntwo\n");
  EXPECT_FALSE(FindAnchorPlace("").ok());
  EXPECT_FALSE(FindAnchorPlace(folder_).value()->Send("x").ok());
  const std::string fifo = folder_ + "/fifo";
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_FALSE(FindAnchorPlace(fifo).value()->Send("x").ok());
}

TEST_F(AnchorPlaceTest, WritesToTheSystemsLog) {
  const std::string path = folder_ + "/log";
  const auto place = FindAnchorPlace("syslog:" + path);
  EXPECT_EQ(place.value()->Send("x").error().code, ErrorCode::kNotFound);
  const int log = BindLogSocket(path);
  ASSERT_TRUE(place.value()->Send("gatehouse-anchor 1 …").ok());
  std::string text(200, '\0');
  const ssize_t size = recv(log, text.data(), text.size(), 0);
  close(log);
  ASSERT_GT(size, 0);
  text.resize(static_cast<std::size_t>(size));
  // Facility authpriv, severity notice: 10 * 8 + 5.
  EXPECT_TRUE(text.starts_with("<85>")) << text;
  EXPECT_TRUE(text.ends_with(" gatehouse[" + std::to_string(getpid()) +
                             "]: gatehouse-anchor 1 …"))
      << text;
}

}  // namespace
}  // namespace gatehouse::audit
