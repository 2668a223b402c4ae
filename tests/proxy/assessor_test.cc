// SPDX-License-Identifier: Apache-2.0
// Drift stands in server_lists_test.cc, tasks and methods in the transcripts.
#include "proxy/assessor.h"

#include <gtest/gtest.h>

#include "tests/support/gate_bench.h"

namespace gatehouse {
namespace {

TEST(Assessor, AGuardsOwnDenialHasTheCodesSentence) {
  for (const CodeRow& row : AllCodes()) {
    const Decision decision = GuardDenies(row.code);
    EXPECT_EQ(decision.effect, Effect::kDeny);
    EXPECT_TRUE(decision.enforced);
    EXPECT_EQ(decision.sentence, row.meaning);
  }
}

TEST(Assessor, OfManyUrisTheFirstThatDoesNotPassDecides) {
  GateBench bench;
  const std::string line =
      R"({"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{}})";
  const Message message = std::get<Message>(ReadMessage(Frame{line}));
  const auto assess = [&](const std::vector<std::string_view>& uris) {
    MethodAsks asks;
    for (const std::string_view uri : uris) {
      asks.requests.push_back(
          {Asked::kResource, "subscriptions/listen", uri, nullptr});
    }
    return Assess(bench.context, message, asks, bench.clock.UtcNow());
  };
  const Judgement all = assess({"k8s://a/read_x", "k8s://a/read_y"});
  EXPECT_EQ(all.decision.effect, Effect::kAllow);
  EXPECT_EQ(all.call.requests.size(), 2u);
  const Judgement some =
      assess({"k8s://a/read_x", "k8s://a/drop_y", "k8s://a/ask_z"});
  EXPECT_EQ(some.decision.code, Code::kDeniedByRule);
  EXPECT_EQ(some.decision.request, 1u);
  EXPECT_EQ(some.call.target, "k8s://a/drop_y");
}

TEST(Assessor, WithTheServerGoneNothingIsAllowed) {
  GateBench bench;
  bench.session.SetServerGone();
  const std::string line = CallLine("1", "read_pod");
  const Message message = std::get<Message>(ReadMessage(Frame{line}));
  EXPECT_EQ(
      Assess(bench.context, message, {}, bench.clock.UtcNow()).decision.code,
      Code::kServerDied);
}

}  // namespace
}  // namespace gatehouse
