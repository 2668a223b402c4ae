// SPDX-License-Identifier: Apache-2.0
// `policy generate --rbac` of a session with a real server: kubectl takes what
// it writes, and grants by it what was asked and nothing else.
#include "policy/json_value.h"
#include "tests/e2e/npm/npm_fixture.h"
#include "tests/support/guard_process.h"
#include "tests/support/kubernetes_tools.h"
#include "tests/support/process_census.h"

namespace gatehouse::testing {
namespace {

class GeneratedRbac : public NpmServers {
 protected:
  // What kubectl makes of the file, as JSON.
  JsonValue Applied(const std::string& manifest) const {
    cli::LineProcessSpec spec;
    const std::string made = folder_.File("made.json");
    spec.argv = {"/bin/sh",
                 "-c",
                 "exec \"$0\" --kubeconfig \"$1\" --cache-dir \"$2\" apply "
                 "--dry-run=client -o json -f \"$3\" >\"$4\"",
                 FindKubectl(),
                 cluster_->kubeconfig(),
                 folder_.File("cache"),
                 manifest,
                 made};
    auto kubectl = cli::LineProcess::Start(spec);
    EXPECT_TRUE(kubectl.ok());
    if (!kubectl.ok()) return {};
    EXPECT_EQ(kubectl.value().Finish(std::chrono::seconds(60)), 0)
        << ReadFile(manifest);
    Result<JsonValue> json = ParseJson(ReadFile(made));
    EXPECT_TRUE(json.ok()) << ReadFile(made);
    return json.ok() ? std::move(json).value() : JsonValue();
  }

  // "Role dev", …, in the order of the file.
  static std::vector<std::string> Kinds(const JsonValue& list) {
    std::vector<std::string> kinds;
    const JsonValue* items = Member(list, "items");
    if (items == nullptr) return kinds;
    for (const JsonValue* item : Elements(*items)) {
      const JsonValue* metadata = Member(*item, "metadata");
      kinds.push_back(
          std::string(StringMember(*item, "kind").value_or("?")) + " " +
          std::string(StringMember(*metadata, "namespace").value_or("")));
    }
    return kinds;
  }

  TemporaryFolder folder_;
};

TEST_F(GeneratedRbac, IsTakenByKubectl) {
  ASSERT_NE(FindKubectl(), "") << kServersMissing;
  const std::string database = folder_.File("audit/audit.db");
  {
    auto guarded =
        McpClient::Start({GatehousePath(), "run", "--db", database,
                          "--kubeconfig", cluster_->kubeconfig(), "--policy",
                          "read-only", "--", FindNpmServer(kGoServer)});
    ASSERT_NE(guarded, nullptr);
    guarded->Call("pods_list_in_namespace", R"({"namespace":"dev"})");
    guarded->Call("pods_log", R"({"name":"web","namespace":"dev"})");
    guarded->Call("namespaces_list", "{}");
  }
  const std::string manifest = folder_.File("rbac.yaml");
  const CommandResult made = RunGatehouse(
      {"policy", "generate", "--db", database, "--rbac", "--name", "assistant",
       "--subject", "ServiceAccount:dev/assistant", "--output", manifest});
  ASSERT_EQ(made.exit_code, 0) << made.output;
  const JsonValue list = Applied(manifest);
  const std::vector<std::string> kinds = {"ClusterRole ", "ClusterRoleBinding ",
                                          "Role dev", "RoleBinding dev"};
  ASSERT_EQ(Kinds(list), kinds) << ReadFile(manifest);
  const JsonValue* role = Elements(*Member(list, "items"))[2];
  const std::string rules = Member(*role, "rules")->dump();
  EXPECT_NE(rules.find(R"("pods/log")"), std::string::npos) << rules;
  EXPECT_EQ(rules.find("secrets"), std::string::npos) << rules;
  EXPECT_EQ(rules.find('*'), std::string::npos) << rules;
}

}  // namespace
}  // namespace gatehouse::testing
