// SPDX-License-Identifier: Apache-2.0
#include "cli/demo_server.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>

#include "policy/json_value.h"
#include "tests/support/process_census.h"

namespace gatehouse::cli {
namespace {

// A PATH of one folder, with the programs named (shell scripts).
class DemoServers : public ::testing::Test {
 protected:
  void SetUp() override {
    before_ = getenv("PATH");
    setenv("PATH", folder_.path().c_str(), 1);
  }
  void TearDown() override { setenv("PATH", before_.c_str(), 1); }

  void Provide(const std::string& name, const std::string& script) {
    testing::WriteFile(folder_.File(name), "#!/bin/sh\n" + script + "\n");
    chmod(folder_.File(name).c_str(), 0700);
  }
  Result<DemoServer> Choose(const std::string& choice) {
    return ChooseDemoServer(choice, "/opt/gatehouse",
                            [this](const std::string& line) { said_ += line; });
  }

  testing::TemporaryFolder folder_;
  std::string before_;
  std::string said_;
};

TEST_F(DemoServers, AnInstalledOneComesFirst) {
  Provide("kubernetes-mcp-server", "exit 0");
  Provide("node", "exit 1");
  Provide("npx", "exit 1");
  DemoServer server = Choose("auto").value();
  EXPECT_EQ(server.argv, std::vector<std::string>{"kubernetes-mcp-server"});
  EXPECT_TRUE(server.real);
  EXPECT_FALSE(Choose("sample").value().real);
}

TEST_F(DemoServers, NpxFetchesAnExactVersion) {
  Provide("node", "exit 1");
  Provide("npx", R"([ "$2" = kubernetes-mcp-server@0.0.67 ])");
  DemoServer server = Choose("auto").value();
  EXPECT_EQ(server.argv, (std::vector<std::string>{
                             "npx", "-y", "kubernetes-mcp-server@0.0.67"}));
  EXPECT_NE(said_.find("Fetching"), std::string::npos);
}

TEST_F(DemoServers, TheSampleStandsInAndSaysSo) {
  DemoServer server = Choose("auto").value();
  EXPECT_EQ(server.argv,
            (std::vector<std::string>{"/opt/gatehouse", "sample-server"}));
  EXPECT_EQ(server.profile, "sample-server");
  EXPECT_NE(said_.find("sample"), std::string::npos);
  Provide("node", "exit 1");
  Provide("npx", "exit 1");
  EXPECT_FALSE(Choose("auto").value().real);
  EXPECT_EQ(Choose("npm").error().code, ErrorCode::kNotFound);
}

TEST_F(DemoServers, OnARealClusterNothingThatExistsIsNamed) {
  DemoServer real{{"x"}, "", "", true};
  for (const DemoStep& step : DemoSteps(real, DemoTarget::kRealCluster)) {
    EXPECT_TRUE(ParseJson(step.arguments).ok()) << step.arguments;
    EXPECT_TRUE(!step.refused ||
                step.arguments.find("no-such") != std::string::npos)
        << step.arguments;
  }
  EXPECT_EQ(DemoSteps(real, DemoTarget::kSample).size(), 3u);
  EXPECT_EQ(DemoSteps(Choose("sample").value(), DemoTarget::kSample).size(),
            3u);
}

}  // namespace
}  // namespace gatehouse::cli
