// SPDX-License-Identifier: Apache-2.0
#include "proxy/message.h"

#include <gtest/gtest.h>

#include "policy/json_value.h"

namespace gatehouse {
namespace {

std::variant<Refusal, Message> ReadLine(std::string_view text) {
  return ReadMessage(Frame{text});
}

TEST(Message, ReadsEachKind) {
  const auto request = std::get<Message>(ReadLine(
      R"({"jsonrpc":"2.0","id":"a","method":"ping","params":{"x":1}})"));
  EXPECT_EQ(request.kind, MessageKind::kRequest);
  EXPECT_EQ(request.id, RpcId{"\"a\""});
  EXPECT_EQ(request.method, "ping");
  ASSERT_NE(request.params(), nullptr);
  EXPECT_EQ(request.meta(), nullptr);

  const auto notification = std::get<Message>(
      ReadLine(R"({"jsonrpc":"2.0","method":"notifications/initialized"})"));
  EXPECT_EQ(notification.kind, MessageKind::kNotification);
  EXPECT_FALSE(notification.id.has_value());

  for (const char* text : {R"({"jsonrpc":"2.0","id":-1,"result":{}})",
                           R"({"jsonrpc":"2.0","id":-1,"result":null})",
                           R"({"jsonrpc":"2.0","id":-1,)"
                           R"("error":{"code":1,"message":"no"}})"}) {
    const auto response = std::get<Message>(ReadLine(text));
    EXPECT_EQ(response.kind, MessageKind::kResponse);
    EXPECT_EQ(response.id, RpcId{"-1"});
  }
}

TEST(Message, ReadsAToolCall) {
  const auto call = std::get<Message>(
      ReadLine(R"({"jsonrpc":"2.0","id":0,"method":"tools/call","params":)"
               R"({"name":"pods_list","arguments":{"a":1},"_meta":{"x":1}}})"));
  EXPECT_EQ(call.tool(), "pods_list");
  ASSERT_NE(call.arguments(), nullptr);
  EXPECT_NE(Member(*call.arguments(), "a"), nullptr);
  EXPECT_NE(call.meta(), nullptr);
}

TEST(Message, IdsAreEqualByTypeAndValue) {
  const auto id = [](const std::string& text) {
    return ReadRpcId(ParseJson(text).value());
  };
  EXPECT_EQ(id("\"\\u0061\""), id("\"a\""));
  EXPECT_NE(id("\"1\""), id("1"));
  EXPECT_EQ(id("9007199254740991"), RpcId{"9007199254740991"});
  const std::string long_id(256, 'x');
  EXPECT_TRUE(id('"' + long_id + '"').has_value());
  for (const std::string& bad :
       {std::string("null"), std::string("true"), std::string("1.5"),
        std::string("1.0"), std::string("1e2"), std::string("{}"),
        std::string("[1]"), std::string("9007199254740992"),
        std::string("-9007199254740992"), std::string("18446744073709551615"),
        std::string("\"\\u0007\""), std::string("\"\\u0000\""),
        '"' + long_id + "x\""}) {
    EXPECT_FALSE(id(bad).has_value()) << bad;
  }
}

struct RefusalRow {
  std::string_view text;
  int rpc_code;
  Code code;
  std::string_view id;  // "" where none may be read
};

void PrintTo(const RefusalRow& row, std::ostream* out) { *out << row.text; }

class MessageRefusal : public ::testing::TestWithParam<RefusalRow> {};

TEST_P(MessageRefusal, HasItsCodesAndItsId) {
  const RefusalRow& row = GetParam();
  const auto read = ReadLine(row.text);
  ASSERT_TRUE(std::holds_alternative<Refusal>(read));
  const Refusal& refusal = std::get<Refusal>(read);
  EXPECT_EQ(refusal.rpc_code, row.rpc_code);
  EXPECT_EQ(CodeName(refusal.code), CodeName(row.code));
  EXPECT_EQ(refusal.id.value_or(RpcId{}).text, row.id);
  EXPECT_NE(refusal.sentence, "");
}

INSTANTIATE_TEST_SUITE_P(
    Envelope, MessageRefusal,
    ::testing::Values(
        RefusalRow{"[]", kInvalidRequest, Code::kBatch, ""},
        RefusalRow{R"( [{"jsonrpc":"2.0","id":1,"method":"ping"}])",
                   kInvalidRequest, Code::kBatch, ""},
        RefusalRow{"42", kInvalidRequest, Code::kMalformed, ""},
        RefusalRow{"null", kInvalidRequest, Code::kMalformed, ""},
        RefusalRow{"not json", kParseError, Code::kMalformed, ""},
        RefusalRow{"Content-Length: 12", kParseError, Code::kMalformed, ""},
        RefusalRow{R"({"jsonrpc":"2.0","id":1,"method":"ping","x":1})",
                   kInvalidRequest, Code::kMalformed, "1"},
        RefusalRow{R"({"jsonrpc":"2.0","id":1,"METHOD":"ping"})",
                   kInvalidRequest, Code::kMalformed, "1"},
        RefusalRow{R"({"jsonrpc":"2.0","id":1,"method":"ping","result":{}})",
                   kInvalidRequest, Code::kMalformed, "1"},
        RefusalRow{R"({"jsonrpc":"2.0","id":1,"method":"ping","error":{}})",
                   kInvalidRequest, Code::kMalformed, "1"},
        // A response's id is the server's: never answered to.
        RefusalRow{R"({"jsonrpc":"2.0","id":1,"result":{},"error":{}})",
                   kInvalidRequest, Code::kMalformed, ""},
        RefusalRow{R"({"jsonrpc":"2.0","id":1,"error":"no"})", kInvalidRequest,
                   Code::kMalformed, ""},
        // The server in Go ends at these.
        RefusalRow{
            R"({"jsonrpc":"2.0","id":1,"error":{"code":1.5,"message":""}})",
            kInvalidRequest, Code::kMalformed, ""},
        RefusalRow{
            R"({"jsonrpc":"2.0","id":1,"error":{"code":5000000000,"message":""}})",
            kInvalidRequest, Code::kMalformed, ""},
        RefusalRow{R"({"jsonrpc":"2.0","id":1,"error":{"code":1,"message":3}})",
                   kInvalidRequest, Code::kMalformed, ""},
        RefusalRow{R"({"jsonrpc":"2.0","id":1,"error":{"message":"no"}})",
                   kInvalidRequest, Code::kMalformed, ""},
        RefusalRow{R"({"jsonrpc":"2.0","id":1,"result":{},"params":{}})",
                   kInvalidRequest, Code::kMalformed, ""},
        RefusalRow{R"({"jsonrpc":"2.0","result":{}})", kInvalidRequest,
                   Code::kMalformed, ""},
        RefusalRow{R"({"jsonrpc":"2.0","id":null,"result":{}})",
                   kInvalidRequest, Code::kMalformed, ""},
        RefusalRow{R"({"jsonrpc":"2.0","id":1})", kInvalidRequest,
                   Code::kMalformed, "1"},
        RefusalRow{R"({"jsonrpc":"1.0","id":1,"method":"ping"})",
                   kInvalidRequest, Code::kMalformed, "1"},
        RefusalRow{R"({"jsonrpc":2.0,"id":1,"method":"ping"})", kInvalidRequest,
                   Code::kMalformed, "1"},
        RefusalRow{R"({"id":1,"method":"ping"})", kInvalidRequest,
                   Code::kMalformed, "1"},
        RefusalRow{R"({"jsonrpc":"2.0","id":1,"method":7})", kInvalidRequest,
                   Code::kMalformed, "1"},
        RefusalRow{R"({"jsonrpc":"2.0","id":1,"method":""})", kInvalidRequest,
                   Code::kMalformed, "1"},
        RefusalRow{R"({"jsonrpc":"2.0","id":1.5,"method":"ping"})",
                   kInvalidRequest, Code::kMalformed, ""},
        RefusalRow{R"({"jsonrpc":"2.0","id":null,"method":"ping"})",
                   kInvalidRequest, Code::kMalformed, ""}));

INSTANTIATE_TEST_SUITE_P(
    Content, MessageRefusal,
    ::testing::Values(
        RefusalRow{R"({"jsonrpc":"2.0","id":1,"method":"x","params":[]})",
                   kInvalidParams, Code::kMalformed, "1"},
        RefusalRow{R"({"jsonrpc":"2.0","id":1,"method":"x","params":null})",
                   kInvalidParams, Code::kMalformed, "1"},
        RefusalRow{
            R"({"jsonrpc":"2.0","id":1,"method":"x","params":{"_meta":1}})",
            kInvalidParams, Code::kMalformed, "1"},
        RefusalRow{R"({"jsonrpc":"2.0","id":1,"method":"x","params":{"_meta":)"
                   R"({"io.modelcontextprotocol/protocolVersion":1}}})",
                   kInvalidParams, Code::kMalformed, "1"},
        RefusalRow{R"({"jsonrpc":"2.0","id":1,"method":"tools/call"})",
                   kInvalidParams, Code::kMalformed, "1"},
        RefusalRow{R"({"jsonrpc":"2.0","id":1,"method":"tools/call",)"
                   R"("params":{"name":7}})",
                   kInvalidParams, Code::kMalformed, "1"},
        RefusalRow{R"({"jsonrpc":"2.0","id":1,"method":"tools/call",)"
                   R"("params":{"name":"a b"}})",
                   kInvalidParams, Code::kMalformed, "1"},
        RefusalRow{R"({"jsonrpc":"2.0","id":1,"method":"tools/call",)"
                   R"("params":{"name":""}})",
                   kInvalidParams, Code::kMalformed, "1"},
        RefusalRow{R"({"jsonrpc":"2.0","id":1,"method":"tools/call",)"
                   R"("params":{"name":"a","arguments":"{}"}})",
                   kInvalidParams, Code::kMalformed, "1"},
        RefusalRow{R"({"jsonrpc":"2.0","id":1,"method":"tools/call",)"
                   R"("params":{"name":"a","arguments":null}})",
                   kInvalidParams, Code::kMalformed, "1"},
        RefusalRow{R"({"jsonrpc":"2.0","id":1,"method":"tools/call",)"
                   R"("params":{"name":"a","Name":"b"}})",
                   kInvalidParams, Code::kMalformed, "1"},
        RefusalRow{R"({"jsonrpc":"2.0","id":1,"method":"tools/call",)"
                   R"("params":{"name":"a","name":"b"}})",
                   kInvalidRequest, Code::kDuplicateKey, "1"}));

// It could not be told from a revision that is not named at all.
TEST(Message, AnEmptyRevisionIsRefused) {
  const auto read =
      ReadLine(R"({"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":)"
               R"({"io.modelcontextprotocol/protocolVersion":""}}})");
  EXPECT_TRUE(std::holds_alternative<Refusal>(read));
}

// Servers of the SDKs end at a line of 10 MiB; ours is escaped: each of these
// letters has two bytes as it comes, and six as it goes.
TEST(Message, WhatWouldGoOnTooLongIsRefused) {
  const std::string head =
      R"({"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":")";
  const auto of_size = [&](std::size_t bytes) {
    const std::size_t rest = bytes - head.size() - 3;
    std::string text = head;
    for (std::size_t i = 0; i < rest / 6; ++i) text += "\xC3\xA9";
    return text + std::string(rest % 6, 'x') + R"("}})";
  };
  constexpr std::size_t kLimit = 8 << 20;
  const auto longest = ReadLine(of_size(kLimit));
  ASSERT_TRUE(std::holds_alternative<Message>(longest));
  EXPECT_EQ(std::get<Message>(longest).canonical.size(), kLimit);
  const auto over = ReadLine(of_size(kLimit + 1));
  ASSERT_TRUE(std::holds_alternative<Refusal>(over));
  EXPECT_EQ(std::get<Refusal>(over).code, Code::kTooLarge);
  EXPECT_EQ(std::get<Refusal>(over).id.value_or(RpcId{}).text, "1");
}

// The server in Go reads the code into 32 bits.
TEST(Message, AnErrorsCodeIsOf32Bits) {
  const auto passes = [](const std::string& code) {
    return std::holds_alternative<Message>(
        ReadLine(R"({"jsonrpc":"2.0","id":1,"error":{"code":)" + code +
                 R"(,"message":"no"}})"));
  };
  EXPECT_TRUE(passes("2147483647"));
  EXPECT_FALSE(passes("2147483648"));
  EXPECT_TRUE(passes("-2147483648"));
  EXPECT_FALSE(passes("-2147483649"));
}

TEST(Message, ALongToolNameIsRefusedAtItsLimit) {
  const auto call = [](std::size_t length) {
    return R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":")" +
           std::string(length, 'a') + "\"}}";
  };
  EXPECT_TRUE(std::holds_alternative<Message>(ReadLine(call(128))));
  EXPECT_TRUE(std::holds_alternative<Refusal>(ReadLine(call(129))));
}

TEST(Message, BlankLinesAreBlank) {
  EXPECT_TRUE(IsBlank(Frame{""}));
  EXPECT_TRUE(IsBlank(Frame{" \t "}));
  EXPECT_FALSE(IsBlank(Frame{"\r"}));
  EXPECT_FALSE(IsBlank(Frame{"{}"}));
  EXPECT_FALSE(IsBlank(Frame{"", FramePart::kLast}));
}

TEST(Message, AFaultyNotificationIsToldFromAFaultyRequest) {
  const auto refusal = std::get<Refusal>(
      ReadLine(R"({"jsonrpc":"2.0","method":"notifications/x","params":[]})"));
  EXPECT_TRUE(refusal.notification);
  EXPECT_EQ(refusal.method, "notifications/x");
}

}  // namespace
}  // namespace gatehouse
