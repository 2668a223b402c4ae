// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/pod_controls.h"

#include <gtest/gtest.h>

#include <vector>

namespace gatehouse {
namespace {

YamlNode Value(const std::string& text) {
  Issues issues;
  std::vector<YamlNode> documents = ReadYaml({"value", text + "\n"}, issues);
  EXPECT_FALSE(issues.HasErrors()) << text;
  return documents.empty() ? YamlNode{} : std::move(documents[0]);
}

// What Go's reader takes for something else than it looks like is accepted by
// no control: `yes` and `0x0` are strings there or not, by the reader.
TEST(PodControls, AcceptWhatEveryReaderReadsAlike) {
  struct Row {
    Accepts accepts;
    std::vector<std::string> taken;
    std::vector<std::string> refused;
  };
  const Row rows[] = {
      {Accepts::kFalse,
       {"false", "False", "FALSE"},
       {"true", "no", "off", "\"false\"", "0", "[]", "{}"}},
      {Accepts::kBool, {"true", "false"}, {"yes", "on", "\"true\"", "1"}},
      {Accepts::kZero, {"0"}, {"1", "00", "0x0", "\"0\"", "0.0", "-0", "zero"}},
      {Accepts::kNotZero,
       {"1", "65534"},
       {"0", "-1", "00", "0x1", "\"1\"", "1.0", "01", "1_0",
        "99999999999999999999"}},
      {Accepts::kWords,
       {"one", "two", "\"\"", "\"one\""},
       {"One", "three", "one two", "[one]", "1"}},
      {Accepts::kNothing, {}, {"\"\"", "0", "{}", "[]"}},
  };
  for (const Row& row : rows) {
    const Control control = {"field", row.accepts, PodSecurity::kPrivileged,
                             "one two"};
    for (const std::string& text : row.taken) {
      EXPECT_TRUE(IsAccepted(Value(text), control)) << text;
    }
    for (const std::string& text : row.refused) {
      EXPECT_FALSE(IsAccepted(Value(text), control)) << text;
    }
  }
}

TEST(PodControls, KnowNullInItsSpellings) {
  for (const char* text : {"~", "null", "Null", "NULL"}) {
    EXPECT_TRUE(IsNull(Value(text))) << text;
  }
  for (const char* text : {"\"null\"", "nULL", "nil", "0", "[]"}) {
    EXPECT_FALSE(IsNull(Value(text))) << text;
  }
}

// A row that names no field, or an accepted word twice, is a slip.
TEST(PodControls, AreATableWithoutSlips) {
  for (const auto& table :
       {PodControls(), SharedControls(), ContainerControls()}) {
    EXPECT_FALSE(table.empty());
    for (const Control& control : table) {
      EXPECT_FALSE(control.field.empty());
      EXPECT_TRUE(control.words.empty() || control.accepts == Accepts::kWords)
          << control.field;
      EXPECT_NE(control.otherwise, PodSecurity::kNone) << control.field;
    }
  }
}

}  // namespace
}  // namespace gatehouse
