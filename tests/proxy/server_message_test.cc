// SPDX-License-Identifier: Apache-2.0
#include "proxy/server_message.h"

#include <gtest/gtest.h>

namespace gatehouse {
namespace {

ServerMessage Accepted(const std::string& line) {
  auto read = ReadServerMessage(line);
  const auto* fault = std::get_if<ServerFault>(&read);
  EXPECT_EQ(fault, nullptr)
      << line << ": " << (fault == nullptr ? "" : fault->sentence);
  return fault == nullptr ? std::get<ServerMessage>(read) : ServerMessage{};
}

bool Refused(const std::string& line) {
  return std::holds_alternative<ServerFault>(ReadServerMessage(line));
}

TEST(ServerMessage, ReadsEachKind) {
  const ServerMessage result =
      Accepted(R"({"result" : {"a":[1,"x",{}]} ,"jsonrpc":"2.0","id":"é"})");
  EXPECT_EQ(result.kind, MessageKind::kResponse);
  EXPECT_EQ(result.id, RpcId{R"("\u00e9")"});
  EXPECT_FALSE(result.is_error);

  const ServerMessage error =
      Accepted(R"({"jsonrpc":"2.0","id":null,"error":{"code":-32700}})");
  EXPECT_EQ(error.kind, MessageKind::kResponse);
  EXPECT_TRUE(error.is_error);
  EXPECT_FALSE(error.id.has_value());

  const ServerMessage request =
      Accepted(R"({"jsonrpc":"2.0","id":3,"method":"roots/list"})");
  EXPECT_EQ(request.kind, MessageKind::kRequest);
  EXPECT_EQ(request.method, "roots/list");

  const ServerMessage told = Accepted(
      R"({"jsonrpc":"2.0","method":"notifications/message","params":{}})");
  EXPECT_EQ(told.kind, MessageKind::kNotification);
}

TEST(ServerMessage, GivesTheResultsTextAsItStands) {
  EXPECT_EQ(
      Accepted(R"({"jsonrpc":"2.0","id":1,"result": { "a" : 1 } })").result,
      R"({ "a" : 1 })");
  EXPECT_EQ(Accepted(R"({"result":{},"id":1,"jsonrpc":"2.0"})").result, "{}");
  EXPECT_EQ(Accepted(R"({"id":1,"error":{},"jsonrpc":"2.0"})").result, "");
}

TEST(ServerMessage, SeesAToolsOwnError) {
  const auto is_tool_error = [](const std::string& result) {
    return Accepted(R"({"jsonrpc":"2.0","id":1,"result":)" + result + "}")
        .is_tool_error;
  };
  EXPECT_TRUE(is_tool_error(R"({"content":[],"isError":true})"));
  EXPECT_TRUE(is_tool_error(R"({"isError" : true ,"content":[]})"));
  EXPECT_FALSE(is_tool_error(R"({"isError":false})"));
  EXPECT_FALSE(is_tool_error(R"({"isError":"true"})"));
  EXPECT_FALSE(is_tool_error(R"({"x":{"isError":true}})"));
  EXPECT_FALSE(is_tool_error(R"({"content":[{"isError":true}]})"));
}

TEST(ServerMessage, AcceptsWhatNoClientIsHurtBy) {
  for (const std::string& result :
       {std::string(R"({"n":123456789012345678901234567890,"m":1e400})"),
        std::string(R"({"log":"cut \ud83d"})"), std::string(R"({"a":1,"a":2})"),
        std::string("{\"t\":\"\xE2\x80\xA8\"}"),
        "{\"deep\":" + std::string(200, '[') + std::string(200, ']') + "}",
        "{\"text\":\"" + std::string(3u << 20, 'x') + "\"}"}) {
    Accepted(R"({"jsonrpc":"2.0","id":1,"result":)" + result + "}");
  }
}

TEST(ServerMessage, RefusesWhatIsNotOneSoundMessage) {
  using std::string_literals::operator""s;
  for (const std::string& line :
       {""s,
        "{}"s,
        "[]"s,
        "7"s,
        "text"s,
        "npm WARN deprecated"s,
        R"([{"jsonrpc":"2.0","id":1,"result":{}}])"s,
        R"({"jsonrpc":"2.0","id":1,"result":{}} )"
        "{}"s,
        R"({"jsonrpc":"2.0","id":1,"result":{}},)"s,
        R"({"jsonrpc":"2.0","id":1,"result":{})"s,
        R"({"jsonrpc":"2.0","id":1,"result":{"a":[1 2]}})"s,
        R"({"jsonrpc":"2.0","id":1,"result":{"a":tru}})"s,
        R"({"jsonrpc":"2.0","id":1,"result":{"a":01}})"s,
        R"({"jsonrpc":"2.0","id":1,"result":{"a":"\x"}})"s,
        R"({"jsonrpc":"2.0","id":1,"result":{"a\x":1}})"s,
        R"({"jsonrpc":"2.0","id":1,"result":{"a" 1}})"s,
        R"({"jsonrpc":"2.0","id":1,"result":{"a":1,}})"s,
        R"({"jsonrpc":"2.0","id":1,"result":{"a":[1,]}})"s,
        R"({"jsonrpc":"2.0","id":1,"result":{"a":[}}})"s,
        R"({"jsonrpc":"2.0","id":1,"result":[]})"s,
        R"({"jsonrpc":"2.0","id":1,"result":null})"s,
        R"({"jsonrpc":"2.0","id":1,"error":"no"})"s,
        R"({"jsonrpc":"2.0","id":1,"id":1,"result":{}})"s,
        R"({"jsonrpc":"2.0","id":1,"result":{},"result":{}})"s,
        R"({"jsonrpc":"2.0","id":1,"result":{},"error":{}})"s,
        R"({"jsonrpc":"2.0","id":1,"result":{},"extra":1})"s,
        R"({"jsonrpc":"2.0","id":1,"Result":{}})"s,
        R"({"jsonrpc":"2.0","i\u0064":1,"result":{}})"s,
        R"({"jsonrpc":"2.0","id":1.5,"result":{}})"s,
        R"({"jsonrpc":"2.0","id":true,"result":{}})"s,
        R"({"jsonrpc":"2.0","id":{},"result":{}})"s,
        R"({"jsonrpc":"2.0","id":null,"method":"ping"})"s,
        R"({"jsonrpc":"2.0","id":1,"method":"ping","result":{}})"s,
        R"({"jsonrpc":"2.0","id":1,"method":7})"s,
        R"({"jsonrpc":"2.0","id":1,"method":"x","params":[]})"s,
        R"({"jsonrpc":"1.0","id":1,"result":{}})"s,
        R"({"jsonrpc":2.0,"id":1,"result":{}})"s,
        R"({"id":1,"result":{}})"s,
        R"({"jsonrpc":"2.0"})"s,
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\0"s,
        "{\"jsonrpc\":\"2.0\",\r\"id\":1,\"result\":{}}"s,
        "\xEF\xBB\xBF{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}"s,
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"a\":\"\xFF\"}}"s,
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"a\":\"\t\"}}"s,
        R"({"jsonrpc":"2.0","id":1,"result":{"a":)" + std::string(300, '[') +
            std::string(300, ']') + "}}"}) {
    EXPECT_TRUE(Refused(line)) << line.substr(0, 100);
  }
}

}  // namespace
}  // namespace gatehouse
