// SPDX-License-Identifier: Apache-2.0
#include "cli/payload_reader.h"

#include <gtest/gtest.h>

namespace gatehouse::cli {
namespace {

TEST(PayloadReader, TakesOutWhatEachCallHasOfItsOwn) {
  const struct {
    const char* payload;
    const char* common;
  } rows[] = {
      {R"({"stage":"decision","time":"t","rule":"r"})",
       R"({"stage":"decision","rule":"r"})"},
      {R"({"time":"t","call":"c"})", "{}"},
      {R"({"rule":"r","arguments":{"rule":"x","a":[1,{}]}})",
       R"({"rule":"r"})"},
      {R"({"requests":[{"name":"}"}],"sentence":"a \"b\", c"})",
       R"({"requests":[{"name":"}"}]})"},
      {R"({"a":{"time":"t"},"n":null})", R"({"a":{"time":"t"},"n":null})"},
      {"{}", "{}"},
      {"[]", ""},
      {"", ""},
      {"nonsense", ""},
  };
  PayloadReader reader;
  for (const auto& row : rows) {
    EXPECT_EQ(reader.Common(row.payload), row.common) << row.payload;
  }
}

TEST(PayloadReader, ReadsHowACallEnded) {
  PayloadReader reader;
  const auto end = reader.ReadEnd(
      R"({"stage":"outcome","outcome":"tool-error","bytes":1,"duration_us":7})");
  EXPECT_EQ(end.outcome, "tool-error");
  EXPECT_EQ(end.duration_us, 7);
  const auto none = reader.ReadEnd(R"({"duration_us":"7"})");
  EXPECT_EQ(none.outcome, "");
  EXPECT_EQ(none.duration_us, std::nullopt);
  EXPECT_EQ(reader.ReadEnd("").outcome, "");
}

}  // namespace
}  // namespace gatehouse::cli
