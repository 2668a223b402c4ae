// SPDX-License-Identifier: Apache-2.0
#include "proxy/known_keys.h"

#include <gtest/gtest.h>

#include "policy/json_value.h"

namespace gatehouse {
namespace {

TEST(KnownKeys, FindsALookalikeInEveryObjectThatMcpDefines) {
  struct Row {
    std::string text;
    std::string resembles;
  };
  const std::vector<Row> rows = {
      {R"({"params":{"Name":"x"}})", "name"},
      {R"({"params":{"argument\u017f":{}}})", "arguments"},
      {R"({"params":{"_META":{}}})", "_meta"},
      {R"({"params":{"Task":{}}})", "task"},
      {R"({"params":{"_meta":{"progresstoken":1}}})", "progressToken"},
      {R"({"params":{"_meta":{"IO.modelcontextprotocol/protocolVersion":""}}})",
       "io.modelcontextprotocol/protocolVersion"},
      {R"({"params":{"task":{"TTL":1}}})", "ttl"},
      {R"({"params":{"ref":{"URI":""}}})", "uri"},
      {R"({"params":{"argument":{"Name":""}}})", "name"},
      {R"({"params":{"context":{"Arguments":{}}}})", "arguments"},
      {R"({"params":{"clientInfo":{"NAME":""}}})", "name"},
      {R"({"params":{"capabilities":{"Sampling":{}}}})", "sampling"},
      {R"({"result":{"Content":[]}})", "content"},
      {R"({"error":{"Code":1}})", "code"},
      // Not objects of MCP's own: the arguments are looked at elsewhere.
      {R"({"params":{"arguments":{"Name":"x"}}})", ""},
      {R"({"params":{"name":"x","arguments":{},"other":1}})", ""},
      {R"({"params":[]})", ""},
      {R"({})", ""},
  };
  for (const Row& row : rows) {
    const JsonValue value = ParseJson(row.text).value();
    EXPECT_EQ(FindKeyLookalike(value), row.resembles) << row.text;
  }
}

}  // namespace
}  // namespace gatehouse
