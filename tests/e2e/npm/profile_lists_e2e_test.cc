// SPDX-License-Identifier: Apache-2.0
// What the servers from npm list when they run, against their profiles: an
// update of a server that has a new tool or argument is seen here.
#include "policy/json_value.h"
#include "tests/e2e/npm/npm_fixture.h"
#include "tests/support/tool_lists.h"

namespace gatehouse::testing {
namespace {

class ListsOfServers : public NpmServers {
 protected:
  static void Compare(const std::string& profile_name,
                      const std::vector<std::string>& argv,
                      std::size_t at_least) {
    ASSERT_FALSE(argv.back().empty()) << kServersMissing;
    auto server = McpClient::Start(argv);
    ASSERT_NE(server, nullptr) << argv.back();
    Listed tools, prompts;
    const JsonValue tools_answer = server->Request("tools/list", "{}");
    const JsonValue prompts_answer = server->Request("prompts/list", "{}");
    const JsonValue* listed = Member(tools_answer, "result");
    ASSERT_NE(listed, nullptr);
    AddTools(*listed, tools);
    if (const JsonValue* result = Member(prompts_answer, "result")) {
      AddPrompts(*result, prompts);
    }
    EXPECT_GE(tools.size(), at_least);
    const auto profile = EmbeddedProfile(profile_name);
    ASSERT_NE(profile, nullptr);
    ExpectListedIsDescribed(tools, profile->tools);
    ExpectListedIsDescribed(prompts, profile->prompts);
  }
};

TEST_F(ListsOfServers, OfKubernetesMcpServerWithEveryToolset) {
  Compare(kGoServer,
          {FindNpmServer(kGoServer), "--toolsets",
           "config,core,helm,kcp,kubevirt,netobserv,tekton"},
          30);
}

// One of the 0.0.5x that the profile speaks of; these toolsets are all it has.
TEST_F(ListsOfServers, OfAnOlderKubernetesMcpServerWithEveryToolset) {
  const std::string server = FindOlderNpmServer(kGoServer);
  ASSERT_FALSE(server.empty()) << kServersMissing;
  Compare(kGoServer,
          {server, "--toolsets", "config,core,helm,kcp,kiali,kubevirt"}, 33);
}

TEST_F(ListsOfServers, OfMcpServerKubernetes) {
  Compare(kNodeServer, {FindNpmServer(kNodeServer)}, 21);
}

TEST_F(ListsOfServers, OfArgocdMcp) {
  const std::string server = FindNpmServer("argocd-mcp");
  ASSERT_FALSE(server.empty()) << kServersMissing;
  Compare("argocd-mcp",
          {"/usr/bin/env", "ARGOCD_BASE_URL=http://127.0.0.1:9",
           "ARGOCD_API_TOKEN=none", server, "stdio"},
          16);
}

}  // namespace
}  // namespace gatehouse::testing
