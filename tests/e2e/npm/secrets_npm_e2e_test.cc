// SPDX-License-Identifier: Apache-2.0
// Both real servers read a real Secret of the stand-in cluster, in every shape
// that they have for it: its values reach the model only where the rule reveals
// them, and the trail never.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "tests/e2e/npm/npm_fixture.h"

namespace gatehouse::testing {
namespace {

constexpr const char* kValues[] = {
    "bm90LWEtcmVhbC1wYXNzd29yZA==", "not-a-real-password",
    "c2FtcGxlLXVzZXI=", "sample-user"};

std::string PolicyText(const std::string& more) {
  return "apiVersion: gatehouse/v1\nkind: Policy\nname: secrets\nrules:\n"
         "- {id: look, allow: discover}\n"
         "- {id: read, allow: read, resources: [secrets, pods, configmaps]" +
         more + "}\n";
}

class NpmSecrets : public NpmServers {
 protected:
  std::string Policy(const std::string& name, const std::string& more) {
    const std::string path = cluster_->folder().File(name);
    std::ofstream(path) << PolicyText(more);
    return path;
  }

  void ExpectMasked(const std::string& server,
                    const std::vector<ToolCase>& cases) {
    auto bare = McpClient::Start({FindNpmServer(server)});
    auto masked = StartGuard(server, {"--policy", Policy("masked.yaml", "")});
    auto revealed = StartGuard(
        server, {"--policy", Policy("revealed.yaml", ", reveal: true")});
    ASSERT_NE(bare, nullptr);
    ASSERT_NE(masked, nullptr);
    ASSERT_NE(revealed, nullptr);
    for (const ToolCase& wanted : cases) {
      SCOPED_TRACE(wanted.tool + " " + wanted.arguments);
      const std::string direct =
          ContentOf(bare->Call(wanted.tool, wanted.arguments));
      const std::string answer =
          ContentOf(masked->Call(wanted.tool, wanted.arguments));
      for (const char* value : kValues) {
        EXPECT_EQ(answer.find(value), std::string::npos) << answer;
      }
      EXPECT_NE(answer.find(wanted.holds), std::string::npos) << answer;
      EXPECT_EQ(ContentOf(revealed->Call(wanted.tool, wanted.arguments)),
                direct);
    }
  }

  void ExpectNoneInTheTrail() {
    for (const char* end : {"", "-wal"}) {
      std::ifstream in(Database() + end, std::ios::binary);
      const std::string text(std::istreambuf_iterator<char>(in), {});
      for (const char* value : kValues) {
        // The kubeconfig has a user of that name.
        if (std::string_view(value) == "sample-user") continue;
        EXPECT_EQ(text.find(value), std::string::npos) << value << end;
      }
    }
  }
};

TEST_F(NpmSecrets, OfTheNodeServerStayMasked) {
  const std::string named =
      R"({"resourceType":"secret","name":"db-credentials","namespace":"shop")";
  const std::string get = R"({"command":"get","resourceType":"secrets",)"
                          R"("name":"db-credentials","namespace":"shop",)";
  ExpectMasked(
      kNodeServer,
      {{"kubectl_get", named + "}", "db-credentials"},
       {"kubectl_get", named + R"(,"output":"yaml"})", "kind: Secret"},
       {"kubectl_get", R"({"resourceType":"secrets","namespace":"shop"})",
        "db-credentials"},
       {"kubectl_describe", named + "}", "19 bytes"},
       {"kubectl_generic", get + R"("outputFormat":"json"})", "masked secret"},
       {"kubectl_generic", get + R"("args":["-o","jsonpath={.data}"]})",
        "masked secret"},
       {"kubectl_generic",
        get + R"("args":["-o","jsonpath={.data.password}"]})", "masked secret"},
       {"kubectl_generic",
        get +
            R"("args":["-o","go-template={{.data.password | base64decode}}"]})",
        "masked secret"},
       {"kubectl_generic",
        get + R"("args":["-o","custom-columns=NAME:.data.password"]})",
        "masked secret"}});
  ExpectNoneInTheTrail();
}

TEST_F(NpmSecrets, OfTheGoServerStayMasked) {
  const std::string kind = R"({"apiVersion":"v1","kind":"Secret",)";
  ExpectMasked(kGoServer, {{"resources_get",
                            kind + R"("name":"db-credentials",)"
                                   R"("namespace":"shop"})",
                            "kind: Secret"},
                           {"resources_list", kind + R"("namespace":"shop"})",
                            "db-credentials"}});
  ExpectNoneInTheTrail();
}

}  // namespace
}  // namespace gatehouse::testing
