// SPDX-License-Identifier: Apache-2.0
// What a server answers, masked: the canary is gone, what stands round it stays
// byte for byte, and JSON and YAML stay what they were.
#include "audit/redact_answer.h"

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <ostream>
#include <vector>

#include "audit/base64.h"
#include "audit/json_string.h"
#include "audit/redact.h"
#include "policy/document.h"
#include "policy/json_value.h"
#include "tests/audit/redact_fixture.h"

namespace gatehouse::audit {
namespace {

// The text of the first content.
std::string TextOf(const std::string& line) {
  const auto value = ParseJson(line);
  EXPECT_TRUE(value.ok()) << line;
  if (!value.ok()) return "";
  const JsonValue* content =
      Member(*Member(value.value(), "result"), "content");
  return std::string(StringMember(*Elements(*content)[0], "text").value());
}

struct RedactAnswerRow {
  const char* name;
  std::string text;
  Origin origin = Origin::kOrdinary;
};
void PrintTo(const RedactAnswerRow& row, std::ostream* out) {
  *out << row.name;
}

// NOLINTNEXTLINE(readability-function-size): a table
std::vector<RedactAnswerRow> SecretRows() {
  const std::string c = kCanary;
  const std::string b = ToBase64(c);
  const std::string yaml =
      "apiVersion: v1\ndata:\n  pw: " + b + "\n  tls.key: " + b +
      "\nkind: Secret\nmetadata:\n  name: db\n  namespace: dev\ntype: Opaque\n";
  return {
      {"yaml", yaml},
      {"yaml_after_prose", "Found one.\n\n" + yaml},
      {"yaml_document_of_many",
       "kind: Pod\nspec:\n  data: x\n---\n" + yaml + "---\nkind: Pod\n"},
      {"yaml_list",
       "apiVersion: v1\nitems:\n- apiVersion: v1\n  data:\n    pw: " + b +
           "\n  kind: Secret\n  metadata:\n    name: a\nkind: List\n"},
      {"yaml_secret_list",
       "items:\n- data:\n    pw: " + b +
           "\n  metadata:\n    name: a\nkind: SecretList\n"},
      {"yaml_string_data",
       "kind: Secret\nstringData:\n  a: |\n    first\n    " + c +
           "\n  b: 'it''s " + c + "'\n  c: \"x " + c +
           "\\n\"\n  d: >-\n    folded\n    " + c + "\n"},
      {"yaml_lines_torn", "data:\n  pw: " + b + "\nodd line\nkind: Secret\n"},
      {"yaml_long_plain",
       "kind: Secret\nstringData:\n  a: one two\n    " + c + "\n"},
      {"yaml_anchor", "kind: Secret\ndata: &x\n  a: " + b + "\nmore: *x\n"},
      // A backslash and an "n", and no line break.
      {"yaml_no_break", "kind: Secret\nstringData:\n  a: b\\n--- " + c + "\n"},
      {"yaml_no_break_before",
       "stringData:\n  a: " + c + "\\n--- b\nkind: Secret\n"},
      {"yaml_flow", "kind: Secret\ndata: {a: " + b + "}\n"},
      {"json", R"({"apiVersion":"v1","data":{"pw":")" + b +
                   R"("},"kind":"Secret","metadata":{"name":"db"}})"},
      {"json_pretty", "{\n  \"data\": {\n    \"pw\": \"" + b +
                          "\"\n  },\n  \"kind\": \"Secret\"\n}\n"},
      {"json_escaped", "{\"kind\":\"Secret\",\"data\":{\"pw\":\"\\u0063" +
                           c.substr(1) + "\"}}"},
      {"json_list", R"({"items":[{"kind":"Secret","data":{"a":")" + b +
                        R"("}}],"kind":"List"})"},
      {"last_applied",
       "kind: ConfigMap\nmetadata:\n  annotations:\n    "
       "kubectl.kubernetes.io/last-applied-configuration: |\n      "
       "{\"kind\":\"Secret\",\"data\":{\"pw\":\"" +
           b + "\"}}\n"},
      {"key", "replicas: 2\ndbPassword: " + c + "\n"},
      {"key_in_json", R"({"a":{"api_key":")" + c + R"("}})"},
      {"env", "env:\n- name: DB_PASSWORD\n  value: " + c + "\n"},
      {"describe_token",
       "Name:         ci-token\nType:  kubernetes.io/service-account-token\n"
       "\nData\n====\nca.crt:     1025 bytes\ntoken:      " +
           c + "\n"},
      {"log_line", "10:00 connecting password=" + c + " host=db\n"},
      {"log_json", R"({"level":"info","token":")" + c + "\"}\n{\"a\":1}\n"},
      {"comment", "a: 1  # password: " + c + "\n# token: " + c + "\nb: 2\n"},
      {"pem", "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n" +
                  c + "\n-----END RSA PRIVATE KEY-----\n"},
      {"pem_in_yaml", "data:\n  k: |\n    -----BEGIN PRIVATE KEY-----\n    " +
                          c + "\n    -----END PRIVATE KEY-----\n  b: 1\n"},
      {"jwt", "the token is eyJhbGciOiJ9.eyJzdWIi" + c + ".sig, use it"},
      {"bearer", "curl -H 'Authorization: Bearer " + c + "' x"},
      {"url", "dsn: postgres://ada:" + c + "@db/x\nnext: 1\n"},
      {"docker_config", R"({"auths":{"r.example":{"auth":")" + c + R"("}}})"},
      {"kubeconfig", "users:\n- name: a\n  user:\n    client-key-data: " + b +
                         "\n    token: " + c + "\ncurrent-context: dev\n"},
      {"strict_bare", c + "\n", Origin::kStrict},
      {"strict_base64", b, Origin::kStrict},
      {"strict_json", R"({"output":")" + c + R"(","n":1})", Origin::kStrict},
      {"strict_json_list", "[\"" + c + "\"]", Origin::kStrict},
      {"strict_yaml", "value: " + c + "\nname: db\n", Origin::kStrict},
      {"strict_secret", yaml, Origin::kStrict},
      {"strict_prose_after_table",
       "NAME   TYPE     DATA   AGE\ndb     Opaque   1      9d\n\n" + c + "\n",
       Origin::kStrict},
      {"strict_columns_of_ones_own", "NAME   VALUE\ndb     " + c + "\n",
       Origin::kStrict},
      {"strict_describe",
       "Name:  db\nType:  Opaque\n\nData\n====\npw:  " + c + "\n",
       Origin::kStrict},
      {"shaped_table", "NAME   TYPE\n" + c + "   Opaque\n", Origin::kShaped},
      {"shaped_json", R"({"name":")" + c + R"("})", Origin::kShaped},
      {"shaped_error", "error: " + c + " is not found", Origin::kShaped},
  };
}

class SecretAnswers : public ::testing::TestWithParam<RedactAnswerRow> {};

TEST_P(SecretAnswers, AreMasked) {
  const std::string line = TextLine(GetParam().text);
  const MaskedLine masked =
      Redactor(kKey, "s").MaskLine(line, {GetParam().origin, false, false});
  ASSERT_TRUE(masked.line.has_value());
  EXPECT_FALSE(masked.counts.empty());
  EXPECT_TRUE(masked.line->starts_with(R"({"jsonrpc":"2.0","id":1,)"));
  const std::string text = TextOf(*masked.line);
  EXPECT_EQ(text.find(kCanary), std::string::npos) << text;
  EXPECT_EQ(text.find(ToBase64(kCanary)), std::string::npos) << text;
  EXPECT_NE(text.find("masked"), std::string::npos) << text;
}

INSTANTIATE_TEST_SUITE_P(Answers, SecretAnswers,
                         ::testing::ValuesIn(SecretRows()),
                         [](const auto& row) {
                           return std::string(row.param.name);
                         });

// Nothing in them is secret, though words for secrets stand in all.
std::vector<RedactAnswerRow> PlainRows() {
  return {
      {"pods", "NAME   READY   STATUS\nweb    1/1     Running\n"},
      {"secret_names",
       "volumes:\n- name: s\n  secret:\n    defaultMode: 420\n    secretName: "
       "db\nenvFrom:\n- secretRef:\n    name: db\n"},
      {"token_volume",
       "projected:\n  sources:\n  - serviceAccountToken:\n      "
       "expirationSeconds: 3607\n      path: token\n"},
      {"describe_pod",
       "Name:  web\nEnvironment:\n  DB_PASSWORD:  <set to the key 'password' "
       "in secret 'db'>  Optional: false\nMounts:\n  /var/run/secrets from "
       "kube-api-access (ro)\n"},
      {"secret_without_values",
       "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ntype: Opaque\n"},
      {"config_map", "apiVersion: v1\ndata:\n  color: blue\nkind: ConfigMap\n"},
      {"role", R"({"rules":[{"resources":["secrets"],"verbs":["get"]}]})"},
      {"event", "Error: secret \"db\" not found"},
      {"strict_table",
       "NAMESPACE   NAME   TYPE     DATA   AGE\ndev         db     Opaque   1  "
       "  "
       "  9d\n",
       Origin::kStrict},
      {"strict_describe",
       "Name:         db\nNamespace:    dev\nLabels:       app=web\n\nType:  "
       "Opaque\n\nData\n====\npassword:  11 bytes\n",
       Origin::kStrict},
      {"strict_summary",
       R"({"items":[{"name":"db","namespace":"dev","kind":"Secret",)"
       R"("createdAt":"2026-11-18T10:00:00Z"}]})",
       Origin::kStrict},
      {"strict_created", "secret/db created\n", Origin::kStrict},
      {"strict_deleted", "secret \"db\" deleted\n", Origin::kStrict},
      {"strict_none", "No resources found in dev namespace.\n",
       Origin::kStrict},
  };
}

// Found by answer_fuzz: a text that only begins as a reference does passed
// whole, whatever stood in it.
TEST(Answers, AreNoReferencesForBeginningLikeOne) {
  const std::string reference = "<set to the key 'password' in secret 'db'>";
  const std::string secret =
      "\n---\napiVersion: v1\ndata:\n  pw: aHVudGVyMg==\nkind: Secret\n";
  for (const std::string& text : std::vector<std::string>{
           "<set to the key '" + secret, "<set to the key 'hunter2-is-it",
           reference + " hunter2",
           "<set to the key 'hunter2 it is' in secret 'db'>",
           reference + "  Optional: hunter2"}) {
    const MaskedLine masked = Redactor(kKey, "s").MaskLine(
        TextLine(text), {Origin::kShaped, false, false});
    ASSERT_TRUE(masked.line.has_value()) << text;
    EXPECT_EQ(masked.line->find("hunter2"), std::string::npos) << *masked.line;
    EXPECT_EQ(masked.line->find("aHVudGVyMg"), std::string::npos)
        << *masked.line;
  }
  for (const std::string& text : std::vector<std::string>{
           reference, reference + "\tOptional: true",
           "<set to the key 'a.b_C-1' of config map 'x'>"}) {
    EXPECT_FALSE(Redactor(kKey, "s")
                     .MaskLine(TextLine(text), {Origin::kShaped, false, false})
                     .line.has_value())
        << text;
  }
}

class PlainAnswers : public ::testing::TestWithParam<RedactAnswerRow> {};

TEST_P(PlainAnswers, GoAsTheyAre) {
  const MaskedLine masked = Redactor(kKey, "s").MaskLine(
      TextLine(GetParam().text), {GetParam().origin, false, false});
  EXPECT_FALSE(masked.line.has_value()) << *masked.line;
  EXPECT_TRUE(masked.counts.empty());
}

INSTANTIATE_TEST_SUITE_P(Answers, PlainAnswers,
                         ::testing::ValuesIn(PlainRows()), [](const auto& row) {
                           return std::string(row.param.name);
                         });

TEST(Answers, ChangeNothingButTheMaskedValue) {
  const std::string text =
      "apiVersion: v1\n# a comment\ndata:\n  a: aHVudGVyMg==\nkind: "
      "Secret   # note\nmetadata:\n  annotations: {}\n  name: \u00fc\n";
  const MaskedLine masked = Redactor(kKey, "s").MaskLine(TextLine(text), {});
  ASSERT_TRUE(masked.line.has_value());
  std::string changed = TextOf(*masked.line);
  const std::size_t begin = changed.find("\"\u00abmasked secret:a 12 bytes#");
  ASSERT_NE(begin, std::string::npos) << changed;
  changed.replace(begin, changed.find("\u00bb\"") + 3 - begin, "aHVudGVyMg==");
  EXPECT_EQ(changed, text);
}

TEST(Answers, StayValidYaml) {
  for (const RedactAnswerRow& row : SecretRows()) {
    Issues before;
    (void)ReadYaml({"t", row.text}, before);
    if (before.HasErrors()) continue;
    const MaskedLine masked = Redactor(kKey, "s").MaskLine(
        TextLine(row.text), {row.origin, false, false});
    ASSERT_TRUE(masked.line.has_value()) << row.name;
    Issues after;
    const std::string text = TextOf(*masked.line);
    (void)ReadYaml({"t", text}, after);
    EXPECT_FALSE(after.HasErrors()) << row.name << ":\n" << text;
  }
}

TEST(Answers, AreMaskedWhereverMcpPutsThem) {
  const std::string c = kCanary;
  for (const std::string& body :
       {std::string(R"("result":{"structuredContent":{"password":")" + c +
                    R"("},"content":[]})"),
        R"("result":{"content":[{"type":"resource","resource":{"uri":"a:b",)"
        R"("text":"password: )" +
            c + R"("}}]})",
        R"("result":{"contents":[{"uri":"a:b","blob":")" +
            ToBase64("password: " + c) + R"("}]})",
        R"("result":{"messages":[{"role":"user","content":{"type":"text",)"
        R"("text":"token=)" +
            c + R"("}}]})",
        R"("error":{"code":-32603,"message":"password=)" + c + R"("})",
        R"("error":{"code":1,"message":"x","data":{"token":")" + c +
            R"("}})"}) {
    const std::string line = R"({"jsonrpc":"2.0","id":"a",)" + body + "}";
    const MaskedLine masked = Redactor(kKey, "s").MaskLine(line, {});
    ASSERT_TRUE(masked.line.has_value()) << line;
    EXPECT_TRUE(ParseJson(*masked.line).ok()) << *masked.line;
    EXPECT_EQ(masked.line->find(c), std::string::npos) << *masked.line;
    EXPECT_EQ(masked.line->find(ToBase64("password: " + c)), std::string::npos);
  }
}

TEST(Answers, OfNotificationsAreMaskedAndTheirIdsStay) {
  const std::string line =
      R"({"jsonrpc":"2.0","method":"notifications/progress","params":)"
      R"({"progressToken":"ghp_abcdefghijklmnopqrst","progress":1,)"
      R"("message":"got ghp_abcdefghijklmnopqrst"}})";
  const MaskedLine masked = Redactor(kKey, "s").MaskLine(line, {});
  ASSERT_TRUE(masked.line.has_value());
  EXPECT_NE(masked.line->find(R"("progressToken":"ghp_abc)"),
            std::string::npos);
  EXPECT_EQ(masked.counts, (MaskCounts{{"github-token", 1}}));
}

TEST(Answers, ThatListKeepTheNamesOfProperties) {
  const std::string line = LineOf(
      R"({"tools":[{"name":"login","description":"use ghp_abcdefghijklmnopqrst",)"
      R"("inputSchema":{"properties":{"password":{"type":"string"}}}}]})");
  const MaskedLine masked =
      Redactor(kKey, "s").MaskLine(line, {Origin::kOrdinary, false, true});
  ASSERT_TRUE(masked.line.has_value());
  EXPECT_EQ(masked.line->find("ghp_"), std::string::npos);
  EXPECT_NE(masked.line->find(R"({"password":{"type":"string"}})"),
            std::string::npos);
}

TEST(Answers, AreMaskedForWhatWasSecretBefore) {
  const Redactor redactor(kKey, "s");
  const std::string secret = "kind: Secret\ndata:\n  a: " + ToBase64(kCanary) +
                             "\n  b: " + ToBase64("dev") + "\n";
  ASSERT_TRUE(redactor.MaskLine(TextLine(secret), {}).line.has_value());
  for (const std::string& text :
       {"log: starting with " + kCanary + " in dev",
        "it is " + ToBase64(kCanary), "it is " + ToBase64(kCanary + "\n")}) {
    const MaskedLine masked = redactor.MaskLine(TextLine(text), {});
    ASSERT_TRUE(masked.line.has_value()) << text;
    EXPECT_EQ(masked.counts, (MaskCounts{{"seen", 1}}));
    EXPECT_EQ(masked.line->find(kCanary), std::string::npos);
    EXPECT_EQ(masked.line->find(ToBase64(kCanary)), std::string::npos);
  }
  // And in the trail.
  EXPECT_EQ(redactor.MaskText("psql -W " + kCanary).find(kCanary),
            std::string::npos);
  // Short values and names stand in everything.
  EXPECT_FALSE(redactor.MaskLine(TextLine("deploy to dev"), {}).line);
}

TEST(Answers, AreMaskedForWhatTheyOnlyTellLater) {
  const MaskedLine masked = Redactor(kKey, "s").MaskLine(
      TextLine("VALUES:\nuser: " + kCanary +
               "\n---\nkind: Secret\ndata:\n  a: " + ToBase64(kCanary) + "\n"),
      {});
  ASSERT_TRUE(masked.line.has_value());
  EXPECT_EQ(masked.line->find(kCanary), std::string::npos) << *masked.line;
}

// Also where the place before was written anew for another reason.
TEST(Answers, AreMaskedForWhatTheyTellLaterBehindControls) {
  const std::string secret =
      "---\nkind: Secret\ndata:\n  a: " + ToBase64(kCanary) + "\n";
  const MaskedLine masked = Redactor(kKey, "s").MaskLine(
      LineOf(R"({"content":[{"type":"text","text":)" +
             QuoteJson("\x1b[1muser " + kCanary) +
             R"(},{"type":"text","text":)" + QuoteJson(secret) + "}]}"),
      {});
  ASSERT_TRUE(masked.line.has_value());
  EXPECT_EQ(masked.line->find(kCanary), std::string::npos) << *masked.line;
}

// What stands round a masked value keeps the escapes that the server chose.
TEST(Answers, KeepTheirEscapes) {
  const MaskedLine masked = Redactor(kKey, "s").MaskLine(
      LineOf(R"({"content":[{"type":"text","text":"\u0061 b\/c)"
             R"(\npassword=)" +
             kCanary + R"(\nd\u00e9\/"}]})"),
      {});
  ASSERT_TRUE(masked.line.has_value());
  EXPECT_NE(masked.line->find(R"("\u0061 b\/c\npassword=)"), std::string::npos)
      << *masked.line;
  EXPECT_NE(masked.line->find(R"(\nd\u00e9\/")"), std::string::npos);
}

// A Secret's torn lines make no other document suspect.
TEST(Answers, AreJudgedByTheDocument) {
  const MaskedLine masked = Redactor(kKey, "s").MaskLine(
      TextLine("data:\n  color: blue\n---\nkind: Secret\ndata:\n  a: " +
               ToBase64(kCanary) + "\n---\ndata:\n  color: red\n"),
      {});
  ASSERT_TRUE(masked.line.has_value());
  EXPECT_EQ(masked.counts, (MaskCounts{{"secret", 1}}));
}

TEST(Answers, ThatAreRevealedGoAsTheyAreAndAreRemembered) {
  const Redactor redactor(kKey, "s");
  const std::string line =
      TextLine("kind: Secret\ndata:\n  a: " + ToBase64(kCanary) + "\n");
  const MaskedLine revealed =
      redactor.MaskLine(line, {Origin::kStrict, true, false});
  EXPECT_FALSE(revealed.line.has_value());
  EXPECT_TRUE(revealed.counts.empty());
  EXPECT_TRUE(redactor.MaskLine(TextLine("log " + kCanary), {}).line);
}

TEST(Answers, LoseTheirControlsOrKeepThem) {
  const std::string line =
      TextLine("\x1b[1ma\x1b[31mred\x1b[0m\u200b pass\u200bword=" + kCanary +
               "\U000E0041");
  Redactor redactor(kKey, "s");
  const MaskedLine masked = redactor.MaskLine(line, {});
  ASSERT_TRUE(masked.line.has_value());
  EXPECT_EQ(masked.controls, 6u);
  EXPECT_TRUE(TextOf(*masked.line).starts_with("ared password=\u00abmasked"))
      << TextOf(*masked.line);
  SessionSettings keep;
  keep.controls = TextControls::kKeep;
  redactor.Use(keep);
  const MaskedLine kept = redactor.MaskLine(TextLine("a\x1b[31mred"), {});
  EXPECT_FALSE(kept.line.has_value());
  EXPECT_EQ(kept.controls, 1u);
}

TEST(Answers, LoseTheirControlsWhereTheyAreRevealed) {
  const MaskedLine masked =
      Redactor(kKey, "s").MaskLine(TextLine("password=" + kCanary + "\u202e"),
                                   {Origin::kOrdinary, true, false});
  ASSERT_TRUE(masked.line.has_value());
  EXPECT_EQ(TextOf(*masked.line), "password=" + kCanary);
}

TEST(Answers, AreMaskedForWhatThePolicyAdds) {
  SessionSettings settings;
  settings.secret_keys = {"employee-number"};
  settings.formats = {"email"};
  const Redactor redactor(kKey, "s", settings);
  const MaskedLine masked = redactor.MaskLine(
      TextLine("employeeNumber: 12345\nowner of it is ada@example.org\n"), {});
  ASSERT_TRUE(masked.line.has_value());
  EXPECT_EQ(masked.counts, (MaskCounts{{"email", 1}, {"key", 1}}));
  EXPECT_FALSE(Redactor(kKey, "s")
                   .MaskLine(TextLine("owner: ada@example.org"), {})
                   .line);
}

// A server may write one key any number of times; to look at the map around
// each of them took half a minute for a third of a megabyte.
TEST(RedactAnswer, LooksOnceAtTheMapAroundManyBytes) {
  std::string result = R"({"content":[{)";
  for (int i = 0; i < 100'000; ++i) result += R"("data":1,)";
  result += R"("type":"text"}]})";
  const auto start = std::chrono::steady_clock::now();
  const MaskedLine masked = Redactor(kKey, "s").MaskLine(LineOf(result), {});
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
  EXPECT_FALSE(masked.line.has_value());
}

TEST(RedactAnswer, LeavesTheLinksThatAPersonIsAskedToOpen) {
  const Redactor redactor(kKey, "s");
  const std::string url =
      R"("url":"https://login.example/?token=ghp_abcdefghijklmnopqrst\u0026x=1")";
  const std::string message = R"("message":"token=ghp_abcdefghijklmnopqrst")";
  const auto ask = [&](std::string_view method) {
    return R"("method":")" + std::string(method) +
           R"(","params":{"mode":"url","elicitationId":"e",)" + url + "," +
           message + "}";
  };
  const std::string elicits = ask("elicitation/create");
  const auto inside = [](std::string_view member, const std::string& asks) {
    return R"({"jsonrpc":"2.0","id":1,")" + std::string(member) +
           R"(":{"inputRequests":{"a":{)" + asks + "}}}}";
  };
  const auto error = [&](std::string_view code) {
    return R"({"jsonrpc":"2.0","id":1,"error":{"code":)" + std::string(code) +
           R"(,"data":{"elicitations":[{)" + url + "," + message + "}]}}}";
  };
  const std::string request = R"({"jsonrpc":"2.0","id":1,)";
  struct LinkRow {
    std::string line;
    bool stays;
  };
  const LinkRow rows[] = {
      {request + elicits + "}", true},
      {inside("result", elicits), true},
      {inside("params", elicits), true},
      {error("-32042"), true},
      {error("-32043"), false},
      {request + ask("sampling/createMessage") + "}", false},
      {inside("result", ask("roots/list")), false},
      {inside("result", R"("params":{)" + url + "}"), false},
      {LineOf("{" + url + "}"), false},
      {LineOf(R"({"structuredContent":{)" + elicits + "}}"), false},
  };
  for (const LinkRow& row : rows) {
    for (const bool listing : {false, true}) {
      AnswerFacts facts;
      facts.listing = listing;
      facts.links = true;
      const std::string seen =
          redactor.MaskLine(row.line, facts).line.value_or(row.line);
      EXPECT_EQ(seen.find(url) != seen.npos, row.stays) << row.line;
      EXPECT_EQ(seen.find(message), seen.npos) << row.line;
      facts.links = false;
      const std::string elsewhere =
          redactor.MaskLine(row.line, facts).line.value_or(row.line);
      EXPECT_EQ(elsewhere.find("ghp_"), elsewhere.npos) << row.line;
    }
  }
}

}  // namespace
}  // namespace gatehouse::audit
