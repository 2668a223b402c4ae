// SPDX-License-Identifier: Apache-2.0
#include "proxy/session.h"

#include <gtest/gtest.h>

#include "tests/proxy/line_fixture.h"
#include "tests/support/fake_clock.h"

namespace gatehouse {
namespace {

InFlight Asked(std::string id, int second = 0) {
  InFlight request;
  request.id = {std::move(id)};
  request.method = "ping";
  request.since += std::chrono::seconds(second);
  return request;
}

TEST(Session, TheEraIsThatOfEachRequest) {
  const Message modern = MessageOf(
      R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":)"
      R"({"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}})");
  EXPECT_EQ(EraOf(modern), Era::kModern);
  EXPECT_EQ(RevisionOf(modern), "2026-07-28");
  for (const char* legacy :
       {R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})",
        R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}})",
        R"({"jsonrpc":"2.0","id":1,"method":"x","params":{"_meta":{}}})"}) {
    EXPECT_EQ(EraOf(MessageOf(legacy)), Era::kLegacy) << legacy;
  }
}

TEST(Session, RefusesAnIdThatEqualsOneInFlight) {
  Session session;
  EXPECT_EQ(session.Admit(Asked("1")), Admission::kAdmitted);
  EXPECT_EQ(session.Admit(Asked("1")), Admission::kIdInUse);
  EXPECT_EQ(session.Admit(Asked("\"1\"")), Admission::kIdInUse);
  EXPECT_EQ(session.Admit(Asked("\"a\"")), Admission::kAdmitted);
  EXPECT_EQ(session.Admit(Asked("2")), Admission::kAdmitted);
  EXPECT_EQ(session.in_flight(), 3u);
}

TEST(Session, AnAnswerMustHaveTheIdsTypeAndConsumesIt) {
  Session session;
  ASSERT_EQ(session.Admit(Asked("1")), Admission::kAdmitted);
  EXPECT_EQ(session.Find({"\"1\""}), nullptr);
  EXPECT_FALSE(session.Take({"\"1\""}).has_value());
  EXPECT_NE(session.Find({"1"}), nullptr);
  EXPECT_TRUE(session.Take({"1"}).has_value());
  EXPECT_FALSE(session.Take({"1"}).has_value());
  EXPECT_EQ(session.Admit(Asked("1")), Admission::kAdmitted);
}

TEST(Session, HoldsNoMoreThanItsCap) {
  Session session;
  for (std::size_t i = 0; i < kMaxInFlight; ++i) {
    ASSERT_EQ(session.Admit(Asked(std::to_string(i))), Admission::kAdmitted);
  }
  EXPECT_EQ(session.Admit(Asked("-1")), Admission::kFull);
  (void)session.Take({"5"});
  EXPECT_EQ(session.Admit(Asked("-1")), Admission::kAdmitted);
}

// Servers need not answer what was cancelled: it must not fill the session.
TEST(Session, ForgetsTheFirstCancelledBeyondItsCap) {
  Session session;
  const FakeClock clock;
  const auto cancel = [&](const std::string& id) {
    EXPECT_EQ(session.Admit(Asked(id)), Admission::kAdmitted);
    return session.NoteCancelled(*session.Find({id}), clock.MonotonicNow());
  };
  for (std::size_t i = 0; i < kMaxCancelled; ++i) {
    EXPECT_FALSE(cancel(std::to_string(i)).has_value());
  }
  EXPECT_EQ(session.in_flight(), kMaxCancelled);
  EXPECT_EQ(cancel("a").value().id, RpcId{"0"});
  EXPECT_EQ(session.in_flight(), kMaxCancelled);
  // One that was answered has gone by itself, and its id may be in use again.
  (void)session.Take({"1"});
  EXPECT_FALSE(cancel("b").has_value());
  (void)session.Take({"2"});
  EXPECT_EQ(session.Admit(Asked("2")), Admission::kAdmitted);
  EXPECT_FALSE(cancel("c").has_value());
  EXPECT_NE(session.Find({"2"}), nullptr);
  EXPECT_EQ(cancel("d").value().id, RpcId{"3"});
}

// Its answer may still come, and would be taken for that of the next.
TEST(Session, GivesAForgottenIdToNobodyElse) {
  Session session;
  const FakeClock clock;
  for (std::size_t i = 0; i <= kMaxCancelled; ++i) {
    const RpcId id{std::to_string(i)};
    ASSERT_EQ(session.Admit(Asked(id.text)), Admission::kAdmitted);
    (void)session.NoteCancelled(*session.Find(id), clock.MonotonicNow());
  }
  EXPECT_EQ(session.in_flight(), kMaxCancelled);
  EXPECT_EQ(session.Admit(Asked("0")), Admission::kIdInUse);
  EXPECT_EQ(session.Admit(Asked("\"0\"")), Admission::kIdInUse);
}

TEST(Session, ForgetsNothingThatOthersAreJudgedOrMaskedBy) {
  Session session;
  const FakeClock clock;
  const auto cancel = [&](InFlight request) {
    const RpcId id = request.id;
    ASSERT_EQ(session.Admit(std::move(request)), Admission::kAdmitted);
    (void)session.NoteCancelled(*session.Find(id), clock.MonotonicNow());
  };
  InFlight secret = Asked("\"secret\"");
  secret.origin = audit::Origin::kSecret;
  cancel(std::move(secret));
  InFlight config = Asked("\"config\"");
  ASSERT_EQ(session.Admit(config), Admission::kAdmitted);
  session.SetConfigPending(*session.Find(config.id));
  (void)session.NoteCancelled(*session.Find(config.id), clock.MonotonicNow());
  for (std::size_t i = 0; i < 2 * kMaxCancelled; ++i) {
    cancel(Asked(std::to_string(i)));
  }
  EXPECT_NE(session.Find({"\"secret\""}), nullptr);
  EXPECT_NE(session.Find({"\"config\""}), nullptr);
  EXPECT_TRUE(session.AwaitsSecrets());
  EXPECT_TRUE(session.ConfigPending(clock.MonotonicNow()));
}

TEST(Session, ForgetsNoMoreThanItsCap) {
  Session session;
  const FakeClock clock;
  std::size_t forgotten = 0;
  for (std::size_t i = 0; i < kMaxForgotten + 2 * kMaxCancelled; ++i) {
    const RpcId id{std::to_string(i)};
    ASSERT_EQ(session.Admit(Asked(id.text)), Admission::kAdmitted);
    InFlight& request = *session.Find(id);
    if (session.NoteCancelled(request, clock.MonotonicNow())) ++forgotten;
  }
  EXPECT_EQ(forgotten, kMaxForgotten);
  EXPECT_EQ(session.in_flight(), 2 * kMaxCancelled);
}

TEST(Session, GivesBackAllInTheOrderTheyCame) {
  Session session;
  ASSERT_EQ(session.Admit(Asked("3", 1)), Admission::kAdmitted);
  ASSERT_EQ(session.Admit(Asked("1", 2)), Admission::kAdmitted);
  ASSERT_EQ(session.Admit(Asked("2", 0)), Admission::kAdmitted);
  std::string order;
  for (const InFlight& request : session.TakeAll()) order += request.id.text;
  EXPECT_EQ(order, "231");
  EXPECT_EQ(session.in_flight(), 0u);
}

TEST(Session, RemembersWhatTheClientSaidOfItself) {
  Session session;
  EXPECT_FALSE(session.initialized());
  session.Initialize(
      MessageOf(R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{)"
                R"("protocolVersion":"2025-06-18","capabilities":{"roots":{}},)"
                R"("clientInfo":{"name":"desk","version":"1.2"}}})"));
  EXPECT_TRUE(session.initialized());
  EXPECT_EQ(session.client_name(), "desk");
  EXPECT_EQ(session.client_version(), "1.2");
  EXPECT_EQ(session.revision(), "2025-06-18");
  EXPECT_TRUE(session.features().Has(ClientFeature::kRoots));
  EXPECT_FALSE(session.features().Has(ClientFeature::kSampling));
  session.Initialize(
      MessageOf(R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{)"
                R"("capabilities":{"sampling":{}}}})"));
  EXPECT_FALSE(session.features().Has(ClientFeature::kRoots));
}

TEST(Session, BeforeItHadANameContextCameWithSampling) {
  struct Row {
    std::string revision;
    std::string capabilities;
    bool context;
  };
  for (const Row& row : {Row{"2025-06-18", R"({"sampling":{}})", true},
                         Row{"2025-06-18", R"({"roots":{}})", false},
                         Row{"2025-11-25", R"({"sampling":{}})", false}}) {
    Session session;
    session.Initialize(MessageOf(
        R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{)"
        R"("protocolVersion":")" +
        row.revision + R"(","capabilities":)" + row.capabilities + "}}"));
    EXPECT_EQ(session.features().Has(ClientFeature::kSamplingContext),
              row.context)
        << row.revision << row.capabilities;
  }
}

TEST(Session, ReadsTheClientOfAModernRequest) {
  Session session;
  session.NoteClient(MessageOf(
      R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a",)"
      R"("_meta":{"io.modelcontextprotocol/clientInfo":{"name":"ide"}}}})"));
  EXPECT_EQ(session.client_name(), "ide");
  EXPECT_FALSE(session.initialized());
}

TEST(Session, AServersRequestIsAnsweredOnce) {
  Session session;
  EXPECT_FALSE(session.TakeExpected({"1"}));
  EXPECT_TRUE(session.ExpectAnswer({"1"}));
  EXPECT_FALSE(session.ExpectAnswer({"1"}));
  EXPECT_FALSE(session.TakeExpected({"\"1\""}));
  EXPECT_TRUE(session.TakeExpected({"1"}));
  EXPECT_FALSE(session.TakeExpected({"1"}));
  for (std::size_t i = 0; i < kMaxServerRequests; ++i) {
    ASSERT_TRUE(session.ExpectAnswer({std::to_string(i)}));
  }
  EXPECT_FALSE(session.ExpectAnswer({"-1"}));
}

// What a client or a server can make the session remember has an end.
TEST(Session, RemembersSoManyTasksSubscriptionsAndRoundsAndNoMore) {
  constexpr int kMost = 10'000;
  Session session;
  const auto name = [](int i) { return "t" + std::to_string(i); };
  for (int i = 0; i < kMost; ++i) {
    session.BindTask(name(i), {"call", "tool"});
    session.Subscribe(name(i));
    session.BeginRound(name(i), "call");
  }
  EXPECT_NE(session.FindTask(name(kMost - 1)), nullptr);
  EXPECT_TRUE(session.Subscribed(name(kMost - 1)));
  EXPECT_EQ(session.RoundOf(name(0)), "call");
  // Of tasks and subscriptions the later are not known.
  session.BindTask(name(kMost), {"call", "tool"});
  session.Subscribe(name(kMost));
  EXPECT_EQ(session.FindTask(name(kMost)), nullptr);
  EXPECT_FALSE(session.AwaitsSecrets());
  session.BindTask(name(kMost), {"call", "tool", audit::Origin::kStrict});
  EXPECT_TRUE(session.AwaitsSecrets()) << "nobody sees the end of that one";
  EXPECT_FALSE(session.Subscribed(name(kMost)));
  EXPECT_NE(session.FindTask(name(0)), nullptr);
  // Rounds are a note in the trail only: the earlier are forgotten.
  session.BeginRound(name(kMost), "later");
  EXPECT_EQ(session.RoundOf(name(kMost)), "later");
  EXPECT_EQ(session.RoundOf(name(0)), "");
}

// A server that took back each of its requests could soon ask nothing more.
TEST(Session, ARequestThatIsTakenBackFreesItsPlaceAndItsAnswerMayBeLate) {
  Session session;
  for (std::size_t i = 0; i <= kMaxServerRequests; ++i) {
    const RpcId id{std::to_string(i)};
    ASSERT_TRUE(session.ExpectAnswer(id)) << i;
    ASSERT_TRUE(session.TakeBack(id)) << i;
  }
  const RpcId last{std::to_string(kMaxServerRequests)};
  EXPECT_FALSE(session.TakeBack(last));
  EXPECT_FALSE(session.TakeExpected(last));
  EXPECT_FALSE(session.ExpectAnswer(last)) << "its answer may still come";
  EXPECT_TRUE(session.TakeLate(last));
  EXPECT_FALSE(session.TakeLate(last));
  EXPECT_TRUE(session.ExpectAnswer(last));
  EXPECT_FALSE(session.TakeLate({"0"})) << "only the last are remembered";
}

TEST(Session, AwaitsTheSecretsOfATaskUntilItEnds) {
  Session session;
  session.BindTask("plain", {"call", "tool"});
  session.BindTask("seen", {"call", "tool", audit::Origin::kStrict, true});
  EXPECT_FALSE(session.AwaitsSecrets());
  session.BindTask("t", {"call", "tool", audit::Origin::kStrict});
  EXPECT_TRUE(session.AwaitsSecrets());
  session.EndTask("plain");
  EXPECT_TRUE(session.AwaitsSecrets());
  session.EndTask("t");
  EXPECT_FALSE(session.AwaitsSecrets());
  ASSERT_NE(session.FindTask("t"), nullptr);
}

TEST(Session, AnIdOfATaskThatComesAgainIsTheNewerCalls) {
  Session session;
  session.BindTask("t", {"first", "tool", audit::Origin::kOrdinary, true});
  EXPECT_TRUE(session.TakeTaskNews("t", "completed"));
  session.BindTask("t", {"second", "other", audit::Origin::kStrict, false});
  const TaskOrigin* task = session.FindTask("t");
  ASSERT_NE(task, nullptr);
  EXPECT_EQ(task->call, "second");
  EXPECT_EQ(task->origin, audit::Origin::kStrict);
  EXPECT_FALSE(task->reveals);
  session.BindTask("t", {"third", "tool", audit::Origin::kOrdinary, true});
  EXPECT_EQ(session.FindTask("t")->origin, audit::Origin::kStrict);
  EXPECT_FALSE(session.FindTask("t")->reveals);
  EXPECT_TRUE(session.TakeTaskNews("t", "completed"));
}

TEST(Session, ATasksNewsIsToldOnce) {
  Session session;
  session.BindTask("t", {"call", "tool"});
  EXPECT_TRUE(session.TakeTaskNews("t", "working"));
  EXPECT_FALSE(session.TakeTaskNews("t", "working"));
  EXPECT_TRUE(session.TakeTaskNews("t", "completed"));
  EXPECT_FALSE(session.TakeTaskNews("of nobody", "completed"));
}

}  // namespace
}  // namespace gatehouse
