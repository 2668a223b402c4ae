// SPDX-License-Identifier: Apache-2.0
// Each control of the Pod Security Standards, in the words of
// kubernetes.io/docs/concepts/security/pod-security-standards.
#include "policy/kubernetes/pod_template.h"

#include <gtest/gtest.h>

#include "policy/kubernetes/pod_controls.h"

namespace gatehouse {
namespace {

YamlNode Parsed(const std::string& text) {
  Issues issues;
  std::vector<YamlNode> documents = ReadYaml({"pod", text}, issues);
  EXPECT_FALSE(issues.HasErrors()) << text;
  return documents.empty() ? YamlNode{} : std::move(documents[0]);
}

std::string Shown(const PodFacts& facts) {
  std::string text(PodSecurityName(facts.security));
  if (!facts.because.empty()) text += ": " + facts.because;
  return text;
}

// A pod that "restricted" accepts, with `spec` and `container` written into it.
std::string Pod(const std::string& spec, const std::string& container) {
  return "kind: Pod\nspec:\n  securityContext: {runAsNonRoot: true, "
         "seccompProfile: {type: RuntimeDefault}}\n  " +
         spec + "\n  containers:\n  - name: a\n    " + container + "\n";
}
const std::string kSafe =
    "securityContext: {allowPrivilegeEscalation: false, "
    "capabilities: {drop: [ALL]}}";
std::string Context(const std::string& more) {
  return "securityContext: {allowPrivilegeEscalation: false, " + more + "}";
}
std::string Dropping(const std::string& more) {
  return Context("capabilities: {drop: [ALL]}, " + more);
}

std::string Level(const std::string& pod) {
  return Shown(ReadPodTemplate(Parsed(pod), "."));
}

TEST(PodTemplate, MeetsRestrictedWithAllOfIt) {
  EXPECT_EQ(Level(Pod("hostNetwork: false", kSafe)), "restricted");
  EXPECT_EQ(Level(Pod("volumes: [{name: c, configMap: {name: c}}]", kSafe)),
            "restricted");
  EXPECT_EQ(
      Level(Pod("restartPolicy: Never", Context("capabilities: {drop: [ALL], "
                                                "add: [NET_BIND_SERVICE]}"))),
      "restricted");
}

TEST(PodTemplate, FieldsOfThePod) {
  const struct {
    std::string spec;
    std::string_view shown;
  } kRows[] = {
      {"hostNetwork: true", "privileged: spec.hostNetwork"},
      {"hostPID: true", "privileged: spec.hostPID"},
      {"hostIPC: true", "privileged: spec.hostIPC"},
      {"volumes: [{name: r, hostPath: {path: /}}]",
       "privileged: spec.volumes[0].hostPath"},
      {"volumes: [{name: r, hostPath: null, emptyDir: {}}]", "restricted"},
      {"volumes: [{name: r, nfs: {server: s, path: /}}]",
       "baseline: spec.volumes[0]"},
      {"volumes: [{name: r}]", "baseline: spec.volumes[0]"},
      // What is not of its type.
      {"hostNetwork: yes", "privileged: spec.hostNetwork"},
      {"hostNetwork: \"false\"", "privileged: spec.hostNetwork"},
      {"hostNetwork: null", "restricted"},
      {"hostpid: true", "privileged: spec.hostpid is misspelt"},
      {"volumes: {name: r}", "privileged: spec.volumes cannot be read"},
      {"volumes: [r]", "privileged: spec.volumes[0] cannot be read"},
      {"$patch: replace", "privileged: spec.$patch is a patch directive"},
      {"tolerations: [{$patch: delete}]",
       "privileged: spec.tolerations.$patch is a patch directive"},
      {"initContainers: [{name: i}]",
       "baseline: spec.initContainers[0].securityContext."
       "allowPrivilegeEscalation is not false"},
      {"ephemeralContainers: [{securityContext: {privileged: true}}]",
       "privileged: spec.ephemeralContainers[0].securityContext.privileged"},
      {"initContainers: [x]",
       "privileged: spec.initContainers[0] cannot be read"},
  };
  for (const auto& row : kRows) {
    EXPECT_EQ(Level(Pod(row.spec, kSafe)), row.shown) << row.spec;
  }
}

TEST(PodTemplate, FieldsOfTheContainer) {
  const std::string at = "spec.containers[0].";
  const struct {
    std::string container;
    std::string shown;
  } kRows[] = {
      {Dropping("privileged: true"),
       "privileged: " + at + "securityContext.privileged"},
      {Dropping("privileged: false"), "restricted"},
      {Dropping("procMount: Unmasked"),
       "privileged: " + at + "securityContext.procMount"},
      {Dropping("procMount: Default"), "restricted"},
      {Dropping("runAsUser: 0"),
       "baseline: " + at + "securityContext.runAsUser"},
      {Dropping("runAsUser: 1000"), "restricted"},
      {Dropping("runAsUser: \"0\""),
       "privileged: " + at + "securityContext.runAsUser"},
      {Dropping("runAsNonRoot: false"),
       "baseline: " + at + "securityContext.runAsNonRoot is not true"},
      {Dropping("seccompProfile: {type: Unconfined}"),
       "privileged: " + at + "securityContext.seccompProfile.type"},
      {Dropping("seccompProfile: {type: Localhost}"), "restricted"},
      {Dropping("appArmorProfile: {type: Unconfined}"),
       "privileged: " + at + "securityContext.appArmorProfile.type"},
      {Dropping("seLinuxOptions: {type: spc_t}"),
       "privileged: " + at + "securityContext.seLinuxOptions.type"},
      {Dropping("seLinuxOptions: {type: container_t, level: s0}"),
       "restricted"},
      {Dropping("seLinuxOptions: {user: u}"),
       "privileged: " + at + "securityContext.seLinuxOptions.user"},
      {Dropping("seLinuxOptions: {role: r}"),
       "privileged: " + at + "securityContext.seLinuxOptions.role"},
      {Dropping("windowsOptions: {hostProcess: true}"),
       "privileged: " + at + "securityContext.windowsOptions.hostProcess"},
      {Context("capabilities: {add: [SYS_ADMIN], drop: [ALL]}"),
       "privileged: " + at + "securityContext.capabilities.add[0]"},
      {Context("capabilities: {add: [CHOWN], drop: [ALL]}"),
       "baseline: " + at + "securityContext.capabilities.add[0]"},
      {Context("capabilities: {drop: [CHOWN]}"),
       "baseline: " + at + "securityContext.capabilities.drop lacks ALL"},
      {"image: x", "baseline: " + at +
                       "securityContext.allowPrivilegeEscalation is not false"},
      {kSafe + "\n    ports: [{containerPort: 80, hostPort: 80}]",
       "privileged: " + at + "ports[0].hostPort"},
      {kSafe + "\n    ports: [{containerPort: 80, hostPort: 0}]", "restricted"},
      {kSafe + "\n    livenessProbe: {httpGet: {host: 10.0.0.1, port: 1}}",
       "privileged: " + at + "livenessProbe.httpGet.host"},
      {kSafe + "\n    lifecycle: {preStop: {tcpSocket: {host: h, port: 1}}}",
       "privileged: " + at + "lifecycle.preStop.tcpSocket.host"},
      {kSafe + "\n    livenessProbe: {httpGet: {path: /, port: 1}}",
       "restricted"},
      {"securityContext: none",
       "privileged: " + at + "securityContext cannot be read"},
  };
  for (const auto& row : kRows) {
    EXPECT_EQ(Level(Pod("restartPolicy: Never", row.container)), row.shown)
        << row.container;
  }
}

TEST(PodTemplate, WhatIsSetForThePodHoldsForItsContainers) {
  const std::string bare = "kind: Pod\nspec:\n  containers:\n  - " + kSafe;
  EXPECT_EQ(Level(bare),
            "baseline: spec.containers[0].securityContext.runAsNonRoot is not "
            "true");
  EXPECT_EQ(Level("kind: Pod\nspec:\n  securityContext: {sysctls: [{name: "
                  "kernel.msgmax, value: '1'}]}\n  containers: []"),
            "privileged: spec.securityContext.sysctls[0].name");
  EXPECT_EQ(Level("kind: Pod\nmetadata:\n  annotations:\n    "
                  "container.apparmor.security.beta.kubernetes.io/a: "
                  "unconfined\nspec: {containers: []}"),
            "privileged: metadata.annotations[container.apparmor.security.beta."
            "kubernetes.io/a]");
}

TEST(PodTemplate, FindsTheTemplateOfEachWorkload) {
  const std::string spec = "{hostPID: true}";
  const struct {
    std::string_view at;
    std::string object;
    std::string_view shown;
  } kRows[] = {
      {".", "spec: " + spec, "privileged: spec.hostPID"},
      {"template", "template: {spec: " + spec + "}",
       "privileged: template.spec.hostPID"},
      {"spec.template", "spec: {template: {spec: " + spec + "}}",
       "privileged: spec.template.spec.hostPID"},
      {"spec.jobTemplate.spec.template",
       "spec: {jobTemplate: {spec: {template: {spec: " + spec + "}}}}",
       "privileged: spec.jobTemplate.spec.template.spec.hostPID"},
      {"", "spec: " + spec, "none"},
      {"spec.template", "spec: {replicas: 3}", "none"},
      {"spec.template", "spec: {template: null}", "none"},
      {"spec.template", "spec: {template: text}",
       "privileged: spec.template cannot be read"},
      {"spec.template", "spec: {Template: {spec: " + spec + "}}",
       "privileged: spec.Template is misspelt"},
  };
  for (const auto& row : kRows) {
    EXPECT_EQ(Shown(ReadPodTemplate(Parsed(row.object), row.at)), row.shown)
        << row.object;
  }
}

TEST(PodTemplate, TellsOfHostPathsAndServiceAccounts) {
  const auto read = [](const std::string& spec) {
    return ReadPodTemplate(Parsed(Pod(spec, kSafe)), ".");
  };
  EXPECT_EQ(read("serviceAccountName: deployer").service_account, "deployer");
  EXPECT_EQ(read("serviceAccount: old").service_account, "old");
  EXPECT_EQ(read("serviceAccountName: default").service_account, "");
  EXPECT_EQ(read("serviceAccountName: [a]").service_account, std::nullopt);
  EXPECT_EQ(read("restartPolicy: Never").service_account, "");
  EXPECT_TRUE(read("volumes: [{name: r, hostPath: {}}]").host_paths);
  EXPECT_FALSE(read("volumes: [{name: r, emptyDir: {}}]").host_paths);
}

TEST(PodControls, AcceptOnlyWhatEveryReaderTakesAlike) {
  EXPECT_EQ(BoolOf(Parsed("TRUE")), true);
  EXPECT_EQ(BoolOf(Parsed("yes")), std::nullopt);
  EXPECT_TRUE(IsInteger(Parsed("0")));
  EXPECT_FALSE(IsInteger(Parsed("00")));
  EXPECT_TRUE(IsNull(Parsed("~")));
  EXPECT_FALSE(IsWordOf("", "a b"));
  EXPECT_FALSE(PodControls().empty());
  EXPECT_FALSE(SharedControls().empty());
  EXPECT_FALSE(ContainerControls().empty());
}

}  // namespace
}  // namespace gatehouse
