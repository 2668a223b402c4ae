// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/hunt/ordinary_calls.h"

namespace gatehouse::testing {
namespace {

// r reader, e editor, x runner, n narrow, d denier.
constexpr OrdinaryCall kNodeCalls[] = {
    {"kubectl_get", R"({"resourceType":"pods","namespace":"dev"})", "rexd"},
    {"kubectl_get",
     R"({"resourceType":"Pods","namespace":"dev","output":)"
     R"("yaml","labelSelector":"app=web"})",
     "rexd"},
    {"kubectl_get",
     R"({"resourceType":"pod","name":"web-6d4f-k2vxp",)"
     R"("namespace":"dev"})",
     "rexnd"},
    {"kubectl_get", R"({"resourceType":"pods,services","namespace":"dev"})",
     "rexd"},
    {"kubectl_get",
     R"({"resourceType":"deployments.apps","namespace":"dev",)"
     R"("sortBy":"metadata.name"})",
     "rexd"},
    {"kubectl_get",
     R"({"resourceType":"pods","allNamespaces":false,)"
     R"("namespace":"dev","fieldSelector":)"
     R"("status.phase=Running"})",
     "rexd"},
    {"kubectl_get", R"({"resourceType":"nodes"})", "d"},
    {"kubectl_get", R"({"resourceType":"events","namespace":"dev"})", "rexd"},
    {"kubectl_get", R"({"resourceType":"configmaps","namespace":"dev"})",
     "rex"},
    {"kubectl_describe",
     R"({"resourceType":"pod","name":"web-6d4f-k2vxp",)"
     R"("namespace":"dev"})",
     "rexd"},
    {"kubectl_describe",
     R"({"resourceType":"deployment","name":"web",)"
     R"("namespace":"dev"})",
     "rexd"},
    {"kubectl_logs",
     R"({"resourceType":"pod","name":"web-6d4f-k2vxp",)"
     R"("namespace":"dev","tail":5})",
     "rexnd"},
    {"kubectl_logs",
     R"({"resourceType":"deployment","name":"web",)"
     R"("namespace":"dev"})",
     "rexd"},
    {"kubectl_rollout",
     R"({"subCommand":"status","resourceType":)"
     R"("deployment","name":"web","namespace":"dev",)"
     R"("timeout":"1s"})",
     "rexd"},
    {"kubectl_rollout",
     R"({"subCommand":"restart","resourceType":)"
     R"("deployment","name":"web","namespace":"dev"})",
     "e"},
    {"kubectl_scale", R"({"name":"web","replicas":2,"namespace":"dev"})", "e"},
    {"kubectl_patch",
     R"({"resourceType":"deployment","name":"web",)"
     R"("namespace":"dev","patchData":)"
     R"({"spec":{"replicas":2}}})",
     "e"},
    {"kubectl_apply",
     R"({"manifest":"apiVersion: v1\nkind: ConfigMap\n)"
     R"(metadata:\n  name: made\ndata:\n  a: b\n",)"
     R"("namespace":"dev"})",
     "e"},
    {"kubectl_apply",
     R"({"manifest":"apiVersion: v1\nkind: ConfigMap\n)"
     R"(metadata:\n  name: made\n  namespace: dev\n---\n)"
     R"(apiVersion: apps/v1\nkind: Deployment\nmetadata:\n)"
     R"(  name: web\n  namespace: dev\nspec:\n)"
     R"(  replicas: 1\n",)"
     R"("namespace":"dev"})",
     "e"},
    {"kubectl_create",
     R"({"resourceType":"configmap","name":"c1",)"
     R"("namespace":"dev","fromLiteral":["a=b"]})",
     "e"},
    {"kubectl_create",
     R"({"manifest":"{\"apiVersion\":\"v1\",\"kind\":)"
     R"(\"ConfigMap\",\"metadata\":{\"name\":\"c2\"}}",)"
     R"("namespace":"dev"})",
     "e"},
    {"kubectl_delete",
     R"({"resourceType":"pod","name":"web-6d4f-t9zqm",)"
     R"("namespace":"dev"})",
     "e"},
    {"kubectl_generic",
     R"({"command":"get","resourceType":"pods",)"
     R"("namespace":"dev","outputFormat":"wide"})",
     "rexd"},
    {"kubectl_generic",
     R"({"command":"get","args":["deploy","-n","dev",)"
     R"("-o","yaml"]})",
     "rexd"},
    {"kubectl_generic",
     R"({"command":"rollout","subCommand":"history",)"
     R"("resourceType":"deployment","name":"web",)"
     R"("namespace":"dev"})",
     "rexd"},
    {"kubectl_generic",
     R"({"command":"get","resourceType":"pods",)"
     R"("namespace":"dev","flags":{"show-labels":true,)"
     R"("selector":"app=web"}})",
     "rexd"},
    {"kubectl_generic", R"({"command":"api-resources"})", "rexnd"},
    {"kubectl_generic",
     R"({"command":"annotate","args":["pod",)"
     R"("web-6d4f-k2vxp","a=b","-n","dev"]})",
     "e"},
    {"exec_in_pod",
     R"({"name":"web-6d4f-k2vxp","namespace":"dev",)"
     R"("command":["id"]})",
     "x"},
    {"explain_resource", R"({"resource":"pods.spec"})", "rexnd"},
    {"list_api_resources", R"({})", "rexnd"},
    {"ping", R"({})", "rexd"},
    {"node_management", R"({"operation":"cordon","nodeName":"node-1"})", ""},
    {"kubectl_context", R"({"operation":"list"})", ""},
    {"port_forward",
     R"({"resourceType":"pod","resourceName":)"
     R"("web-6d4f-k2vxp","localPort":1,"targetPort":80,)"
     R"("namespace":"dev"})",
     ""},
    {"install_helm_chart",
     R"({"name":"r","chart":"no-such/chart",)"
     R"("namespace":"dev"})",
     ""},
};

constexpr OrdinaryCall kGoCalls[] = {
    {"pods_list_in_namespace", R"({"namespace":"dev"})", "rexd"},
    {"pods_list_in_namespace",
     R"({"namespace":"dev","labelSelector":)"
     R"("app=web"})",
     "rexd"},
    {"pods_get", R"({"name":"web-6d4f-k2vxp","namespace":"dev"})", "rexnd"},
    {"pods_log", R"({"name":"web-6d4f-k2vxp","namespace":"dev","tail":5})",
     "rexnd"},
    {"pods_top", R"({"namespace":"dev"})", "rexd"},
    {"events_list", R"({"namespace":"dev"})", "rexd"},
    {"namespaces_list", R"({})", "d"},
    {"pods_list", R"({})", ""},
    {"resources_list",
     R"({"apiVersion":"apps/v1","kind":"Deployment",)"
     R"("namespace":"dev"})",
     "rexd"},
    {"resources_list", R"({"apiVersion":"v1","kind":"Node"})", "d"},
    {"resources_get",
     R"({"apiVersion":"v1","kind":"ConfigMap","name":)"
     R"("web-settings","namespace":"dev"})",
     "rex"},
    {"resources_get",
     R"({"apiVersion":"v1","kind":"pod","name":)"
     R"("web-6d4f-k2vxp","namespace":"dev"})",
     "rexnd"},
    {"resources_scale",
     R"({"apiVersion":"apps/v1","kind":"Deployment",)"
     R"("name":"web","namespace":"dev","scale":2})",
     "en"},
    {"resources_create_or_update",
     R"({"resource":"apiVersion: v1\nkind: ConfigMap\nmetadata:\n)"
     R"(  name: made\n  namespace: dev\n"})",
     "e"},
    {"resources_create_or_update",
     R"({"resource":"{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",)"
     R"(\"metadata\":{\"name\":\"c2\",\"namespace\":\"dev\"}}"})",
     "e"},
    {"resources_create_or_update",
     R"({"resource":"apiVersion: v1\nkind: ConfigMap\nmetadata:\n)"
     R"(  name: a\n  namespace: dev\n---\napiVersion: v1\nkind: Service\n)"
     R"(metadata:\n  name: b\n  namespace: dev\n"})",
     "e"},
    {"resources_delete",
     R"({"apiVersion":"v1","kind":"Pod","name":)"
     R"("web-6d4f-t9zqm","namespace":"dev"})",
     "e"},
    {"pods_delete", R"({"name":"web-6d4f-t9zqm","namespace":"dev"})", "e"},
    {"pods_run", R"({"image":"busybox","name":"tmp","namespace":"dev"})", "e"},
    {"pods_run",
     R"({"image":"busybox","name":"tmp","namespace":"dev",)"
     R"("port":80})",
     "e"},
    {"pods_exec",
     R"({"name":"web-6d4f-k2vxp","namespace":"dev",)"
     R"("command":["id"]})",
     "x"},
    {"nodes_top", R"({})", "d"},
    {"nodes_log", R"({"name":"node-1","query":"kubelet"})", ""},
    {"configuration_view", R"({})", ""},
};

constexpr OrdinaryCall kKubectlCalls[] = {
    {"kubectl", R"({"args":["get","pods","-n","dev"]})", "rexd"},
    {"kubectl", R"({"args":["-n","dev","get","po","-owide"]})", "rexd"},
    {"kubectl",
     R"({"args":["get","pod","web-6d4f-k2vxp","-n","dev","-o",)"
     R"("jsonpath={.metadata.name}"]})",
     "rexnd"},
    {"kubectl", R"({"args":["get","deploy/web","svc/web","--namespace=dev"]})",
     "rexd"},
    {"kubectl", R"({"args":["get","all","-n","dev"]})", "rexd"},
    {"kubectl", R"({"args":["describe","deploy","web","-n","dev"]})", "rexd"},
    {"kubectl",
     R"({"args":["logs","web-6d4f-k2vxp","-n","dev",)"
     R"("--tail=5"]})",
     "rexnd"},
    {"kubectl", R"({"args":["logs","-l","app=web","-n","dev"]})", "rexd"},
    {"kubectl", R"({"args":["top","pod","-n","dev"]})", "rexd"},
    {"kubectl",
     R"({"args":["rollout","status","deploy/web","-n","dev",)"
     R"("--timeout=1s"]})",
     "rexd"},
    {"kubectl", R"({"args":["rollout","restart","deploy/web","-n","dev"]})",
     "e"},
    {"kubectl",
     R"({"args":["scale","deploy/web","--replicas=2","-n",)"
     R"("dev"]})",
     "e"},
    {"kubectl",
     R"({"args":["set","image","deploy/web","web=x","-n",)"
     R"("dev"]})",
     "e"},
    {"kubectl",
     R"({"args":["label","pod","web-6d4f-k2vxp","a=b","-n","dev",)"
     R"("--overwrite"]})",
     "e"},
    {"kubectl",
     R"({"args":["patch","deploy","web","-n","dev","-p",)"
     R"("{\"spec\":{\"replicas\":1}}"]})",
     "e"},
    {"kubectl",
     R"({"args":["delete","pod","web-6d4f-t9zqm","-n","dev",)"
     R"("--wait=false"]})",
     "e"},
    {"kubectl",
     R"({"args":["create","configmap","c1",)"
     R"("--from-literal=a=b","-n","dev"]})",
     "e"},
    {"kubectl",
     R"({"args":["create","deployment","d1","--image=x","-n",)"
     R"("dev","--dry-run=client","-o","yaml"]})",
     "rexnd"},
    {"kubectl",
     R"({"args":["expose","deploy","web","--port=80","--name=s1",)"
     R"("-n","dev"]})",
     "e"},
    {"kubectl", R"({"args":["exec","web-6d4f-k2vxp","-n","dev","--","id"]})",
     "x"},
    {"kubectl", R"({"args":["auth","can-i","get","pods","-n","dev"]})",
     "rexnd"},
    {"kubectl", R"({"args":["explain","pods.spec"]})", "rexnd"},
    {"kubectl", R"({"args":["version"]})", "rexnd"},
    {"kubectl",
     R"({"args":["wait","pod/web-6d4f-k2vxp","-n","dev",)"
     R"("--for=condition=Ready","--timeout=1s"]})",
     "rexd"},
    {"kubectl", R"({"args":["events","-n","dev"]})", "rexd"},
    {"kubectl", R"({"args":["get","nodes"]})", "d"},
    {"kubectl", R"({"args":["config","view"]})", ""},
    {"kubectl", R"({"args":["get","--raw","/api/v1/namespaces"]})", ""},
    {"kubectl",
     R"({"args":["port-forward","pod/web-6d4f-k2vxp","1:80","-n",)"
     R"("dev"]})",
     ""},
    {"kubectl", R"({"args":["get","secrets","-n","dev"]})", ""},
};

}  // namespace

std::span<const OrdinaryCall> OrdinaryCalls(std::string_view server) {
  if (server == "mcp-server-kubernetes") return kNodeCalls;
  if (server == "kubernetes-mcp-server") return kGoCalls;
  return kKubectlCalls;
}

}  // namespace gatehouse::testing
