// SPDX-License-Identifier: Apache-2.0
#include "proxy/server_notes.h"

#include <gtest/gtest.h>

#include "tests/support/gate_bench.h"

namespace gatehouse {
namespace {

std::string Lines(const GateBench& bench) {
  std::string text;
  for (const std::string& line : ToolsChangedLines(bench.session)) text += line;
  return text;
}

void ShakeHands(GateBench& bench, std::string_view tools) {
  bench.Client(R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{}})");
  bench.Server(R"({"jsonrpc":"2.0","id":0,"result":{"capabilities":{"tools":)" +
               std::string(tools) + "}}}");
}

TEST(ToolsChanged, IsToldWhereTheServersHandshakeDeclaredIt) {
  GateBench bench;
  EXPECT_EQ(Lines(bench), "");
  ShakeHands(bench, "{}");
  EXPECT_EQ(Lines(bench), "");
  ShakeHands(bench, R"({"listChanged":true})");
  EXPECT_EQ(Lines(bench),
            R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})"
            "\n");
  ASSERT_EQ(bench.back.OnPolicyChanged().size(), 1u);
  EXPECT_EQ(bench.back.OnPolicyChanged()[0].kind, Verdict::Kind::kForward);
}

TEST(ToolsChanged, IsToldOnAcknowledgedStreamsOnly) {
  GateBench bench;
  bench.Client(
      R"({"jsonrpc":"2.0","id":"s","method":"subscriptions/listen","params":)"
      R"({"notifications":{"toolsListChanged":true}}})");
  EXPECT_EQ(Lines(bench), "");
  EXPECT_EQ(bench.session.awaited(), 0u) << "nobody waits for a stream's end";
  const auto acknowledge = [&bench](std::string_view granted) {
    bench.Server(
        R"({"jsonrpc":"2.0","method":"notifications/subscriptions/)"
        R"(acknowledged","params":{"notifications":)" +
        std::string(granted) +
        R"(,"_meta":{"io.modelcontextprotocol/subscriptionId":"s"}}})");
  };
  acknowledge("{}");
  EXPECT_EQ(Lines(bench), "");
  acknowledge(R"({"toolsListChanged":true})");
  EXPECT_EQ(Lines(bench),
            R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed",)"
            R"("params":{"_meta":{"io.modelcontextprotocol/subscriptionId":)"
            R"("s"}}})"
            "\n");
  bench.Server(R"({"jsonrpc":"2.0","id":"s","result":{}})");
  EXPECT_EQ(Lines(bench), "");
}

TEST(ServerNotes, AServerTakesBackOnlyItsOwnRequests) {
  GateBench bench;
  const auto cancels = [&bench](std::string_view id) {
    return bench
        .Server(R"({"jsonrpc":"2.0","method":"notifications/cancelled",)"
                R"("params":{"requestId":)" +
                std::string(id) + "}}")
        .kind;
  };
  bench.Client(CallLine("7", "read_pod"));
  EXPECT_EQ(cancels("7"), Verdict::Kind::kDrop) << "the client's request";
  ASSERT_TRUE(bench.session.ExpectAnswer({"8"}));
  EXPECT_EQ(cancels("8"), Verdict::Kind::kForward);
  EXPECT_EQ(cancels("8"), Verdict::Kind::kDrop);
  EXPECT_EQ(bench.Client(R"({"jsonrpc":"2.0","id":8,"result":{}})").kind,
            Verdict::Kind::kDrop)
      << "a late answer";
  EXPECT_EQ(cancels("9"), Verdict::Kind::kDrop);
  EXPECT_EQ(cancels("{}"), Verdict::Kind::kDrop);
}

}  // namespace
}  // namespace gatehouse
