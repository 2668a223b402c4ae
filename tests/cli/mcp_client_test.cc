// SPDX-License-Identifier: Apache-2.0
// What it does with one server's answers stands in demo_session_test.cc too.
#include "cli/mcp_client.h"

#include <gtest/gtest.h>

#include "cli/line_process.h"
#include "policy/json_value.h"
#include "tests/cli/script_fixture.h"

namespace gatehouse::cli {
namespace {

TEST(McpClient, ReadsAllPagesOfTheToolList) {
  LineProcess server = StartScript(
      {R"({"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"a"}],)"
       R"("nextCursor":""}})",
       R"({"jsonrpc":"2.0","id":2,"result":{"tools":[{"name":"b"}]}})"});
  McpClient client(server.stream(), "test");
  const auto tools = client.ListTools();
  ASSERT_TRUE(tools.ok()) << tools.error().sentence;
  ASSERT_EQ(tools.value().size(), 2u);
  EXPECT_EQ(StringMember(tools.value()[1], "name"), "b");
}

TEST(McpClient, AServersErrorsAndEndsAreErrors) {
  LineProcess refuses = StartScript(
      {R"({"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"not now"}})"});
  const auto refused = McpClient(refuses.stream(), "test").ListTools();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().sentence, "tools/list: not now");
  LineProcess silent = StartScript({});
  EXPECT_FALSE(McpClient(silent.stream(), "test").Open().ok());
  LineProcessSpec deaf;
  deaf.argv = {"/bin/sh", "-c", "while :; do echo '{}'; sleep 0.05; done"};
  LineProcess talks = LineProcess::Start(deaf).value();
  const auto late =
      McpClient(talks.stream(), "test").Open(std::chrono::milliseconds(300));
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().code, ErrorCode::kBusy) << late.error().sentence;
  LineProcess noisy = StartScript({"Server is listening"});
  EXPECT_FALSE(McpClient(noisy.stream(), "test").Open().ok());
}

}  // namespace
}  // namespace gatehouse::cli
