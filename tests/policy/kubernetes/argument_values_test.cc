// SPDX-License-Identifier: Apache-2.0
// A call's arguments under their declared types. A fault too few lets a value
// reach the server that the guard did not understand.
#include "policy/kubernetes/argument_values.h"

#include <gtest/gtest.h>

#include "policy/json_value.h"

namespace gatehouse {
namespace {

ToolSpec Spec() {
  ToolSpec tool;
  tool.arguments = {
      {"text", ArgumentType::kText},     {"content", ArgumentType::kContent},
      {"truthy", ArgumentType::kTruthy}, {"bool", ArgumentType::kBoolean},
      {"number", ArgumentType::kNumber}, {"texts", ArgumentType::kTexts},
      {"flags", ArgumentType::kFlags},   {"any", ArgumentType::kIgnored},
      {"none", ArgumentType::kUnknown},
  };
  return tool;
}

// The values of one argument `name` with the JSON text `json`.
template <typename Ask>
auto With(const std::string& name, const std::string& json, Ask ask) {
  const ToolSpec tool = Spec();
  const JsonValue arguments =
      ParseJson("{\"" + name + "\":" + json + "}").value();
  return ask(ArgumentValues(tool, &arguments));
}

TEST(ArgumentValues, TakeTheDeclaredTypeOnly) {
  const std::vector<std::string> values = {"\"x\"",     "\"a\\nb\"",  "true",
                                           "7",         "[\"x\"]",    "[7]",
                                           "{\"k\":1}", "{\"k\":[]}", "null"};
  // One mark for each value: is it taken?
  const std::pair<std::string, std::string> rows[] = {
      {"text", "+-------+"},  {"content", "++------+"}, {"truthy", "+++++++++"},
      {"bool", "--+-----+"},  {"number", "---+----+"},  {"texts", "----+---+"},
      {"flags", "------+-+"}, {"any", "+++++++++"},     {"none", "--------+"},
      {"Text", "---------"},
  };
  for (const auto& [name, expected] : rows) {
    std::string marks;
    for (const std::string& value : values) {
      const auto fault = With(name, value, [](const ArgumentValues& given) {
        return given.fault();
      });
      marks += fault ? '-' : '+';
      EXPECT_EQ(fault ? fault->argument : name, name);
    }
    EXPECT_EQ(marks, expected) << name;
  }
}

TEST(ArgumentValues, RefuseLongTextsButNotLongContents) {
  const std::string longest = "\"" + std::string(64 * 1024, 'x') + "\"";
  const std::string longer = "\"y" + longest.substr(1);
  const auto ok = [](const ArgumentValues& given) { return !given.fault(); };
  EXPECT_TRUE(With("text", longest, ok));
  EXPECT_FALSE(With("text", longer, ok));
  EXPECT_TRUE(With("content", longer, ok));
  EXPECT_FALSE(With("flags", "{\"a\\u0007\":1}", ok));
  EXPECT_FALSE(With("texts", "[\"\\u007f\"]", ok));
}

TEST(ArgumentValues, SayTheFirstFault) {
  ToolSpec tool = Spec();
  tool.required = {"text"};
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"null", "text"},
      {"{}", "text"},
      {R"({"text":""})", "text"},
      {R"({"bool":1,"number":"x","text":"x"})", "bool"},
      {R"({"text":"x","other":1})", "other"},
      {"[]", ""},
      {"\"x\"", ""},
  };
  for (const auto& [json, argument] : rows) {
    const JsonValue arguments = ParseJson(json).value();
    const ArgumentValues values(tool, &arguments);
    ASSERT_TRUE(values.fault().has_value()) << json;
    EXPECT_EQ(values.fault()->argument, argument) << json;
  }
  EXPECT_TRUE(ArgumentValues(tool, nullptr).fault().has_value());
  tool.required.clear();
  EXPECT_FALSE(ArgumentValues(tool, nullptr).fault().has_value());
}

TEST(ArgumentValues, AreSetAsTheServerSeesIt) {
  const std::tuple<std::string, std::string, bool> rows[] = {
      {"text", "\"x\"", true},       {"text", "\"\"", false},
      {"text", "null", false},       {"truthy", "true", true},
      {"truthy", "\"false\"", true}, {"truthy", "[]", true},
      {"truthy", "{}", true},        {"truthy", "false", false},
      {"truthy", "\"\"", false},     {"bool", "false", false},
      {"truthy", "0", false},        {"truthy", "0.0", false},
      {"truthy", "-0.0", false},     {"truthy", "1e-400", false},
      {"truthy", "1", true},         {"truthy", "0.5", true},
      {"number", "0", true},         {"number", "7", true},
      {"texts", "[\"\"]", true},     {"texts", "[]", false},
  };
  for (const auto& [name, json, set] : rows) {
    EXPECT_EQ(
        With(name, json,
             [&, n = name](const ArgumentValues& v) { return v.IsSet(n); }),
        set)
        << name << " " << json;
  }
}

TEST(ArgumentValues, PrintWhatIsGiven) {
  const auto text = [](const std::string& name) {
    return [name](const ArgumentValues& v) { return v.Text(name); };
  };
  EXPECT_EQ(With("text", "\"a b\"", text("text")), "a b");
  EXPECT_EQ(With("number", "-3", text("number")), "-3");
  EXPECT_EQ(With("bool", "false", text("bool")), "false");
  EXPECT_EQ(With("text", "null", text("text")), std::nullopt);
  EXPECT_EQ(With("text", "\"a\"", text("number")), std::nullopt);
  const std::vector<std::string> texts =
      With("texts", R"(["a","-n b"])",
           [](const ArgumentValues& v) { return v.Texts("texts"); });
  EXPECT_EQ(texts, (std::vector<std::string>{"a", "-n b"}));
  std::string flags;
  for (const auto& [name, value] :
       With("flags", R"({"s":"v","n":3,"on":true,"off":false,"nil":null})",
            [](const ArgumentValues& v) { return v.Flags("flags"); })) {
    flags += name + "=" + value.value_or("(on)") + " ";
  }
  EXPECT_EQ(flags, "s=v n=3 on=(on) ");
}

Condition Compared(std::vector<std::string> values, LetterCase letter_case) {
  Condition condition{"text", std::move(values), false};
  condition.letter_case = letter_case;
  return condition;
}

TEST(ArgumentValues, HoldConditionsAsTheServerCompares) {
  const std::tuple<std::string, Condition, bool> rows[] = {
      {"\"x\"", {"text", {}, false}, true},
      {"\"x\"", {"text", {}, true}, false},
      {"\"\"", {"text", {}, true}, true},
      {"\"list\"", {"text", {"get", "list"}, false}, true},
      {"\"list\"", {"text", {"get", "list"}, true}, false},
      {"\"LIST\"", {"text", {"get", "list"}, false}, false},
      {"\"LIST\"", {"text", {"get", "list"}, true}, true},
      {"\"LIST\"", Compared({"list"}, LetterCase::kExact), false},
      {"\"LIST\"", Compared({"list"}, LetterCase::kLower), true},
      {"\"lists\"", {"text", {"get", "list"}, false}, false},
      {"null", {"text", {"get"}, true}, true},
      {"null", {"text", {""}, false}, true},
  };
  for (const auto& [json, condition, holds] : rows) {
    EXPECT_EQ(With("text", json,
                   [&, c = condition](const ArgumentValues& v) {
                     return v.Holds(c);
                   }),
              holds)
        << json;
  }
}

// One reader's "Namespace" is another's "namespace": where it is not known
// which the server is, neither is sent.
TEST(ArgumentValues, RefuseWhatOnlyItsCaseKeepsFromAKnownWord) {
  const struct {
    LetterCase letter_case;
    const char* json;
    bool fault;
  } kRows[] = {
      {LetterCase::kUnknown, "{\"text\":\"list\"}", false},
      {LetterCase::kUnknown, "{\"text\":\"List\"}", true},
      {LetterCase::kUnknown, "{\"text\":\"lists\"}", false},
      {LetterCase::kUnknown, "{\"text\":\"GitRepository\"}", false},
      {LetterCase::kUnknown, "{\"text\":\"gitrepository\"}", true},
      {LetterCase::kUnknown, "{\"text\":\"li\u017ft\"}", true},
      {LetterCase::kUnknown, "{}", false},
      {LetterCase::kExact, "{\"text\":\"List\"}", false},
      {LetterCase::kExact, "{\"text\":\"li\u017ft\"}", false},
      {LetterCase::kLower, "{\"text\":\"List\"}", false},
      {LetterCase::kLower, "{\"text\":\"li\u017ft\"}", true},
  };
  for (const auto& row : kRows) {
    ToolSpec tool = Spec();
    tool.comparisons = {Compared({"list", "GitRepository"}, row.letter_case)};
    const JsonValue arguments = ParseJson(row.json).value();
    const ArgumentValues values(tool, &arguments);
    EXPECT_EQ(values.fault() ? values.fault()->argument : "",
              row.fault ? "text" : "")
        << row.json;
  }
}

}  // namespace
}  // namespace gatehouse
