// SPDX-License-Identifier: Apache-2.0
#include "proxy/call_record.h"

#include <gtest/gtest.h>

#include "tests/proxy/line_fixture.h"
#include "tests/support/gate_bench.h"

namespace gatehouse {
namespace {

struct CallRecordTest : ::testing::Test {
  GateBench bench;
  RecordMaker make{bench.trail, bench.session, bench.redactor};
};

TEST_F(CallRecordTest, ADecisionHoldsWhatWasAskedAndDecided) {
  const Message message =
      MessageOf(R"({"jsonrpc":"2.0","id":"x","method":"tools/call","params":{)"
                R"("name":"read_pod","arguments":{"name":"web"},"_meta":{)"
                R"("io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
                R"("traceparent":"00-abc-def-01"}}})");
  const Judgement judgement =
      bench.judge.Decide({message.tool(), message.arguments()}, {}, {});
  const audit::Record record = make.OfCall(message, judgement, "call-1");
  EXPECT_EQ(record.stage, audit::Stage::kDecision);
  EXPECT_EQ(record.call, "call-1");
  EXPECT_EQ(record.method, "tools/call");
  EXPECT_EQ(record.protocol_version, "2026-07-28");
  EXPECT_EQ(record.rpc_id, "\"x\"");
  EXPECT_EQ(record.tool, "read_pod");
  EXPECT_EQ(record.arguments, R"({"name":"web"})");
  EXPECT_NE(record.arguments_digest, "");
  EXPECT_EQ(record.traceparent, "00-abc-def-01");
  EXPECT_EQ(record.requests, judgement.call.requests);
  ASSERT_TRUE(record.decision.has_value());
  EXPECT_EQ(record.decision->rule, "pods-in-dev");
  EXPECT_EQ(record.policy_hash, "sha256:test");
  EXPECT_EQ(record.mode, "enforce");
  EXPECT_EQ(record.context, "dev");
}

TEST_F(CallRecordTest, ASecretInTheArgumentsIsMasked) {
  const Message message =
      MessageOf(CallLine("1", "read_pod", R"({"password":"hunter2-canary"})"));
  const audit::Record record = make.OfCall(message, {}, "call-1");
  EXPECT_EQ(record.arguments.find("hunter2-canary"), std::string::npos);
  EXPECT_EQ(audit::WritePayload(record).find("hunter2-canary"),
            std::string::npos);
}

TEST_F(CallRecordTest, ARefusalHoldsNoTextOfTheFrame) {
  Refusal refusal;
  refusal.code = Code::kDuplicateKey;
  refusal.sentence = "an object has the same key twice";
  refusal.method = "tools/call";
  refusal.id = RpcId{"7"};
  const audit::Record record = make.OfRefusal(refusal, 99);
  EXPECT_EQ(record.stage, audit::Stage::kDecision);
  EXPECT_EQ(record.decision->effect, Effect::kDeny);
  EXPECT_TRUE(record.decision->enforced);
  EXPECT_EQ(record.decision->code, Code::kDuplicateKey);
  EXPECT_EQ(record.bytes, 99u);
  EXPECT_EQ(record.rpc_id, "7");
  EXPECT_EQ(record.method, "tools/call");
  EXPECT_EQ(record.arguments, "");
}

TEST_F(CallRecordTest, AnOutcomeIsTiedToItsCall) {
  InFlight request;
  request.id = {"5"};
  request.method = "tools/call";
  request.call = "call-9";
  request.tool = "read_pod";
  const audit::Record record =
      make.OfOutcome(request, audit::Outcome::kToolError);
  EXPECT_EQ(record.stage, audit::Stage::kOutcome);
  EXPECT_EQ(record.call, "call-9");
  EXPECT_EQ(record.tool, "read_pod");
  EXPECT_EQ(record.rpc_id, "5");
  EXPECT_EQ(record.outcome, audit::Outcome::kToolError);
  EXPECT_FALSE(record.decision.has_value());
}

}  // namespace
}  // namespace gatehouse
