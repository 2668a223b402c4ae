// SPDX-License-Identifier: Apache-2.0
// Answers on their way back through both gates: what is secret by what was
// asked for, what the policy lets be seen, what stands in the trail of it.
#include "proxy/answer_mask.h"

#include <gtest/gtest.h>

#include "tests/proxy/line_fixture.h"
#include "tests/support/gate_bench.h"

namespace gatehouse {
namespace {

constexpr const char* kBase64 = "YzRuNHJ5LVMzY3JldA==";

std::string AnswerOf(std::string_view id, std::string_view text) {
  return R"({"jsonrpc":"2.0","id":)" + std::string(id) +
         R"(,"result":{"content":[{"type":"text","text":")" +
         std::string(text) + R"("}]}})";
}

// The outcome's payload.
std::string LastRecord(GateBench& bench) {
  EXPECT_TRUE(bench.back.Flush().ok());
  return audit::WritePayload(bench.records().back());
}

TEST(AnswerMask, MasksABareValueByWhatWasAskedFor) {
  GateBench bench;
  bench.Client(CallLine("1", "secret_get"));
  const Verdict verdict = bench.Server(AnswerOf("1", kBase64));
  EXPECT_EQ(verdict.kind, Verdict::Kind::kForward);
  EXPECT_EQ(verdict.bytes.find(kBase64), std::string::npos);
  EXPECT_TRUE(verdict.bytes.starts_with(R"({"jsonrpc":"2.0","id":1,"result")"));
  EXPECT_TRUE(verdict.bytes.ends_with("}\n"));
  const std::string record = LastRecord(bench);
  EXPECT_NE(record.find(R"("masked":{"secret":1})"), std::string::npos)
      << record;
  EXPECT_EQ(record.find(kBase64), std::string::npos);
}

TEST(AnswerMask, LetsTheSameValueThroughOfAnOrdinaryCall) {
  GateBench bench;
  bench.Client(CallLine("1", "read_pod"));
  const std::string line = AnswerOf("1", kBase64);
  EXPECT_EQ(bench.Server(line).bytes, line + "\n");
  EXPECT_EQ(LastRecord(bench).find("masked"), std::string::npos);
}

TEST(AnswerMask, RevealsWhereTheRuleSaysSo) {
  GateBench bench;
  bench.Client(CallLine("1", "reveal_get"));
  const std::string line = AnswerOf("1", kBase64);
  EXPECT_EQ(bench.Server(line).bytes, line + "\n");
  // Only that answer: what it told is known from now on.
  bench.Client(CallLine("2", "read_log"));
  EXPECT_EQ(
      bench.Server(AnswerOf("2", "using c4n4ry-S3cret")).bytes.find("c4n4ry"),
      std::string::npos);
}

TEST(AnswerMask, MasksWhatOneShapesOneself) {
  GateBench bench;
  bench.Client(CallLine("1", "secret_get", R"({"output":"jsonpath={.data}"})"));
  EXPECT_EQ(
      bench.Server(AnswerOf("1", "NAME TYPE DATA AGE")).bytes.find("NAME TYPE"),
      std::string::npos);
}

TEST(AnswerMask, RemembersForTheTrailToo) {
  GateBench bench;
  bench.Client(CallLine("1", "secret_get"));
  bench.Server(AnswerOf("1", kBase64));
  bench.Client(CallLine("2", "read_x", R"({"text":"-W c4n4ry-S3cret"})"));
  bench.Server(AnswerOf("2", "ok"));
  for (const audit::Record& record : bench.records()) {
    EXPECT_EQ(audit::WritePayload(record).find("c4n4ry"), std::string::npos);
  }
}

TEST(AnswerMask, MasksErrorsAndWhatIsToldMeanwhile) {
  GateBench bench;
  bench.Client(CallLine("1", "secret_get"));
  const std::string told =
      R"({"jsonrpc":"2.0","method":"notifications/message","params":)"
      R"({"level":"info","data":"read )" +
      std::string(kBase64) + R"("}})";
  EXPECT_EQ(bench.Server(told).bytes.find(kBase64), std::string::npos);
  const Verdict verdict = bench.Server(
      R"({"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":)"
      R"("token=c4n4ry-S3cret is bad"}})");
  EXPECT_EQ(verdict.bytes.find("c4n4ry"), std::string::npos);
  EXPECT_NE(verdict.bytes.find("-32603"), std::string::npos);
  // Where no secret is awaited, it is a log as any other.
  GateBench other;
  EXPECT_EQ(other.Server(told).bytes, told + "\n");
}

TEST(AnswerMask, SaysThatATextCarriedControls) {
  GateBench bench;
  bench.Client(CallLine("1", "read_log"));
  const Verdict verdict = bench.Server(AnswerOf("1", "a\\u001b[31mred\\u202e"));
  EXPECT_NE(verdict.bytes.find(R"("text":"ared")"), std::string::npos);
  EXPECT_NE(LastRecord(bench).find(R"("controls":2)"), std::string::npos);
}

TEST(AnswerMask, StripsListsAndKeepsTheirProperties) {
  GateBench bench;
  bench.Client(R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})");
  const Verdict verdict = bench.Server(
      R"({"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"read_x",)"
      R"("description":"x\udb40\udc41","inputSchema":{"type":"object",)"
      R"("properties":{"password":{"type":"string"}}}}]}})");
  EXPECT_NE(verdict.bytes.find(R"("description":"x")"), std::string::npos)
      << verdict.bytes;
  EXPECT_NE(verdict.bytes.find(R"({"password":{"type":"string"}})"),
            std::string::npos);
}

// Only token formats were masked in them, as in a listing.
TEST(AnswerMask, MasksWhatAServerAsksAModelOrAPerson) {
  GateBench bench;
  (void)bench.Client(
      Handshake(R"({"sampling":{"tools":{}},"elicitation":{}})"));
  const std::string sampling =
      bench
          .Server(
              R"({"jsonrpc":"2.0","id":7,"method":"sampling/createMessage",)"
              R"("params":{"maxTokens":9,"includeContext":"none",)"
              R"("messages":[{"role":"user","content":{"type":"text",)"
              R"("text":"kind: Secret\nstringData:\n  user: c4n4ry\n"}},)"
              R"({"role":"user","content":{"type":"text",)"
              R"("text":"password: swordfish99"}}],"tools":[{"name":"t",)"
              R"("inputSchema":{"properties":{"password":{"type":)"
              R"("string"}}}}]}})")
          .bytes;
  EXPECT_EQ(sampling.find("c4n4ry"), sampling.npos) << sampling;
  EXPECT_EQ(sampling.find("swordfish99"), sampling.npos) << sampling;
  EXPECT_NE(sampling.find(R"({"password":{"type":"string"}})"), sampling.npos);
  const std::string form =
      R"({"jsonrpc":"2.0","id":8,"method":"elicitation/create","params":{)"
      R"("message":"Your password?","requestedSchema":{"type":"object",)"
      R"("properties":{"password":{"type":"string","description":)"
      R"("password: of the database"}},"required":["password"]}}})";
  EXPECT_EQ(Describe(bench.Server(form)), "forward " + form + "\n");
}

TEST(AnswerMask, MasksAllThatIsAskedWhileASecretIsAwaited) {
  GateBench bench;
  (void)bench.Client(Handshake(R"({"elicitation":{}})"));
  bench.Client(CallLine("1", "secret_get"));
  const std::string asked =
      bench
          .Server(R"({"jsonrpc":"2.0","id":8,"method":"elicitation/create",)"
                  R"("params":{"mode":"form","message":"is it c4n4ry?",)"
                  R"("requestedSchema":{"type":"object","properties":{)"
                  R"("user":{"type":"string","default":"c4n4ry"}},)"
                  R"("required":["user"]}}})")
          .bytes;
  EXPECT_EQ(asked.find("c4n4ry"), asked.npos) << asked;
  EXPECT_NE(asked.find(R"("mode":"form")"), asked.npos) << asked;
  EXPECT_NE(asked.find(R"("user":{"type":"string",)"), asked.npos) << asked;
  EXPECT_NE(asked.find(R"("required":["user"])"), asked.npos) << asked;
}

// With the meta of 2026-07-28; `members` end in a comma.
std::string Modern(std::string_view id, std::string_view method,
                   std::string_view members) {
  return R"({"jsonrpc":"2.0","id":)" + std::string(id) + R"(,"method":")" +
         std::string(method) + R"(","params":{)" + std::string(members) +
         R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
         R"("io.modelcontextprotocol/clientCapabilities":{}}}})";
}

// A call of that tool, which its server makes the task t.
void BecomesTask(GateBench& bench, std::string_view id, std::string_view tool) {
  (void)bench.Client(
      Modern(id, "tools/call",
             R"("name":")" + std::string(tool) + R"(","arguments":{},)"));
  (void)bench.Server(R"({"jsonrpc":"2.0","id":)" + std::string(id) +
                     R"(,"result":{"resultType":"task","taskId":"t",)"
                     R"("status":"working"}})");
}

std::string TaskNote(std::string_view task) {
  return R"({"jsonrpc":"2.0","method":"notifications/tasks","params":{)"
         R"("taskId":")" +
         std::string(task) +
         R"(","status":"completed","result":{"content":[{"type":"text",)"
         R"("text":"c4n4ry-S3cret"}]}}})";
}

constexpr const char* kLogged =
    R"({"jsonrpc":"2.0","method":"notifications/message","params":)"
    R"({"level":"info","data":"read c4n4ry-S3cret"}})";

TEST(AnswerMask, MasksTheResultThatATasksNoteBrings) {
  GateBench bench;
  BecomesTask(bench, "1", "secret_get");
  const std::string told = bench.Server(TaskNote("t")).bytes;
  EXPECT_EQ(told.find("c4n4ry"), told.npos) << told;
  EXPECT_NE(told.find(R"("taskId":"t","status":"completed")"), told.npos);
  GateBench ordinary;
  BecomesTask(ordinary, "1", "read_pod");
  EXPECT_EQ(ordinary.Server(TaskNote("t")).bytes, TaskNote("t") + "\n");
  const std::string unknown = ordinary.Server(TaskNote("u")).bytes;
  EXPECT_EQ(unknown.find("c4n4ry"), unknown.npos) << unknown;
}

TEST(AnswerMask, ATaskOfASecretKeepsItsTimes) {
  GateBench bench;
  (void)bench.Client(
      Modern("1", "tools/call", R"("name":"secret_get","arguments":{},)"));
  const std::string task =
      R"({"jsonrpc":"2.0","id":1,"result":{"resultType":"task","taskId":"t",)"
      R"("status":"working","createdAt":"2026-07-28T00:00:00Z",)"
      R"("lastUpdatedAt":"2026-07-28T00:00:00Z","ttlMs":null}})";
  EXPECT_EQ(bench.Server(task).bytes, task + "\n");
}

TEST(AnswerMask, MasksWhatIsLoggedUntilASecretTaskHasEnded) {
  GateBench bench;
  BecomesTask(bench, "1", "secret_get");
  EXPECT_EQ(bench.Server(kLogged).bytes.find("c4n4ry"), std::string::npos);
  EXPECT_TRUE(bench.session.AwaitsSecrets());
  (void)bench.Client(Modern("2", "tasks/get", R"("taskId":"t",)"));
  (void)bench.Server(
      R"({"jsonrpc":"2.0","id":2,"result":{"taskId":"t","status":"failed"}})");
  EXPECT_FALSE(bench.session.AwaitsSecrets());
  BecomesTask(bench, "3", "secret_get");
  EXPECT_TRUE(bench.session.AwaitsSecrets());
  (void)bench.Server(TaskNote("t"));
  EXPECT_FALSE(bench.session.AwaitsSecrets());
}

// The id kept the origin of the call that had it first.
TEST(AnswerMask, ATasksIdThatComesAgainIsAsSecretAsTheMoreSecretCall) {
  for (const bool secret_first : {false, true}) {
    GateBench bench;
    BecomesTask(bench, "1", secret_first ? "secret_get" : "read_pod");
    (void)bench.Client(Modern("3", "tasks/get", R"("taskId":"t",)"));
    BecomesTask(bench, "2", secret_first ? "reveal_get" : "secret_get");
    const std::string polled =
        bench.Server(AnswerOf("3", "c4n4ry-S3cret")).bytes;
    EXPECT_EQ(polled.find("c4n4ry"), polled.npos) << polled;
    const std::string told = bench.Server(TaskNote("t")).bytes;
    EXPECT_EQ(told.find("c4n4ry"), told.npos) << told;
  }
}

// The link was masked, and led the person nowhere.
TEST(AnswerMask, ALinkReachesThePersonWholeAndTheTrailWithoutItsQuery) {
  GateBench bench;
  (void)bench.Client(
      R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{)"
      R"("protocolVersion":"2025-11-25",)"
      R"("capabilities":{"elicitation":{"url":{}}}}})");
  const std::string line =
      R"({"jsonrpc":"2.0","id":7,"method":"elicitation/create","params":{)"
      R"("mode":"url","elicitationId":"e","message":"sign in",)"
      R"("url":"https://a.example/login?token=c4n4ry-S3cret"}})";
  EXPECT_EQ(Describe(bench.Server(line)), "forward " + line + "\n");
  const std::string record = LastRecord(bench);
  EXPECT_NE(record.find("a link: https://a.example/login?"), record.npos)
      << record;
  EXPECT_EQ(record.find("c4n4ry"), record.npos) << record;
}

}  // namespace
}  // namespace gatehouse
