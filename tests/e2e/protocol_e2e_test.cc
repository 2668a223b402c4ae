// SPDX-License-Identifier: Apache-2.0
// Every row of protocol.md's hostile table, and what §2.1 adds: the guard
// answers (or rightly says nothing), the server lives, and not one byte of the
// refused frame has reached it.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/e2e/e2e_fixture.h"
#include "tests/e2e/hostile_rows.h"
#include "tests/support/guard_process.h"

namespace gatehouse {
namespace {

using testing::CallB;
using testing::GuardProcess;
using testing::GuardSpec;
using testing::kInitialize;
using testing::Row;
using testing::WithId;

constexpr std::string_view kInitialized =
    R"({"jsonrpc":"2.0","method":"notifications/initialized"})";
constexpr std::string_view kPing =
    R"({"jsonrpc":"2.0","id":"alive","method":"ping"})";

class Hostile : public ::testing::TestWithParam<Row> {};

TEST_P(Hostile, FrameIsRefusedAndNoByteOfItArrives) {
  const Row& row = GetParam();
  GuardProcess guard(GuardSpec{});
  ASSERT_TRUE(guard.WriteLine(kInitialize));
  ASSERT_TRUE(guard.ReadLine().has_value()) << guard.Stderr();
  ASSERT_TRUE(guard.WriteLine(kInitialized));
  ASSERT_TRUE(guard.WaitUntilReceived("notifications/initialized\"}\n"));
  const std::string before = guard.Received();
  ASSERT_TRUE(guard.WriteLine(row.bytes));
  ASSERT_TRUE(guard.WriteLine(kPing));
  std::string answers;
  std::optional<std::string> line = guard.ReadLine();
  while (line && line->find(R"("id":"alive")") == std::string::npos) {
    EXPECT_TRUE(line->find("\"error\"") != std::string::npos ||
                line->find("\"isError\":true") != std::string::npos)
        << *line;
    answers += *line + "\n";
    line = guard.ReadLine();
  }
  ASSERT_TRUE(line.has_value())
      << "the guard or the server died; " << guard.Stderr();
  if (row.code.empty()) {
    EXPECT_EQ(answers, "");
  } else {
    const std::string code =
        row.code == "*" ? "\"code\":\"" : "\"code\":\"" + row.code + "\"";
    EXPECT_NE(answers.find(code), std::string::npos) << answers;
  }
  EXPECT_EQ(guard.Received(), before + std::string(kPing) + "\n");
}

std::string RowName(const ::testing::TestParamInfo<Row>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(Duplicate, Hostile,
                         ::testing::ValuesIn(testing::DuplicateRows()),
                         RowName);
INSTANTIATE_TEST_SUITE_P(Folded, Hostile,
                         ::testing::ValuesIn(testing::FoldedRows()), RowName);
INSTANTIATE_TEST_SUITE_P(Envelope, Hostile,
                         ::testing::ValuesIn(testing::EnvelopeRows()), RowName);
INSTANTIATE_TEST_SUITE_P(Id, Hostile, ::testing::ValuesIn(testing::IdRows()),
                         RowName);
INSTANTIATE_TEST_SUITE_P(Text, Hostile,
                         ::testing::ValuesIn(testing::TextRows()), RowName);
INSTANTIATE_TEST_SUITE_P(Method, Hostile,
                         ::testing::ValuesIn(testing::MethodRows()), RowName);

TEST(Protocol, RefusesAnIdThatIsInFlightAlsoAsText) {
  const testing::TemporaryFolder folder;
  GuardSpec spec;
  spec.environment = {{"FAKE_SERVER_HOLD", folder.File("go")}};
  GuardProcess guard(spec);
  ASSERT_TRUE(guard.WriteLine(WithId("5")));
  ASSERT_TRUE(guard.WaitUntilReceived("\"id\":5,"));
  const std::string before = guard.Received();
  for (const std::string id : {"5", "\"5\""}) {
    ASSERT_TRUE(guard.WriteLine(WithId(id)));
    const auto refused = guard.ReadLine();
    ASSERT_TRUE(refused.has_value());
    EXPECT_NE(refused->find("\"error\""), std::string::npos) << *refused;
  }
  EXPECT_EQ(guard.Received(), before);
  testing::WriteFile(folder.File("go"), "");
  EXPECT_TRUE(guard.ReadLineWith("done: list_pods").has_value());
}

TEST(Protocol, JudgesCallsThatComeBeforeTheHandshake) {
  GuardProcess guard(GuardSpec{});
  ASSERT_TRUE(guard.WriteLine(CallB()));
  const auto denied = guard.ReadLine();
  ASSERT_TRUE(denied.has_value()) << guard.Stderr();
  EXPECT_NE(denied->find("\"isError\":true"), std::string::npos) << *denied;
  EXPECT_EQ(guard.Received(), "");
}

TEST(Protocol, ForwardsTheCanonicalTextOfWhatWasJudged) {
  GuardProcess guard(GuardSpec{});
  ASSERT_TRUE(guard.WriteLine(
      " { \"id\" : 1 , \"jsonrpc\":\"2.0\", \"method\":\"tools\\/call\","
      "\"params\":{\"name\":\"list_pods\",\"arguments\":"
      "{\"namespace\":\"d\\u0065v\"}} } "));
  EXPECT_TRUE(guard.ReadLineWith("done: list_pods").has_value());
  EXPECT_EQ(guard.Received(),
            R"({"id":1,"jsonrpc":"2.0","method":"tools/call","params":)"
            R"({"name":"list_pods","arguments":{"namespace":"dev"}}})"
            "\n");
}

TEST(Protocol, ServesTheModernEra) {
  const std::string meta =
      R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
      R"("io.modelcontextprotocol/clientCapabilities":{}})";
  GuardProcess guard(GuardSpec{});
  ASSERT_TRUE(guard.WriteLine(
      R"({"jsonrpc":"2.0","id":0,"method":"server/discover","params":{)" +
      meta + "}}"));
  EXPECT_TRUE(guard.ReadLineWith("supportedVersions").has_value());
  ASSERT_TRUE(guard.WriteLine(
      R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":)"
      R"("delete_resource","arguments":{},)" +
      meta + "}}"));
  const auto denied = guard.ReadLine();
  ASSERT_TRUE(denied.has_value());
  EXPECT_NE(denied->find("\"resultType\":\"complete\""), std::string::npos)
      << *denied;
  EXPECT_NE(denied->find("\"isError\":true"), std::string::npos);
  EXPECT_EQ(guard.Received().find("delete_resource"), std::string::npos);
}

TEST(Protocol, KeepsTheServersNoiseAndForgeriesFromTheClient) {
  const testing::TemporaryFolder folder;
  testing::WriteFile(
      folder.File("say"),
      "Listening on port 3000\n"
      "{\"jsonrpc\":\"2.0\",\"id\":77,\"result\":{\"content\":[]}}\n"
      "{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"result\":{\"content\":[]}}\n"
      "[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}]\n"
      "{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"sampling/createMessage\","
      "\"params\":{}}\n");
  GuardSpec spec;
  spec.environment = {{"FAKE_SERVER_SAY", folder.File("say")}};
  GuardProcess guard(spec);
  ASSERT_TRUE(guard.WriteLine(kInitialize));
  ASSERT_TRUE(guard.ReadLine().has_value());
  ASSERT_TRUE(guard.WriteLine(WithId("1")));
  const auto answer = guard.ReadLine();
  ASSERT_TRUE(answer.has_value());
  EXPECT_NE(answer->find("done: list_pods"), std::string::npos) << *answer;
}

}  // namespace
}  // namespace gatehouse
