// SPDX-License-Identifier: Apache-2.0
// A second reader is the oracle: whatever the line and wherever it is cut, the
// scanner must say the same of it.
#include "proxy/line_scanner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "policy/json_value.h"
#include "proxy/server_message.h"
#include "tests/support/reference_reader.h"

namespace gatehouse {
namespace {

using Random = std::mt19937;

std::size_t Below(Random& random, std::size_t limit) {
  return random() % limit;
}

// Pieces of messages, sound and not, that a random line is put together from.
const std::vector<std::string>& Parts() {
  static const std::vector<std::string> parts = {"{",
                                                 "}",
                                                 "[",
                                                 "]",
                                                 ",",
                                                 ":",
                                                 " ",
                                                 "\t",
                                                 "\"id\"",
                                                 "\"method\"",
                                                 "\"result\"",
                                                 "\"error\"",
                                                 "\"params\"",
                                                 "\"jsonrpc\"",
                                                 "\"2.0\"",
                                                 "\"isError\"",
                                                 "true",
                                                 "null",
                                                 "-1.5e3",
                                                 "01",
                                                 "\"a\\n\"",
                                                 "\"\\u00e9\"",
                                                 "\"\\ud800\"",
                                                 "\"\\x\"",
                                                 "\"é\"",
                                                 "\"\xc3\"",
                                                 "\"\xed\xa0\x80\"",
                                                 "\"\xf0\x9f\x98\x80\"",
                                                 "\"resultType\"",
                                                 "\"task\"",
                                                 "\x01",
                                                 std::string(1, '\0'),
                                                 "\r",
                                                 "\"\"",
                                                 "7",
                                                 "\"i\\u0064\"",
                                                 "\xef\xbb\xbf"};
  return parts;
}

std::string RandomValue(Random& random, int depth) {
  switch (Below(random, depth > 4 ? 6 : 8)) {
    case 0:
      return "\"plain text that fills more than sixteen bytes\"";
    case 1:
      return "\"a \\\"quoted\\\" and \\u001b \\\\ one\\n\"";
    case 2:
      return "\"\xe2\x82\xac \xf0\x9f\x98\x80 \xc3\xa9\"";
    case 3:
      return std::to_string(random() % 1000);
    case 4:
      return "true";
    case 5:
      return "-0.5E-3";
    case 6:
      return "[" + RandomValue(random, depth + 1) + " ," +
             RandomValue(random, depth + 1) + "]";
    default:
      return "{\"k\":" + RandomValue(random, depth + 1) +
             ", \"isError\" : true}";
  }
}

std::string RandomMember(Random& random) {
  const auto object = [&](const std::string& more) {
    return "{" + more + "\"content\":" + RandomValue(random, 0) + "}";
  };
  switch (Below(random, 8)) {
    case 0:
      return "\"id\":" + std::to_string(random() % 9);
    case 1:
      return "\"id\": \"\\u0061b\"";
    case 2:
      return "\"method\":\"notifications/message\"";
    case 3:
      return "\"params\":" + object("");
    case 4:
      return "\"error\":" + object("");
    case 5:
      return "\"result\":" + object("\"isError\":true,");
    case 6:
      return "\"result\" : " + object("\"resultType\":\"task\" , ");
    default:
      return "\"result\":" + object("");
  }
}

std::string RandomLine(Random& random) {
  std::string line = "{\"jsonrpc\":\"2.0\"";
  for (std::size_t i = Below(random, 4); i < 4; ++i) {
    line += "," + RandomMember(random);
  }
  line += "}";
  for (std::size_t i = Below(random, 3); i > 0; --i) {  // often unsound
    const std::size_t at = Below(random, line.size());
    const std::size_t length = Below(random, 3);
    line.replace(at, length, Parts()[Below(random, Parts().size())]);
  }
  return line;
}

LineScanner Scanned(Random& random, std::string_view line) {
  LineScanner scanner;
  while (!line.empty()) {
    const std::size_t most = Below(random, 2) == 0 ? 3 : 64;
    const std::size_t count = std::min(line.size(), 1 + Below(random, most));
    scanner.Feed(line.substr(0, count));
    line.remove_prefix(count);
  }
  return scanner;
}

void ExpectAlike(Random& random, const std::string& line) {
  static testing::ReferenceReader reader;
  const auto whole = reader.Read(line);
  LineScanner scanner = Scanned(random, line);
  const auto pieces = scanner.Finish();
  ASSERT_EQ(pieces.index(), whole.index()) << line;
  const auto* expected = std::get_if<ServerMessage>(&whole);
  if (expected == nullptr) return;
  const auto& message = std::get<ServerMessage>(pieces);
  EXPECT_EQ(message.kind, expected->kind) << line;
  EXPECT_EQ(message.id, expected->id) << line;
  EXPECT_EQ(message.method, expected->method) << line;
  EXPECT_EQ(message.is_error, expected->is_error) << line;
  EXPECT_EQ(message.is_tool_error, expected->is_tool_error) << line;
  EXPECT_EQ(message.result_type, expected->result_type) << line;
  EXPECT_EQ(line.substr(scanner.result_begin(),
                        scanner.result_end() - scanner.result_begin()),
            expected->result)
      << line;
}

TEST(LineScanner, SaysWhatASecondReaderSays) {
  Random random(20251125);
  for (int i = 0; i < 20'000 && !::testing::Test::HasFailure(); ++i) {
    ExpectAlike(random, RandomLine(random));
  }
}

TEST(LineScanner, AgreesAboutTheEdges) {
  Random random(1);
  const auto nested = [](std::size_t depth, std::string_view inner) {
    return R"({"jsonrpc":"2.0","id":1,"result":{"a":)" +
           std::string(depth, '[') + std::string(inner) +
           std::string(depth, ']') + "}}";
  };
  const std::vector<std::string> lines = {
      "", " ", "{}", "[]", "7", "{",
      R"( {"jsonrpc":"2.0","id":1,"result":{}} )",
      R"({"jsonrpc":"2.0","id":1,"result":{}}{})",
      R"({"jsonrpc":"2.0","id":1,"result":{},})",
      // A string before a colon was taken for a key.
      R"({"jsonrpc":"2.0","id":1,"result":{"a":["":""}]}})",
      R"({"jsonrpc":"2.0","id":1,"result":{"a":"b":[]}}})",
      R"({"jsonrpc":"2.0","id":1,"result":{"a":"b" : 1}}})",
      R"({"jsonrpc":"2.0","id":"1":2},"result":{}})",
      R"({"jsonrpc":"2.0","id":1,"result":[]})",
      R"({"jsonrpc":"2.0","id":1,"result":null})",
      R"({"jsonrpc":"2.0","id":{},"result":{}})",
      R"({"jsonrpc":"2.0","id":1,"result":{"resultType":["task"]}})",
      R"({"jsonrpc":"2.0","id":1,"result":{"resultType":"x","resultType":5}})",
      R"({"jsonrpc":"2.0","id":1,"id":2,"result":{}})",
      R"({"jsonrpc":"2.0","id":1,"result":{},"extra":1})",
      R"({"jsonrpc":"1.0","id":1,"result":{}})",
      R"({"jsonrpc":"2.0","id":")" + std::string(256, 'a') +
          R"(","result":{}})",
      R"({"jsonrpc":"2.0","id":")" + std::string(257, 'a') +
          R"(","result":{}})",
      R"({"jsonrpc":"2.0","id":")" + std::string(9000, 'a') +
          R"(","result":{}})",
      R"({"jsonrpc":"2.0","method":")" + std::string(5000, 'm') + R"("})",
      R"({"jsonrpc":"2.0","method":""})",
      R"({"jsonrpc":"2.0",")" + std::string(9000, 'k') + R"(":1})",
      R"({"jsonrpc":"2.0","id":1,"result":{")" + std::string(9000, 'k') +
          R"(":1}})",
      nested(200, "1"), nested(254, "1"), nested(255, "1"), nested(255, ""),
      nested(256, ""), nested(300, "1")};
  for (const std::string& line : lines) ExpectAlike(random, line);
}

TEST(LineScanner, KnowsWhomALineAnswersBeforeItsEnd) {
  const auto answers = [](std::string_view begun) {
    LineScanner scanner;
    scanner.Feed(begun);
    const RpcId* id = scanner.Answers();
    return id == nullptr ? std::string("nobody") : id->text;
  };
  EXPECT_EQ(answers(R"({"jsonrpc":"2.0","id":5,"result":{"content":[)"), "5");
  EXPECT_EQ(answers(R"({"id":"a","result":{"x":"x)"), "\"a\"");
  EXPECT_EQ(answers(R"({"id":"a","error":{"code":-1,"message":"x)"), "nobody");
  EXPECT_EQ(answers(R"({"jsonrpc":"2.0","result":{"content":[)"), "nobody");
  EXPECT_EQ(answers(R"({"jsonrpc":"2.0","id":5)"), "nobody");
  EXPECT_EQ(answers(R"({"id":5,"method":"x","result":{)"), "nobody");
  EXPECT_EQ(answers("{\"id\":5,\"result\":{\"a\":\"\x01"), "nobody");
}

TEST(LineScanner, KeepsNothingOfALongLine) {
  LineScanner scanner;
  scanner.Feed(R"({"jsonrpc":"2.0","result":{"content":[{"text":")");
  const std::string piece(1 << 16, 'x');
  for (int i = 0; i < 100; ++i) scanner.Feed(piece);
  scanner.Feed(R"("}]},"id":9})");
  EXPECT_LT(sizeof(LineScanner), 1024u);
  const auto message = scanner.Finish();
  ASSERT_TRUE(std::holds_alternative<ServerMessage>(message));
  EXPECT_EQ(std::get<ServerMessage>(message).id, RpcId{"9"});
}

}  // namespace
}  // namespace gatehouse
