// SPDX-License-Identifier: Apache-2.0
#include "proxy/framer.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {
namespace {

constexpr std::size_t kCap = 8;

// "[x]" for a frame, "[!x]" for one over the cap.
void Collect(Framer& framer, std::string& seen) {
  while (const auto frame = framer.Next()) {
    const bool long_one = frame->fault == FrameFault::kTooLong;
    seen += long_one ? "[!" : "[";
    seen += std::string(frame->bytes) + "]";
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
    {std::string_view("a\0b\n", 4), std::string_view("[a\0b]", 5)},
};

TEST(Framer, CutsLinesWhateverThePieces) {
  for (const Case& row : kCases) {
    for (const std::size_t piece : {1U, 2U, 3U, 7U, 100U}) {
      const std::string frames = Cut(row.input, piece);
      // The head of a long frame depends on how much of it had come.
      const bool is_long = row.frames.starts_with("[!");
      if (is_long) {
        EXPECT_EQ(frames.substr(0, 10), "[!12345678") << piece;
        EXPECT_TRUE(frames.ends_with("][a]")) << frames;
      } else {
        EXPECT_EQ(frames, row.frames) << "in pieces of " << piece;
      }
    }
  }
}

TEST(Framer, ReportsALongFrameOnceAndForgetsItsRest) {
  Framer framer(kCap);
  std::string seen;
  for (int i = 0; i < 1000; ++i) {
    framer.Feed("0123456789");
    Collect(framer, seen);
    EXPECT_LE(framer.buffered(), kCap + 1);
  }
  framer.Feed("tail\n{}\n");
  Collect(framer, seen);
  EXPECT_EQ(seen, "[!0123456789][{}]");
  EXPECT_EQ(framer.TakeRest(), "");
}

TEST(Framer, ShowsTheFirst4KiBOfALongFrame) {
  Framer framer(10'000);
  framer.Feed(std::string(20'000, 'x') + "\n");
  const auto frame = framer.Next();
  ASSERT_TRUE(frame.has_value());
  EXPECT_EQ(frame->fault, FrameFault::kTooLong);
  EXPECT_EQ(frame->bytes.size(), kTooLongHeadBytes);
}

TEST(Framer, ALongFrameThatNeverEndsLeavesNoRest) {
  Framer framer(kCap);
  std::string seen;
  framer.Feed(std::string(100, 'x'));
  Collect(framer, seen);
  framer.Feed("more");
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

}  // namespace
}  // namespace gatehouse
