// SPDX-License-Identifier: Apache-2.0
#include "proxy/server_version.h"

#include <gtest/gtest.h>

#include "policy/kubernetes/tool_profile.h"
#include "tests/support/gate_bench.h"

namespace gatehouse {
namespace {

struct VersionBench : GateBench {
  VersionBench() {
    profile.name = "team-server";
    profile.versions = ">=1.2 <2";
    GateContext with = context;
    with.profile = &profile;
    profiled = std::make_unique<ReturnGate>(with);
  }
  // Asks, and gets `result`.
  void Exchange(std::string_view id, std::string_view request,
                std::string_view result) {
    const std::string head = R"({"jsonrpc":"2.0","id":)" + std::string(id);
    ASSERT_EQ(Client(head + "," + std::string(request) + "}").kind,
              Verdict::Kind::kForward);
    const std::string line = head + R"(,"result":)" + std::string(result) + "}";
    ASSERT_EQ(profiled->Handle(Frames({line})).at(0).kind,
              Verdict::Kind::kForward);
  }
  void Handshake(std::string_view version, std::string_view id = "1") {
    Exchange(id,
             R"("method":"initialize","params":{"protocolVersion":)"
             R"("2025-11-25","capabilities":{},"clientInfo":{"name":"c",)"
             R"("version":"1"}})",
             R"({"protocolVersion":"2025-11-25","capabilities":{},)"
             R"("serverInfo":{"name":"s","version":")" +
                 std::string(version) + "\"}}");
  }

  // What the trail says of it.
  std::vector<std::string> Recorded() {
    EXPECT_TRUE(profiled->Flush().ok());
    std::vector<std::string> details;
    for (const audit::Record& record : records()) {
      if (record.event == "server version") details.push_back(record.detail);
    }
    return details;
  }

  ToolProfile profile;
  std::unique_ptr<ReturnGate> profiled;
};

TEST(ServerVersion, AnotherThanTheProfilesIsTold) {
  VersionBench bench;
  bench.Handshake("v2.0.1");
  ASSERT_EQ(bench.warnings.size(), 1u);
  EXPECT_EQ(bench.warnings[0],
            "the server says that it is version v2.0.1, and its profile "
            "team-server was checked against >=1.2 <2: what its tools do may "
            "have changed");
  EXPECT_EQ(bench.Recorded(), bench.warnings);
  bench.Handshake("v2.0.1", "2");
  EXPECT_EQ(bench.warnings.size(), 1u) << "once";
  EXPECT_EQ(bench.Recorded(), bench.warnings);
}

TEST(ServerVersion, OneOfTheProfilesOrNoneIsNoNews) {
  for (const char* version : {"1.2", "1.9.9", "", "dev"}) {
    VersionBench bench;
    bench.Handshake(version);
    EXPECT_TRUE(bench.warnings.empty()) << version;
    EXPECT_TRUE(bench.Recorded().empty()) << version;
  }
  GateBench unprofiled;
  unprofiled.Client(R"({"jsonrpc":"2.0","id":1,"method":"ping"})");
  unprofiled.Server(
      R"({"jsonrpc":"2.0","id":1,"result":{"serverInfo":{"version":"9"}}})");
  EXPECT_TRUE(unprofiled.warnings.empty());
}

TEST(ServerVersion, ThatOfItsSdkIsNoNews) {
  VersionBench bench;
  bench.profile.reports_sdk = true;
  bench.Handshake("9.7");
  EXPECT_TRUE(bench.warnings.empty());
  EXPECT_TRUE(bench.Recorded().empty());
}

// In 2026-07-28 there is no handshake.
TEST(ServerVersion, IsFoundInWhatAModernServerSaysFirst) {
  constexpr const char* kInfo =
      R"("_meta":{"io.modelcontextprotocol/serverInfo":)"
      R"({"name":"s","version":"0.1"}})";
  for (const std::string method : {"server/discover", "tools/list"}) {
    VersionBench bench;
    bench.Exchange(
        "1",
        R"("method":")" + method +
            R"(","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":)"
            R"("2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}})",
        R"({"resultType":"complete","tools":[],"ttlMs":0,)"
        R"("cacheScope":"private",)" +
            std::string(kInfo) + "}");
    EXPECT_EQ(bench.warnings.size(), 1u) << method;
  }
}

// What a server says reaches the trail as any text of strangers.
TEST(ServerVersion, IsCutAndMasked) {
  VersionBench bench;
  bench.Handshake("9." + std::string(500, '7') + "-x");
  EXPECT_TRUE(bench.warnings.empty()) << "no version";
  bench.Handshake("9.7-" + std::string(500, 'x'), "2");
  EXPECT_TRUE(bench.warnings.empty()) << "the first counts";
  VersionBench other;
  other.Handshake("9.7-" + std::string(500, 'x'));
  ASSERT_EQ(other.warnings.size(), 1u);
  EXPECT_LT(other.warnings[0].size(), 200u);
}

}  // namespace
}  // namespace gatehouse
