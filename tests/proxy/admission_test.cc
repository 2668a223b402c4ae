// SPDX-License-Identifier: Apache-2.0
#include "proxy/admission.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/proxy/line_fixture.h"
#include "tests/support/gate_bench.h"

namespace gatehouse {
namespace {

using Kind = Verdict::Kind;

std::string AsksAs(std::string_view method, std::string_view id) {
  return R"({"jsonrpc":"2.0","id":)" + std::string(id) + R"(,"method":")" +
         std::string(method) + "\"}";
}

std::string Cancels(std::string_view id) {
  return R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{)"
         R"("requestId":)" +
         std::string(id) + "}}";
}

TEST(Admission, RemembersWhatTheAnswerMayAskOfTheClient) {
  Session session;
  const FakeClock clock;
  const Message modern = MessageOf(
      R"({"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"_meta":{)"
      R"("io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
      R"("io.modelcontextprotocol/clientCapabilities":{"sampling":{}}}}})");
  EXPECT_FALSE(Admit(session, modern, clock).has_value());
  const InFlight* entry = session.Find({"1"});
  ASSERT_NE(entry, nullptr);
  EXPECT_TRUE(entry->features.Has(ClientFeature::kSampling));
  EXPECT_FALSE(entry->features.Has(ClientFeature::kRoots));
  EXPECT_FALSE(session.features().Has(ClientFeature::kSampling));
}

TEST(Admission, AnIdInFlightIsNotTakenTwice) {
  Session session;
  const FakeClock clock;
  EXPECT_FALSE(
      Admit(session, MessageOf(AsksAs("ping", "7")), clock).has_value());
  const auto refusal =
      Admit(session, MessageOf(AsksAs("ping", "\"7\"")), clock);
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->code, Code::kMalformed);
}

// What is asked while the server does not read would only pile up.
TEST(Admission, AServerThatDoesNotReadGetsNothingMore) {
  GateBench bench;
  (void)bench.Client(CallLine("1", "read_pod"));
  bench.session.SetServerBusy(true);
  const Verdict call = bench.Client(CallLine("2", "read_pod"));
  EXPECT_EQ(call.kind, Kind::kAnswer);
  EXPECT_NE(call.bytes.find("[code server-busy]"), std::string::npos);
  EXPECT_NE(call.bytes.find(R"("isError":true)"), std::string::npos);
  const Verdict denied = bench.Client(CallLine("3", "drop_pod"));
  EXPECT_NE(denied.bytes.find("[code denied-by-rule]"), std::string::npos);
  const Verdict list = bench.Client(AsksAs("tools/list", "4"));
  EXPECT_NE(list.bytes.find(R"("data":{"code":"server-busy"})"),
            std::string::npos);
  const std::string told =
      R"({"jsonrpc":"2.0","method":"notifications/roots/list_changed"})";
  EXPECT_EQ(bench.Client(told).kind, Kind::kDrop);
  EXPECT_EQ(bench.records().back().decision->code, Code::kServerBusy);
  EXPECT_EQ(bench.session.in_flight(), 1u);
  // Giving a call up is worth its few bytes, once.
  EXPECT_EQ(bench.Client(Cancels("1")).kind, Kind::kForward);
  EXPECT_EQ(bench.Client(Cancels("1")).kind, Kind::kDrop);

  bench.session.SetServerBusy(false);
  EXPECT_EQ(bench.Client(CallLine("5", "read_pod")).kind, Kind::kForward);
  EXPECT_EQ(bench.Client(told).kind, Kind::kForward);
}

// protocol.md 1.5: what refuses a sound tool call is told to the model, which a
// JSON-RPC error may never reach.
TEST(Admission, ACallThatThereIsNoRoomForIsAnsweredAsACall) {
  GateBench bench;
  for (std::size_t i = 0; i < kMaxInFlight; ++i) {
    InFlight request;
    request.id = {std::to_string(i)};
    ASSERT_EQ(bench.session.Admit(std::move(request)), Admission::kAdmitted);
  }
  const std::string busy = "[code server-busy]";
  const Verdict call = bench.Client(CallLine("\"a\"", "read_pod"));
  EXPECT_EQ(call.kind, Kind::kAnswer);
  EXPECT_NE(call.bytes.find(busy), call.bytes.npos) << call.bytes;
  EXPECT_NE(call.bytes.find(R"("isError":true)"), call.bytes.npos);
  EXPECT_NE(call.bytes.find(R"("record":1)"), call.bytes.npos);
  EXPECT_EQ(call.bytes.find("resultType"), call.bytes.npos);
  EXPECT_EQ(bench.records().back().decision->code, Code::kServerBusy);
  const std::string call_of = R"({"jsonrpc":"2.0","id":"b",)"
                              R"("method":"tools/call","params":{)"
                              R"("name":"read_pod",)";
  const Verdict modern = bench.Client(
      call_of + R"("_meta":{"io.modelcontextprotocol/protocolVersion":)"
                R"("2026-07-28"}}})");
  EXPECT_NE(modern.bytes.find(R"("resultType":"complete")"), call.bytes.npos);
  // A task is a task or an error, and other requests have no such result.
  for (const std::string& line :
       {call_of + R"("task":{}}})", AsksAs("ping", "\"c\"")}) {
    const Verdict verdict = bench.Client(line);
    EXPECT_NE(verdict.bytes.find(R"("error":{"code":-32603)"),
              verdict.bytes.npos)
        << verdict.bytes;
  }
  EXPECT_EQ(bench.session.in_flight(), kMaxInFlight);
}

}  // namespace
}  // namespace gatehouse
