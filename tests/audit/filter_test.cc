// SPDX-License-Identifier: Apache-2.0
// Each filter over one small trail: what it finds through the reader, so that
// the SQL is tested where it runs.
#include "audit/filter.h"

#include <gtest/gtest.h>

#include <functional>
#include <sstream>

#include "audit/reader.h"
#include "tests/audit/trail_fixture.h"

namespace gatehouse::audit {
namespace {

Request RequestOf(Verb verb, const std::string& resource,
                  const std::string& space, const std::string& name) {
  Request request;
  request.verb = verb;
  request.group = resource == "deployments" ? "apps" : "";
  request.resource = resource;
  request.subresource = "";
  request.namespace_name = space;
  request.name = name;
  return request;
}

Record Call(const std::string& id, std::int64_t time_ns,
            std::vector<Request> requests, Effect effect = Effect::kAllow) {
  Record record = SampleDecision(id, effect);
  record.time_ns = time_ns;
  record.requests = std::move(requests);
  return record;
}

class FilterTest : public TrailTest {
 protected:
  FilterTest() {
    const auto sink = OpenSink();
    // 1: two requests; 2: its end.
    Record first = Call("c1", 10,
                        {RequestOf(Verb::kList, "pods", "dev", ""),
                         RequestOf(Verb::kGet, "deployments", "web", "api")});
    first.context = "stage";
    first.client_name = "an editor";
    first.kube_user = "ada@corp";
    Put(*sink, first);
    Put(*sink, SampleOutcome("c1"));
    // 3: refused; 4: observed, without an end.
    Record refused =
        Call("c2", 30, {RequestOf(Verb::kDelete, "pods", "dev", "api-1")},
             Effect::kDeny);
    refused.decision->rule = "";
    refused.decision->code = Code::kOutsideScope;
    refused.os_user = "bob";
    Put(*sink, refused);
    Record observed = Call("c3", 40, {RequestOf(Verb::kExec, "pods", "", "x")},
                           Effect::kDeny);
    observed.requests[0].subresource = "exec";
    observed.requests[0].all_namespaces = true;
    observed.requests[0].context = "prod";
    observed.decision->enforced = false;
    observed.mode = "observe";
    observed.session = "session-2";
    observed.tool = "pods_exec";
    observed.server = "other-server";
    observed.method = "resources/read";
    Put(*sink, observed);
    Record event;  // 5
    event.event = "guard stop";
    event.time_ns = 50;
    Put(*sink, event);
    event.event = kTrailRead;  // 6
    Put(*sink, event);
    Put(*sink, Call("c4", 60, {}));  // 7; 8: its end, which failed
    Record failed = SampleOutcome("c4");
    failed.outcome = Outcome::kToolError;
    Put(*sink, failed);
    EXPECT_TRUE(sink->Commit(Durability::kNormal).ok());
  }
  static void Put(Sink& sink, const Record& record) {
    EXPECT_TRUE(sink.Append(record).ok());
  }
  std::string Found(const Filter& filter) {
    const auto reader = OpenReader(database_);
    const auto calls = reader.value()->List(filter);
    EXPECT_TRUE(calls.ok()) << calls.error().sentence << ToSql(filter).where;
    std::string text;
    if (!calls.ok()) return text;
    for (const StoredCall& call : calls.value()) {
      text += (text.empty() ? "" : " ") + std::to_string(call.decision.seq);
    }
    return text;
  }
};

struct FilterCase {
  const char* name;
  std::function<void(Filter&)> set;
  const char* found;
};

TEST_F(FilterTest, FindsByEveryField) {
  const FilterCase cases[] = {
      {"nothing", [](Filter&) {}, "1 3 4 5 7"},
      {"reads", [](Filter& f) { f.reads = TrailReads::kTake; }, "1 3 4 5 6 7"},
      {"after", [](Filter& f) { f.after = 3; }, "4 5 7"},
      {"since", [](Filter& f) { f.since_ns = 40; }, "4 5 7"},
      {"until", [](Filter& f) { f.until_ns = 40; }, "1 3"},
      {"stage", [](Filter& f) { f.stage = "event"; }, "5 6"},
      {"stage outcome", [](Filter& f) { f.stage = "outcome"; }, "2 8"},
      {"session", [](Filter& f) { f.session = "session-2"; }, "4"},
      {"session's start", [](Filter& f) { f.session = "session"; }, "1 3 4 7"},
      {"decision", [](Filter& f) { f.decision = "deny"; }, "3 4"},
      {"either", [](Filter& f) { f.decision = "deny,allow"; }, "1 3 4 7"},
      {"code", [](Filter& f) { f.code = "outside-scope"; }, "3"},
      {"rule", [](Filter& f) { f.rule = "a-rule"; }, "1 4 7"},
      {"event", [](Filter& f) { f.event = "guard *"; }, "5"},
      {"event read", [](Filter& f) { f.event = "trail read"; }, "6"},
      {"method", [](Filter& f) { f.method = "resources/*"; }, "4"},
      {"server", [](Filter& f) { f.server = "other-server"; }, "4"},
      {"tool", [](Filter& f) { f.tool = "pods_exec"; }, "4"},
      {"tool, any", [](Filter& f) { f.tool = "pods_*"; }, "1 3 4 7"},
      {"no other wildcard", [](Filter& f) { f.tool = "pods_exe?,[p]*"; }, ""},
      {"verb", [](Filter& f) { f.verb = "delete,exec"; }, "3 4"},
      {"resource", [](Filter& f) { f.resource = "pods"; }, "1 3 4"},
      {"subresource", [](Filter& f) { f.resource = "pods/exec"; }, "4"},
      {"group", [](Filter& f) { f.resource = "deployments.apps"; }, "1"},
      {"group, no", [](Filter& f) { f.resource = "pods.apps"; }, ""},
      {"namespace", [](Filter& f) { f.namespace_name = "dev"; }, "1 3 4"},
      {"two", [](Filter& f) { f.namespace_name = "web,dev"; }, "1 3 4"},
      {"namespace, any", [](Filter& f) { f.namespace_name = "w*"; }, "1 4"},
      {"name", [](Filter& f) { f.name = "api*"; }, "1 3"},
      {"user", [](Filter& f) { f.user = "bob"; }, "3"},
      {"kube user", [](Filter& f) { f.kube_user = "ada@*"; }, "1"},
      {"client", [](Filter& f) { f.client = "an editor"; }, "1"},
      {"context", [](Filter& f) { f.context = "stage"; }, "1"},
      {"a request's", [](Filter& f) { f.context = "prod"; }, "4"},
      {"mode", [](Filter& f) { f.mode = "observe"; }, "4"},
      {"outcome", [](Filter& f) { f.outcome = "ok"; }, "1"},
      {"unknown", [](Filter& f) { f.outcome = "unknown"; }, "4"},
      {"outcomes", [](Filter& f) { f.outcome = "tool-error,unknown"; }, "4 7"},
      {"limit", [](Filter& f) { f.limit = 2; }, "5 7"},
      {"one request must fit all",
       [](Filter& f) {
         f.verb = "list";
         f.resource = "deployments";
       },
       ""},
      {"and does",
       [](Filter& f) {
         f.verb = "get";
         f.namespace_name = "web";
         f.name = "api";
       },
       "1"},
      {"quotes stay text", [](Filter& f) { f.tool = "x' OR '1'='1"; }, ""},
  };
  for (const FilterCase& one : cases) {
    Filter filter;
    one.set(filter);
    EXPECT_EQ(Found(filter), one.found) << one.name;
  }
}

// A payload that is no JSON any more must not hide the other records.
TEST_F(FilterTest, PassesOverPayloadsThatAreNotThere) {
  Tamper(database_, "UPDATE record SET payload = '{' WHERE seq = 1");
  Tamper(database_, "UPDATE record SET payload = NULL WHERE seq = 3");
  Filter filter;
  filter.verb = "list,get,delete,exec";
  EXPECT_EQ(Found(filter), "4");
  filter = {};
  filter.namespace_name = "dev";
  EXPECT_EQ(Found(filter), "1 3 4");
  filter = {};
  filter.outcome = "unknown";
  EXPECT_EQ(Found(filter), "4");
}

TEST_F(FilterTest, FollowsCallsWithTheirOutcomes) {
  const auto reader = OpenReader(database_);
  OpenCalls open;
  Filter filter;
  filter.tool = "pods_list";
  std::string seen;
  const auto visit = [&seen](const StoredRecord& row) {
    seen += std::to_string(row.seq) + " ";
  };
  const auto end = reader.value()->Follow(filter, open, visit);
  EXPECT_EQ(end.value(), 8u);
  EXPECT_EQ(seen, "1 2 3 7 8 ");
  EXPECT_EQ(open, (OpenCalls{"c2"}));

  const auto sink = OpenSink();
  ASSERT_TRUE(sink->Append(SampleOutcome("c2")).ok());
  ASSERT_TRUE(sink->Append(SampleOutcome("c3")).ok());
  ASSERT_TRUE(sink->Commit(Durability::kNormal).ok());
  filter.after = 8;
  seen.clear();
  EXPECT_EQ(reader.value()->Follow(filter, open, visit).value(), 10u);
  EXPECT_EQ(seen, "9 ");
}

}  // namespace
}  // namespace gatehouse::audit
