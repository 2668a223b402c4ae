// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/manifest.h"

#include <gtest/gtest.h>

namespace gatehouse {
namespace {

constexpr auto kKubectl = ManifestDialect::kKubectl;

const KubernetesTables& Tables() {
  static const auto tables = KubernetesTables::Embedded();
  return *tables;
}
Manifest Read(std::string_view text, ManifestDialect dialect) {
  return ReadManifest(text, dialect, Tables());
}

const std::string kMap =
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";

TEST(Manifest, NamesItsObjects) {
  const Manifest manifest =
      Read(kMap +
               "---\napiVersion: apps/v1\nkind: Deployment\n"
               "metadata:\n  name: web\n  namespace: dev\n",
           kKubectl);
  EXPECT_FALSE(manifest.unclear);
  ASSERT_EQ(manifest.objects.size(), 2u);
  EXPECT_EQ(manifest.objects[0].kind, "ConfigMap");
  const ManifestObject& web = manifest.objects[1];
  EXPECT_EQ(web.api_version + " " + web.kind + " " + web.namespace_name + "/" +
                web.name,
            "apps/v1 Deployment dev/web");
}

TEST(Manifest, OpensLists) {
  const Manifest manifest = Read(
      "apiVersion: v1\nkind: List\nitems:\n"
      "- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n"
      "- {apiVersion: v1, kind: Pod, metadata: {generateName: b-}}\n",
      kKubectl);
  EXPECT_FALSE(manifest.unclear) << *manifest.unclear;
  ASSERT_EQ(manifest.objects.size(), 2u);
  EXPECT_EQ(manifest.objects[1].generate_name, "b-");
}

TEST(Manifest, ReadsJson) {
  const Manifest manifest = Read(
      R"({"apiVersion":"v1","k\u0069nd":"Secret","metadata":{"name":"j"}})",
      kKubectl);
  ASSERT_EQ(manifest.objects.size(), 1u);
  EXPECT_EQ(manifest.objects[0].kind, "Secret");
}

TEST(Manifest, WhatReadersMayTakeDifferentlyIsUnclear) {
  const std::string rows[] = {
      "",
      "just text",
      "- a\n- b\n",
      "apiVersion: v1\nkind: A\nkind: B\nmetadata: {name: a}\n",
      "x: &m {name: b}\n" + kMap,
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {<<: {name: b}}\n",
      "apiVersion: !!str v1\nkind: ConfigMap\nmetadata: {name: a}\n",
      "%YAML 1.1\n---\n" + kMap,
      kMap + "...\n" + kMap,
      kMap + "items: []\n",
      R"({"apiVersion":"v1","kind":"A","metadata":{"name":"a"}}{"b":1})",
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: no}\n",
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: 1_0}\n",
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: on}\n",
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: 123}\n",
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ../x}\n",
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: ..}\n",
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n",
      "apiVersion: v1\nmetadata: {name: a}\n",
      "kind: ConfigMap\nmetadata: {name: a}\n",
      "apiVersion: foo/v9\nkind: OddList\nitems:\n"
      "- {apiVersion: v1, kind: Secret, metadata: {name: a}}\n",
      "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: List, "
      "items: []}\n",
  };
  for (const std::string& text : rows) {
    EXPECT_TRUE(Read(text, kKubectl).unclear) << text;
  }
}

TEST(Manifest, TellsWhatPodsAskFor) {
  const Manifest manifest = Read(
      kMap +
          "---\napiVersion: batch/v1\nkind: CronJob\nmetadata: {name: c}\n"
          "spec: {jobTemplate: {spec: {template: {spec: {hostPID: true}}}}}\n"
          "---\napiVersion: example.com/v1\nkind: Rollout\n"
          "metadata: {name: r}\n",
      kKubectl);
  ASSERT_EQ(manifest.objects.size(), 3u);
  EXPECT_EQ(manifest.objects[0].pods.security, PodSecurity::kNone);
  EXPECT_EQ(manifest.objects[1].pods.security, PodSecurity::kPrivileged);
  EXPECT_EQ(manifest.objects[2].pods.security, PodSecurity::kUnknown);
}

TEST(Manifest, AServerThatCutsAtExactLinesSeesNoOthers) {
  const auto exact = ManifestDialect::kExactSeparators;
  EXPECT_FALSE(Read(kMap + "---\n" + kMap, exact).unclear);
  EXPECT_TRUE(Read(kMap + "--- \n" + kMap, exact).unclear);
}

TEST(Manifest, KindsAreFoundInAnyCaseAndNeverInAnotherGroup) {
  const auto type = [](std::string api_version, std::string kind) {
    ManifestObject object;
    object.api_version = std::move(api_version);
    object.kind = std::move(kind);
    const ResourceType* found = TypeOfObject(object, Tables());
    return found == nullptr ? std::string("?") : found->plural;
  };
  EXPECT_EQ(type("v1", "Secret"), "secrets");
  EXPECT_EQ(type("v1", "secret"), "secrets");
  EXPECT_EQ(type("example.com/v1", "Secret"), "?");
  EXPECT_EQ(type("apps/v1beta1", "Deployment"), "deployments");
}

}  // namespace
}  // namespace gatehouse
