// SPDX-License-Identifier: Apache-2.0
// Fields of a profile that name arguments: a name that is not declared, or is
// of the wrong kind, is a fault with its place and never "always absent".
#include "policy/kubernetes/argument_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "policy/document.h"

namespace gatehouse {
namespace {

// `text` is one YAML value; `a` a text, `line` a command line.
class ReadingArguments : public ::testing::Test {
 protected:
  const YamlNode& Node(std::string text) {
    source_ = {"profile.yaml", "x: " + std::move(text) + "\n"};
    documents_ = ReadYaml(source_, issues_);
    EXPECT_FALSE(issues_.HasErrors()) << source_.text;
    return *documents_.at(0).Find("x");
  }
  Condition Read(const std::string& text) {
    const YamlNode& node = Node(text);
    ArgumentReader reader(source_, issues_);
    reader.Declare("a", ArgumentType::kText);
    reader.Declare("line", ArgumentType::kBlankWords);
    return reader.ReadCondition(node);
  }
  // The one fault, or "".
  std::string Fault() const {
    EXPECT_LE(issues_.items().size(), 1u);
    return issues_.items().empty() ? "" : Render(issues_.items().front());
  }

  Issues issues_;
  SourceText source_;
  std::vector<YamlNode> documents_;
};

TEST_F(ReadingArguments, AConditionIsAnArgumentOrItsValues) {
  const Condition given = Read("a");
  EXPECT_EQ(given.argument, "a");
  EXPECT_TRUE(given.values.empty());
  EXPECT_FALSE(given.negated);
  const Condition is = Read("{argument: a, is: [x, y]}");
  EXPECT_EQ(is.argument, "a");
  EXPECT_EQ(is.values, (std::vector<std::string>{"x", "y"}));
  EXPECT_FALSE(is.negated);
  const Condition is_not = Read("{argument: a, not: x}");
  EXPECT_EQ(is_not.values, std::vector<std::string>{"x"});
  EXPECT_TRUE(is_not.negated);
  const Condition missing = Read("{missing: a}");
  EXPECT_EQ(missing.argument, "a");
  EXPECT_TRUE(missing.values.empty());
  EXPECT_TRUE(missing.negated);
  const Condition program = Read("{argument: line, program: kubectl}");
  EXPECT_EQ(program.argument, "line");
  EXPECT_EQ(program.program, "kubectl");
  EXPECT_EQ(Fault(), "");
}

TEST_F(ReadingArguments, AComparisonSaysHowTheServerTakesCase) {
  EXPECT_EQ(Read("{argument: a, is: x}").letter_case, LetterCase::kUnknown);
  const Condition lower = Read("{argument: \"a|lower\", is: x}");
  EXPECT_EQ(lower.argument, "a");
  EXPECT_EQ(lower.letter_case, LetterCase::kLower);
  EXPECT_EQ(Read("{argument: \"a|exact\", not: X}").letter_case,
            LetterCase::kExact);
  EXPECT_EQ(Fault(), "");
}

TEST_F(ReadingArguments, AConditionOnWhatIsNotThereIsAFault) {
  const struct {
    const char* text;
    const char* fault;
  } kRows[] = {
      {"b", "undeclared argument \"b\""},
      {"{argument: b, is: x}", "undeclared argument \"b\""},
      {"{missing: b}", "undeclared argument \"b\""},
      {"{is: x}", "a condition without an argument"},
      {"{argument: a, program: kubectl}", "\"a\" is not a command line"},
      {"{argument: a, iz: x}", "iz"},
      {"{argument: a|upper, is: x}", "expected |lower or |exact"},
      {"{argument: a|lower}", "|lower without values to compare"},
      {"{argument: a|lower, is: Pod}", "\"Pod\" is not in lower case"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.text);
    issues_ = Issues();
    Read(row.text);
    ASSERT_EQ(issues_.items().size(), 1u);
    EXPECT_NE(Fault().find(row.fault), std::string::npos) << Fault();
    EXPECT_NE(Fault().find("profile.yaml:1:"), std::string::npos) << Fault();
  }
}

TEST_F(ReadingArguments, AFieldNamesADeclaredArgumentOrNone) {
  const YamlNode& node = Node("{name: a, kind: b}");
  ArgumentReader reader(source_, issues_);
  reader.Declare("a", ArgumentType::kText);
  Fields fields(node, source_, issues_);
  EXPECT_EQ(reader.Argument(fields, "name"), "a");
  EXPECT_EQ(reader.Argument(fields, "namespace"), "");
  EXPECT_EQ(Fault(), "");
  EXPECT_EQ(reader.Argument(fields, "kind"), "b");
  EXPECT_NE(Fault().find("undeclared argument \"b\""), std::string::npos);
}

TEST_F(ReadingArguments, OnlyCommandLinesHaveWords) {
  const YamlNode& node = Node("a");
  ArgumentReader reader(source_, issues_);
  reader.Declare("shell", ArgumentType::kShellWords);
  reader.Declare("quoted", ArgumentType::kQuotedWords);
  reader.Declare("blank", ArgumentType::kBlankWords);
  reader.Declare("text", ArgumentType::kText);
  reader.Declare("list", ArgumentType::kTexts);
  for (const char* name : {"shell", "quoted", "blank"}) {
    reader.RequireWords(node, name);
  }
  EXPECT_EQ(Fault(), "");
  for (const char* name : {"text", "list", "nobody"}) {
    issues_ = Issues();
    reader.RequireWords(node, name);
    EXPECT_NE(Fault().find("is not a command line"), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace gatehouse
