// SPDX-License-Identifier: Apache-2.0
// Answers of lines that are torn: nothing comes out because of where the tear
// is, or twice.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "audit/base64.h"
#include "audit/json_string.h"
#include "audit/redact.h"
#include "policy/json_value.h"
#include "tests/audit/redact_fixture.h"

namespace gatehouse::audit {
namespace {

// Torn at its front, and what follows the torn list goes out once and masked.
TEST(RedactLines, WithDashesLeftOfTheirKeyAreMaskedBehindThem) {
  const std::string torn = " t:\n- kind: Secret\n  data:\n    a: eA==\n";
  const std::string behind = "foo: bar\npassword: " + kCanary + "\nlast: z\n";
  const std::string pem = "LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0t";
  for (const Origin origin :
       {Origin::kOrdinary, Origin::kSecret, Origin::kStrict}) {
    const Redactor redactor(kKey, "session");
    const MaskedLine masked =
        redactor.MaskLine(TextLine(torn + behind), {origin});
    ASSERT_TRUE(masked.line);
    EXPECT_EQ(masked.line->find(kCanary), std::string::npos) << *masked.line;
    EXPECT_EQ(masked.line->find("last"), masked.line->rfind("last"));
    const MaskedLine key =
        redactor.MaskLine(TextLine(" t:\n- e: b\n " + pem + "\n"), {origin});
    EXPECT_TRUE(!key.line || ParseJson(*key.line).ok());
  }
}

// "..." is where a server cut more often than where a document ended.
TEST(RedactLines, AreMaskedBehindAnEllipsis) {
  const Redactor redactor(kKey, "session");
  const MaskedLine masked = redactor.MaskLine(
      TextLine("kind: Secret\nmetadata:\n  name: db\n...\ndata:\n  x: " +
               ToBase64(kCanary) + "\n"),
      {});
  ASSERT_TRUE(masked.line);
  EXPECT_EQ(masked.line->find(ToBase64(kCanary)), std::string::npos);
}

// Rows of a text with the canary, in base64 and as it is; what has neither may
// be anything.
TEST(RedactLines, FindASecretInJsonAmongWords) {
  const std::string b = ToBase64(kCanary);
  const std::string json =
      R"({"apiVersion":"v1","kind":"Secret","data":{"x":")" + b +
      R"("},"metadata":{"name":"db"}})";
  const std::string pretty =
      "{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"Secret\",\n  \"data\": "
      "{\n    \"x\": \"" +
      b + "\"\n  },\n  \"metadata\": {\n    \"name\": \"db\"\n  }\n}";
  const std::string list = "[\n" + pretty + ",\n" + pretty + "\n]";
  std::vector<std::string> rows = {
      "kind: Secret\ndata:\n  {\"x\": \"" + b + "\"}\n",
      "kind: Secret\ndata:\n  {x: " + b + "}\n",
      "kind: Secret\ndata:\n  {x: 1,\n   y: " + b + "}\n",
      "{kind: Secret, data: {x: " + b + "}}\n",
      "log: {kind: Secret, data: {x: " + b + "}} and more\n",
  };
  for (const std::string& one : {json, pretty, list}) {
    const std::string cut = one.substr(0, one.rfind("metadata") + 10);
    for (const std::string& row :
         {one + "\nok\n", "Found it:\n" + one, "got: " + one + ".",
          "```json\n" + one + "\n```\n", "$ get {x} -o json\n" + one, one + one,
          cut, "got: " + cut, "got:\n" + cut + "\n... more"}) {
      rows.push_back(row);
    }
  }
  for (const std::string& row : rows) {
    const Redactor redactor(kKey, "session");
    const MaskedLine masked = redactor.MaskLine(TextLine(row), {});
    ASSERT_TRUE(masked.line) << row;
    EXPECT_EQ(masked.line->find(b), std::string::npos) << *masked.line;
    EXPECT_TRUE(ParseJson(*masked.line).ok());
  }
}

// What YAML takes for a comment, a tag or a part of an annotation.
TEST(RedactLines, FindValuesThatLookLikeSomethingElse) {
  const std::string b = ToBase64(kCanary);
  const std::string cut = R"({\"apiVersion\":\"v1\",\"data\":{\"x\":\")" + b;
  const struct {
    Origin origin;
    std::string text;
  } kRows[] = {
      {Origin::kOrdinary, "password: #" + b + "\n"},
      {Origin::kOrdinary, "password: !" + b + "\n"},
      {Origin::kOrdinary, "a: 1\npassword:  &" + b + "\nb: 1\n"},
      {Origin::kOrdinary, "password:\n  " + b + "\nb: 1\n"},
      {Origin::kOrdinary, "a:\n  password:\r\n    " + b + "\r\n"},
      {Origin::kOrdinary, "password:\n  \"" + b + " c\"\n"},
      {Origin::kStrict, "# user: " + b + "\n"},
      {Origin::kStrict, "# " + b + "\n"},
      {Origin::kStrict, "x: #" + b + "\n"},
      {Origin::kStrict, "metadata:\n  annotations:\n    a: \"" + cut + "\"\n"},
      {Origin::kOrdinary, "kind: Secret\nmetadata:\n  annotations:\n    a: '" +
                              UnescapeJson(cut) + "'\n"},
  };
  for (const auto& row : kRows) {
    const Redactor redactor(kKey, "session");
    const MaskedLine masked =
        redactor.MaskLine(TextLine(row.text), {row.origin});
    ASSERT_TRUE(masked.line) << row.text;
    EXPECT_EQ(masked.line->find(b), std::string::npos) << *masked.line;
  }
  for (const char* text :
       {"# Source: a/templates/secret-of-the-database.yaml\n", "# two words\n",
        "metadata: # note\n  name: a\n"}) {
    EXPECT_FALSE(
        Redactor(kKey, "s").MaskLine(TextLine(text), {Origin::kStrict}).line)
        << text;
  }
}

TEST(RedactLines, LeaveJsonAmongWordsThatIsNoSecret) {
  for (const char* text :
       {"kind: Secret is a kind\n{\"a\": {\"b\": 1}} done\n",
        "Found:\n{\"kind\": \"Pod\", \"metadata\": {\"name\": \"a\"}}\n---\n"
        "token: \n",
        "{{ .Values.x }} kind: Secret\n"}) {
    EXPECT_FALSE(Redactor(kKey, "s").MaskLine(TextLine(text), {}).line) << text;
  }
}

// Shapes that a reader could look at again and again; mask_bench tells how the
// time grows with their size.
TEST(RedactLines, OfOddShapesAreMaskedToo) {
  const Redactor redactor(kKey, "session");
  for (const char* part :
       {"{\"a\": ", "{", "{\"", "[{", "log line\n", "- ", "eyJ", "eyJa.",
        "Bearer abcdefgh ", "name: TOKEN\nvalue: x\n", "{\"kind\":\"Secret\",",
        "x {\"a\":{\"b\":1}} ", "a: |\n", "\"password\": \""}) {
    std::string text = "password: " + kCanary + "\n";
    while (text.size() < 100'000) text += part;
    const MaskedLine masked = redactor.MaskLine(TextLine(text), {});
    ASSERT_TRUE(masked.line) << part;
    EXPECT_EQ(masked.line->find(kCanary), std::string::npos) << part;
  }
}

// A line of dashes is a list in a list in a list: each once took a call of its
// own to walk, and some thirty thousand of them all of the stack.
TEST(RedactLines, ThatNestTooDeepAreMaskedWhole) {
  for (const Origin origin :
       {Origin::kOrdinary, Origin::kSecret, Origin::kStrict}) {
    for (const std::size_t depth : {299u, 300u, 100'000u}) {
      const Redactor redactor(kKey, "session");
      std::string text = "password: " + kCanary + "\n";
      for (std::size_t i = 0; i < depth; ++i) text += "- ";
      text += "last\n";
      const MaskedLine masked = redactor.MaskLine(TextLine(text), {origin});
      ASSERT_TRUE(masked.line) << depth;
      EXPECT_EQ(masked.line->find(kCanary), std::string::npos) << depth;
      const bool whole =
          masked.line->find("masked document") != std::string::npos;
      EXPECT_EQ(whole, depth >= 300) << depth;
    }
  }
}

// One that stands behind letters that could begin another, too.
TEST(RedactLines, FindATokenBehindARunThatIsNone) {
  const Redactor redactor(kKey, "session");
  const std::string token = "eyJhbGciOiJ9.eyJzdWIi" + kCanary + ".sig";
  for (const std::string before : {"eyJ_eyJ ", "eyJeyJ\n", "eyJ!", "eyJ"}) {
    const MaskedLine masked = redactor.MaskLine(TextLine(before + token), {});
    ASSERT_TRUE(masked.line) << before;
    EXPECT_EQ(masked.line->find(kCanary), std::string::npos) << before;
  }
}

TEST(RedactLines, ShowNoSecretAsAName) {
  const std::string token = "ghp_" + std::string(36, 'a');
  for (const std::string& json :
       {R"({"args":["--token=)" + kCanary + R"(","--verbose","x"]})",
        R"({")" + token + R"(":"value"})"}) {
    for (const Origin origin : {Origin::kStrict, Origin::kShaped}) {
      const Redactor redactor(kKey, "session");
      const MaskedLine masked = redactor.MaskLine(
          R"({"jsonrpc":"2.0","id":1,"result":{"structuredContent":)" + json +
              "}}",
          {origin});
      ASSERT_TRUE(masked.line);
      EXPECT_EQ(masked.line->find(kCanary), std::string::npos) << *masked.line;
      EXPECT_EQ(masked.line->find(token), std::string::npos) << *masked.line;
    }
  }
}

}  // namespace
}  // namespace gatehouse::audit
