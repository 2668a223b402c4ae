// SPDX-License-Identifier: Apache-2.0
#include "proxy/argument_names.h"

#include <gtest/gtest.h>

namespace gatehouse {
namespace {

JsonValue Json(std::string_view text) { return ParseJson(text).value(); }

TEST(ArgumentNames, LearnsTheNamesOfEachTool) {
  ArgumentNames names;
  names.Learn(Json(R"({"tools":[
      {"name":"a","inputSchema":{"properties":{"podName":{},"tail":{}}}},
      {"name":"b"},
      {"inputSchema":{"properties":{"lost":{}}}},
      "not a tool"]})"));
  ASSERT_NE(names.Find("a"), nullptr);
  EXPECT_EQ(*names.Find("a"), (std::vector<std::string>{"podName", "tail"}));
  ASSERT_NE(names.Find("b"), nullptr);
  EXPECT_TRUE(names.Find("b")->empty());
  EXPECT_EQ(names.Find("c"), nullptr);
}

TEST(ArgumentNames, ALaterListReplacesAnEarlierOne) {
  ArgumentNames names;
  names.Learn(Json(R"({"tools":[{"name":"a","inputSchema":
      {"properties":{"old":{}}}}]})"));
  names.Learn(Json(R"({"tools":[{"name":"a","inputSchema":
      {"properties":{"new":{}}}}]})"));
  EXPECT_EQ(*names.Find("a"), std::vector<std::string>{"new"});
}

TEST(ArgumentNames, IgnoresWhatIsNoToolList) {
  ArgumentNames names;
  for (const char* text : {"{}", "[]", R"({"tools":7})", R"({"tools":{}})"}) {
    names.Learn(Json(text));
  }
  EXPECT_EQ(names.Find(""), nullptr);
}

TEST(ArgumentNames, RemembersNoMoreThanItsCaps) {
  ArgumentNames names;
  std::string text = R"({"tools":[)";
  for (int i = 0; i < 2'100; ++i) {
    text += R"({"name":"t)" + std::to_string(i) + "\"},";
  }
  names.Learn(Json(text + R"({"name":"last"}]})"));
  EXPECT_NE(names.Find("t1999"), nullptr);
  EXPECT_EQ(names.Find("t2000"), nullptr);
  EXPECT_EQ(names.Find("last"), nullptr);
}

TEST(ArgumentNames, FindsLookalikes) {
  const std::vector<std::string> declared = {"podName", "Kind"};
  struct Row {
    std::string arguments;
    std::vector<std::string_view> suspicious;
  };
  const std::vector<Row> rows = {
      {R"({"podName":"x"})", {}},
      {R"({"podname":"x"})", {"podname"}},
      {R"({"PODNAME":"x","tail":1})", {"PODNAME"}},
      {R"({"namespace":"x"})", {}},
      {R"({"Namespace":"x"})", {"Namespace"}},
      {R"({"name\u017fpace":"x"})", {"name\xC5\xBFpace"}},
      {R"({"conte\uff58t":"x"})", {"conte\xEF\xBD\x98t"}},
      {R"({"Kind":"x"})", {}},  // declared as it stands
      {R"({"unknown":"x"})", {}},
      {R"({"nested":{"Namespace":"x"}})", {}},
  };
  for (const Row& row : rows) {
    const JsonValue arguments = Json(row.arguments);
    EXPECT_EQ(FindLookalikes(arguments, &declared), row.suspicious)
        << row.arguments;
  }
  const JsonValue unseen = Json(R"({"podname":"x","Name":"y"})");
  EXPECT_EQ(FindLookalikes(unseen, nullptr),
            std::vector<std::string_view>{"Name"});
}

}  // namespace
}  // namespace gatehouse
