// SPDX-License-Identifier: Apache-2.0
// What a server asks of the client, on each of its ways, through both gates.
#include "proxy/client_asks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/proxy/line_fixture.h"
#include "tests/support/gate_bench.h"

namespace gatehouse {
namespace {

using Kind = Verdict::Kind;

constexpr std::string_view kAsksForm =
    R"("inputRequests":{"a":{"method":"elicitation/create","params":{)"
    R"("message":"your name?"}}})";
constexpr std::string_view kAsksLink =
    R"("inputRequests":{"a":{"method":"elicitation/create","params":{)"
    R"("mode":"url","url":"https://a.example/x?state=abc"}}})";

std::string WantsInput(std::string_view asks) {
  return R"({"jsonrpc":"2.0","id":1,"result":{"resultType":"input_required",)" +
         std::string(asks) + "}}";
}

audit::Record Last(GateBench& bench) {
  EXPECT_TRUE(bench.back.Flush().ok());
  return bench.records().back();
}

TEST(ClientAsks, AnAnswerAsksOnlyWhatItsRequestDeclared) {
  const struct {
    std::string_view capabilities;
    std::string_view asks;
    bool passes;
  } kRows[] = {
      {R"({"elicitation":{}})", kAsksForm, true},
      {"{}", kAsksForm, false},
      {R"({"sampling":{}})", kAsksForm, false},
      {R"({"elicitation":{}})", kAsksLink, false},
      {R"({"elicitation":{"url":{}}})", kAsksLink, true},
      {R"({"elicitation":{}})", R"("inputRequests":[1])", false},
      {"{}", R"("requestState":"s")", true},
      // Read as that key by some clients.
      {R"({"elicitation":{}})",
       R"("InputRequests":{"a":{"method":"elicitation/create"}})", false},
      {R"({"elicitation":{}})",
       R"("inputRequeſtſ":{"a":{"method":"elicitation/create"}})", false},
      // Read as that key by every client.
      {"{}", R"("input\u0052equests":{"a":{"method":"elicitation/create"}})",
       false},
  };
  for (const auto& row : kRows) {
    GateBench bench;
    ASSERT_EQ(bench.Client(ModernCall(row.capabilities)).kind, Kind::kForward);
    const std::string answer = WantsInput(row.asks);
    const Verdict verdict = bench.Server(answer);
    ASSERT_EQ(verdict.kind, Kind::kForward);
    EXPECT_EQ(verdict.bytes == answer + "\n", row.passes) << verdict.bytes;
    if (row.passes) continue;
    EXPECT_NE(verdict.bytes.find(R"("id":1,"result":{"resultType":"complete")"),
              std::string::npos);
    EXPECT_NE(verdict.bytes.find(R"("isError":true)"), std::string::npos);
    EXPECT_EQ(Last(bench).detail.substr(0, 9), "refused: ");
  }
}

TEST(ClientAsks, WhereAPersonIsLedIsRecorded) {
  GateBench bench;
  (void)bench.Client(ModernCall(R"({"elicitation":{"url":{}}})"));
  (void)bench.Server(WantsInput(kAsksLink));
  ASSERT_TRUE(bench.back.Flush().ok());
  const audit::Record& asked = bench.records().at(1);
  EXPECT_EQ(asked.event, "server request");
  EXPECT_EQ(asked.method, "elicitation/create");
  EXPECT_EQ(asked.rpc_id, "1");
  EXPECT_EQ(asked.detail, "a link: https://a.example/x?…");
}

TEST(ClientAsks, AnErrorThatNamesALinkIsOne) {
  const std::string error =
      R"({"jsonrpc":"2.0","id":1,"error":{"code":-32042,"message":"first",)"
      R"("data":{"elicitations":[{"mode":"url","elicitationId":"e",)"
      R"("message":"log in","url":"https://a.example/x"}]}}})";
  for (const bool declared : {true, false}) {
    GateBench bench;
    (void)bench.Client(
        R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{)"
        R"("protocolVersion":"2025-11-25","capabilities":{"elicitation":{)" +
        std::string(declared ? R"("url":{})" : "") + "}}}}");
    (void)bench.Client(CallLine("1", "read_pod"));
    const Verdict verdict = bench.Server(error);
    EXPECT_EQ(verdict.bytes == error + "\n", declared) << verdict.bytes;
  }
}

// Clients in JavaScript and Python take each of these codes for -32042.
TEST(ClientAsks, AnErrorThatNamesALinkIsOneHoweverItsCodeIsSpelled) {
  const struct {
    std::string_view code;
    std::string_view key;
    bool passes;
  } kRows[] = {
      {"-32042", "elicitations", false},
      {"-32042.0", "elicitations", false},
      {"-3.2042e4", "elicitations", false},
      {"-32041.99999999999999999999", "elicitations", false},
      {R"("-32042")", "elicitations", false},
      {"-3.2042E+4", R"(\u0065licitations)", false},
      {"-32042", R"(elicit\u0061tions)", false},
      {"-32042", "Elicitations", false},
      {"-32042", "elicitation\xC5\xBF", false},
      {"-32041", "elicitations", true},
      {"-32042", "others", true},
  };
  for (const auto& row : kRows) {
    GateBench bench;
    (void)bench.Client(CallLine("1", "read_pod"));
    const std::string error =
        R"({"jsonrpc":"2.0","id":1,"error":{"code":)" + std::string(row.code) +
        R"(,"message":"first","data":{")" + std::string(row.key) +
        R"(":[{"mode":"url","url":"https://a.example/x"}]}}})";
    EXPECT_EQ(bench.Server(error).bytes == error + "\n", row.passes) << error;
  }
}

TEST(ClientAsks, ATasksNoteAsksWhatItsStreamDeclared) {
  const std::string note =
      R"({"jsonrpc":"2.0","method":"notifications/tasks","params":{)"
      R"("taskId":"t",)" +
      std::string(kAsksForm) +
      R"(,"_meta":{"io.modelcontextprotocol/subscriptionId":7}}})";
  for (const bool declared : {true, false}) {
    GateBench bench;
    (void)bench.Client(
        R"({"jsonrpc":"2.0","id":7,"method":"subscriptions/listen","params":{)"
        R"("notifications":{"toolsListChanged":true},"_meta":{)"
        R"("io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
        R"("io.modelcontextprotocol/clientCapabilities":{)" +
        std::string(declared ? R"("elicitation":{})" : "") + "}}}}");
    EXPECT_EQ(bench.Server(note).kind == Kind::kForward, declared);
  }
}

// Each of them wrote up to 64 records.
// It may take back each, and ask anew.
TEST(ClientAsks, RequestsFillTheTrailOnlySoFar) {
  GateBench bench;
  (void)bench.Client(
      R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{)"
      R"("protocolVersion":"2025-11-25","capabilities":{"roots":{}}}})");
  ASSERT_TRUE(bench.back.Flush().ok());
  const std::size_t before = bench.records().size();
  const auto ask = [&](int id) {
    const std::string text = std::to_string(id);
    const Verdict verdict = bench.Server(R"({"jsonrpc":"2.0","id":)" + text +
                                         R"(,"method":"roots/list"})");
    if (verdict.kind == Kind::kForward) {
      EXPECT_EQ(
          bench
              .Server(R"({"jsonrpc":"2.0","method":)"
                      R"("notifications/cancelled","params":{"requestId":)" +
                      text + "}}")
              .kind,
          Kind::kForward);
    }
    return verdict;
  };
  for (int i = 0; i < 100; ++i) EXPECT_EQ(ask(i).kind, Kind::kForward) << i;
  for (int i = 100; i < 1000; ++i) {
    const Verdict verdict = ask(i);
    ASSERT_EQ(verdict.kind, Kind::kAnswer) << i;
    EXPECT_NE(verdict.bytes.find("too much at once"), verdict.bytes.npos);
  }
  // Others are not recorded, and pass.
  EXPECT_EQ(bench.Server(R"({"jsonrpc":"2.0","id":"p","method":"ping"})").kind,
            Kind::kForward);
  ASSERT_TRUE(bench.back.Flush().ok());
  const auto& records = bench.records();
  ASSERT_EQ(records.size(), before + 201) << "100 asked, 100 refused, the sum";
  EXPECT_EQ(records[before].event, "server request");
  EXPECT_EQ(records[before + 100].event, "server frame dropped");
  EXPECT_EQ(records.back().detail, "800 more were not recorded");
  bench.clock.Advance(std::chrono::seconds(1));
  EXPECT_EQ(ask(1000).kind, Kind::kForward);
}

// Clients poll every second, and a task asks for the same all the while.
TEST(ClientAsks, WhatAPollAsksAgainIsInTheTrailOnce) {
  GateBench bench;
  bench.session.BindTask("t", {});
  for (int i = 1; i < 4; ++i) {
    const std::string id = std::to_string(i);
    ASSERT_EQ(
        bench
            .Client(R"({"jsonrpc":"2.0","id":)" + id +
                    R"(,"method":"tasks/get","params":{"taskId":"t","_meta":{)"
                    R"("io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
                    R"("io.modelcontextprotocol/clientCapabilities":)"
                    R"({"elicitation":{}}}}})")
            .kind,
        Kind::kForward);
    const std::string answer =
        R"({"jsonrpc":"2.0","id":)" + id +
        R"(,"result":{"resultType":"complete","taskId":"t",)"
        R"("status":"input_required",)" +
        std::string(kAsksForm) + "}}";
    EXPECT_EQ(bench.Server(answer).bytes, answer + "\n");
  }
  ASSERT_TRUE(bench.back.Flush().ok());
  EXPECT_EQ(std::ranges::count(bench.records(), "server request",
                               &audit::Record::event),
            1);
}

TEST(ClientAsks, NotesFillTheTrailOnlyWithWhatIsNew) {
  GateBench bench;
  (void)bench.Client(
      R"({"jsonrpc":"2.0","id":7,"method":"subscriptions/listen","params":{)"
      R"("notifications":{"toolsListChanged":true},"_meta":{)"
      R"("io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
      R"("io.modelcontextprotocol/clientCapabilities":{"roots":{}}}}})");
  const auto ask = [&bench](std::string_view task, const std::string& key) {
    return bench
        .Server(R"({"jsonrpc":"2.0","method":"notifications/tasks","params":{)"
                R"("taskId":")" +
                std::string(task) + R"(","inputRequests":{")" + key +
                R"(":{"method":"roots/list"}},"_meta":{)"
                R"("io.modelcontextprotocol/subscriptionId":7}}})")
        .kind;
  };
  const auto records = [&bench] {
    EXPECT_TRUE(bench.back.Flush().ok());
    return bench.records().size();
  };
  const std::size_t before = records();
  for (int i = 0; i < 500; ++i) EXPECT_EQ(ask("t", "k"), Kind::kForward);
  EXPECT_EQ(ask("u", "k"), Kind::kForward);
  EXPECT_EQ(records(), before + 2);
  int passed = 0;
  for (int i = 0; i < 500; ++i) {
    passed += ask("t", std::to_string(i)) == Kind::kForward ? 1 : 0;
  }
  EXPECT_EQ(passed, 98) << "what cannot be recorded does not pass";
  EXPECT_LE(records(), before + 201)
      << "those, so many that were dropped, and how many more";
  EXPECT_EQ(ask("t", "k"), Kind::kForward);
}

}  // namespace
}  // namespace gatehouse
