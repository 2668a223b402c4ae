// SPDX-License-Identifier: Apache-2.0
// The comparison that every differential test rests on must be able to fail.
#include "tests/support/api_truth.h"

#include <gtest/gtest.h>

namespace gatehouse::testing {
namespace {

Request Named(Verb verb, std::string resource, std::string namespace_name,
              std::string name) {
  Request request;
  request.verb = verb;
  request.group = "";
  request.resource = std::move(resource);
  request.subresource = "";
  request.namespace_name = std::move(namespace_name);
  request.name = std::move(name);
  return request;
}

std::string Short(const std::string& line) {
  const std::optional<SeenRequest> seen = SeenIn(line);
  if (!seen) return "-";
  return seen->verb + " " + seen->group + "/" + seen->resource + "/" +
         seen->subresource + " " + seen->namespace_name + "/" + seen->name +
         (seen->dry_run ? " dry" : "");
}

TEST(ApiTruth, ReadsPathsAsAnApiServerDoes) {
  const std::string rows[][2] = {
      {"GET /api/v1/pods?limit=500 -> 200", "list /pods/ /"},
      {"GET /api/v1/namespaces/a/pods/b/log?follow=1 -> 200",
       "get /pods/log a/b"},
      {"GET /api/v1/namespaces/a -> 200", "get /namespaces/ /a"},
      {"PUT /api/v1/namespaces/a/finalize -> 200",
       "update /namespaces/finalize /a"},
      {"GET /apis/apps/v1/deployments?watch=true -> 200",
       "watch apps/deployments/ /"},
      {"DELETE /api/v1/namespaces/a/pods -> 200", "deletecollection /pods/ a/"},
      {"PATCH /api/v1/namespaces/a/pods/b?dryRun=All -> 200",
       "patch /pods/ a/b dry"},
      {"GET /metrics -> 404", "list // /"},
      {"GET /api/v1/namespaces/a/pods?fieldSelector=metadata.name%3Db&watch=1 "
       "-> 200",
       "watch /pods/ a/b"},
      {"GET /api/v1 -> 200", "-"},
      {"GET /apis/apps/v1?timeout=32s -> 200", "-"},
      {"GET /openapi/v2 -> 200", "-"},
      {"POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews -> 201",
       "-"},
  };
  for (const auto& [line, expected] : rows) EXPECT_EQ(Short(line), expected);
}

TEST(ApiTruth, LeavesWhatNoRequestNames) {
  const std::string get = "GET /api/v1/namespaces/a/pods/b -> 200";
  const std::string list = "GET /api/v1/pods -> 200";
  EXPECT_TRUE(Uncovered({get}, {Named(Verb::kGet, "pods", "a", "b")}).empty());
  for (const Request& other : {
           Named(Verb::kList, "pods", "a", "b"),
           Named(Verb::kGet, "secrets", "a", "b"),
           Named(Verb::kGet, "pods", "b", "b"),
           Named(Verb::kGet, "pods", "a", "c"),
           Named(Verb::kGet, "pods", "a", ""),
       }) {
    EXPECT_EQ(Uncovered({get}, {other}).size(), 1u) << Describe(other);
  }
  Request everywhere = Named(Verb::kList, "pods", "", "");
  everywhere.all_namespaces = true;
  EXPECT_TRUE(Uncovered({list}, {everywhere}).empty());
  const std::string one =
      "GET /api/v1/namespaces/a/pods?fieldSelector=metadata.name%3Db -> 200";
  EXPECT_TRUE(Uncovered({one}, {Named(Verb::kList, "pods", "a", "b")}).empty());
  EXPECT_TRUE(Uncovered({one}, {Named(Verb::kList, "pods", "a", "")}).empty());
  EXPECT_EQ(Uncovered({one}, {Named(Verb::kList, "pods", "a", "c")}).size(),
            1u);
  EXPECT_EQ(Uncovered({list}, {Named(Verb::kList, "pods", "a", "")}).size(),
            1u);
  EXPECT_EQ(Uncovered({list}, {}).size(), 1u);
}

TEST(ApiTruth, NamedVerbsAllowForTheirOwnPaths) {
  Request exec = Named(Verb::kExec, "pods", "a", "b");
  exec.subresource = "exec";
  const std::string line = "POST /api/v1/namespaces/a/pods/b/exec?x -> 101";
  EXPECT_TRUE(Uncovered({line}, {exec}).empty());
  Request raw;
  raw.verb = Verb::kRaw;
  raw.path = "/api/v1/x/../secrets?limit=1";
  EXPECT_TRUE(Uncovered({"GET /api/v1/secrets -> 200"}, {raw}).empty());
  EXPECT_EQ(Uncovered({"GET /api/v1/pods -> 200"}, {raw}).size(), 1u);
  raw.path = "http://elsewhere/api/v1/x/%2e%2e/secrets";
  EXPECT_TRUE(Uncovered({"GET /api/v1/secrets -> 200"}, {raw}).empty());
  Request unclear;
  unclear.verb = Verb::kUnclear;
  EXPECT_TRUE(Uncovered({line}, {unclear}).empty());
}

TEST(ApiTruth, ADryRunDoesNotAllowForARealChange) {
  Request patch = Named(Verb::kPatch, "pods", "a", "b");
  patch.dry_run = true;
  const std::string path = "PATCH /api/v1/namespaces/a/pods/b";
  EXPECT_TRUE(Uncovered({path + "?dryRun=All -> 200"}, {patch}).empty());
  EXPECT_EQ(Uncovered({path + " -> 200"}, {patch}).size(), 1u);
}

TEST(ApiTruth, ANamespaceMayBeAskedForWhereOneIsNamed) {
  const std::string line = "GET /api/v1/namespaces/a -> 404";
  EXPECT_TRUE(Uncovered({line}, {Named(Verb::kGet, "pods", "a", "b")}).empty());
  EXPECT_EQ(Uncovered({line}, {Named(Verb::kGet, "pods", "b", "b")}).size(),
            1u);
}

}  // namespace
}  // namespace gatehouse::testing
