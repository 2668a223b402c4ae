// SPDX-License-Identifier: Apache-2.0
// Tool by tool of both npm servers: what is written into a call that leaves its
// namespace out, and what is left as it is.
#include "policy/kubernetes/namespace_pin.h"

#include <gtest/gtest.h>

#include "policy/json_value.h"
#include "policy/kubernetes/tables.h"
#include "policy/kubernetes/tool_profile.h"
#include "tests/policy/kubernetes/cluster_fixture.h"

namespace gatehouse {
namespace {

// "argument=namespace", or "" where nothing is pinned.
std::string PinOf(const std::string& server, const std::string& tool,
                  const std::string& arguments,
                  const ClusterView& cluster = DevAndProd()) {
  const auto profile = EmbeddedProfile(server);
  const Classifier classifier(profile, KubernetesTables::Embedded());
  const JsonValue value = ParseJson(arguments).value();
  const ToolCall call{tool, &value};
  const auto pin =
      FindNamespacePin(classifier, *profile->Find(tool), call,
                       classifier.Classify(call, cluster), cluster);
  return pin ? pin->argument + "=" + pin->namespace_name : "";
}

struct NamespacePinRow {
  const char* tool;
  const char* arguments;
  const char* pin;
};

TEST(NamespacePin, NodeServer) {
  const NamespacePinRow rows[] = {
      {"kubectl_get", R"({"resourceType":"pods"})", "namespace=default"},
      {"kubectl_get", R"({"resourceType":"pods","namespace":""})",
       "namespace=default"},
      {"kubectl_get", R"({"resourceType":"pods","namespace":null})",
       "namespace=default"},
      {"kubectl_get", R"({"resourceType":"pods","context":"prod"})",
       "namespace=default"},
      {"kubectl_get", R"({"resourceType":"pods,nodes"})", "namespace=default"},
      {"kubectl_describe", R"({"resourceType":"pod","name":"x"})",
       "namespace=default"},
      {"kubectl_scale", R"({"name":"web","replicas":1})", "namespace=default"},
      {"kubectl_logs", R"({"resourceType":"pod","name":"x"})",
       "namespace=default"},
      {"kubectl_patch", R"({"resourceType":"pod","name":"x","patchData":{}})",
       "namespace=default"},
      {"kubectl_rollout",
       R"({"subCommand":"restart","resourceType":"deployment","name":"x"})",
       "namespace=default"},
      {"kubectl_create", R"({"resourceType":"configmap","name":"c"})",
       "namespace=default"},
      {"kubectl_apply",
       R"({"manifest":"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}"})",
       "namespace=default"},
      {"kubectl_delete", R"({"resourceType":"pod","name":"x"})",
       "namespace=default"},
      {"exec_in_pod", R"({"name":"x","command":["id"]})", "namespace=default"},
      {"kubectl_generic", R"({"command":"get","resourceType":"pods"})",
       "namespace=ctx-ns"},
      {"kubectl_generic",
       R"({"command":"get","resourceType":"pods","context":"prod"})",
       "namespace=prod-ns"},
      {"port_forward",
       R"({"resourceType":"pod","resourceName":"x","localPort":1,)"
       R"("targetPort":2})",
       "namespace=ctx-ns"},
      // Given, or all of them.
      {"kubectl_get", R"({"resourceType":"pods","namespace":"dev"})", ""},
      {"kubectl_get", R"({"resourceType":"pods","allNamespaces":true})", ""},
      {"kubectl_get", R"({"resourceType":"events"})", ""},
      {"kubectl_events", R"({})", ""},
      // Cluster scope.
      {"kubectl_get", R"({"resourceType":"nodes"})", ""},
      // Another word decides.
      {"kubectl_generic", R"({"command":"get","args":["pods","-n","dev"]})",
       ""},
      {"kubectl_generic", R"({"command":"get","args":["pods","-n","ctx-ns"]})",
       ""},
      {"kubectl_delete",
       R"({"manifest":"apiVersion: v1\nkind: Pod\nmetadata: {name: a}"})", ""},
      {"kubectl_create",
       R"({"resourceType":"job","name":"j","image":"x","command":["a"]})", ""},
      // A document that names its own: the server lets kubectl refuse it.
      {"kubectl_apply",
       R"({"manifest":"apiVersion: v1\nkind: ConfigMap\n)"
       R"(metadata: {name: a, namespace: dev}"})",
       ""},
      // Not a namespace of requests: it would be written into the kubeconfig.
      {"kubectl_generic",
       R"({"command":"config","subCommand":"set-context","args":["--current"]})",
       ""},
      {"kubectl_generic", R"({"command":"api-resources"})", ""},
      {"kubectl_generic", R"({"command":"evil"})", ""},
      {"kubectl_context", R"({"operation":"list"})", ""},
      {"explain_resource", R"({"resource":"pods"})", ""},
      {"node_management", R"({"operation":"cordon","nodeName":"n"})", ""},
  };
  for (const NamespacePinRow& row : rows) {
    EXPECT_EQ(PinOf("mcp-server-kubernetes", row.tool, row.arguments), row.pin)
        << row.tool << " " << row.arguments;
  }
}

TEST(NamespacePin, GoServer) {
  const NamespacePinRow rows[] = {
      {"pods_get", R"({"name":"x"})", "namespace=ctx-ns"},
      {"pods_get", R"({"name":"x","namespace":""})", "namespace=ctx-ns"},
      {"pods_get", R"({"name":"x","context":"prod"})", "namespace=prod-ns"},
      {"pods_log", R"({"name":"x"})", "namespace=ctx-ns"},
      {"pods_exec", R"({"name":"x","command":["id"]})", "namespace=ctx-ns"},
      {"pods_run", R"({"image":"x","name":"y"})", "namespace=ctx-ns"},
      {"pods_delete", R"({"name":"x"})", "namespace=ctx-ns"},
      {"resources_get", R"({"apiVersion":"v1","kind":"ConfigMap","name":"x"})",
       "namespace=ctx-ns"},
      {"resources_delete", R"({"apiVersion":"v1","kind":"Pod","name":"x"})",
       "namespace=ctx-ns"},
      {"resources_scale",
       R"({"apiVersion":"apps/v1","kind":"Deployment","name":"x","scale":1})",
       "namespace=ctx-ns"},
      // All are meant, or none.
      {"pods_list", R"({})", ""},
      {"pods_list_in_namespace", R"({"namespace":""})", ""},
      {"events_list", R"({})", ""},
      {"pods_top", R"({})", ""},
      {"resources_list", R"({"apiVersion":"v1","kind":"Pod"})", ""},
      {"resources_get", R"({"apiVersion":"v1","kind":"Node","name":"x"})", ""},
      {"tekton_taskrun_logs", R"({"name":"x","namespace":""})", ""},
      // No such argument.
      {"resources_create_or_update",
       R"({"resource":"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}"})",
       ""},
      {"configuration_view", R"({})", ""},
      // Refused by its type: nothing is added to what is not understood.
      {"pods_get", R"({"name":"x","namespace":[]})", ""},
      {"pods_get", R"({"name":"x","odd":1})", ""},
  };
  for (const NamespacePinRow& row : rows) {
    EXPECT_EQ(PinOf("kubernetes-mcp-server", row.tool, row.arguments), row.pin)
        << row.tool << " " << row.arguments;
  }
}

TEST(NamespacePin, WithoutAKubeconfigTheContextsNamespaceIsNotKnown) {
  EXPECT_EQ(PinOf("kubernetes-mcp-server", "pods_get", R"({"name":"x"})", {}),
            "");
}

}  // namespace
}  // namespace gatehouse
