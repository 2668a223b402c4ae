// SPDX-License-Identifier: Apache-2.0
#include "cli/demo_session.h"

#include <gtest/gtest.h>

#include "tests/cli/script_fixture.h"

namespace gatehouse::cli {
namespace {

std::string Answer(int id, const std::string& result) {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"result":)" +
         result + "}";
}

TEST(DemoSession, OpensAndCounts) {
  // The notification in between is read, too, and gets a notification.
  LineProcess guard = StartScript(
      {Answer(1, R"({"serverInfo":{"name":"s","version":"9"}})"),
       R"({"jsonrpc":"2.0","method":"notifications/message","params":{}})",
       Answer(2, R"({"tools":[{"name":"a"},{"name":"b"}]})")});
  Result<DemoHello> hello = DemoSession(guard).Open();
  ASSERT_TRUE(hello.ok()) << hello.error().sentence;
  EXPECT_EQ(hello.value().server_name, "s");
  EXPECT_EQ(hello.value().server_version, "9");
  EXPECT_EQ(hello.value().tools, 2u);
}

TEST(DemoSession, TellsAllowedRefusedAndFailedApart) {
  struct Row {
    std::string result;
    DemoOutcome outcome;
  };
  for (const Row& row : std::initializer_list<Row>{
           {R"({"content":[{"type":"text","text":"t"}]})",
            DemoOutcome::kAnswered},
           {R"({"content":[{"type":"text","text":"t"}],"isError":true})",
            DemoOutcome::kFailed},
           {R"({"content":[{"type":"text","text":"t"}],"isError":true,)"
            R"("_meta":{"gatehouse/decision":{"decision":"deny"}}})",
            DemoOutcome::kRefused}}) {
    LineProcess guard = StartScript({Answer(1, row.result)});
    Result<DemoAnswer> answer = DemoSession(guard).Call("x", "{}");
    ASSERT_TRUE(answer.ok());
    EXPECT_EQ(answer.value().outcome, row.outcome) << row.result;
    EXPECT_EQ(answer.value().text, "t");
  }
}

TEST(DemoSession, SaysWhatWentWrong) {
  LineProcess refused = StartScript(
      {R"({"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"why"}})"});
  EXPECT_EQ(DemoSession(refused).Open().error().sentence, "initialize: why");
  LineProcess gone = StartScript({});
  EXPECT_FALSE(DemoSession(gone).Open().ok());
  LineProcess noise = StartScript({"not json"});
  EXPECT_FALSE(DemoSession(noise).Open().ok());
}

}  // namespace
}  // namespace gatehouse::cli
