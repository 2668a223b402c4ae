// SPDX-License-Identifier: Apache-2.0
#include "proxy/utf8_stream.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace gatehouse {
namespace {

// Cut at every place into two, and into single bytes.
bool IsValid(const std::string& text) {
  Utf8Stream bytes;
  bool alone = true;
  for (const char c : text) alone = alone && bytes.Feed({&c, 1});
  alone = alone && bytes.Complete();
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    Utf8Stream halves;
    const std::string_view whole = text;
    const bool valid = halves.Feed(whole.substr(0, cut)) &&
                       halves.Feed(whole.substr(cut)) && halves.Complete();
    EXPECT_EQ(valid, alone) << text << " at " << cut;
  }
  return alone;
}

TEST(Utf8Stream, TakesWhatIsUtf8WhereverItIsCut) {
  for (const std::string& text : std::vector<std::string>{
           "", "plain", "\xc3\xa9t\xc3\xa9", "\xe2\x82\xac",
           "a\xf0\x9f\x98\x80z", "\xf4\x8f\xbf\xbf", "\xed\x9f\xbf"}) {
    EXPECT_TRUE(IsValid(text)) << text;
  }
}

TEST(Utf8Stream, RefusesWhatIsNot) {
  for (const std::string& text : std::vector<std::string>{
           "\x80", "\xc3", "\xc3z", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80",
           "\xf0\x9f\x98", "\xf5\x80\x80\x80", "\xf4\x90\x80\x80", "a\xff",
           "\xe2\x82z"}) {
    EXPECT_FALSE(IsValid(text)) << text;
  }
}

}  // namespace
}  // namespace gatehouse
