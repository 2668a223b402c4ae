// SPDX-License-Identifier: Apache-2.0
// The words that a server would run. One word more, less or split otherwise
// and the guard judges another command than the one that runs.
#include "policy/kubernetes/argv_template.h"

#include <gtest/gtest.h>

#include "policy/json_value.h"

namespace gatehouse {
namespace {

using Kind = ArgvItem::Kind;

ArgvItem Item(Kind kind, std::string text, std::vector<ArgvItem> items = {},
              std::vector<ArgvItem> otherwise = {}) {
  ArgvItem item;
  item.kind = kind;
  item.text = std::move(text);
  item.condition.argument = item.text;
  item.items = std::move(items);
  item.otherwise = std::move(otherwise);
  return item;
}

ArgvItem W(std::string text) { return Item(Kind::kWord, std::move(text)); }

// The words with "|" after each, "none" where an argument is missing.
std::string Built(const std::vector<ArgvItem>& items, std::string_view json) {
  ToolSpec tool;
  for (const char* name : {"a", "b"})
    tool.arguments[name] = ArgumentType::kText;
  tool.arguments["n"] = ArgumentType::kNumber;
  tool.arguments["l"] = ArgumentType::kTexts;
  tool.arguments["f"] = ArgumentType::kFlags;
  tool.arguments["w"] = ArgumentType::kQuotedWords;
  const JsonValue arguments = ParseJson(json).value();
  const ArgumentValues values(tool, &arguments);
  EXPECT_FALSE(values.fault().has_value()) << json;
  const BuiltArgv argv = BuildArgv(items, values);
  if (argv.unclear) {
    return argv.unclear->argument.empty() ? "none" : argv.unclear->reason;
  }
  std::string text;
  for (const std::string& word : argv.words) text += word + "|";
  return text;
}

TEST(ArgvTemplate, FillsWords) {
  const std::tuple<std::string, std::string_view, std::string_view> rows[] = {
      {"get", "{}", "get|"},
      {"{a}", R"({"a":"X y"})", "X y|"},
      {"{a}", "{}", "none"},
      {"{a}", R"({"a":""})", "none"},
      {"{a|lower}", R"({"a":"PoD"})", "pod|"},
      {"{a|lower}", "{}", "none"},
      {"-n={a=dev}", "{}", "-n=dev|"},
      {"-n={a=dev}", R"({"a":""})", "-n=dev|"},
      {"-n={a=dev}", R"({"a":"web"})", "-n=web|"},
      {"{a=}", "{}", "|"},
      {"{a}/{b}:{n}", R"({"a":"x","b":"y","n":0})", "x/y:0|"},
      {"{a}/{b}", R"({"a":"x"})", "none"},
      {"{a}", R"({"a":"{b}","b":"y"})", "{b}|"},  // filled once only
      {"x{a", R"({"a":"x"})", "none"},            // not closed
  };
  for (const auto& [word, json, expected] : rows) {
    EXPECT_EQ(Built({W(word)}, json), expected) << word << " " << json;
  }
}

TEST(ArgvTemplate, FillsOptionalPartsWhollyOrNot) {
  const std::vector<ArgvItem> items = {
      W("get"), Item(Kind::kOptional, "", {W("-n"), W("{a}"), W("{b}")})};
  EXPECT_EQ(Built(items, R"({"a":"x","b":"y"})"), "get|-n|x|y|");
  EXPECT_EQ(Built(items, R"({"a":"x"})"), "get|");
  EXPECT_EQ(Built({Item(Kind::kOptional, "", items)}, "{}"), "get|");
}

TEST(ArgvTemplate, ChoosesAndSpreads) {
  const ArgvItem choice = Item(Kind::kIf, "a", {W("-A")}, {W("-n"), W("{b}")});
  EXPECT_EQ(Built({choice}, R"({"a":"x"})"), "-A|");
  EXPECT_EQ(Built({choice}, R"({"b":"y"})"), "-n|y|");
  EXPECT_EQ(Built({choice}, "{}"), "none");
  const ArgvItem each = Item(Kind::kEach, "l");
  EXPECT_EQ(Built({W("x"), each, W("y")}, R"({"l":["-A","b c",""]})"),
            "x|-A|b c||y|");
  EXPECT_EQ(Built({each}, "{}"), "");
  const ArgvItem flags = Item(Kind::kFlags, "f");
  EXPECT_EQ(Built({flags}, R"({"f":{"k":"v w","on":true,"off":false,"n":2}})"),
            "--k=v w|--on|--n=2|");
  EXPECT_EQ(Built({flags}, R"({"f":{"e":""}})"), "--e=|");
  EXPECT_EQ(Built({flags}, "{}"), "");
}

TEST(ArgvTemplate, SplicesCommandLines) {
  ArgvItem words = Item(Kind::kWords, "w");
  const std::vector<ArgvItem> items = {W("x"), words, W("y")};
  EXPECT_EQ(Built(items, R"({"w":"get 'a b' kubectl"})"),
            "x|get|a b|kubectl|y|");
  EXPECT_EQ(Built(items, "{}"), "x|y|");
  words.program = "kubectl";
  EXPECT_EQ(Built({words}, R"({"w":"kubectl get"})"), "get|");
  EXPECT_EQ(Built({words}, R"({"w":"get"})"), "get|");
  const std::string resembles = "a first word that resembles kubectl";
  EXPECT_EQ(Built({words}, R"({"w":"kubectl-x get"})"), resembles);
  // Not left out, as a missing argument would be.
  EXPECT_EQ(Built({Item(Kind::kOptional, "", {words})}, R"({"w":"'kubectl'"})"),
            resembles);
  words.program_required = true;
  EXPECT_EQ(Built({words}, R"({"w":"kubectl get"})"), "get|");
  EXPECT_EQ(Built({words}, R"({"w":"helm list"})"),
            "another program than kubectl");
  EXPECT_EQ(Built({words}, "{}"), "another program than kubectl");
}

}  // namespace
}  // namespace gatehouse
