// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/hunt/shrink.h"

#include <gtest/gtest.h>

#include "policy/json_value.h"

namespace gatehouse::testing {
namespace {

JsonValue Json(const char* text) { return ParseJson(text).value(); }

TEST(Shrink, LeavesWhatTheFindNeedsAndNoMore) {
  const JsonValue call =
      Json(R"({"a":"x","args":["get","pods","-n","dev","-nkube-system","--v"],)"
           R"("flags":{"q":true},"m":"one\ntwo -A\nthree"})");
  const auto keeps = [](const JsonValue& value) {
    const std::string text = value.dump();
    return text.find("kube") != text.npos && text.find("-A") != text.npos;
  };
  EXPECT_EQ(Shrink(call, keeps, 1000).dump(), R"({"args":["kube"],"m":"-A"})");
}

TEST(Shrink, GivesTheValueBackWhereNothingMayGo) {
  const JsonValue call = Json(R"({"a":["b"]})");
  const auto same = [&](const JsonValue& value) { return value == call; };
  EXPECT_EQ(Shrink(call, same, 1000), call);
}

TEST(Shrink, StopsWhenItsTriesAreUsedUp) {
  int asked = 0;
  const auto count = [&](const JsonValue&) {
    ++asked;
    return false;
  };
  Shrink(Json(R"({"a":"aaaaaaaaaaaaaaaaaaaa"})"), count, 5);
  EXPECT_EQ(asked, 5);
}

TEST(Shrink, CutsNoCharacterInHalf) {
  for (const JsonValue& smaller : Smaller(Json(R"("aé€😀b")"))) {
    EXPECT_NO_THROW((void)smaller.dump()) << smaller.size();
  }
}

}  // namespace
}  // namespace gatehouse::testing
