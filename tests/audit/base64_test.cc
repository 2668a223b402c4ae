// SPDX-License-Identifier: Apache-2.0
#include "audit/base64.h"

#include <gtest/gtest.h>

#include <string>

namespace gatehouse::audit {
namespace {

// RFC 4648, section 10.
TEST(Base64, IsThatOfTheRfc) {
  const std::pair<const char*, const char*> rows[] = {
      {"f", "Zg=="},        {"fo", "Zm8="},        {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"},
      {"\xFB\xFF", "+/8="}};
  for (const auto& [plain, encoded] : rows) {
    EXPECT_EQ(ToBase64(plain), encoded);
    EXPECT_EQ(FromBase64(encoded), plain);
  }
  EXPECT_EQ(ToBase64(""), "");
  EXPECT_EQ(FromBase64("Zm9v\r\nYmFy\n"), "foobar");
}

TEST(Base64, IsNothingElse) {
  for (const char* text : {"", "Z", "Zg", "Zg=", "Zg===", "====", "Zg==Zg==",
                           "Zg=a", "Zm 9v", "Zm9v-", "Zm9_"}) {
    EXPECT_EQ(FromBase64(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace gatehouse::audit
