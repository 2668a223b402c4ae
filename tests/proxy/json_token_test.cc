// SPDX-License-Identifier: Apache-2.0
#include "proxy/json_token.h"

#include <gtest/gtest.h>

namespace gatehouse {
namespace {

TEST(JsonToken, AcceptsTheScalarsOfRfc8259) {
  for (const char* text :
       {"true", "false", "null", "0", "-0", "7", "-12", "1.5", "0.0", "1e9",
        "1E+9", "1.25e-3", "123456789012345678901234567890", R"("")", R"("a")",
        R"("\"\\\/\b\f\n\r\t")", R"("\u00e9\uD83D")", R"("\\")",
        "\"\xC3\xA9\""}) {
    EXPECT_TRUE(IsJsonScalar(text)) << text;
  }
}

TEST(JsonToken, RefusesEverythingElse) {
  for (const char* text :
       {"",          "tru",    "truex", "True",    "nul",       "NaN",
        "Infinity",  "-",      "01",    "-01",     "1.",        ".5",
        "+1",        "1e",     "1e+",   "0x1",     "1 2",       "1,",
        "--1",       "\"",     "\"a",   R"("\x")", R"("\u12")", R"("\u12g4")",
        R"("\u123)", R"("\")", "a"}) {
    EXPECT_FALSE(IsJsonScalar(text)) << text;
  }
}

}  // namespace
}  // namespace gatehouse
