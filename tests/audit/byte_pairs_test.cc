// SPDX-License-Identifier: Apache-2.0
#include "audit/byte_pairs.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace gatehouse::audit {
namespace {

std::vector<std::size_t> PlacesIn(const BytePairs& pairs,
                                  std::string_view text) {
  std::vector<std::size_t> places;
  pairs.ForEach(text, [&](std::size_t at) { places.push_back(at); });
  return places;
}

TEST(BytePairs, AreFoundAtEveryPlaceAndNowhereElse) {
  BytePairs pairs;
  pairs.Add(0, 'a', ':');
  pairs.Add(1, 0xE2, 0x80);
  BytePairs narrow = pairs;
  narrow.UseBytes();
  for (std::size_t before = 0; before < 70; ++before) {
    const std::string text = std::string(before, 'x') +
                             "a:" + "b:" + "\xE2\x80\x81" +
                             std::string(before % 35, 'a');
    const std::vector<std::size_t> places = {before, before + 4};
    EXPECT_EQ(PlacesIn(pairs, text), places) << before;
    EXPECT_EQ(PlacesIn(narrow, text), places) << before;
  }
  EXPECT_TRUE(PlacesIn(pairs, "").empty());
  EXPECT_TRUE(PlacesIn(pairs, "a").empty());
}

// Whatever is in the set, and however its groups are chosen.
TEST(BytePairs, AreTheSameByteByByte) {
  std::mt19937 random(7);
  const auto byte = [&] { return static_cast<unsigned char>(random() % 256); };
  for (int round = 0; round < 50; ++round) {
    BytePairs wide;
    for (int i = 0; i < 20; ++i) {
      wide.Add(random() % BytePairs::kGroups, byte(), byte());
    }
    BytePairs narrow = wide;
    narrow.UseBytes();
    std::string text;
    const std::size_t size = random() % 4'000;
    while (text.size() < size) text += static_cast<char>(byte());
    EXPECT_EQ(PlacesIn(wide, text), PlacesIn(narrow, text));
  }
}

TEST(BytePairs, BehindAnyIsEachOfThem) {
  for (const int second : {0x3A, 0, 0x7F, 0xFF}) {
    BytePairs each;
    BytePairs all;
    for (int first = 0; first < 256; ++first) {
      each.Add(3, static_cast<unsigned char>(first),
               static_cast<unsigned char>(second));
    }
    all.AddBehindAny(3, static_cast<unsigned char>(second));
    std::string text;
    for (int byte = 0; byte < 256; ++byte) {
      text += {static_cast<char>(byte), static_cast<char>(second), 'x'};
    }
    EXPECT_EQ(PlacesIn(all, text), PlacesIn(each, text)) << second;
    EXPECT_GE(PlacesIn(all, text).size(), 256u) << second;
    each.UseBytes();
    EXPECT_EQ(PlacesIn(all, text), PlacesIn(each, text)) << second;
  }
}

}  // namespace
}  // namespace gatehouse::audit
