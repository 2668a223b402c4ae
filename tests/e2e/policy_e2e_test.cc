// SPDX-License-Identifier: Apache-2.0
// The presets at work: what is allowed arrives and is answered by the server;
// what is denied is answered by the guard, and not one byte of it arrives.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/guard_process.h"

namespace gatehouse {
namespace {

using testing::GuardProcess;
using testing::GuardSpec;

struct PolicyRow {
  std::string tool;
  std::string arguments;
  std::string code;  // "" for allowed, "*" for any refusal
};

std::string CallLine(int id, const PolicyRow& row) {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
         R"(,"method":"tools/call","params":{"name":")" + row.tool +
         R"(","arguments":)" + row.arguments + "}}";
}

// All rows in one session: a refusal must not harm what follows either.
void Check(const std::vector<std::string>& policy,
           const std::vector<PolicyRow>& rows) {
  GuardSpec spec;
  spec.options = policy;
  spec.options.insert(spec.options.end(), {"--profile", "sample-server"});
  GuardProcess guard(spec);
  std::string expected;
  int id = 0;
  for (const PolicyRow& row : rows) {
    const std::string line = CallLine(++id, row);
    ASSERT_TRUE(guard.WriteLine(line));
    const auto answer = guard.ReadLine();
    ASSERT_TRUE(answer.has_value()) << line << guard.Stderr();
    if (row.code.empty()) {
      EXPECT_NE(answer->find("done: " + row.tool), std::string::npos)
          << line << "\n"
          << *answer;
      expected += line + "\n";
      continue;
    }
    const std::string code =
        row.code == "*" ? R"("code":")" : R"("code":")" + row.code + '"';
    EXPECT_NE(answer->find("\"isError\":true"), std::string::npos) << *answer;
    EXPECT_NE(answer->find(code), std::string::npos) << line << *answer;
    EXPECT_NE(answer->find("Denied by gatehouse"), std::string::npos);
  }
  EXPECT_EQ(guard.Received(), expected);
  guard.CloseInput();
  EXPECT_EQ(guard.WaitForExit(), 0);
}

std::string Kubectl(std::string_view arguments) {
  return R"({"args":[)" + std::string(arguments) + "]}";
}

TEST(ReadOnly, LetsReadsPassAndNothingElse) {
  Check(
      {"--policy", "read-only"},
      {{"list_pods", R"({"namespace":"dev"})", ""},
       {"get_resource",
        R"({"resource":"deployments","name":"web","namespace":"dev"})", ""},
       {"kubectl", Kubectl(R"("get","pods","-n","dev")"), ""},
       {"delete_resource",
        R"({"resource":"pods","name":"x","namespace":"dev"})", "*"},
       {"apply",
        R"({"manifest":"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"})",
        "*"},
       {"get_resource",
        R"({"resource":"secrets","name":"db","namespace":"dev"})", "*"},
       {"get_resource",
        R"({"resource":"SECRETS","name":"db","namespace":"dev"})", "*"},
       {"get_resource",
        R"({"resource":"secret/db","name":"","namespace":"dev"})", "*"},
       {"get_resource",
        R"({"resource":"secrets.v1.","name":"db","namespace":"dev"})", "*"},
       {"get_resource",
        R"({"resource":"pods,secrets","name":"","namespace":"dev"})", "*"},
       {"kubectl", Kubectl(R"("get","secret/db")"), "*"},
       {"kubectl", Kubectl(R"("get","--raw","/api/v1/secrets")"), "*"},
       {"kubectl", Kubectl(R"("delete","pod","x")"), "*"},
       {"kubectl", Kubectl(R"("exec","x","--","sh")"), "*"},
       {"kubectl", Kubectl(R"("config","view","--raw")"), "*"},
       {"kubectl", Kubectl(R"("scale","deploy/web","--replicas=0")"), "*"},
       {"no_such_tool", "{}", "unknown-tool"},
       {"list_pods", R"({"namespace":["kube-system"]})", "unclear"},
       {"list_pods", R"({"namespace":"dev","surprise":1})", "unclear"}});
}

TEST(ReadOnlyScoped, KeepsToItsNamespaces) {
  Check(
      {"--policy", "read-only-scoped", "--set", "scope.namespaces=dev"},
      {{"list_pods", R"({"namespace":"dev"})", ""},
       {"kubectl", Kubectl(R"("get","pods","-n","dev")"), ""},
       {"list_pods", R"({"namespace":"kube-system"})", "outside-scope"},
       {"list_pods", R"({"namespace":["kube-system"]})", "*"},
       {"list_pods", "{}", "*"},
       {"kubectl", Kubectl(R"("get","pods","-A")"), "*"},
       {"kubectl", Kubectl(R"("get","pods","-Rnkube-system")"), "*"},
       {"kubectl", Kubectl(R"("get","pods","-n","dev","-n","prod")"), "*"},
       {"get_resource",
        R"({"resource":"namespace","name":"dev","namespace":"dev"})", "*"},
       {"apply",
        R"({"manifest":"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: dev\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: prod\n"})",
        "*"}});
}

TEST(ObserveAll, LetsAllPassThatIsWellFormed) {
  Check({"--policy", "observe-all"},
        {{"delete_resource",
          R"({"resource":"pods","name":"x","namespace":"dev"})", ""},
         {"list_pods", R"({"namespace":"kube-system"})", ""}});
}

}  // namespace
}  // namespace gatehouse
