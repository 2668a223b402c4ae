// SPDX-License-Identifier: Apache-2.0
// Every row of protocol.md's hostile table before both real servers, in one
// session each: after every row the server still answers, and at the end the
// API has seen nothing but what the policy allows. Several of these frames end
// a bare server, or make it run the refused call.

#include <gtest/gtest.h>

#include <utility>

#include "policy/json_value.h"
#include "tests/e2e/hostile_rows.h"
#include "tests/e2e/npm/npm_fixture.h"

namespace gatehouse::testing {
namespace {

constexpr std::chrono::seconds kPatience{60};
constexpr const char* kPing =
    R"({"jsonrpc":"2.0","id":"alive","method":"ping"})";

using Words = std::vector<std::pair<std::string, std::string>>;

// The rows speak of the fake server's tools: the same with this one's, so that
// what slips through would do something.
std::string InWordsOf(std::string bytes, const Words& words) {
  for (const auto& [from, to] : words) {
    std::size_t at = bytes.find(from);
    for (; at != std::string::npos; at = bytes.find(from, at + to.size())) {
      bytes.replace(at, from.size(), to);
    }
  }
  return bytes;
}

// What methods other than calls come to depends on the server's profile.
std::vector<Row> AllRows() {
  std::vector<Row> all;
  for (const auto& rows :
       {DuplicateRows(), FoldedRows(), EnvelopeRows(), IdRows(), TextRows()}) {
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

// The answers that come before that of a ping; "dead" where none comes.
std::string AnswersTo(McpClient& client, const std::string& bytes) {
  std::string answers;
  (void)client.process().WriteLine(bytes);
  (void)client.process().WriteLine(kPing);
  while (true) {
    auto line = client.process().ReadLine(kPatience);
    if (!line.ok()) return "dead";
    if (line.value().find(R"("id":"alive")") != std::string::npos) {
      return line.value().find("\"result\"") != std::string::npos ? answers
                                                                  : "dead";
    }
    answers += line.value() + "\n";
  }
}

void SendAll(McpClient& client, const Words& words) {
  for (const Row& row : AllRows()) {
    SCOPED_TRACE(row.name);
    const std::string answers = AnswersTo(client, InWordsOf(row.bytes, words));
    ASSERT_NE(answers, "dead");
    const std::string code =
        row.code == "*" ? "\"code\":\"" : "\"code\":\"" + row.code + "\"";
    const std::string wanted = row.code.empty() ? "" : code;
    EXPECT_NE(answers.find(wanted), std::string::npos) << answers;
    EXPECT_EQ(answers.empty(), row.code.empty()) << answers;
  }
}

TEST_F(NpmServers, GoServerOutlivesTheHostileTable) {
  auto guarded = StartGuard(kGoServer, {"--policy", "read-only"});
  ASSERT_NE(guarded, nullptr);
  const std::size_t mark = cluster_->Mark();
  SendAll(*guarded, {{"list_pods", "pods_list_in_namespace"},
                     {"LIST_PODS", "PODS_LIST_IN_NAMESPACE"},
                     {"delete_resource", "pods_delete"}});
  for (const std::string& line : cluster_->Since(mark)) {
    ADD_FAILURE() << "the API saw " << line;
  }
  const JsonValue alive =
      guarded->Call("pods_list_in_namespace", R"({"namespace":"dev"})");
  EXPECT_NE(ContentOf(alive).find("web-6d4f-k2vxp"), std::string::npos);
}

TEST_F(NpmServers, NodeServerOutlivesTheHostileTable) {
  auto guarded = StartGuard(kNodeServer, {"--policy", "read-only"});
  ASSERT_NE(guarded, nullptr);
  const std::size_t mark = cluster_->Mark();
  SendAll(*guarded,
          {{"list_pods", "kubectl_get"},
           {"LIST_PODS", "KUBECTL_GET"},
           {"\"arguments\":{\"namespace\":\"dev\"",
            "\"arguments\":{\"resourceType\":\"pods\",\"namespace\":\"dev\""},
           {"delete_resource", "kubectl_delete"},
           {"\"resource\":\"pods\"", "\"resourceType\":\"pod\""}});
  for (const std::string& line : cluster_->Since(mark)) {
    ADD_FAILURE() << "the API saw " << line;
  }
  const JsonValue alive = guarded->Call(
      "kubectl_get", R"({"resourceType":"pods","namespace":"dev"})");
  EXPECT_NE(ContentOf(alive).find("web-6d4f-k2vxp"), std::string::npos);
}

}  // namespace
}  // namespace gatehouse::testing
