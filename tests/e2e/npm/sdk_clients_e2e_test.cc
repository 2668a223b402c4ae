// SPDX-License-Identifier: Apache-2.0
// The official TypeScript SDK clients (v1; v2 without negotiation, negotiating,
// and modern only) with both real servers through the guard: what the client
// makes of it, and what reached the API.

#include <gtest/gtest.h>

#include "policy/json_value.h"
#include "tests/e2e/npm/npm_fixture.h"
#include "tests/e2e/npm/sdk_client.h"
#include "tests/support/guard_process.h"

namespace gatehouse::testing {
namespace {

struct Row {
  const char* kind;
  const char* server;
  const char* revision;  // that the client ends up with; "": it does not say
  const char* read;      // tools/call params that the policy allows
  const char* write;     // and that it refuses
};

constexpr const char* kGoRead = R"({"name":"pods_list","arguments":{}})";
constexpr const char* kGoWrite =
    R"({"name":"pods_delete","arguments":)"
    R"({"name":"web-6d4f-k2vxp","namespace":"dev"}})";
constexpr const char* kNodeRead =
    R"({"name":"kubectl_get","arguments":)"
    R"({"resourceType":"pods","allNamespaces":true}})";
constexpr const char* kNodeWrite =
    R"({"name":"kubectl_delete","arguments":{"resourceType":"pod",)"
    R"("name":"web-6d4f-k2vxp","namespace":"dev"}})";
constexpr const char* kLegacy = "2025-11-25";
constexpr const char* kModern = "2026-07-28";

const std::vector<Row>& Rows() {
  static const std::vector<Row> rows = {
      {"v1", kGoServer, "", kGoRead, kGoWrite},
      {"legacy", kGoServer, kLegacy, kGoRead, kGoWrite},
      {"auto", kGoServer, kModern, kGoRead, kGoWrite},
      {"modern", kGoServer, kModern, kGoRead, kGoWrite},
      {"v1", kNodeServer, "", kNodeRead, kNodeWrite},
      {"legacy", kNodeServer, kLegacy, kNodeRead, kNodeWrite},
      // It knows the old revisions only: the probe finds that out.
      {"auto", kNodeServer, kLegacy, kNodeRead, kNodeWrite},
  };
  return rows;
}

const JsonValue& ResultOf(const JsonValue& said) {
  static const JsonValue none;
  const JsonValue* result = Member(said, "result");
  EXPECT_NE(result, nullptr) << said.dump().substr(0, 600);
  return result == nullptr ? none : *result;
}

TEST_F(NpmServers, OfficialClientsSeeToolsAnswersAndRefusals) {
  for (const Row& row : Rows()) {
    SCOPED_TRACE(std::string(row.kind) + " with " + row.server);
    auto client = SdkClient::Start(
        row.kind,
        GuardCommand({"--policy", "read-only"}, {FindNpmServer(row.server)}));
    ASSERT_NE(client, nullptr);
    const JsonValue& hello = ResultOf(client->connected());
    EXPECT_EQ(StringMember(hello, "revision"), row.revision);

    const std::string listed = client->Ask("tools/list", "{}").dump();
    const JsonValue read = client->Ask("tools/call", row.read);
    EXPECT_NE(ResultOf(read).dump().find("coredns"), std::string::npos)
        << read.dump().substr(0, 600);
    EXPECT_EQ(StringMember(read, "problem"), "");
    const JsonValue params = ParseJson(row.read).value();
    const std::string tool(StringMember(params, "name").value_or("?"));
    EXPECT_NE(listed.find('"' + tool + '"'), std::string::npos);

    // A result, not an exception: the model reads it and can do better.
    const std::size_t mark = cluster_->Mark();
    const JsonValue refused = client->Ask("tools/call", row.write);
    const JsonValue* is_error = Member(ResultOf(refused), "isError");
    EXPECT_TRUE(is_error != nullptr && AsBool(*is_error) == true);
    EXPECT_NE(refused.dump().find("Denied by gatehouse: "), std::string::npos);
    for (const std::string& line : cluster_->Since(mark)) {
      ADD_FAILURE() << "the API saw " << line;
    }
    EXPECT_EQ(client->Close(), 0);
  }
  EXPECT_EQ(Verify(), 0);
}

// kubectl takes its time, so the call is still on its way.
TEST_F(NpmServers, OfficialClientsMayGiveUp) {
  for (const char* kind : {"v1", "legacy", "auto"}) {
    SCOPED_TRACE(kind);
    auto client = SdkClient::Start(
        kind,
        GuardCommand({"--policy", "read-only"}, {FindNpmServer(kNodeServer)}));
    ASSERT_NE(client, nullptr);
    const JsonValue given_up = client->AskAndGiveUp("tools/call", kNodeRead);
    EXPECT_NE(Member(given_up, "threw"), nullptr) << given_up.dump();
    const JsonValue after = client->Ask("tools/call", kNodeRead);
    EXPECT_NE(ResultOf(after).dump().find("coredns"), std::string::npos);
    // No answer to what nobody waits for any more.
    EXPECT_EQ(StringMember(after, "problem"), "");
    EXPECT_EQ(client->Close(), 0);
  }
  const CommandResult trail =
      RunGatehouse({"audit", "list", "--db", Database(), "--limit", "0"});
  EXPECT_NE(trail.output.find("cancelled"), std::string::npos)
      << trail.output.substr(0, 2000);
}

// The conformance suite's fixture server reports progress.
TEST_F(NpmServers, OfficialClientsHearOfProgress) {
  const std::string tests = GATEHOUSE_SOURCE_DIR "/tests/conformance/";
  setenv("CONFORMANCE_PACKAGES", NpmPackages().c_str(), 1);
  for (const char* kind : {"v1", "legacy", "auto", "modern"}) {
    SCOPED_TRACE(kind);
    auto client = SdkClient::Start(
        kind, GuardCommand({"--policy", tests + "open.policy.yaml"},
                           {NewerNode(), tests + "fixture_server.mjs"}));
    ASSERT_NE(client, nullptr);
    const JsonValue said = client->Ask(
        "tools/call", R"({"name":"test_tool_with_progress","arguments":{}})");
    const JsonValue* heard = Member(said, "heard");
    EXPECT_TRUE(heard != nullptr && AsInteger(*heard) == 3) << said.dump();
    EXPECT_EQ(client->Close(), 0);
  }
  unsetenv("CONFORMANCE_PACKAGES");
}

}  // namespace
}  // namespace gatehouse::testing
