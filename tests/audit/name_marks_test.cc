// SPDX-License-Identifier: Apache-2.0
#include "audit/name_marks.h"

#include <gtest/gtest.h>

#include <string>

namespace gatehouse::audit {
namespace {

// What the marks of a text tell, each as a letter: n(ame), s(ecret),
// e(ncoded).
std::string Told(const std::string& text) {
  static const auto rules = EmbeddedRedactionRules();
  std::string told;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != ':' && text[at] != '=') continue;
    const MarkMeaning meaning = ReadMark(text, at, *rules);
    if (meaning.name) told += 'n';
    if (meaning.secret) told += 's';
    if (meaning.encoded) told += 'e';
  }
  return told;
}

TEST(NameMarks, TellOfSecretsHoweverTheyAreWritten) {
  const std::pair<const char*, const char*> rows[] = {
      {"password: x", "n"},
      {"DB_PASSWORD=x", "n"},
      {"\"api-key\" : 1", "n"},
      {R"(\\\"token\\\":)", "n"},
      {R"(a\nauth: x)", "n"},
      {R"(\u003cauth: x)", "n"},
      {"\"token\"\n : 1", "n"},
      {"name: DB_PASSWORD", "n"},
      {R"({\"key\":\"DB_PASSWORD\"})", "n"},
      {"- name: 'db password'", "n"},
      {"- name: |-\n    DB_PASSWORD", "n"},
      {R"(name: &n !!str \"DB_PASSWORD\")", "n"},
      {R"(name: >2\n  DB_PASSWORD\n)", "n"},
      {"kind: Secret", "s"},
      {R"(\"KIND\":\n  \"secretList\")", "s"},
      {"kind: !!str Secret", "s"},
      {"kind: &k 'Secret'", "s"},
      {"kind: >-\n  Secret", "s"},
      {R"("blob":"eA==")", "e"},
  };
  for (const auto& [text, told] : rows) EXPECT_EQ(Told(text), told) << text;
}

// Told by their last letters alone, which must not be the wrong ones.
TEST(NameMarks, TellOfSecretsWhateverStandsAroundTheirLastLetters) {
  const std::pair<const char*, const char*> rows[] = {
      {"a:token:", "n"},
      {R"("a-token":)", "n"},
      {R"("to-ken":)", "n"},
      {R"("token-":)", "n"},
      {"to.ken=", "n"},
      {"token\\n\":", "n"},
      {"token\\\":", "n"},
      {"\"token\\t\":", "n"},
      {"x{pwd:", "n"},
      {"\"pwd\":", "n"},
      {" pwd=", "n"},
      {"pw-d=", "n"},
      {"\"kind\":\"Secret\"", "s"},
      {"-kind: Secret", "s"},
      {"\"name\":\"token\"", "n"},
      {"{key: token", "n"},
      {"\"blob\":", "e"},
      {"\\npwd\":", "n"},
  };
  for (const auto& [text, told] : rows) EXPECT_EQ(Told(text), told) << text;
}

TEST(NameMarks, TellNothingOfOtherNames) {
  for (const char* text :
       {":", "=", "a:", "tokens are: words", "secretName: db",
        "secret:\n  secretName: db", R"(\"secret\":{\"defaultMode\":420)",
        "serviceAccountToken: {}", "kind: Pod # Secret", "kind: SomeSecret",
        "kind: |\n  Pod", "name: web", "names: DB_PASSWORD",
        "name: web # password", "10:00:00", "a=b"}) {
    EXPECT_EQ(Told(text), "") << text;
  }
}

TEST(NameMarks, TellOfFlags) {
  const auto rules = EmbeddedRedactionRules();
  EXPECT_TRUE(IsSecretFlagAt("x --token y", 2, *rules));
  EXPECT_TRUE(IsSecretFlagAt("--from-literal=a=b", 0, *rules));
  EXPECT_FALSE(IsSecretFlagAt("--namespace dev", 0, *rules));
  EXPECT_FALSE(IsSecretFlagAt("--", 0, *rules));
}

}  // namespace
}  // namespace gatehouse::audit
