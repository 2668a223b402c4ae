// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/manifest.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/policy/kubernetes/kubectl_fixture.h"

namespace gatehouse {
namespace {

constexpr auto kKubectl = ManifestDialect::kKubectl;

Manifest ReadText(std::string_view text, ManifestDialect dialect) {
  return ReadManifest(text, dialect, *KubectlTables());
}

const std::string kMap =
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";

TEST(Manifest, NamesItsObjects) {
  const Manifest manifest =
      ReadText(kMap +
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
  const Manifest manifest = ReadText(
      "apiVersion: v1\nkind: List\nitems:\n"
      "- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n"
      "- {apiVersion: v1, kind: Pod, metadata: {generateName: b-}}\n",
      kKubectl);
  EXPECT_FALSE(manifest.unclear) << *manifest.unclear;
  ASSERT_EQ(manifest.objects.size(), 2u);
  EXPECT_EQ(manifest.objects[1].generate_name, "b-");
}

TEST(Manifest, ReadsJson) {
  const Manifest manifest = ReadText(
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
      "apiVersion: v1\nkind: \"Secret \"\nmetadata: {name: a}\n",
      "apiVersion: v1\nkind: S\xf3\xa0\x81\xa5"
      "cret\nmetadata: {name: a}\n",
      "apiVersion: v1\nkind: \xef\xbc\xb3"
      "ecret\nmetadata: {name: a}\n",
      "apiVersion: foo/v9\nkind: OddList\nitems:\n"
      "- {apiVersion: v1, kind: Secret, metadata: {name: a}}\n",
      "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: List, "
      "items: []}\n",
  };
  for (const std::string& text : rows) {
    EXPECT_TRUE(ReadText(text, kKubectl).unclear) << text;
  }
}

// The limits of manifest.cc. At each of them a text is read; one past it is
// unclear, and says which limit it was.
constexpr std::size_t kMaxBytes = 1u << 20;
constexpr int kMaxDepth = 48;
constexpr int kMaxNodes = 100'000;
constexpr int kMaxObjects = 500;

std::string Times(int count, const std::string& text) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

std::size_t ReadObjects(const std::string& text) {
  const Manifest manifest = ReadText(text, kKubectl);
  EXPECT_FALSE(manifest.unclear) << *manifest.unclear;
  return manifest.objects.size();
}

// Why the text is unclear; what was read before is there at most in part.
std::string WhyUnclear(const std::string& text) {
  return ReadText(text, kKubectl).unclear.value_or("");
}

TEST(Manifest, IsReadUpToItsBytes) {
  const auto padded = [](std::string text, std::size_t size) {
    text += "# ";
    text.resize(size - 1, 'x');
    return text + "\n";
  };
  EXPECT_EQ(ReadObjects(padded(kMap, kMaxBytes)), 1u);
  EXPECT_EQ(WhyUnclear(padded(kMap, kMaxBytes + 1)),
            "the text has 1048577 bytes; at most 1048576 are read");
}

TEST(Manifest, IsReadUpToItsBytesAsAStream) {
  const auto padded = [](std::size_t size) {
    const std::string last =
        R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"b"}})";
    std::string text =
        R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}})";
    text.resize(size - last.size(), ' ');
    return text + last;
  };
  EXPECT_EQ(ReadObjects(padded(kMaxBytes)), 2u);
  EXPECT_EQ(WhyUnclear(padded(kMaxBytes + 1)),
            "the text has 1048577 bytes; at most 1048576 are read");
}

TEST(Manifest, IsReadUpToItsDepth) {
  // The object itself is the first level.
  const auto nested = [](int depth) {
    return kMap + "data: " + Times(depth - 1, "[") + Times(depth - 1, "]") +
           "\n";
  };
  EXPECT_EQ(ReadObjects(nested(kMaxDepth)), 1u);
  EXPECT_EQ(WhyUnclear(nested(kMaxDepth + 1)),
            "line 4 of the manifest: nested deeper than 48 levels");
}

TEST(Manifest, IsReadUpToItsNodes) {
  // Keys count as values do: kMap has nine in all, "data" and its list two.
  const auto listed = [](int nodes) {
    return kMap + "data:\n" + Times(nodes - 11, "- x\n");
  };
  EXPECT_EQ(ReadObjects(listed(kMaxNodes)), 1u);
  EXPECT_NE(WhyUnclear(listed(kMaxNodes + 1)).find("has too many values"),
            std::string::npos);
}

TEST(Manifest, IsReadUpToItsObjects) {
  const std::string item = "{apiVersion: v1, kind: Pod, metadata: {name: a}}\n";
  const auto documents = [](int count) { return Times(count, kMap + "---\n"); };
  const auto list = [&](int count) {
    return "apiVersion: v1\nkind: List\nitems:\n" + Times(count, "- " + item);
  };
  for (const auto& text : {documents(kMaxObjects), list(kMaxObjects)}) {
    EXPECT_EQ(ReadObjects(text), std::size_t{kMaxObjects});
  }
  for (const auto& text : {documents(kMaxObjects + 1), list(kMaxObjects + 1),
                           documents(250) + list(251)}) {
    EXPECT_NE(WhyUnclear(text).find("there are more than 500 objects"),
              std::string::npos)
        << WhyUnclear(text);
  }
}

TEST(Manifest, IsReadUpToItsObjectsAsAStream) {
  const std::string one =
      R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}} )";
  EXPECT_EQ(ReadObjects(Times(kMaxObjects, one)), std::size_t{kMaxObjects});
  EXPECT_NE(WhyUnclear(Times(kMaxObjects + 1, one)), "");
  // Each of a stream may have all the nodes, the stream only its bytes.
  const std::string many =
      R"({"apiVersion":"v1","kind":"List","items":[)" +
      Times(249,
            R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}},)") +
      R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}]} )";
  EXPECT_EQ(ReadObjects(many + many), std::size_t{kMaxObjects});
  EXPECT_NE(WhyUnclear(many + many + one).find("more than 500 objects"),
            std::string::npos);
}

TEST(Manifest, TellsWhatPodsAskFor) {
  const Manifest manifest = ReadText(
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
  EXPECT_FALSE(ReadText(kMap + "---\n" + kMap, exact).unclear);
  EXPECT_TRUE(ReadText(kMap + "--- \n" + kMap, exact).unclear);
}

TEST(Manifest, KindsAreFoundInAnyCaseAndNeverInAnotherGroup) {
  const auto type = [](std::string api_version, std::string kind) {
    ManifestObject object;
    object.api_version = std::move(api_version);
    object.kind = std::move(kind);
    const ResourceType* found = TypeOfObject(object, *KubectlTables());
    return found == nullptr ? std::string("?") : found->plural;
  };
  EXPECT_EQ(type("v1", "Secret"), "secrets");
  EXPECT_EQ(type("v1", "secret"), "secrets");
  EXPECT_EQ(type("example.com/v1", "Secret"), "?");
  EXPECT_EQ(type("apps/v1beta1", "Deployment"), "deployments");
}

}  // namespace
}  // namespace gatehouse
