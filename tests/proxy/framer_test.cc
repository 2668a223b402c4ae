// SPDX-License-Identifier: Apache-2.0
#include "proxy/framer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {
namespace {

constexpr std::size_t kCap = 8;

// "[x]" for a frame, "[!x]" for one that came in pieces.
void Collect(Framer& framer, std::string& seen) {
  while (const auto frame = framer.Next()) {
    const bool first = frame->part == FramePart::kFirst;
    const bool whole = frame->part == FramePart::kWhole;
    if (first) seen += "[!";
    if (whole) seen += "[";
    seen += frame->bytes;
    if (whole || frame->part == FramePart::kLast) seen += "]";
  }
}

std::string Cut(std::string_view input, std::size_t piece) {
  Framer framer(kCap);
  std::string seen;
  while (!input.empty()) {
    framer.Feed(input.substr(0, piece));
    Collect(framer, seen);
    input.remove_prefix(std::min(piece, input.size()));
  }
  const std::string rest = framer.TakeRest();
  return rest.empty() ? seen : seen + "rest:" + rest;
}

struct Case {
  std::string_view input;
  std::string_view frames;
};

constexpr Case kCases[] = {
    {"", ""},
    {"{}\n", "[{}]"},
    {"{}\r\n", "[{}]"},
    {"{}\r\r\n", "[{}\r]"},  // only one: the reader refuses the other
    {"a\rb\n", "[a\rb]"},    // a lone CR ends no frame
    {"a\xe2\x80\xa8g\n", "[a\xe2\x80\xa8g]"},  // nor does U+2028
    {"a\nb\nc\n", "[a][b][c]"},
    {"\n\r\n \t\n\n", ""},  // blank lines are ignored silently
    {" a\n", "[ a]"},
    {"a\nb", "[a]rest:b"},
    {"12345678\n", "[12345678]"},  // exactly the cap
    {"12345678\r\n", "[12345678]"},
    {"123456789\na\n", "[!123456789][a]"},
    {"123456789\r\n\na\n", "[!123456789][a]"},
    {"1234567890123\r456\r\n\r\n", "[!1234567890123\r456]"},
    {"          \na\n", "[!          ][a]"},
    {"1234567890", "[!1234567890"},
    {"1234567890\r", "[!1234567890rest:\r"},
    {std::string_view("a\0b\n", 4), std::string_view("[a\0b]", 5)},
};

TEST(Framer, CutsLinesWhateverThePieces) {
  for (const Case& row : kCases) {
    for (const std::size_t piece : {1U, 2U, 3U, 7U, 100U}) {
      EXPECT_EQ(Cut(row.input, piece), row.frames) << "in pieces of " << piece;
    }
  }
}

TEST(Framer, HandsALongFrameOutAsItComesAndKeepsNothing) {
  Framer framer(kCap);
  std::string seen;
  std::string expected = "[!";
  for (int i = 0; i < 1000; ++i) {
    framer.Feed("0123456789");
    expected += "0123456789";
    Collect(framer, seen);
    EXPECT_EQ(framer.buffered(), 0u);
    EXPECT_TRUE(framer.in_pieces());
  }
  framer.Feed("tail\n{}\n");
  Collect(framer, seen);
  EXPECT_EQ(seen, expected + "tail][{}]");
  EXPECT_FALSE(framer.in_pieces());
  EXPECT_EQ(framer.TakeRest(), "");
}

TEST(Framer, FramesOfOneFeedStayValidTogether) {
  Framer framer(1 << 20);
  std::string input;
  for (int i = 0; i < 5000; ++i) input += std::to_string(i) + "\n";
  framer.Feed(input);
  std::vector<Frame> frames;
  while (const auto frame = framer.Next()) frames.push_back(*frame);
  ASSERT_EQ(frames.size(), 5000U);
  EXPECT_EQ(frames.front().bytes, "0");
  EXPECT_EQ(frames.back().bytes, "4999");
}

// As the pump feeds it: read into its room, of which only a part is taken.
TEST(Framer, KeepsALineThatGrowsFromRoomToRoom) {
  Framer framer(1 << 20);
  std::string expected;
  for (int i = 0; i < 300; ++i) {
    const std::span<char> room = framer.Room(1000);
    ASSERT_GE(room.size(), 1000U);
    const std::string part(static_cast<std::size_t>(i),
                           static_cast<char>('a' + i % 26));
    std::copy(part.begin(), part.end(), room.begin());
    framer.Take(part.size());
    expected += part;
    EXPECT_FALSE(framer.Next().has_value());
  }
  framer.Feed("\nnext");
  const auto frame = framer.Next();
  ASSERT_TRUE(frame.has_value());
  EXPECT_EQ(frame->bytes, expected);
  EXPECT_FALSE(framer.Next().has_value());
  EXPECT_EQ(framer.TakeRest(), "next");
  EXPECT_EQ(framer.buffered(), 0U);
}

TEST(Framer, GivesItsRoomBackAfterABigFrame) {
  Framer framer(4 << 20);
  framer.Feed(std::string(3 << 20, 'x') + "\n");
  ASSERT_TRUE(framer.Next().has_value());
  EXPECT_LT(framer.Room(1000).size(), std::size_t{1} << 20);
  framer.Feed("a\n");
  EXPECT_EQ(framer.Next()->bytes, "a");
}

}  // namespace
}  // namespace gatehouse
