// SPDX-License-Identifier: Apache-2.0
// mcp-server-kubernetes (Node, which runs kubectl for each call) behind the
// real guard, before a stand-in API that logs every request.

#include <gtest/gtest.h>

#include "tests/e2e/npm/npm_fixture.h"
#include "tests/support/process_census.h"

namespace gatehouse::testing {
namespace {

const ToolCase kNodeAlive = {"kubectl_get",
                             R"({"resourceType":"pods","namespace":"dev"})",
                             "web-6d4f-k2vxp"};

TEST_F(NpmServers, NodeServersReadsComeThroughUnchanged) {
  ExpectSameAnswers(
      kNodeServer,
      {{"kubectl_get", R"({"resourceType":"pods","allNamespaces":true})",
        "coredns-6d4f-k2vxp"},
       {"kubectl_get", R"({"resourceType":"deployments","namespace":"dev"})",
        "web"},
       {"kubectl_describe",
        R"({"resourceType":"pod","name":"web-6d4f-k2vxp","namespace":"dev"})",
        "Controlled By"},
       {"kubectl_logs",
        R"({"resourceType":"pod","name":"web-6d4f-k2vxp","namespace":"dev"})",
        "listening"},
       {"kubectl_get", R"({"resourceType":"events","namespace":"dev"})",
        "Started container web"},
       {"explain_resource", R"({"resource":"pods"})", "FIELDS"},
       {"list_api_resources", "{}", "deployments"},
       {"kubectl_rollout",
        R"({"subCommand":"status","resourceType":"deployment","name":"web",)"
        R"("namespace":"dev"})",
        "successfully rolled out"}});
}

TEST_F(NpmServers, NodeServerReadOnlyRefusesWrites) {
  auto guarded = StartGuard(kNodeServer, {"--policy", "read-only"});
  ASSERT_NE(guarded, nullptr);
  const std::string web =
      R"({"resourceType":"deployment","name":"web","namespace":"dev")";
  ExpectRefused(
      *guarded,
      {{"kubectl_scale", R"({"name":"web","namespace":"dev","replicas":0})"},
       {"kubectl_delete", web + "}"},
       {"kubectl_apply",
        R"({"manifest":"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  )"
        R"(name: a\n","namespace":"dev"})"},
       {"kubectl_create", R"({"resourceType":"namespace","name":"surprise"})"},
       {"kubectl_patch", web + R"(,"patchData":{"spec":{"replicas":0}}})"},
       {"kubectl_rollout",
        R"({"subCommand":"restart","resourceType":"deployment","name":"web",)"
        R"("namespace":"dev"})"},
       {"exec_in_pod",
        R"({"name":"web-6d4f-k2vxp","namespace":"dev","command":["id"]})"},
       {"node_management", R"({"operation":"cordon","nodeName":"node-1"})"},
       {"kubectl_generic",
        R"({"command":"delete","resourceType":"pod","name":"web-6d4f-k2vxp",)"
        R"("namespace":"dev"})"},
       {"kubectl_generic",
        R"({"command":"drain","name":"node-1","args":["--force"]})"},
       {"install_helm_chart",
        R"({"name":"r","chart":"./chart","namespace":"dev"})"}},
      kNodeAlive);
}

TEST_F(NpmServers, NodeServerReadOnlyRefusesSecretsInAnySpelling) {
  auto guarded = StartGuard(kNodeServer, {"--policy", "read-only"});
  ASSERT_NE(guarded, nullptr);
  std::vector<ToolCase> cases;
  for (const char* word :
       {"secret", "secrets", "SECRETS", "Secret", "secrets.v1.", "pods,secrets",
        "secret/db-credentials", "pod/x,secret/y"}) {
    cases.push_back(
        {"kubectl_get",
         R"({"resourceType":")" + std::string(word) + R"(","namespace":"dev"})",
         ""});
    cases.push_back({"kubectl_generic",
                     R"({"command":"get","resourceType":")" +
                         std::string(word) + R"(","namespace":"dev"})",
                     ""});
  }
  for (const char* arguments :
       {R"({"command":"get","args":["--raw","/api/v1/secrets"]})",
        R"({"command":"get","args":["--raw=/api/v1/secrets"]})",
        R"({"command":"get","flags":{"raw":"/api/v1/secrets"}})",
        R"({"command":"get","subCommand":"secrets","namespace":"dev"})",
        R"({"command":"describe","resourceType":"secret","name":"db"})",
        R"({"command":"get","args":["pods,secrets","-n","dev"]})"}) {
    cases.push_back({"kubectl_generic", arguments});
  }
  cases.push_back({"kubectl_describe",
                   R"({"resourceType":"pod/web-6d4f-k2vxp",)"
                   R"("name":"secret/db-credentials","namespace":"dev"})",
                   ""});
  ExpectRefused(*guarded, cases, kNodeAlive);
}

TEST_F(NpmServers, NodeServerReadOnlyRefusesKubeconfigAndContexts) {
  auto guarded = StartGuard(kNodeServer, {"--policy", "read-only"});
  ASSERT_NE(guarded, nullptr);
  const std::string before = ReadFile(cluster_->kubeconfig());
  ExpectRefused(
      *guarded,
      {{"kubectl_context", R"({"operation":"set","name":"other"})"},
       {"kubectl_generic",
        R"({"command":"config","subCommand":"view","flags":{"raw":true}})"},
       {"kubectl_generic", R"({"command":"config","args":["view"]})"},
       {"kubectl_generic",
        R"({"command":"config","subCommand":"use-context","name":"other"})"}},
      kNodeAlive);
  EXPECT_EQ(ReadFile(cluster_->kubeconfig()), before);
}

TEST_F(NpmServers, NodeServerStaysInItsNamespace) {
  auto guarded = StartGuard(kNodeServer, ScopedToDev());
  ASSERT_NE(guarded, nullptr);
  const std::string get =
      R"({"command":"get","resourceType":"pods","namespace":"dev",)";
  ExpectRefused(
      *guarded,
      {{"kubectl_get",
        R"({"resourceType":"pods","namespace":["kube-system"]})"},
       {"kubectl_get", R"({"resourceType":"pods","namespace":"kube-system"})"},
       {"kubectl_get", R"({"resourceType":"pods"})"},
       {"kubectl_get", R"({"resourceType":"pods","allNamespaces":true})"},
       {"kubectl_get",
        R"({"resourceType":"pods","namespace":"dev","allNamespaces":"false"})"},
       {"kubectl_get", R"({"resourceType":"namespace","name":"dev"})"},
       {"kubectl_generic", get + R"("args":["-A"]})"},
       {"kubectl_generic", get + R"("args":["-Rnkube-system"]})"},
       {"kubectl_generic", get + R"("args":["-n","kube-system"]})"},
       {"kubectl_generic", get + R"("flags":{"all_namespaces":true}})"},
       {"kubectl_generic", R"({"command":"get","resourceType":"pods"})"},
       {"kubectl_apply",
        R"({"manifest":"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  )"
        R"(name: a\n  namespace: dev\n---\napiVersion: v1\nkind: ConfigMap)"
        R"(\nmetadata:\n  name: b\n  namespace: kube-system\n",)"
        R"("namespace":"dev"})"},
       {"kubectl_delete",
        R"({"resourceType":"namespace","name":"dev","namespace":"dev"})"}},
      kNodeAlive);
}

}  // namespace
}  // namespace gatehouse::testing
