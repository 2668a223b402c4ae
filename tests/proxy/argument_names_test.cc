// SPDX-License-Identifier: Apache-2.0
#include "proxy/argument_names.h"

#include <gtest/gtest.h>

#include "policy/json_value.h"
#include "tests/proxy/line_fixture.h"

namespace gatehouse {
namespace {

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
