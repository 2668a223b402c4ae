// SPDX-License-Identifier: Apache-2.0
#include "proxy/answer_notes.h"

#include <gtest/gtest.h>

namespace gatehouse {
namespace {

// Of a line: what it is, with the text that it borrows from.
struct Answer {
  explicit Answer(std::string text) : line(std::move(text)) {
    auto read = ReadServerMessage(line);
    message = std::get<ServerMessage>(read);
  }
  std::string line;
  ServerMessage message;
};

Answer ResultOf(const std::string& result) {
  return Answer(R"({"jsonrpc":"2.0","id":1,"result":)" + result + "}");
}

InFlight Judged(std::string method, Era era = Era::kLegacy) {
  InFlight request;
  request.id = {"1"};
  request.method = std::move(method);
  request.era = era;
  request.call = "c1";
  request.tool = "pods_get";
  request.origin = audit::Origin::kSecret;
  return request;
}

TEST(AnswerNotes, LearnsTheHandshake) {
  Session session;
  InFlight request;
  request.method = "initialize";
  NoteAnswer(session, request,
             ResultOf(R"({"protocolVersion":"2025-11-25",)"
                      R"("capabilities":{"tools":{"listChanged":true}}})")
                 .message);
  EXPECT_EQ(session.revision(), "2025-11-25");
  EXPECT_TRUE(session.tells_of_tools());
  // A second answer counts; what is too long to be a revision does not.
  NoteAnswer(session, request,
             ResultOf(R"({"protocolVersion":")" + std::string(65, '2') +
                      R"(","capabilities":{}})")
                 .message);
  EXPECT_EQ(session.revision(), "2025-11-25");
  EXPECT_FALSE(session.tells_of_tools());
}

// A task's result is masked and revealed as its call's would have been.
TEST(AnswerNotes, BindsATaskToTheCallThatBecameIt) {
  Session session;
  InFlight modern = Judged("tools/call", Era::kModern);
  modern.as_tool = true;
  NoteAnswer(session, modern,
             ResultOf(R"({"resultType":"task","taskId":"t1"})").message);
  const TaskOrigin* bound = session.FindTask("t1");
  ASSERT_NE(bound, nullptr);
  EXPECT_EQ(bound->call, "c1");
  EXPECT_EQ(bound->origin, audit::Origin::kSecret);
  EXPECT_FALSE(bound->reveals);

  NoteAnswer(session, Judged("tools/call"),
             ResultOf(R"({"task":{"taskId":"t2"}})").message);
  EXPECT_NE(session.FindTask("t2"), nullptr);
}

TEST(AnswerNotes, BindsNothingThatIsNoTaskOfACall) {
  Session session;
  InFlight tool = Judged("tools/call", Era::kModern);
  tool.as_tool = true;
  // An ordinary result may say what it likes.
  NoteAnswer(session, tool, ResultOf(R"({"taskId":"t"})").message);
  InFlight cancelled = Judged("tools/call");
  cancelled.cancelled = true;
  NoteAnswer(session, cancelled,
             ResultOf(R"({"task":{"taskId":"t"}})").message);
  NoteAnswer(session, Judged("resources/read"),
             ResultOf(R"({"task":{"taskId":"t"}})").message);
  InFlight unjudged = Judged("tools/call");
  unjudged.call = "";
  NoteAnswer(session, unjudged, ResultOf(R"({"task":{"taskId":"t"}})").message);
  NoteAnswer(session, Judged("tools/call"),
             Answer(R"({"jsonrpc":"2.0","id":1,"error":{"code":-1,)"
                    R"("message":"m","data":{"task":{"taskId":"t"}}}})")
                 .message);
  EXPECT_EQ(session.FindTask("t"), nullptr);
}

TEST(AnswerNotes, TellsATasksStatusOnce) {
  Session session;
  session.BindTask("t1", {"c1", "pods_get"});
  InFlight poll;
  poll.method = "tasks/get";
  poll.polled = "t1";
  const Answer working = ResultOf(R"({"taskId":"t1","status":"working"})");
  EXPECT_EQ(TakeTaskNews(session, poll, working.message), "working");
  EXPECT_EQ(TakeTaskNews(session, poll, working.message), "");
  EXPECT_EQ(TakeTaskNews(session, poll,
                         ResultOf(R"({"status":"completed"})").message),
            "completed");
  const std::string endless(100, 's');
  EXPECT_EQ(TakeTaskNews(session, poll,
                         ResultOf(R"({"status":")" + endless + "\"}").message),
            endless.substr(0, 64));
  poll.polled = "unknown";
  EXPECT_EQ(TakeTaskNews(session, poll, working.message), "");
}

TEST(AnswerNotes, RemembersTheRoundThatTheClientIsAskedToAnswer) {
  Session session;
  InFlight request = Judged("tools/call", Era::kModern);
  request.as_tool = true;
  request.round = "r1";
  NoteAnswer(session, request,
             ResultOf(R"({"resultType":"complete"})").message);
  EXPECT_EQ(session.RoundOf("r1"), "");
  NoteAnswer(session, request,
             ResultOf(R"({"resultType":"input_required"})").message);
  EXPECT_EQ(session.RoundOf("r1"), "c1");
}

}  // namespace
}  // namespace gatehouse
