// SPDX-License-Identifier: Apache-2.0
// A value of the wrong type must be an issue: a converted one (`no` to false,
// 010 to 8) would make a rule of something that nobody wrote.
#include "policy/value_reader.h"

#include <gtest/gtest.h>

namespace gatehouse {
namespace {

struct ValueReaderRow {
  std::string_view value;
  std::string_view words;  // each followed by ";"
  std::string_view codes;
};

template <typename Read>
void Check(const ValueReaderRow& row, Read read) {
  const SourceText source{"t", "f: " + std::string(row.value) + "\n"};
  Issues issues;
  const auto documents = ReadYaml(source, issues);
  ASSERT_TRUE(issues.items().empty()) << row.value;
  ValueReader reader(source, issues);
  std::string words;
  for (const Word& word : read(reader, documents.at(0).members.at(0))) {
    words += word.text + ";";
  }
  std::string codes;
  for (const Issue& issue : issues.items()) codes += issue.code;
  EXPECT_EQ(words, row.words) << row.value;
  EXPECT_EQ(codes, row.codes) << row.value;
}

TEST(ValueReader, TextIsOneWord) {
  const ValueReaderRow rows[] = {
      {"dev", "dev;", ""},     {"no", "no;", ""},    {"'12'", "12;", ""},
      {"12", ";", "P014"},     {"010", ";", "P014"}, {"true", ";", "P014"},
      {"''", ";", "P014"},     {"", ";", "P014"},    {"[a]", ";", "P014"},
      {"{a: b}", ";", "P014"},
  };
  for (const ValueReaderRow& row : rows) {
    Check(row, [](ValueReader& reader, const YamlMember& member) {
      return Words{{reader.Text(member), {}}};
    });
  }
}

TEST(ValueReader, ListIsWordsAndNotEmpty) {
  const ValueReaderRow rows[] = {
      {"dev", "dev;", ""},        {"[a, no, '7']", "a;no;7;", ""},
      {"[]", "", "P022"},         {"[a, 7, true]", "a;", "P014P014"},
      {"[[a], b]", "b;", "P014"}, {"{a: b}", "", "P014"},
      {"", "", "P014"},           {"['', '[a-z]']", ";[a-z];", ""},
  };
  for (const ValueReaderRow& row : rows) {
    Check(row, [](ValueReader& reader, const YamlMember& member) {
      return reader.List(member);
    });
  }
  Check({"[]", "", ""}, [](ValueReader& reader, const YamlMember& member) {
    return reader.ListOrNothing(member);
  });
}

TEST(ValueReader, GlobsCompileAndOnlyNamespacesTakeTheEmptyOne) {
  const ValueReaderRow globs[] = {
      {"['team-*', '/v[0-9]+/']", "team-*;/v[0-9]+/;", ""},
      {"['[a-z]', ok, /(/]", "[a-z];ok;/(/;", "P021P021"},
      {"['']", ";", "P021"},
      {"[]", "", "P022"}};
  for (const ValueReaderRow& row : globs) {
    Check(row, [](ValueReader& reader, const YamlMember& member) {
      return reader.Globs(member);
    });
  }
  const ValueReaderRow namespaces[] = {{"['', dev]", ";dev;", ""},
                                       {"['/(/', '']", "/(/;;", "P021"},
                                       {"[]", "", "P022"}};
  for (const ValueReaderRow& row : namespaces) {
    Check(row, [](ValueReader& reader, const YamlMember& member) {
      return reader.Namespaces(member);
    });
  }
}

TEST(ValueReader, SaysWhatStandsThereAndWhere) {
  const SourceText source{"t", "f: [a, 7]\ng: ['!x']\n"};
  Issues issues;
  const auto documents = ReadYaml(source, issues);
  ValueReader reader(source, issues);
  reader.SetPlace(" in rule \"r\"");
  reader.Globs(documents.at(0).members.at(0));
  reader.Globs(documents.at(0).members.at(1));
  ASSERT_EQ(issues.items().size(), 2u);
  EXPECT_EQ(issues.items()[0].message,
            "\"f\" takes words, not a number or a boolean; put it in quotation "
            "marks");
  EXPECT_EQ(issues.items()[0].position.column, 8);
  EXPECT_TRUE(issues.items()[1].message.starts_with(
      "bad pattern \"!x\" in rule \"r\": "))
      << issues.items()[1].message;
  EXPECT_EQ(issues.items()[1].position.line, 2);
}

}  // namespace
}  // namespace gatehouse
