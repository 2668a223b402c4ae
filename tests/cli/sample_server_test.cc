// SPDX-License-Identifier: Apache-2.0
#include "cli/sample_server.h"

#include <gtest/gtest.h>

#include "cli/sample/object.h"
#include "policy/json_value.h"

namespace gatehouse::cli {
namespace {

std::string CallLine(const std::string& tool, const std::string& arguments) {
  return R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":")" +
         tool + R"(","arguments":)" + arguments + "}}";
}

struct SampleServerRow {
  std::string line;
  std::string holds;  // "" means: no answer at all
};

TEST(SampleServer, AnswersEachLine) {
  const std::string initialize =
      R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":)"
      R"({"protocolVersion":")";
  const std::string modern =
      R"(,"params":{"_meta":{"io.modelcontextprotocol/protocolVersion":)"
      R"("2026-07-28"}}})";
  for (const SampleServerRow& row : std::initializer_list<SampleServerRow>{
           {initialize + "2024-11-05\"}}", R"("protocolVersion":"2024-11-05")"},
           {initialize + "2025-11-25\"}}", R"("protocolVersion":"2025-11-25")"},
           {initialize + "1999-01-01\"}}", R"("protocolVersion":"2025-11-25")"},
           {initialize + "2025-11-25\"}}", "gatehouse-sample-server"},
           {R"({"jsonrpc":"2.0","method":"notifications/initialized"})", ""},
           {R"({"jsonrpc":"2.0","id":"a","method":"ping"})",
            R"({"jsonrpc":"2.0","id":"a","result":{}})"},
           {R"({"jsonrpc":"2.0","id":2,"method":"server/discover")" + modern,
            R"({"resultType":"complete","supportedVersions":["2026-07-28")"},
           {R"({"jsonrpc":"2.0","id":2,"method":"tools/list")" + modern,
            R"("ttlMs":0)"},
           {R"({"jsonrpc":"2.0","id":2,"method":"tools/list"})",
            R"("name":"delete_resource")"},
           {R"({"jsonrpc":"2.0","id":2,"method":"resources/list"})", "-32601"},
           {"not json", "-32700"}}) {
    std::string answer = SampleServer().Handle(row.line);
    if (row.holds.empty()) {
      EXPECT_EQ(answer, "") << row.line;
    } else {
      EXPECT_NE(answer.find(row.holds), std::string::npos) << row.line << "\n"
                                                           << answer;
      EXPECT_TRUE(ParseJson(answer).ok()) << answer;
    }
  }
}

TEST(SampleServer, CallsItsTools) {
  const std::string web =
      R"({"resource":"deployments","name":"web","namespace":"dev"})";
  for (const SampleServerRow& row : std::initializer_list<SampleServerRow>{
           {CallLine("list_pods", "{}"), "coredns-6d4f-k2vxp"},
           {CallLine("list_pods", R"({"namespace":"shop"})"), "shop"},
           {CallLine("get_resource", web), R"(\"kind\":\"Deployment\")"},
           {CallLine("get_resource", R"({"resource":"pods"})"),
            R"("isError":true)"},
           {CallLine("delete_resource",
                     R"({"resource":"pod","name":"x","namespace":"dev"})"),
            "not found"},
           {CallLine("apply", R"({"manifest":"a: b"})"), "only a sample"},
           {CallLine("kubectl", R"({"args":["get","pods"]})"),
            "kubectl get pods"},
           {CallLine("echo", R"({"text":"hi"})"), R"("text":"hi")"},
           {CallLine("other", "{}"), "Unknown tool: other"}}) {
    std::string answer = SampleServer().Handle(row.line);
    EXPECT_NE(answer.find(row.holds), std::string::npos) << answer;
  }
  EXPECT_EQ(SampleServer()
                .Handle(CallLine("list_pods", R"({"namespace":"shop"})"))
                .find("coredns"),
            std::string::npos);
}

TEST(SampleServer, ForgetsWhatIsDeletedOnlyForItself) {
  const std::string web =
      R"({"resource":"deployments","name":"web","namespace":"dev"})";
  SampleServer server;
  server.Handle(CallLine("delete_resource", web));
  EXPECT_NE(server.Handle(CallLine("get_resource", web)).find("not found"),
            std::string::npos);
  EXPECT_EQ(
      SampleServer().Handle(CallLine("get_resource", web)).find("not found"),
      std::string::npos);
}

}  // namespace
}  // namespace gatehouse::cli
