// SPDX-License-Identifier: Apache-2.0
#include "audit/seen_values.h"

#include <gtest/gtest.h>

#include "audit/base64.h"

namespace gatehouse::audit {
namespace {

std::string FoundIn(const SeenValues& seen, const std::string& text) {
  const SeenValues::Found found = seen.Find(text, 0);
  return found.begin == std::string::npos
             ? ""
             : text.substr(found.begin, found.end - found.begin);
}

TEST(SeenValues, AreFoundAsTheyWereAndInBase64) {
  SeenValues seen;
  seen.Add(ToBase64("s3cret-value"), nullptr);
  EXPECT_EQ(FoundIn(seen, "a s3cret-value b"), "s3cret-value");
  EXPECT_EQ(FoundIn(seen, ToBase64("s3cret-value")), ToBase64("s3cret-value"));
  EXPECT_EQ(FoundIn(seen, "x" + ToBase64("s3cret-value\n")),
            ToBase64("s3cret-value\n"));
  EXPECT_EQ(FoundIn(seen, "s3cret-valu"), "");
}

TEST(SeenValues, TheLongestIsFound) {
  SeenValues seen;
  seen.Add("s3cret-value", nullptr);
  seen.Add("s3cret-value-2", nullptr);
  EXPECT_EQ(FoundIn(seen, "s3cret-value-2"), "s3cret-value-2");
}

TEST(SeenValues, OfKeysAreFoundByTheLine) {
  SeenValues seen;
  seen.Add("-----BEGIN X-----\nAAAAAAAAAAAAAAAAAAAA1\nshort\n-----END X-----",
           nullptr);
  EXPECT_EQ(FoundIn(seen, "k: AAAAAAAAAAAAAAAAAAAA1"), "AAAAAAAAAAAAAAAAAAAA1");
  EXPECT_EQ(FoundIn(seen, "-----BEGIN X-----"), "");
}

TEST(SeenValues, OfMoreThanOneWordAreThoseInBase64) {
  SeenValues seen;
  seen.Add("map[pw:" + ToBase64("s3cret-value") + " at 2026-11-27T10:00:00Z]",
           nullptr);
  EXPECT_EQ(FoundIn(seen, "log s3cret-value"), "s3cret-value");
  EXPECT_EQ(FoundIn(seen, "at 2026-11-27T10:00:00Z"), "");
}

TEST(SeenValues, AreNotNamesAndNotShort) {
  SeenValues seen;
  for (const char* value :
       {"postgres", "db.dev.svc.cluster.local", "hunter2", "5432", ""}) {
    seen.Add(value, nullptr);
    EXPECT_EQ(FoundIn(seen, value), "") << value;
  }
}

TEST(SeenValues, TellWhatStandsInARawLine) {
  SeenValues seen;
  std::vector<std::string> told;
  seen.Add("a\"b<s3cret-value>c",
           [&told](std::string_view bytes) { told.emplace_back(bytes); });
  ASSERT_FALSE(told.empty());
  EXPECT_EQ(told[0], "s3cret-value");
  EXPECT_EQ(told, seen.gates());
}

TEST(SeenValues, AreBounded) {
  SeenValues seen;
  for (int i = 0; i < 10'000; ++i) {
    seen.Add("s3cret-" + std::to_string(i), nullptr);
  }
  EXPECT_LE(seen.size(), 4'096u);
}

}  // namespace
}  // namespace gatehouse::audit
