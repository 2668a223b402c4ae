// SPDX-License-Identifier: Apache-2.0
// What is refused before libyaml sees it: a row that turns to "" is a text
// that the guard and the server behind it may read differently.
#include "policy/yaml_text.h"

#include <gtest/gtest.h>

#include <string>

namespace gatehouse {
namespace {

std::string Faults(std::string text, const YamlLimits& limits = {}) {
  Issues issues;
  CheckYamlText({"t", std::move(text)}, limits, issues);
  std::string faults;
  for (const Issue& issue : issues.items()) {
    faults += issue.code + "@" + std::to_string(issue.position.line) + ":" +
              std::to_string(issue.position.column) + " ";
  }
  return faults;
}

struct YamlTextRow {
  std::string text;
  std::string_view faults;
};

TEST(YamlText, TakesUtf8ThatEveryReaderTakes) {
  const YamlTextRow rows[] = {
      {"", ""},
      {"\xC3\xA9: \xE2\x82\xAC \xF0\x9F\x98\x80\n", ""},
      {"a: 1\r\nb:\t2\r\n", ""},
      {"a: 1\rb: 2\n", "P001@1:5 "},
      {"a: \xFF\n", "P001@1:4 "},
      {"\xC0\xAF", "P001@1:1 "},              // overlong
      {"\xE0\x80\x80", "P001@1:1 "},          // overlong
      {"\xF0\x80\x80\x80", "P001@1:1 "},      // overlong
      {"\xED\xA0\x80", "P001@1:1 "},          // a surrogate
      {"\xF4\x90\x80\x80", "P001@1:1 "},      // over U+10FFFF
      {"a\xE2\x82", "P001@1:2 "},             // cut short
      {"a\xE2\x82\nb: 1", "P001@1:2 "},       // cut short by its line
      {std::string("a\0b", 3), "P001@1:2 "},  //
      {"\xEF\xBB\xBF", "P001@1:1 "},          // a byte order mark
      {"a: 1\xC2\x85", "P001@1:5 "},          // U+0085
      {"x: \xE2\x80\xA8", "P001@1:4 "},       // U+2028
      {"x: \xE2\x80\xA9", "P001@1:4 "},       // U+2029
      {"a: \x1B", "P001@1:4 "},               //
      {"a: \x7F", "P001@1:4 "},               //
      {"\xEF\xBF\xBF", "P001@1:1 "},          // a noncharacter
  };
  for (const YamlTextRow& row : rows) EXPECT_EQ(Faults(row.text), row.faults);
}

TEST(YamlText, TakesLinesThatEveryReaderTakes) {
  const YamlTextRow rows[] = {
      {"---\na: 1\n--- \t\r\nb: 2\n", ""},
      {"--- x\n", "P009@1:1 "},
      {"---x\n", "P009@1:1 "},
      {"--- # c\n", ""},
      {"---# c\n", "P009@1:1 "},
      {"%YAML 1.2\n---\n", "P008@1:1 "},
      {"a: 1\n... x\n", "P009@2:1 "},
      {"a: 1\n...\nb: 2\nc: 3\n", "P009@3:1 "},
      {"a: 1\n...\n\n# c\n---\nb: 2\n", ""},
      {"a:\n\tb: 1\n", "P011@2:1 "},
      {"a: 1\n\t\n", ""},
      {"\n{\n\t\"a\": 1\n}\n", ""},
      {"a\xFF\n%x\n\tb", "P001@1:2 P008@2:1 P011@3:1 "},
  };
  for (const YamlTextRow& row : rows) {
    EXPECT_EQ(Faults(row.text), row.faults) << row.text;
  }
}

TEST(YamlText, CapsBytesTokensAndIssues) {
  EXPECT_EQ(Faults("abc", {.max_bytes = 3}), "");
  EXPECT_EQ(Faults("abcd", {.max_bytes = 3}), "P003@0:0 ");
  EXPECT_EQ(Faults("[,,,,,,]", {.max_nodes = 1}), "");
  EXPECT_EQ(Faults("[,,,,,,,]", {.max_nodes = 1}), "P003@0:0 ");
  Issues issues;
  std::string text;
  for (int i = 0; i < 150; ++i) text += "%\n";
  CheckYamlText({"t", text}, {}, issues);
  EXPECT_EQ(issues.items().size(), 100u);
}

}  // namespace
}  // namespace gatehouse
