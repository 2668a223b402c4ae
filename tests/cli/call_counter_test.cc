// SPDX-License-Identifier: Apache-2.0
// Calls that are alike are worked out once, and counted as if each had been
// read whole.
#include "cli/call_counter.h"

#include <gtest/gtest.h>

#include "tests/audit/trail_fixture.h"

namespace gatehouse::cli {
namespace {

class CallCounterTest : public ::testing::Test {
 protected:
  static std::vector<const StatsField*> AllFields() {
    std::vector<const StatsField*> fields;
    for (const StatsField& field : StatsFields()) fields.push_back(&field);
    return fields;
  }
  void Add(const audit::Record& record) {
    audit::StoredRecord row;
    row.seq = ++seq_;
    row.time_ns = record.time_ns;
    row.stage = audit::StageName(record.stage);
    row.session = record.session;
    row.call = record.call;
    row.tool = record.tool;
    if (record.decision) {
      row.decision = EffectName(record.decision->effect);
      row.code = CodeName(record.decision->code);
    }
    row.payload = audit::WritePayload(record);
    if (erases_) row.payload.reset();
    counter_.Add(row);
  }
  std::uint64_t CallsOf(const char* field, const std::string& value) {
    for (std::size_t i = 0; i < StatsFields().size(); ++i) {
      if (std::string_view(StatsFields()[i].name) != field) continue;
      for (const ValueCounts& one : stats_.By(i)) {
        if (one.value == value) return one.counts.calls;
      }
    }
    return 0;
  }

  bool erases_ = false;
  audit::Sequence seq_ = 0;
  TrailStats stats_{AllFields()};
  CallCounter counter_{stats_};
};

TEST_F(CallCounterTest, JoinsOutcomesThatComeLater) {
  Add(audit::SampleDecision("a"));
  Add(audit::SampleDecision("b"));
  Add(audit::SampleOutcome("never seen"));
  EXPECT_EQ(stats_.all().calls, 0u);
  Add(audit::SampleOutcome("a"));
  EXPECT_EQ(stats_.all().calls, 1u);
  EXPECT_EQ(stats_.Duration(1), 1500);
  counter_.AddRest();
  EXPECT_EQ(stats_.all().calls, 2u);
  EXPECT_EQ(stats_.outcomes(),
            (std::map<std::string, std::uint64_t>{{"ok", 1}, {"unknown", 1}}));
  EXPECT_EQ(CallsOf("outcome", "unknown"), 1u);
}

// Each differs from the first in one thing that somebody may count by, and in
// all that nobody can.
TEST_F(CallCounterTest, TellsApartWhatIsCountedApart) {
  const auto add = [this](const char* call, const auto& change) {
    audit::Record record = audit::SampleDecision(call);
    record.arguments = std::string("{\"n\":\"") + call + "\"}";
    record.rpc_id = std::string("\"") + call + "\"";
    change(record);
    Add(record);
    Add(audit::SampleOutcome(call));
  };
  using audit::Record;
  add("a", [](Record&) {});
  add("b", [](Record&) {});
  add("c", [](Record& r) { r.tool = "other"; });
  add("d", [](Record& r) { r.session = "session-2"; });
  add("e", [](Record& r) { r.time_ns = 0; });
  add("f", [](Record& r) { r.requests[0].namespace_name = "web"; });
  add("g", [](Record& r) { r.requests.push_back(r.requests[0]); });
  add("h", [](Record& r) { r.decision->rule = "b-rule"; });
  add("i", [](Record& r) { r.client_name = "an \"editor\""; });
  EXPECT_EQ(stats_.all().calls, 9u);
  EXPECT_EQ(CallsOf("tool", "pods_list"), 8u);
  EXPECT_EQ(CallsOf("session", "session-1"), 8u);
  EXPECT_EQ(CallsOf("session", "session-2"), 1u);
  EXPECT_EQ(CallsOf("day", "1970-01-01"), 1u);
  EXPECT_EQ(CallsOf("namespace", "dev"), 8u);
  EXPECT_EQ(CallsOf("namespace", "web"), 1u);
  EXPECT_EQ(CallsOf("rule", "a-rule"), 8u);
  EXPECT_EQ(CallsOf("client", "an \"editor\""), 1u);
}

TEST_F(CallCounterTest, CountsWhatWasNotForwardedAtOnce) {
  audit::Record refused = audit::SampleDecision("a", Effect::kDeny);
  Add(refused);
  refused.decision->enforced = false;
  refused.call = "b";
  Add(refused);
  audit::Record event;
  event.event = "guard start";
  Add(event);
  EXPECT_EQ(stats_.all().calls, 1u);
  EXPECT_EQ(stats_.events().at("guard start"), 1u);
  Add(audit::SampleOutcome("b"));
  EXPECT_EQ(stats_.all().calls, 2u);
  EXPECT_EQ(stats_.all().deny, 2u);
  EXPECT_EQ(stats_.all().observed, 1u);
  EXPECT_EQ(CallsOf("outcome", "ok"), 1u);
}

TEST_F(CallCounterTest, AnEventIsCountedByItsNameAndNotByItsTool) {
  audit::Record news = audit::SampleDecision("a");
  news.stage = audit::Stage::kEvent;
  news.decision.reset();
  news.event = "task news";
  Add(news);
  EXPECT_EQ(stats_.events(),
            (std::map<std::string, std::uint64_t>{{"task news", 1}}));
}

TEST_F(CallCounterTest, CountsByColumnsWherePayloadsWereErased) {
  erases_ = true;
  Add(audit::SampleDecision("a"));
  Add(audit::SampleOutcome("a"));
  EXPECT_EQ(CallsOf("tool", "pods_list"), 1u);
  EXPECT_EQ(CallsOf("rule", "a-rule"), 0u);
  EXPECT_EQ(CallsOf("outcome", "erased"), 1u);
}

// Beyond the kinds that are remembered.
TEST_F(CallCounterTest, CountsManyKindsOfCalls) {
  for (int i = 0; i < 5'050; ++i) {
    audit::Record record = audit::SampleDecision("a");
    record.requests[0].name = std::to_string(i);
    Add(record);
    Add(audit::SampleOutcome("a"));
  }
  EXPECT_EQ(stats_.all().calls, 5'050u);
  EXPECT_EQ(CallsOf("name", "5049"), 1u);
  EXPECT_EQ(CallsOf("namespace", "dev"), 5'050u);
}

}  // namespace
}  // namespace gatehouse::cli
