// SPDX-License-Identifier: Apache-2.0
#include "audit/redact.h"

#include <gtest/gtest.h>

#include "audit/sqlite_sink.h"
#include "policy/json_value.h"
#include "tests/audit/redact_fixture.h"
#include "tests/audit/trail_fixture.h"

namespace gatehouse::audit {
namespace {

Classification CallOn(const std::string& resource, Verb verb) {
  Classification call;
  call.known_tool = true;
  Request request;
  request.verb = verb;
  request.resource = resource;
  call.requests = {request};
  return call;
}

std::string Masked(const std::string& arguments,
                   const Classification& call = CallOn("pods", Verb::kList)) {
  const Result<JsonValue> value = ParseJson(arguments);
  EXPECT_TRUE(value.ok()) << arguments;
  if (!value.ok()) return "";
  std::string text =
      Redactor(kKey, "s").MaskArguments(value.value(), call).text;
  EXPECT_TRUE(ParseJson(text).ok()) << text;
  return text;
}

const std::string kBase64 = "YzRuNHJ5LVMzY3JldA==";

struct RedactRow {
  const char* name;
  std::string arguments;
  bool writes_secret = false;
};

// NOLINTNEXTLINE(readability-function-size): a table
std::vector<RedactRow> CanaryRows() {
  const std::string c = kCanary;
  return {
      {"key", R"({"password":")" + c + R"("})"},
      {"key_with_prefix", R"({"env":{"DB_PASSWORD":")" + c + R"("}})"},
      {"key_in_list", R"({"tokens":[")" + c + R"(","x"]})"},
      {"key_over_object", R"({"credentials":{"value":")" + c + R"("}})"},
      {"number_is_text", R"({"passcode":")" + c + R"("})"},
      {"env_pair", R"({"env":[{"name":"API_KEY","value":")" + c + R"("}]})"},
      {"secret_object",
       R"({"manifest":{"kind":"Secret","data":{"a":")" + c + R"("}}})"},
      {"secret_string_data",
       R"({"o":{"kind":"Secret","stringData":{"a":")" + c + R"("}}})"},
      {"secret_list",
       R"({"o":{"kind":"List","items":[{"kind":"Secret","data":{"a":")" + c +
           R"("}}]}})"},
      {"yaml_manifest",
       R"({"manifest":"apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n)"
       R"(stringData:\n  a: )" +
           c + R"(\n"})"},
      {"yaml_second_document",
       R"({"manifest":"kind: Pod\n---\nkind: Secret\ndata: {a: )" + c +
           R"(}\n"})"},
      {"yaml_block_scalar",
       R"({"manifest":"kind: Secret\nstringData:\n  a: |\n    x\n    )" + c +
           R"(\n"})"},
      {"yaml_comment",
       R"({"manifest":"kind: Pod\n# password: )" + c + R"(\nspec: {}\n"})"},
      {"json_manifest",
       R"({"manifest":"{\"kind\":\"Secret\",\"data\":{\"a\":\")" + c +
           R"(\"}}"})"},
      {"last_applied", R"({"o":{"kind":"ConfigMap","metadata":{"annotations":{)"
                       R"("kubectl.kubernetes.io/last-applied-configuration":)"
                       R"("{\"kind\":\"Secret\",\"data\":{\"a\":\")" +
                           c + R"(\"}}"}}}})"},
      {"yaml_with_anchor", R"({"manifest":"kind: Secret\ndata: &x\n  a: )" + c +
                               R"(\nmore: *x\n"})"},
      {"yaml_duplicate_key",
       R"({"manifest":"kind: Secret\ndata: {a: )" + c + R"(}\ndata: {}\n"})"},
      {"patch", R"({"patch":"{\"stringData\":{\"a\":\")" + c + R"(\"}}"})",
       true},
      {"json_patch",
       R"({"patch":"[{\"op\":\"add\",\"path\":\"/data/a\",\"value\":\")" + c +
           R"(\"}]"})",
       true},
      {"broken_manifest", R"({"manifest":"data: [a: )" + c + R"(\n: :"})",
       true},
      {"literal", R"({"literal":"user=)" + c + R"("})", true},
      {"from_literal_word",
       R"({"args":["create","secret","generic","x","--from-literal=a=)" + c +
           R"("]})"},
      {"from_literal_next",
       R"({"args":["secret","x","--from-literal","a=)" + c + R"("]})"},
      {"from_literal_key", R"({"flags":{"from-literal":"a=)" + c + R"("}})"},
      {"from_literals_key",
       R"({"flags":{"from-literal":["a=)" + c + R"(","b=)" + c + R"("]}})"},
      {"from_literal_line",
       R"({"command":"kubectl create secret generic x --from-literal=a=)" + c +
           R"( -n dev"})"},
      {"token_flag", R"({"command":"kubectl get pods --token )" + c + R"("})"},
      {"token_flag_equals", R"({"command":"kubectl --token=)" + c + R"("})"},
      {"token_flag_word", R"({"args":["get","--token",")" + c + R"("]})"},
      {"password_flag_quoted",
       R"({"command":"helm login --password 'a )" + c + R"('"})"},
      {"docker_password", R"({"args":["--docker-password",")" + c + R"("]})"},
      {"exec_assignment",
       R"({"command":["sh","-c","PGPASSWORD=)" + c + R"( psql -c 'x'"]})"},
      {"header", R"({"headers":["Authorization: Bearer )" + c + R"("]})"},
      {"bearer", R"({"command":"curl -H 'X-A: bearer )" + c + R"('"})"},
      {"url", R"({"url":"https://ada:)" + c + R"(@example.org/x"})"},
      {"yaml_line", R"({"text":"password: )" + c + R"("})"},
      {"ini", R"({"text":"password = a )" + c + R"("})"},
      {"jwt", R"({"x":"eyJhbGciOi.eyJzdWIi)" + c + R"(.sig"})"},
      {"private_key", R"({"x":"-----BEGIN RSA PRIVATE KEY-----\n)" + c +
                          R"(\n-----END RSA PRIVATE KEY-----\n"})"},
      {"cloud_key", R"({"x":"ghp_abcdefghijklmnopqrst"})"},
      {"kubeconfig",
       R"({"kubeconfig":"users:\n- name: a\n  user:\n    token: )" + c +
           R"(\n"})"},
      {"docker_config",
       R"({"x":"{\"auths\":{\"r\":{\"auth\":\")" + c + R"(\"}}}"})"},
  };
}

Classification CallOf(const RedactRow& row) {
  return row.writes_secret ? CallOn("secrets", Verb::kPatch)
                           : CallOn("pods", Verb::kList);
}

TEST(Redactor, MasksEveryCanary) {
  for (const RedactRow& row : CanaryRows()) {
    const std::string text = Masked(row.arguments, CallOf(row));
    EXPECT_EQ(text.find(kCanary), std::string::npos)
        << row.name << ": " << text;
    EXPECT_EQ(text.find("ghp_abc"), std::string::npos) << row.name;
    EXPECT_NE(text.find("masked"), std::string::npos) << row.name;
  }
}

class RedactedTrailTest : public TrailTest {};

// The promise itself: no byte of a secret in any file beside the database.
TEST_F(RedactedTrailTest, NoCanaryReachesTheDisk) {
  const auto sink = OpenSink();
  const Redactor redactor(kKey, "s");
  for (const RedactRow& row : CanaryRows()) {
    Record record = SampleDecision(row.name);
    const JsonValue arguments = ParseJson(row.arguments).value();
    record.arguments = redactor.MaskArguments(arguments, CallOf(row)).text;
    record.arguments_digest = redactor.Digest(row.arguments);
    record.unclear = Unclear{"unknown flag --token=" + kCanary, "flags"};
    record.decision->sentence = "refused: password=" + kCanary;
    record.detail = "Authorization: Bearer " + kCanary;
    redactor.Clean(record);
    ASSERT_TRUE(sink->Append(record).ok());
  }
  ASSERT_TRUE(sink->Commit(Durability::kFull).ok());
  std::size_t bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(Beside("."))) {
    const std::string text = ReadWholeFile(entry.path());
    bytes += text.size();
    EXPECT_EQ(text.find(kCanary), std::string::npos) << entry.path();
    EXPECT_EQ(text.find(kBase64), std::string::npos) << entry.path();
  }
  EXPECT_GT(bytes, 10'000u);
}

// Most calls hold no secret and must be recorded as they were.
TEST(Redactor, LeavesOrdinaryArgumentsAlone) {
  for (const std::string arguments :
       {R"({"namespace":"dev","name":"web"})",
        R"({"args":["get","pods","-l","app=web","-o","json"]})",
        R"({"command":["sh","-c","ls -l /tmp; echo done"]})",
        R"({"resourceType":"secret","name":"db"})",
        R"({"manifest":"kind: Pod\nmetadata: {name: a}\nspec: {}\n"})",
        R"({"spec":{"automountServiceAccountToken":false}})",
        R"({"v":{"secret":{"secretName":"db","defaultMode":420}}})",
        R"({"env":{"valueFrom":{"secretKeyRef":{"name":"a","key":"b"}}}})",
        R"({"imagePullSecrets":[{"name":"registry"}]})",
        R"({"url":"https://example.org/a?b=c"})",
        R"({"limit":500,"watch":true,"nothing":null})"}) {
    EXPECT_EQ(Masked(arguments), arguments);
  }
}

TEST(Redactor, KeepsShapeAndKeys) {
  const std::string text = Masked(
      R"({"a":1,"stringData":{"user":"ada","tls.key":"xyz"},"kind":"Secret"})");
  const JsonValue value = ParseJson(text).value();
  const JsonValue* const data = Member(value, "stringData");
  ASSERT_NE(data, nullptr);
  EXPECT_TRUE(StringMember(*data, "tls.key")
                  ->starts_with("\u00abmasked secret:tls.key 3 bytes#"));
  EXPECT_EQ(Members(*data).size(), 2u);
}

TEST(Redactor, KeepsWhatStandsAroundASecretInACommand) {
  const std::string text = Masked(
      R"({"command":"kubectl create secret generic db --from-literal=user=x )"
      R"(-n dev"})");
  EXPECT_NE(text.find("generic db --from-literal=user="), std::string::npos);
  EXPECT_NE(text.find(" -n dev"), std::string::npos);
}

TEST(Redactor, CountsByKind) {
  const Redactor redactor(kKey, "s");
  const auto masked = redactor.MaskArguments(
      ParseJson(
          R"({"password":"a","token":"b","x":"ghp_abcdefghijklmnopqrst"})")
          .value(),
      {});
  EXPECT_EQ(masked.counts, (MaskCounts{{"key", 2}, {"github-token", 1}}));
}

TEST(Redactor, TagsEqualValuesEquallyInOneSessionOnly) {
  const auto mask = [](const char* session) {
    return Redactor(kKey, session).MaskText("password=hunter2");
  };
  EXPECT_EQ(mask("one"), mask("one"));
  EXPECT_NE(mask("one"), mask("two"));
}

TEST(Redactor, DigestsAreKeyed) {
  EXPECT_EQ(Redactor(kKey, "a").Digest("x"), Redactor(kKey, "b").Digest("x"));
  EXPECT_NE(Redactor(kKey, "a").Digest("x"),
            Redactor(std::string(32, 'z'), "a").Digest("x"));
  EXPECT_EQ(Redactor(kKey, "a").Digest("x").size(), 64u);
}

TEST(Redactor, MasksDocumentsNestedTooDeepAsAWhole) {
  std::string text = R"({"kind":"Secret","data":{"a":")" + kCanary + "\"}}";
  for (int i = 0; i < 8; ++i) {
    text = R"({"a":)" + JsonWriter().String(text).Take() + "}";
  }
  EXPECT_EQ(Masked(text).find(kCanary), std::string::npos);
}

TEST(Redactor, AMaskedIdIsStillJson) {
  Record record;
  record.rpc_id = R"("password=hunter2")";
  Redactor(kKey, "s").Clean(record);
  EXPECT_TRUE(ParseJson(record.rpc_id).ok()) << record.rpc_id;
  EXPECT_EQ(record.rpc_id.find("hunter2"), std::string::npos);
}

}  // namespace
}  // namespace gatehouse::audit
