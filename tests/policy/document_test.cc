// SPDX-License-Identifier: Apache-2.0
#include "policy/document.h"

#include <gtest/gtest.h>

#include "policy/json_value.h"
#include "policy_fixture.h"

namespace gatehouse {
namespace {

// "{a: 'b', c: [~]}": kinds and quotes are visible.
std::string Show(const YamlNode& node) {
  std::string out;
  switch (node.kind) {
    case NodeKind::kNull:
      return "~";
    case NodeKind::kScalar:
      return node.quoted ? "'" + node.scalar + "'" : node.scalar;
    case NodeKind::kList:
      for (const YamlNode& item : node.items) out += Show(item) + ",";
      return "[" + out + "]";
    case NodeKind::kMap:
      for (const YamlMember& member : node.members) {
        out += member.key + ":" + Show(member.value) + ",";
      }
      return "{" + out + "}";
  }
  return "";
}

std::string ShowAll(const std::string& text) {
  Issues issues;
  const auto documents = ReadYaml({"t", text}, issues);
  std::string out;
  for (const Issue& issue : issues.items()) {
    out += issue.code + "@" + std::to_string(issue.position.line) + ":" +
           std::to_string(issue.position.column) + " ";
  }
  if (!out.empty()) return out;
  for (const YamlNode& document : documents) out += Show(document) + ";";
  return out;
}

struct DocumentRow {
  std::string text;
  std::string expected;
};

TEST(Document, ReadsWhatAllReadersReadAlike) {
  const DocumentRow rows[] = {
      {"", ""},
      {"# only\n", ""},
      {"a: b\nc: [1, \"2\", ~]\n", "{a:b,c:[1,'2',~,],};"},
      {"{\"a\":1,\"b\":[{}]}", "{a:1,b:[{},],};"},
      {"{\n\t\"a\": 1\n}", "{a:1,};"},
      {"a: |\n  x\n  y\n", "{a:'x\ny\n',};"},
      {"a: b\r\nc: d\r\n", "{a:b,c:d,};"},
      {"---\na: b\n---\n# end\n", "{a:b,};~;"},
      {"a: b\n...\n# c\n---\nd\n", "{a:b,};d;"},
      {"a:\nb: null\n", "{a:~,b:~,};"},
      {"'a': ' '", "{a:' ',};"},
      {"{? a : b}", "{a:b,};"},
      {"? a\n: {b?: c?, d: '?e'}\n", "{a:{b?:c?,d:'?e',},};"},
  };
  for (const DocumentRow& row : rows)
    EXPECT_EQ(ShowAll(row.text), row.expected);
}

TEST(Document, RefusesWhatReadersReadDifferently) {
  const DocumentRow rows[] = {
      {"a: b\na: c\n", "P004@2:1 "},
      {"a: &x b\n", "P005@1:4 "},
      {"a: *x\n", "P005@1:4 "},
      {"a: {<<: {b: c}}\n", "P006@1:5 "},
      {"a: !x b\n", "P007@1:4 "},
      {"a: !!str\n", "P007@1:4 "},
      {"! a\n", "P007@1:1 "},
      {"%YAML 1.1\n---\na: b\n", "P008@1:1 "},
      {"a: b\n--- {c: d}\n", "P009@2:1 "},
      {"a: b\n---c: d\n", "P009@2:1 "},
      {"a: b\n...\nc: d\n", "P009@3:1 "},
      {"{a: b} {c: d}", "P009@1:8 "},
      {",", "P002@1:1 "},
      {"[a]: b\n", "P010@1:1 "},
      {"~: b\n", "P010@1:1 "},
      {"{a: b, ?c: d}", "P010@1:9 "},
      {"{?\"c\": d}", "P010@1:3 "},
      {"[?c: d]", "P010@1:3 "},
      {"a:\n\tb: c\n", "P011@2:1 "},
      {"a: \"\xff\"", "P001@1:5 "},
      {"a: \xed\xa0\x80", "P001@1:4 "},
      {"\xef\xbb\xbfk: v", "P001@1:1 "},
      {"a: b\xe2\x80\xa8k: v", "P001@1:5 "},
      {std::string("a: \0b", 5), "P001@1:4 "},
      {"a: b\rk: v", "P001@1:5 "},
      {"a: [b\n", "P002@2:1 "},
      {"a: [*]\n", "P005@1:6 "},
      {"a: \"\\ud83d\\ude00\"\n", "P002@1:7 "},
  };
  for (const DocumentRow& row : rows) {
    EXPECT_EQ(ShowAll(row.text), row.expected) << row.text;
  }
}

TEST(Document, FindsAllFaultsAtOnce) {
  EXPECT_EQ(ShowAll("a: 1\na: &x 2\nb: !t 3\n"), "P004@2:1 P005@2:4 P007@3:4 ");
}

TEST(Document, CapsDepthSizeAndNodes) {
  for (const char* unit : {"[", "{", "- ", "? ", "[a,", "{a: ", "{\"a\":["}) {
    std::string text;
    while (text.size() < 300'000) text += unit;
    Issues issues;
    ReadYaml({"t", text}, issues);
    EXPECT_TRUE(issues.HasErrors()) << unit;
  }
  Issues issues;
  ReadYaml({"t", "[1,2,3]"}, issues, {.max_nodes = 3});
  ReadYaml({"t", "[1,2,3]"}, issues, {.max_bytes = 3});
  ReadYaml({"t", "[[1]]"}, issues, {.max_depth = 1});
  ASSERT_EQ(issues.items().size(), 3u);
  for (const Issue& issue : issues.items()) EXPECT_EQ(issue.code, "P003");
}

TEST(Document, GivesPositionsOfWords) {
  Issues issues;
  const auto documents =
      ReadYaml({"t", "rules:\n  - id: 'x y'\n    allow: [get]\n"}, issues);
  const YamlNode& rule = documents.at(0).Find("rules")->items.at(0);
  EXPECT_EQ(rule.members[1].position.line, 3);
  EXPECT_EQ(rule.members[1].position.column, 5);
  EXPECT_EQ(rule.members[1].position.length, 5);
  EXPECT_EQ(rule.Find("id")->position.length, 5);
  EXPECT_EQ(rule.Find("allow")->items[0].position.column, 13);
  EXPECT_EQ(rule.Find("none"), nullptr);
}

// libyaml counts characters, an issue counts bytes.
TEST(Document, CountsColumnsInBytes) {
  EXPECT_EQ(ShowAll("\xC3\xA9: 1\n\xC3\xA9: 2\n"), "P004@2:1 ");
  EXPECT_EQ(ShowAll("a: {\xC3\xA9: \xE2\x82\xAC, b: &x \xF0\x9F\x98\x80}\n"),
            "P005@1:17 ");
  EXPECT_EQ(ShowAll("a: '\xE2\x82\xAC' # \xE2\x82\xAC\nb: !t 1\n"),
            "P007@2:4 ");
  Issues issues;
  const auto documents =
      ReadYaml({"t", "\xC3\xA9: ['\xF0\x9F\x98\x80', b]\n"}, issues);
  const YamlNode& list = documents.at(0).members.at(0).value;
  EXPECT_EQ(list.position.column, 5);
  EXPECT_EQ(list.items.at(0).position.length, 6);
  EXPECT_EQ(list.items.at(1).position.column, 14);
}

TEST(Document, TypesPlainScalarsAsEveryReaderDoes) {
  struct Scalar {
    std::string text;
    bool is_string;
    bool is_ambiguous;
  };
  const Scalar rows[] = {
      {"dev", true, false},     {"kube-system", true, false},
      {"no", false, true},      {"On", false, true},
      {"y", false, true},       {"true", false, false},
      {"12", false, false},     {"1.5", false, false},
      {"0o7", false, true},     {"010", false, true},
      {"1_0", false, true},     {"1:30", false, true},
      {"1e3", false, true},     {"2001-01-01", false, true},
      {"0x1F", false, true},    {".inf", false, false},
      {"10Gi", true, false},    {"v1", true, false},
      {"apps/v1", true, false}, {"1.2.3-rc1", true, false},
      {"null", false, false},   {"=", false, true},
  };
  for (const Scalar& row : rows) {
    YamlNode node;
    node.kind = NodeKind::kScalar;
    node.scalar = row.text;
    EXPECT_EQ(node.IsString(), row.is_string) << row.text;
    EXPECT_EQ(node.IsAmbiguousScalar(), row.is_ambiguous) << row.text;
    node.quoted = true;
    EXPECT_TRUE(node.IsString()) << row.text;
    EXPECT_FALSE(node.IsAmbiguousScalar()) << row.text;
    EXPECT_EQ(node.AsBool(), std::nullopt);
  }
}

}  // namespace
}  // namespace gatehouse
