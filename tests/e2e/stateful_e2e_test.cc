// SPDX-License-Identifier: Apache-2.0
// What of a session is more than one question and one answer, through the real
// guard: tools that change with the policy, subscriptions, rounds of input,
// tasks. The server is the fake one, which keeps every byte that reached it.

#include <gtest/gtest.h>
#include <signal.h>

#include <string>

#include "tests/e2e/e2e_fixture.h"
#include "tests/support/guard_process.h"

namespace gatehouse {
namespace {

using testing::GuardProcess;
using testing::GuardSpec;
using testing::Holds;
using testing::TemporaryFolder;
using testing::WriteFile;

constexpr std::string_view kMeta =
    R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
    R"("io.modelcontextprotocol/clientCapabilities":{"extensions":)"
    R"({"io.modelcontextprotocol/tasks":{}}}})";
constexpr std::string_view kListChanged = "notifications/tools/list_changed";

std::string Asks(int id, std::string_view method, std::string_view params) {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":")" +
         std::string(method) + R"(","params":{)" + std::string(params) + "}}";
}

std::string Modern(std::string_view params) {
  return std::string(params) + "," + std::string(kMeta);
}

class Stateful : public ::testing::Test {
 protected:
  Stateful() {
    spec_.options = {"--policy", folder_.File("policy.yaml"), "--profile",
                     "sample-server"};
    Put("- {id: look, allow: read}");
  }
  void Put(std::string_view rules) const {
    WriteFile(folder_.File("policy.yaml"),
              "apiVersion: gatehouse/v1\nkind: Policy\nname: p\nrules:\n" +
                  std::string(rules) + "\n");
  }
  void Serve(std::string_view result) {
    WriteFile(folder_.File("result"), std::string(result));
    spec_.environment = {{"FAKE_SERVER_RESULT", folder_.File("result")}};
  }
  static std::string Ask(GuardProcess& guard, int id, std::string_view method,
                         std::string_view params) {
    EXPECT_TRUE(guard.WriteLine(Asks(id, method, params)));
    return guard.ReadLineWith("\"id\":" + std::to_string(id) + ",")
        .value_or(guard.Stderr());
  }

  TemporaryFolder folder_;
  GuardSpec spec_;
};

TEST_F(Stateful, AReloadIsToldToClientsThatShookHands) {
  spec_.environment = {{"FAKE_SERVER_TELLS", "1"}};
  GuardProcess guard(spec_);
  const std::string hello =
      Ask(guard, 1, "initialize",
          R"("protocolVersion":"2025-11-25","capabilities":{},)"
          R"("clientInfo":{"name":"t","version":"1"})");
  ASSERT_TRUE(Holds(hello, R"("listChanged":true)")) << hello;
  EXPECT_FALSE(Holds(Ask(guard, 2, "tools/list", ""), "delete_resource"));
  Put("- {id: all, allow: [read, delete]}");
  guard.Signal(SIGHUP);
  const auto told = guard.ReadLineWith(kListChanged);
  ASSERT_TRUE(told.has_value()) << guard.Stderr();
  EXPECT_EQ(*told, R"({"jsonrpc":"2.0","method":")" +
                       std::string(kListChanged) + R"("})");
  EXPECT_TRUE(Holds(Ask(guard, 3, "tools/list", ""), "delete_resource"));
  EXPECT_FALSE(Holds(guard.Received(), kListChanged))
      << "the server's business";
}

TEST_F(Stateful, AReloadIsToldOnTheStreamsThatTheServerAgreedTo) {
  spec_.environment = {{"FAKE_SERVER_TELLS", "1"}};
  GuardProcess guard(spec_);
  const std::string acknowledged = "subscriptions/acknowledged";
  ASSERT_TRUE(guard.WriteLine(
      Asks(5, "subscriptions/listen",
           Modern(R"("notifications":{"toolsListChanged":true})"))));
  ASSERT_TRUE(guard.ReadLineWith(acknowledged).has_value());
  ASSERT_TRUE(guard.WriteLine(
      Asks(6, "subscriptions/listen",
           Modern(R"("notifications":{"promptsListChanged":true})"))));
  ASSERT_TRUE(guard.ReadLineWith(acknowledged).has_value());
  Put("- {id: shut, deny: any}");
  guard.Signal(SIGHUP);
  const auto told = guard.ReadLineWith(kListChanged);
  ASSERT_TRUE(told.has_value()) << guard.Stderr();
  EXPECT_TRUE(Holds(*told, R"("io.modelcontextprotocol/subscriptionId":5)"))
      << *told;
  // Nothing more: the other stream did not ask for it.
  ASSERT_TRUE(guard.WriteLine(Asks(7, "ping", "")));
  const auto next = guard.ReadLine();
  ASSERT_TRUE(next.has_value());
  EXPECT_TRUE(Holds(*next, "\"id\":7")) << *next;
}

TEST_F(Stateful, AServerThatDidNotDeclareItIsNotSpokenFor) {
  GuardProcess guard(spec_);
  (void)Ask(guard, 1, "initialize",
            R"("protocolVersion":"2025-11-25","capabilities":{},)"
            R"("clientInfo":{"name":"t","version":"1"})");
  Put("- {id: shut, deny: any}");
  guard.Signal(SIGHUP);
  const std::string denied =
      Ask(guard, 2, "tools/call",
          R"("name":"list_pods","arguments":{"namespace":"dev"})");
  EXPECT_TRUE(Holds(denied, "denied-by-rule")) << denied;
  ASSERT_TRUE(guard.WriteLine(Asks(3, "ping", "")));
  const auto next = guard.ReadLine();
  ASSERT_TRUE(next.has_value());
  EXPECT_TRUE(Holds(*next, "\"id\":3")) << *next;
}

TEST_F(Stateful, ASubscriptionIsJudgedByEachOfItsUris) {
  Put("- {id: docs, allow: unclear, uris: 'docs://*'}");
  spec_.environment = {{"FAKE_SERVER_TELLS", "1"}};
  GuardProcess guard(spec_);
  const auto listens = [&guard](int id, const std::string& uris) {
    EXPECT_TRUE(guard.WriteLine(
        Asks(id, "subscriptions/listen",
             Modern(R"("notifications":{"resourceSubscriptions":[)" + uris +
                    "]}"))));
    return guard.ReadLine().value_or(guard.Stderr());
  };
  EXPECT_TRUE(Holds(listens(1, R"("docs://a","docs://b")"), "acknowledged"));
  EXPECT_TRUE(Holds(listens(2, R"("docs://a","k8s://dev/pods")"), "\"error\""));
  EXPECT_TRUE(Holds(listens(3, R"("docs://../b")"), "malformed"));
  EXPECT_TRUE(Holds(guard.Received(), R"(["docs://a","docs://b"])"));
  EXPECT_FALSE(Holds(guard.Received(), "k8s://"));
  EXPECT_FALSE(Holds(guard.Received(), ".."));
}

TEST_F(Stateful, EachRoundOfInputIsJudgedAnew) {
  Serve(R"({"resultType":"input_required","requestState":"s",)"
        R"("inputRequests":{"a":{"method":"roots/list","params":{}}}})");
  GuardProcess guard(spec_);
  const auto declaring = [](const std::string& params) {
    return params +
           R"(,"_meta":{"io.modelcontextprotocol/protocolVersion":)"
           R"("2026-07-28",)"
           R"("io.modelcontextprotocol/clientCapabilities":{"roots":{}}})";
  };
  const std::string call =
      R"("name":"list_pods","arguments":{"namespace":"dev"})";
  const std::string answer =
      R"(,"inputResponses":{"a":{"roots":[]}},"requestState":"s")";
  EXPECT_TRUE(
      Holds(Ask(guard, 1, "tools/call", declaring(call)), "input_required"));
  EXPECT_TRUE(Holds(Ask(guard, 2, "tools/call", declaring(call + answer)),
                    "input_required"));
  // What was let through once is not let through for ever.
  Put("- {id: shut, deny: any}");
  const std::string before = guard.Received();
  EXPECT_TRUE(Holds(Ask(guard, 3, "tools/call", declaring(call + answer)),
                    "denied-by-rule"));
  EXPECT_EQ(guard.Received(), before);
  guard.CloseInput();
  EXPECT_EQ(guard.WaitForExit(), 0);
  const auto second =
      testing::RunGatehouse({"audit", "show", "5", "--db", guard.database()});
  EXPECT_TRUE(Holds(second.output, "a further round of the call"))
      << second.output;
}

TEST_F(Stateful, TasksAreThoseThatCallsOfThisSessionBecame) {
  struct Row {
    std::string era;
    std::string result;
    std::string method;
    std::string meta;
  };
  const std::string meta = "," + std::string(kMeta);
  for (const Row& row :
       {Row{"legacy", R"({"task":{"taskId":"t1","status":"working"}})",
            "tasks/result", ""},
        Row{"modern",
            R"({"resultType":"task","taskId":"t1",)"
            R"("status":"working"})",
            "tasks/get", meta}}) {
    SCOPED_TRACE(row.era);
    Serve(row.result);
    GuardProcess guard(spec_);
    const auto of = [&](int id, const std::string& task) {
      return Ask(guard, id, row.method,
                 R"("taskId":")" + task + "\"" + row.meta);
    };
    EXPECT_TRUE(Holds(of(1, "t1"), "not-in-flight")) << "no call became it";
    const std::string task = row.meta.empty() ? R"(,"task":{"ttl":1})" : "";
    (void)Ask(guard, 2, "tools/call",
              R"("name":"list_pods","arguments":{"namespace":"dev"})" + task +
                  row.meta);
    EXPECT_TRUE(Holds(of(3, "t1"), "not found")) << "the server's own answer";
    EXPECT_TRUE(Holds(of(4, "t2"), "not-in-flight"));
    EXPECT_FALSE(Holds(guard.Received(), "t2"));
    // As a call in flight, it keeps the leave that its call was given.
    Put("- {id: shut, deny: any}");
    EXPECT_TRUE(Holds(of(5, "t1"), "not found"));
    Put("- {id: look, allow: read}");
  }
}

TEST_F(Stateful, AToolThatIsListedTwiceIsNeitherShownNorCalled) {
  WriteFile(folder_.File("tools"),
            R"([{"name":"list_pods","inputSchema":{"type":"object"}},)"
            R"({"name":"list_pods","inputSchema":{"type":"object"}},)"
            R"({"name":"echo","inputSchema":{"type":"object"}}])");
  spec_.environment = {{"FAKE_SERVER_TOOLS", folder_.File("tools")}};
  GuardProcess guard(spec_);
  const std::string listed = Ask(guard, 1, "tools/list", "");
  EXPECT_TRUE(Holds(listed, "\"echo\"")) << listed;
  EXPECT_FALSE(Holds(listed, "list_pods")) << listed;
  const std::string refused =
      Ask(guard, 2, "tools/call",
          R"("name":"list_pods","arguments":{"namespace":"dev"})");
  EXPECT_TRUE(Holds(refused, R"("code":"drift")")) << refused;
  EXPECT_FALSE(Holds(guard.Received(), "list_pods"));
}

}  // namespace
}  // namespace gatehouse
