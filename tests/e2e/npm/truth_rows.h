// SPDX-License-Identifier: Apache-2.0
#pragma once
// Calls whose effect is easily mistaken: missing and odd namespaces, spellings
// of kinds and types, flags in odd places, document separators, and what a tool
// does beside what it is called. One table for each real server. Data only;
// truth_e2e_test.cc makes the calls.

namespace gatehouse::testing {

struct TruthRow {
  const char* tool;
  const char* arguments;  // JSON
};

inline constexpr TruthRow kGoTruth[] = {
    {"pods_list", R"({})"},
    {"pods_list", R"({"context": "other"})"},
    {"pods_list_in_namespace", R"({"namespace": "dev"})"},
    {"pods_list_in_namespace", R"({"namespace": ""})"},
    {"pods_list_in_namespace", R"({"namespace": null})"},
    {"pods_list_in_namespace", R"({"namespace": ".."})"},
    {"pods_list_in_namespace", R"({"namespace": "dev/"})"},
    {"pods_list_in_namespace", R"({"namespace": "dev/../kube-system"})"},
    {"pods_list_in_namespace", R"({"namespace": "DEV"})"},
    {"events_list", R"({})"},
    {"events_list", R"({"namespace": "dev"})"},
    {"namespaces_list", R"({})"},
    {"projects_list", R"({})"},
    {"pods_get", R"({"name": "web-6d4f-k2vxp", "namespace": "dev"})"},
    {"pods_get", R"({"name": "web-6d4f-k2vxp", "namespace": ""})"},
    {"pods_get", R"({"name": "web-6d4f-k2vxp", "namespace": null})"},
    {"pods_get", R"({"name": "web-6d4f-k2vxp", "namespace": "../x"})"},
    {"pods_get", R"({"name": "web-6d4f-k2vxp", "context": "other"})"},
    {"pods_get", R"({"name": "a/b", "namespace": "dev"})"},
    {"pods_log", R"({"name": "web-6d4f-k2vxp", "namespace": "dev"})"},
    {"pods_log", R"({"name": "web-6d4f-k2vxp", "namespace": "dev", "containe)"
                 R"(r": "web"})"},
    {"pods_log", R"({"name": "..", "namespace": "dev"})"},
    {"pods_top", R"({})"},
    {"pods_top", R"({"all_namespaces": false})"},
    {"pods_top", R"({"namespace": "dev", "all_namespaces": true})"},
    {"pods_top", R"({"name": "web-6d4f-k2vxp", "namespace": "dev"})"},
    {"nodes_top", R"({})"},
    {"nodes_top", R"({"name": "node-1"})"},
    {"nodes_log", R"({"name": "node-1", "query": "kubelet"})"},
    {"nodes_stats_summary", R"({"name": "node-1"})"},
    {"resources_list",
     R"({"apiVersion": "v1", "kind": "Pod", "namespace": "dev"})"},
    {"resources_list",
     R"({"apiVersion": "v1", "kind": "pod", "namespace": "dev"})"},
    {"resources_list",
     R"({"apiVersion": "v1", "kind": "pods", "namespace": "dev"})"},
    {"resources_list",
     R"({"apiVersion": "v1", "kind": "Secret", "namespace": "dev)"
     R"("})"},
    {"resources_list",
     R"({"apiVersion": "v1", "kind": "secret", "namespace": "dev)"
     R"("})"},
    {"resources_list",
     R"({"apiVersion": "", "kind": "Secret", "namespace": "dev"})"},
    {"resources_list",
     R"({"apiVersion": "/v1", "kind": "Secret", "namespace": "de)"
     R"(v"})"},
    {"resources_list",
     R"({"apiVersion": "v1/", "kind": "Secret", "namespace": "de)"
     R"(v"})"},
    {"resources_list",
     R"({"apiVersion": "apps/v1", "kind": "deployment", "namespa)"
     R"(ce": "dev"})"},
    {"resources_list",
     R"({"apiVersion": "apps/", "kind": "Deployment", "namespace)"
     R"(": "dev"})"},
    {"resources_list",
     R"({"apiVersion": "apps/v1/x", "kind": "Deployment", "names)"
     R"(pace": "dev"})"},
    {"resources_list",
     R"({"apiVersion": "example.com/../v1", "kind": "Widget", "n)"
     R"(amespace": "dev"})"},
    {"resources_list",
     R"({"apiVersion": "extensions/v1beta1", "kind": "Deployment)"
     R"(", "namespace": "dev"})"},
    {"resources_list",
     R"({"apiVersion": "v1", "kind": "Node", "namespace": "dev"})"},
    {"resources_list",
     R"({"apiVersion": "metrics.k8s.io/v1beta1", "kind": "PodMet)"
     R"(rics", "namespace": "dev"})"},
    {"resources_list", R"({"apiVersion": "v1", "kind": "Node"})"},
    {"resources_get",
     R"({"apiVersion": "apps/v1", "kind": "Deployment", "name": )"
     R"("web", "namespace": "dev"})"},
    {"resources_get",
     R"({"apiVersion": "apps/v1", "kind": "Deployment", "name": )"
     R"("web"})"},
    {"resources_get",
     R"({"apiVersion": "apps/v1", "kind": "deployment", "name": )"
     R"("web", "namespace": "dev"})"},
    {"resources_get",
     R"({"apiVersion": "apps/v1", "kind": "deployment", "name": )"
     R"("web"})"},
    {"resources_get",
     R"({"apiVersion": "apps/", "kind": "Deployment", "name": "w)"
     R"(eb", "namespace": "dev"})"},
    {"resources_get",
     R"({"apiVersion": "apps/", "kind": "Deployment", "name": "w)"
     R"(eb"})"},
    {"resources_get",
     R"({"apiVersion": "v1", "kind": "Pod", "name": "web-6d4f-k2)"
     R"(vxp", "namespace": "dev"})"},
    {"resources_get",
     R"({"apiVersion": "v1", "kind": "Pod", "name": "web-6d4f-k2)"
     R"(vxp"})"},
    {"resources_get",
     R"({"apiVersion": "v1", "kind": "Node", "name": "node-1", ")"
     R"(namespace": "dev"})"},
    {"resources_scale",
     R"({"apiVersion": "apps/v1", "kind": "Deployment", "name": )"
     R"("web", "namespace": "dev"})"},
    {"resources_scale",
     R"({"apiVersion": "apps/v1", "kind": "Deployment", "name": )"
     R"("web", "namespace": "dev", "scale": 2})"},
    {"resources_scale",
     R"({"apiVersion": "apps/v1", "kind": "Deployment", "name": )"
     R"("web", "namespace": "dev", "scale": null})"},
    {"resources_scale",
     R"({"apiVersion": "apps/v1", "kind": "deployment", "name": )"
     R"("web", "namespace": "dev"})"},
    {"resources_create_or_update",
     R"({"resource": "apiVersion: v1\nkind: ConfigMap\nmetadata:)"
     R"(\n  name: a\n  namespace: dev\n"})"},
    {"resources_create_or_update",
     R"({"resource": "apiVersion: v1\nkind: ConfigMap\nmetadata:)"
     R"(\n  name: a\n"})"},
    {"resources_create_or_update",
     R"({"resource": "apiVersion: v1\nkind: ConfigMap\nmetadata:)"
     R"(\n  name: a\n", "context": "other"})"},
    {"resources_create_or_update",
     R"({"resource": "apiVersion: v1\nkind: ConfigMap\nmetadata:)"
     R"(\n  name: a\n  namespace: dev\n---\napiVersion: v1\nkind)"
     R"(: ConfigMap\nmetadata:\n  name: a\n  namespace: shop\n"})"},
    {"resources_create_or_update",
     R"({"resource": "apiVersion: v1\nkind: ConfigMap\nmetadata:)"
     R"(\n  name: a\n  namespace: dev\n--- \napiVersion: v1\nkin)"
     R"(d: ConfigMap\nmetadata:\n  name: a\n  namespace: shop\n")"
     R"(})"},
    {"resources_create_or_update",
     R"({"resource": "apiVersion: v1\nkind: ConfigMap\nmetadata:)"
     R"(\n  name: a\n  namespace: dev\n--- # x\napiVersion: v1\n)"
     R"(kind: ConfigMap\nmetadata:\n  name: a\n  namespace: shop)"
     R"(\n"})"},
    {"resources_create_or_update",
     R"({"resource": "apiVersion: v1\nkind: ConfigMap\nmetadata:)"
     R"(\n  name: a\n  namespace: dev\n---\r\napiVersion: v1\nki)"
     R"(nd: ConfigMap\nmetadata:\n  name: a\n  namespace: shop\n)"
     R"("})"},
    {"resources_create_or_update",
     R"({"resource": "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMa)"
     R"(p\",\"metadata\":{\"name\":\"j\",\"namespace\":\"dev\"}})"
     R"("})"},
    {"resources_create_or_update",
     R"({"resource": "apiVersion: v1\nkind: configmap\nmetadata:)"
     R"( {name: a, namespace: dev}"})"},
    {"pods_run", R"({"image": "i", "name": "r1", "namespace": "dev", "port":)"
                 R"( 80})"},
    {"pods_run", R"({"image": "i"})"},
    {"pods_exec", R"({"name": "web-6d4f-k2vxp", "namespace": "dev", "command")"
                  R"(: ["id"]})"},
    {"pods_delete", R"({"name": "r1", "namespace": "dev"})"},
    {"resources_delete",
     R"({"apiVersion": "apps/v1", "kind": "Deployment", "name": )"
     R"("web", "namespace": "dev"})"},
    {"tekton_pipeline_start", R"({"name": "x", "namespace": "dev"})"},
    {"tekton_pipeline_start", R"({"name": "x", "namespace": ""})"},
    {"tekton_pipeline_start", R"({"name": "x"})"},
    {"tekton_task_start", R"({"name": "x", "namespace": "dev"})"},
    {"tekton_task_start", R"({"name": "x", "namespace": ""})"},
    {"tekton_task_start", R"({"name": "x"})"},
    {"tekton_task_start", R"({"name": "x", "namespace": ".."})"},
    {"tekton_pipelinerun_logs", R"({"name": "x", "namespace": "dev"})"},
    {"tekton_pipelinerun_logs", R"({"name": "x", "namespace": ""})"},
    {"tekton_pipelinerun_logs", R"({"name": "x"})"},
    {"tekton_taskrun_logs", R"({"name": "x", "namespace": "dev"})"},
    {"tekton_taskrun_logs", R"({"name": "x", "namespace": ""})"},
    {"tekton_taskrun_logs", R"({"name": "x"})"},
    {"tekton_taskrun_restart", R"({"name": "x", "namespace": "dev"})"},
    {"tekton_taskrun_restart", R"({"name": "x", "namespace": ""})"},
    {"tekton_taskrun_restart", R"({"name": "x"})"},
    {"vm_guest_info", R"({"name": "x", "namespace": "dev"})"},
    {"vm_guest_info", R"({"name": "x", "namespace": ""})"},
    {"vm_guest_info", R"({"name": "x"})"},
    {"vm_clone", R"({"name": "x", "namespace": "dev", "targetName": "y"})"},
    {"vm_clone", R"({"name": "x", "namespace": "", "targetName": "y"})"},
    {"vm_clone", R"({"name": "x", "targetName": "y"})"},
    {"vm_create", R"({"name": "x", "namespace": "dev"})"},
    {"vm_create", R"({"name": "x", "namespace": ""})"},
    {"vm_create", R"({"name": "x"})"},
    {"vm_lifecycle", R"({"name": "x", "namespace": "dev", "action": "start"})"},
    {"vm_lifecycle", R"({"name": "x", "namespace": "", "action": "start"})"},
    {"vm_lifecycle", R"({"name": "x", "action": "start"})"},
    {"vm_lifecycle", R"({"name": "x", "namespace": "..", "action": "start"})"},
    {"tekton_pipelinerun_lifecycle",
     R"({"name": "x", "namespace": "dev", "action": "restart"})"},
    {"tekton_pipelinerun_lifecycle",
     R"({"name": "x", "namespace": "", "action": "restart"})"},
    {"tekton_pipelinerun_lifecycle", R"({"name": "x", "action": "restart"})"},
    {"netobserv_list_flows", R"({})"},
};

inline constexpr TruthRow kNodeTruth[] = {
    {"kubectl_get", R"({"resourceType": "pods"})"},
    {"kubectl_get", R"({"resourceType": "pods", "namespace": "dev"})"},
    {"kubectl_get", R"({"resourceType": "pods", "namespace": ""})"},
    {"kubectl_get", R"({"resourceType": "pods", "namespace": ["dev"]})"},
    {"kubectl_get", R"({"resourceType": "pods", "allNamespaces": "false"})"},
    {"kubectl_get", R"({"resourceType": "pods", "context": "other"})"},
    {"kubectl_get", R"({"resourceType": "pods", "name": "-A"})"},
    {"kubectl_get",
     R"({"resourceType": "pods", "name": "web-6d4f-k2vxp", "name)"
     R"(space": "dev"})"},
    {"kubectl_get", R"({"resourceType": "events", "namespace": "dev"})"},
    {"kubectl_get", R"({"resourceType": "Events", "namespace": "dev"})"},
    {"kubectl_get", R"({"resourceType": "pods,secrets", "namespace": "dev"})"},
    {"kubectl_get",
     R"({"resourceType": "secret/db-credentials", "namespace": ")"
     R"(dev"})"},
    {"kubectl_get", R"({"resourceType": "roles.rbac", "namespace": "dev"})"},
    {"kubectl_get",
     R"({"resourceType": "deployments.v1.apps", "namespace": "de)"
     R"(v"})"},
    {"kubectl_get",
     R"({"resourceType": "deployments.extensions", "namespace": )"
     R"("dev"})"},
    {"kubectl_get", R"({"resourceType": "nodes", "namespace": "dev"})"},
    {"kubectl_get", R"({"resourceType": "pods.", "namespace": "dev"})"},
    {"kubectl_get", R"({"resourceType": "events"})"},
    {"kubectl_events", R"({"namespace": "dev"})"},
    {"kubectl_describe",
     R"({"resourceType": "pod", "name": "web-6d4f-k2vxp", "names)"
     R"(pace": "dev"})"},
    {"kubectl_describe",
     R"({"resourceType": "deployment", "name": "web", "namespace)"
     R"(": "dev"})"},
    {"kubectl_describe",
     R"({"resourceType": "svc", "name": "web", "namespace": "dev)"
     R"("})"},
    {"kubectl_describe",
     R"({"resourceType": "node", "name": "node-1", "namespace": )"
     R"("dev"})"},
    {"kubectl_describe",
     R"({"resourceType": "ns", "name": "dev", "namespace": "dev")"
     R"(})"},
    {"kubectl_describe",
     R"({"resourceType": "sa", "name": "default", "namespace": ")"
     R"(dev"})"},
    {"kubectl_describe",
     R"({"resourceType": "ingress", "name": "web", "namespace": )"
     R"("dev"})"},
    {"kubectl_describe",
     R"({"resourceType": "pod", "name": "we", "namespace": "dev")"
     R"(})"},
    {"kubectl_logs",
     R"({"namespace": "dev", "resourceType": "pod", "name": "web)"
     R"(-6d4f-k2vxp"})"},
    {"kubectl_logs",
     R"({"namespace": "dev", "resourceType": "deployment", "name)"
     R"(": "web"})"},
    {"kubectl_logs",
     R"({"namespace": "dev", "resourceType": "deployment", "name)"
     R"(": "web", "context": "other"})"},
    {"kubectl_logs",
     R"({"namespace": "dev", "resourceType": "job", "name": "x"})"},
    {"kubectl_logs",
     R"({"namespace": "dev", "resourceType": "", "name": "x", "l)"
     R"(abelSelector": "app=web"})"},
    {"kubectl_logs",
     R"({"namespace": "dev", "resourceType": "statefulset", "nam)"
     R"(e": "x", "labelSelector": "app=web"})"},
    {"kubectl_logs",
     R"({"namespace": "dev", "resourceType": "pod", "name": "dep)"
     R"(loy/web"})"},
    {"kubectl_rollout",
     R"({"subCommand": "history", "resourceType": "deployment", )"
     R"("name": "web", "namespace": "dev", "timeout": "3s"})"},
    {"kubectl_rollout",
     R"({"subCommand": "status", "resourceType": "deployment", ")"
     R"(name": "web", "namespace": "dev", "timeout": "3s"})"},
    {"kubectl_rollout",
     R"({"subCommand": "restart", "resourceType": "deployment", )"
     R"("name": "web", "namespace": "dev", "timeout": "3s"})"},
    {"kubectl_generic",
     R"({"command": "rollout", "subCommand": "history", "resourc)"
     R"(eType": "deployment", "namespace": "dev"})"},
    {"kubectl_generic",
     R"({"command": "get", "resourceType": "pods", "args": ["-A")"
     R"(]})"},
    {"kubectl_generic",
     R"({"command": "get", "resourceType": "pods", "args": ["-An)"
     R"(", "dev"]})"},
    {"kubectl_generic",
     R"({"command": "get", "resourceType": "pods", "args": ["-Rn)"
     R"(kube-system"]})"},
    {"kubectl_generic",
     R"({"command": "get", "resourceType": "pods", "args": ["--a)"
     R"(ll_namespaces"]})"},
    {"kubectl_generic",
     R"({"command": "get", "resourceType": "pods", "args": ["-n")"
     R"(, "dev", "-n", "shop"]})"},
    {"kubectl_generic",
     R"({"command": "get", "resourceType": "pods", "args": ["--")"
     R"(, "secrets"]})"},
    {"kubectl_generic",
     R"({"command": "get", "resourceType": "pods", "args": ["--r)"
     R"(aw", "/api/v1/secrets"]})"},
    {"kubectl_generic",
     R"({"command": "get", "resourceType": "pods", "flags": {"al)"
     R"(l-namespaces": true}, "namespace": "dev"})"},
    {"kubectl_generic",
     R"({"command": "get", "resourceType": "pods", "flags": {"al)"
     R"(l-namespaces": false}, "namespace": "dev"})"},
    {"kubectl_generic",
     R"({"command": "get", "resourceType": "pods", "flags": {"na)"
     R"(mespace": "shop"}, "namespace": "dev"})"},
    {"kubectl_generic",
     R"({"command": "get", "resourceType": "pods", "flags": {"na)"
     R"(mespace=shop": true}, "namespace": "dev"})"},
    {"kubectl_generic",
     R"({"command": "get", "subCommand": "secrets", "namespace":)"
     R"( "dev"})"},
    {"kubectl_generic", R"({"command": "cluster-info", "namespace": "dev"})"},
    {"kubectl_generic",
     R"({"command": "top", "subCommand": "pod", "namespace": "de)"
     R"(v"})"},
    {"kubectl_generic", R"({"command": "top", "subCommand": "node"})"},
    {"kubectl_generic",
     R"({"command": "set", "subCommand": "env", "args": ["deploy)"
     R"(/web", "--from=secret/db-credentials", "--list", "-n", ")"
     R"(dev"]})"},
    {"kubectl_generic",
     R"({"command": "set", "subCommand": "env", "args": ["deploy)"
     R"(/web", "--list", "--resolve", "-n", "dev"]})"},
    {"kubectl_generic",
     R"({"command": "wait", "args": ["pod/web-6d4f-k2vxp", "--fo)"
     R"(r=condition=Ready", "--timeout=2s", "-n", "dev"]})"},
    {"kubectl_generic",
     R"({"command": "logs", "args": ["-l", "app=web", "-n", "dev)"
     R"("]})"},
    {"kubectl_generic",
     R"({"command": "exec", "args": ["-n", "dev", "deploy/web", )"
     R"("--", "id"]})"},
    {"kubectl_apply",
     R"({"manifest": "apiVersion: v1\nkind: ConfigMap\nmetadata:)"
     R"(\n  name: a\n", "namespace": "dev"})"},
    {"kubectl_apply",
     R"({"manifest": "apiVersion: v1\nkind: ConfigMap\nmetadata:)"
     R"(\n  name: a\n  namespace: dev\n--- # x\napiVersion: v1\n)"
     R"(kind: ConfigMap\nmetadata:\n  name: a\n  namespace: shop)"
     R"(\n", "namespace": "dev"})"},
    {"kubectl_delete",
     R"({"manifest": "apiVersion: v1\nkind: ConfigMap\nmetadata:)"
     R"(\n  name: a\n"})"},
    {"kubectl_create",
     R"({"resourceType": "configmap", "name": "c1", "namespace":)"
     R"( "dev", "fromLiteral": ["a=b"]})"},
    {"kubectl_create",
     R"({"resourceType": "job", "name": "j2", "image": "x", "nam)"
     R"(espace": "dev", "command": ["-n", "kube-system"]})"},
    {"kubectl_scale", R"({"name": "web", "replicas": 2, "namespace": "dev"})"},
    {"kubectl_scale",
     R"({"name": "--all", "replicas": 2, "namespace": "dev"})"},
    {"kubectl_patch",
     R"({"resourceType": "deployment", "name": "web", "namespace)"
     R"(": "dev", "patchData": {"spec": {"replicas": 1}}})"},
    {"node_management", R"({"operation": "cordon", "nodeName": "node-1"})"},
    {"node_management", R"({"operation": "drain", "nodeName": "node-1"})"},
    {"kubectl_delete",
     R"({"resourceType": "pods", "labelSelector": "app=api", "na)"
     R"(mespace": "dev"})"},
};

}  // namespace gatehouse::testing
