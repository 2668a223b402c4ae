// SPDX-License-Identifier: Apache-2.0
// The sample cluster without HTTP: each request line with its status and a
// part of what it answers, in an order that lets writes be seen.

#include <gtest/gtest.h>

#include "cli/sample/api.h"
#include "cli/sample/object.h"
#include "cli/sample/openapi.h"
#include "cli/sample/path.h"
#include "cli/sample/sample_data.h"
#include "cli/sample/selector.h"
#include "cli/sample/table.h"
#include "policy/json_value.h"

namespace gatehouse::sample {
namespace {

constexpr const char* kJson = "application/json";
constexpr const char* kTable =
    "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
constexpr const char* kWeb = "/apis/apps/v1/namespaces/dev/deployments/web";
constexpr const char* kMap = "/api/v1/namespaces/dev/configmaps";

class SampleCluster : public ::testing::Test {
 protected:
  SampleCluster() {
    for (SampleObject& object :
         SampleObjects(std::chrono::system_clock::now())) {
      store_.Put({object.type, object.namespace_name, object.name},
                 std::move(object.object));
    }
  }

  ApiResponse Ask(const std::string& method, const std::string& target,
                  const std::string& body = "",
                  const std::string& content_type = kJson,
                  const std::string& accept = kJson) {
    return api_.Handle({method, target, accept, content_type, body});
  }

  void Expect(const std::string& method, const std::string& target, int status,
              const std::string& holds, const std::string& body = "",
              const std::string& content_type = kJson) {
    SCOPED_TRACE(method + " " + target);
    ApiResponse response = Ask(method, target, body, content_type);
    EXPECT_EQ(response.status, status) << response.body.substr(0, 300);
    EXPECT_NE(response.body.find(holds), std::string::npos)
        << response.body.substr(0, 300);
    EXPECT_TRUE(response.content_type != kJson ||
                ParseJson(response.body).ok());
  }

  Store store_;
  std::shared_ptr<const KubernetesTables> tables_ =
      KubernetesTables::Embedded();
  Api api_{store_, tables_->resources()};
};

// As client-go's typed clients write: magic, then runtime.Unknown.
TEST_F(SampleCluster, TakesSecretsInProtobuf) {
  const std::string metadata = std::string(
                                   "\x0a\x01r\x1a\x03"
                                   "dev") +
                               std::string("\x5a\x0d\x0a\x05owner\x12\x04helm");
  const std::string secret = "\x0a" + std::string(1, char(metadata.size())) +
                             metadata +
                             "\x12\x0a\x0a\x04"
                             "data\x12\x02xy" +
                             "\x1a\x01t";
  const std::string body = std::string("k8s\0", 4) +
                           "\x0a\x0c\x0a\x02v1\x12\x06Secret" + "\x12" +
                           std::string(1, char(secret.size())) + secret;
  const char* type = "application/vnd.kubernetes.protobuf";
  Expect("POST", "/api/v1/namespaces/dev/secrets", 201, R"("data":"eHk=")",
         body, type);
  Expect("GET", "/api/v1/namespaces/dev/secrets?labelSelector=owner%3Dhelm",
         200, R"("name":"r")");
  Expect("POST", "/api/v1/namespaces/dev/secrets", 422, "metadata.name",
         body.substr(0, 20), type);
  Expect("POST", "/api/v1/namespaces/dev/secrets", 415, "protobuf", "k8s",
         type);
}

TEST_F(SampleCluster, SaysWhatItServes) {
  Expect("GET", "/version", 200, "v1.32.0-sample");
  Expect("GET", "/healthz", 200, "ok");
  Expect("GET", "/api", 200, R"("versions":["v1"])");
  Expect("GET", "/apis", 200, R"("groupVersion":"apps/v1")");
  Expect("GET", "/apis/apps", 200, R"("preferredVersion")");
  Expect("GET", "/apis/nothing.example", 404, "NotFound");
  Expect("GET", "/api/v1?timeout=32s", 200, R"("name":"pods/log")");
  Expect("GET", "/apis/apps/v1", 200, R"("name":"deployments/scale")");
  Expect("GET", "/apis/apps/v9", 404, "NotFound");
  Expect("GET", "/openapi/v2", 200, R"("x-kubernetes-group-version-kind")");
  Expect("GET", "/openapi/v3", 200, R"("apis/apps/v1")");
  Expect("GET", "/openapi/v3/apis/apps/v1?hash=x", 200, "Deployment");
  Expect("GET", "/openapi/v3/apis/none/v1", 404, "NotFound");
  Expect("GET", "/no/such/path", 404, "NotFound");
  Expect("POST", "/version", 405, "MethodNotAllowed");
}

TEST_F(SampleCluster, ReadsObjects) {
  Expect("GET", "/api/v1/pods", 200, "coredns-6d4f-k2vxp");
  Expect("GET", "/api/v1/namespaces/dev/pods", 200, "web-6d4f-k2vxp");
  Expect("GET", "/api/v1/namespaces/dev", 200, R"("kind":"Namespace")");
  Expect("GET", kWeb, 200, R"("availableReplicas":2)");
  Expect("GET", "/apis/apps/v1/namespaces/dev/deployments/none", 404,
         R"(deployments \"none\" not found)");
  Expect("GET", "/api/v1/namespaces/dev/widgets", 404, "requested resource");
  Expect("GET", "/api/v1/namespaces/dev/pods/web-6d4f-k2vxp/log?tailLines=1",
         200, "GET / 200");
  Expect("GET", "/api/v1/namespaces/dev/pods/web-6d4f-k2vxp/exec?command=id",
         501, "not part of this sample");
  Expect("GET", "/api/v1/namespaces/dev/secrets/db-credentials", 200,
         "c2FtcGxlLXVzZXI=");
}

TEST_F(SampleCluster, ListsOnlyWhatIsAskedFor) {
  ApiResponse pods =
      Ask("GET", "/api/v1/namespaces/dev/pods?labelSelector=app%3Dweb");
  EXPECT_EQ(pods.body.find("api-6d4f"), std::string::npos);
  EXPECT_NE(pods.body.find("web-6d4f"), std::string::npos);
  pods = Ask("GET", "/api/v1/pods?fieldSelector=spec.nodeName%3Dnode-2");
  EXPECT_EQ(pods.body.find("k2vxp"), std::string::npos);
  EXPECT_NE(pods.body.find("t9zqm"), std::string::npos);
}

TEST_F(SampleCluster, WritesAndForgets) {
  const std::string map =
      R"({"metadata":{"name":"a"},"data":{"x":"1","y":"2"}})";
  Expect("POST", std::string(kMap) + "?dryRun=All", 201, "\"a\"", map);
  Expect("GET", std::string(kMap) + "/a", 404, "NotFound");
  Expect("POST", kMap, 201, R"("uid")", map);
  Expect("POST", kMap, 409, "AlreadyExists", map);
  Expect("POST", kMap, 422, "Required", R"({"metadata":{}})");
  Expect("POST", kMap, 400, "BadRequest", "{");
  Expect("POST", kMap, 415, "reads JSON bodies", "k8s",
         "application/vnd.kubernetes.protobuf");
  Expect("PATCH", std::string(kMap) + "/a", 200, R"("data":{"y":"3"})",
         R"({"data":{"x":null,"y":"3","$patch":"merge"}})",
         "application/merge-patch+json");
  Expect("PATCH", std::string(kMap) + "/a", 200, R"("z":"4")",
         R"([{"op":"add","path":"/data/z","value":"4"}])",
         "application/json-patch+json");
  Expect("PATCH", std::string(kMap) + "/a", 422, "Invalid",
         R"([{"op":"remove","path":"/none"}])", "application/json-patch+json");
  Expect("PATCH", std::string(kMap) + "/b", 404, "NotFound", "{}",
         "application/merge-patch+json");
  Expect("PATCH", std::string(kMap) + "/b?force=true", 201, R"("name":"b")",
         "{}", "application/apply-patch+yaml");
  Expect("PUT", std::string(kMap) + "/a", 200, R"("data":{})",
         R"({"data":{}})");
  Expect("DELETE", std::string(kMap) + "/a?dryRun=All", 200, "Success");
  Expect("DELETE", std::string(kMap) + "/a", 200, "Success");
  Expect("DELETE", std::string(kMap) + "/a", 404, "NotFound");
  Expect("DELETE", kMap, 200, "Success");
  Expect("GET", kMap, 200, R"("items":[])");
}

TEST_F(SampleCluster, ScaledWorkloadsAreAtOnceReady) {
  const std::string scale = std::string(kWeb) + "/scale";
  Expect("GET", scale, 200, R"("spec":{"replicas":2})");
  Expect("PATCH", scale, 200, R"("spec":{"replicas":5})",
         R"({"spec":{"replicas":5}})", "application/merge-patch+json");
  Expect("GET", kWeb, 200, R"("readyReplicas":5)");
  Expect("GET", kWeb, 200, R"("observedGeneration":2)");
}

TEST_F(SampleCluster, LetsAnybodyDoAnything) {
  const std::string reviews = "/apis/authorization.k8s.io/v1/";
  Expect("POST", reviews + "selfsubjectaccessreviews", 201, R"("allowed":true)",
         R"({"spec":{}})");
  Expect("POST", reviews + "selfsubjectaccessreviews", 201, R"("allowed":true)",
         std::string("k8s\0", 4), "application/vnd.kubernetes.protobuf");
  Expect("POST", reviews + "selfsubjectrulesreviews", 201, "resourceRules",
         R"({"spec":{"namespace":"dev"}})");
}

TEST_F(SampleCluster, MakesTables) {
  ApiResponse response =
      Ask("GET", "/api/v1/namespaces/dev/pods", "", kJson, kTable);
  Result<JsonValue> table = ParseJson(response.body);
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(Text(table.value(), {"kind"}), "Table");
  const JsonValue* rows = Find(table.value(), {"rows"});
  ASSERT_NE(rows, nullptr);
  ASSERT_EQ(rows->size(), 3u);
  EXPECT_EQ(Write(*Find(*Elements(*rows)[1], {"cells"})),
            R"(["web-6d4f-k2vxp","1/1","Running",0,"9d"])");
  EXPECT_EQ(Text(*Elements(*rows)[1], {"object", "kind"}),
            "PartialObjectMetadata");
}

TEST_F(SampleCluster, WatchesFromWhereItIsAsked) {
  ApiResponse all = Ask("GET", "/api/v1/namespaces/dev/pods?watch=true");
  ASSERT_TRUE(all.watch.has_value());
  auto changes =
      store_.ChangesAfter(all.watch->after_version, all.watch->filter, {});
  EXPECT_EQ(changes.size(), 3u);
  ApiResponse later = Ask(
      "GET",
      "/api/v1/namespaces/dev/pods?watch=1&resourceVersion=7&timeoutSeconds=3");
  ASSERT_TRUE(later.watch.has_value());
  EXPECT_EQ(later.watch->patience, std::chrono::seconds(3));
  EXPECT_TRUE(
      store_.ChangesAfter(later.watch->after_version, later.watch->filter, {})
          .empty());
  Ask("DELETE", "/api/v1/namespaces/dev/pods/web-6d4f-k2vxp");
  changes =
      store_.ChangesAfter(later.watch->after_version, later.watch->filter, {});
  std::string lines = Api::WatchLines(*later.watch, changes);
  EXPECT_EQ(lines.find(R"({"type":"DELETED","object":{"apiVersion":"v1")"), 0u)
      << lines;
  EXPECT_EQ(Ask("GET", "/api/v1/pods?watch=true&sendInitialEvents=true").status,
            422);
}

TEST_F(SampleCluster, SchemasInProtobufHoldWhatTheJsonHolds) {
  std::string schema = OpenApi2Protobuf(tables_->resources());
  // Document.swagger = 1, of 3 bytes.
  EXPECT_EQ(schema.substr(0, 5), std::string("\x0a\x03") + "2.0");
  EXPECT_NE(schema.find("sample.apps.v1.Deployment"), std::string::npos);
  EXPECT_NE(schema.find("x-kubernetes-group-version-kind"), std::string::npos);
  ApiResponse response =
      Ask("GET", "/openapi/v2", "", kJson,
          "application/com.github.proto-openapi.spec.v2@v1.0+protobuf");
  EXPECT_EQ(response.body, schema);
  EXPECT_EQ(response.content_type.find('@'), std::string::npos);
}

TEST(SamplePath, ReadsAsTheApiServerDoes) {
  struct Row {
    const char* target;
    const char* expected;  // group version resource namespace name subresource
  };
  for (const Row& row : std::initializer_list<Row>{
           {"/api/v1/pods", "|v1|pods|||"},
           {"/api/v1/namespaces/dev/pods/a/log?x=1", "|v1|pods|dev|a|log"},
           {"/api/v1/namespaces/dev", "|v1|namespaces||dev|"},
           {"/api/v1/namespaces/dev/finalize", "|v1|namespaces||dev|finalize"},
           {"/apis/apps/v1/namespaces/a%2Fb/deployments",
            "apps|v1|deployments|a/b||"},
           {"/apis/apps/v1", "apps|v1||||"},
           {"/version", "|||||"}}) {
    ApiPath path = ReadPath(row.target);
    EXPECT_EQ(path.group + "|" + path.version + "|" + path.resource + "|" +
                  path.namespace_name + "|" + path.name + "|" +
                  path.subresource,
              row.expected)
        << row.target;
  }
  EXPECT_EQ(ReadPath("/a?b=1&b=2%20x&c").Query("b"), "2 x");
}

TEST(SampleSelector, MatchesLabelsAndFields) {
  JsonValue object =
      ParseJson(R"({"metadata":{"name":"n","labels":{"app":"web","t":"1"}}})")
          .value();
  for (const char* yes : {"", "app=web", "app==web", "app!=api", "app", "!none",
                          "app in (api, web)", "none notin (x)", "app=web,t=1",
                          "app in (web),t"}) {
    EXPECT_TRUE(MatchesLabels(yes, object)) << yes;
  }
  for (const char* no : {"app=api", "app!=web", "none", "!app", "app in (api)",
                         "app notin (web)", "app=web,t=2", "app what"}) {
    EXPECT_FALSE(MatchesLabels(no, object)) << no;
  }
  EXPECT_TRUE(MatchesFields("metadata.name=n,metadata.x!=y", object));
  EXPECT_FALSE(MatchesFields("metadata.name!=n", object));
  EXPECT_FALSE(MatchesFields("nonsense", object));
}

TEST(SampleTable, WritesAgesAsKubectlDoes) {
  auto now = std::chrono::system_clock::from_time_t(1'700'000'000);
  auto age = [&](int seconds) {
    return WriteAge(WriteTime(now - std::chrono::seconds(seconds)), now);
  };
  EXPECT_EQ(age(0), "0s");
  EXPECT_EQ(age(119), "119s");
  EXPECT_EQ(age(120), "2m");
  EXPECT_EQ(age(7200), "2h");
  EXPECT_EQ(age(3 * 86400), "3d");
  EXPECT_EQ(age(-5), "0s");
  EXPECT_EQ(WriteAge("soon", now), "<unknown>");
}

}  // namespace
}  // namespace gatehouse::sample
