// SPDX-License-Identifier: Apache-2.0
#include "audit/record.h"

#include <gtest/gtest.h>

#include "audit/utc_time.h"
#include "policy/json_value.h"
#include "tests/audit/trail_fixture.h"

namespace gatehouse::audit {
namespace {

TEST(Record, LeavesOutWhatDoesNotApply) {
  EXPECT_EQ(WritePayload({}),
            R"({"stage":"event","time":"1970-01-01T00:00:00.000000000Z"})");
}

TEST(Record, WritesEveryField) {
  Record record = SampleDecision("c");
  record.uid = 0;  // root is worth saying
  record.kube_user = "ku";
  record.context = "cx";
  record.client_name = "cn";
  record.client_version = "cv";
  record.event = "ev";
  record.protocol_version = "pv";
  record.unclear = Unclear{"why", "arg"};
  record.arguments_digest = "ad";
  record.traceparent = "tp";
  record.decision->observed = {Effect::kAsk, "other"};
  record.outcome = Outcome::kToolError;
  record.bytes = 7;
  record.duration_us = 8;
  record.decision->reveals = true;
  record.result_digest = "rd";
  record.masked = {{"jwt", 1}, {"secret", 2}};
  record.controls = 3;
  record.detail = "de\u00ab\"\n";
  const std::string text = WritePayload(record);
  const Result<JsonValue> value = ParseJson(text);
  ASSERT_TRUE(value.ok()) << text;
  for (
      const char* part :
      {R"("uid":0)",
       R"("pid":42)",
       R"("kube_user":"ku")",
       R"("context":"cx")",
       R"("client":{"name":"cn","version":"cv","self_reported":true})",
       R"("event":"ev")",
       R"("method":"tools/call")",
       R"("protocol_version":"pv")",
       R"("rpc_id":1)",
       R"("server":"sample-server")",
       R"("tool":"pods_list")",
       R"("unclear":{"reason":"why","argument":"arg"})",
       R"("arguments":{"namespace":"dev"})",
       R"("arguments_digest":"ad")",
       R"("traceparent":"tp")",
       R"("decision":"allow","code":"allowed")",
       R"("rule":"a-rule","sentence":"because","deciding_request":0)",
       R"("enforced":true,"reveals":true,"observed":{"decision":"ask","rule":"other"})",
       R"("policy":"sha256:00","mode":"enforce")",
       R"("outcome":"tool-error","bytes":7,"duration_us":8)",
       R"("result_digest":"rd","masked":{"jwt":1,"secret":2},"controls":3)",
       R"("detail":"de\u00ab\"\n")"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
}

TEST(Record, MakesUuidsOfVersionSevenInOrderOfTime) {
  const std::string early = NewUuidV7(1'000);
  const std::string late = NewUuidV7(1'700'000'000'000);
  EXPECT_LT(early, late);
  for (const std::string& uuid : {early, late}) {
    ASSERT_EQ(uuid.size(), 36u);
    EXPECT_EQ(uuid[14], '7');
    EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos);
  }
  EXPECT_NE(NewUuidV7(1'000), early);
  EXPECT_TRUE(late.starts_with("018bcfe5-6800-7"));
}

TEST(UtcTime, FormatsNanosecondsAndTimesBefore1970) {
  EXPECT_EQ(FormatUtc(1'767'225'600'000'000'001),
            "2026-01-01T00:00:00.000000001Z");
  EXPECT_EQ(FormatUtc(-1), "1969-12-31T23:59:59.999999999Z");
}

}  // namespace
}  // namespace gatehouse::audit
