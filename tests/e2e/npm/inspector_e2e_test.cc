// SPDX-License-Identifier: Apache-2.0
// The MCP Inspector's command line with both real servers through the guard.
// It is big, so only the nightly tier fetches it; elsewhere this is skipped.

#include <gtest/gtest.h>

#include <cstdlib>

#include "policy/json_writer.h"
#include "tests/e2e/npm/npm_fixture.h"
#include "tests/e2e/npm/sdk_client.h"

namespace gatehouse::testing {
namespace {

constexpr int kToolFailed = 5;  // the Inspector's exit code for isError

struct Inspected {
  int exit_code = -1;
  std::string output;
};

class Inspector : public NpmServers {
 protected:
  void SetUp() override {
    NpmServers::SetUp();
    program_ = FindNpmServer("inspector");
    if (program_.empty()) {
      GTEST_SKIP() << "scripts/install-test-servers --nightly brings it";
    }
    setenv("MCP_INSPECTOR_SECRET_STORE", "memory", 1);
  }

  // `era`: legacy, auto or modern. `what` is in the Inspector's own words.
  Inspected Run(const std::string& server, const std::string& era,
                const std::vector<std::string>& what) const {
    const auto argv =
        GuardCommand({"--policy", "read-only"}, {FindNpmServer(server)});
    JsonWriter config;
    config.BeginObject().Key("mcpServers").BeginObject().Key("guarded");
    config.BeginObject().Key("command").String(argv.front());
    config.Key("args").BeginArray();
    for (std::size_t i = 1; i < argv.size(); ++i) config.String(argv[i]);
    config.EndArray().Key("env").BeginObject();
    for (const char* name : {"HOME", "PATH", "KUBECONFIG"}) {
      config.Key(name).String(std::getenv(name));
    }
    config.EndObject().Key("protocolEra").String(era);
    config.EndObject().EndObject().EndObject();
    const std::string path = cluster_->folder().File("inspector.json");
    WriteFile(path, config.text());
    cli::LineProcessSpec spec;
    spec.argv = {NewerNode(), program_,   "--cli",  "--config",
                 path,        "--server", "guarded"};
    spec.argv.insert(spec.argv.end(), what.begin(), what.end());
    auto process = cli::LineProcess::Start(spec);
    Inspected seen;
    if (!process.ok()) return seen;
    const std::chrono::seconds patience{60};
    auto line = process.value().ReadLine(patience);
    for (; line.ok(); line = process.value().ReadLine(patience)) {
      seen.output += line.value() + "\n";
    }
    seen.exit_code = process.value().Finish(patience);
    return seen;
  }

  std::string program_;
};

TEST_F(Inspector, SeesListsAnswersAndRefusals) {
  struct Case {
    const char* server;
    const char* era;
    const char* read;
    const char* hidden;               // a tool that no call could pass for
    std::vector<std::string> refuse;  // a call of one that is listed
  };
  const std::vector<std::string> go_secrets = {"resources_list", "--tool-arg",
                                               "apiVersion=v1", "kind=Secret"};
  for (const Case& row :
       {Case{kGoServer, "legacy", "namespaces_list", "pods_delete", go_secrets},
        Case{kGoServer, "modern", "namespaces_list", "pods_delete", go_secrets},
        Case{kNodeServer,
             "auto",
             "list_api_resources",
             "kubectl_scale",
             {"kubectl_get", "--tool-arg", "resourceType=secrets",
              "namespace=dev"}}}) {
    SCOPED_TRACE(std::string(row.server) + " " + row.era);
    const Inspected list = Run(row.server, row.era, {"--method", "tools/list"});
    EXPECT_EQ(list.exit_code, 0) << list.output.substr(0, 600);
    EXPECT_NE(list.output.find(row.read), std::string::npos);
    EXPECT_EQ(list.output.find(row.hidden), std::string::npos);

    const std::size_t before = cluster_->Mark();
    const Inspected read =
        Run(row.server, row.era,
            {"--method", "tools/call", "--tool-name", row.read});
    EXPECT_EQ(read.exit_code, 0) << read.output.substr(0, 600);
    EXPECT_FALSE(cluster_->Since(before).empty());

    const std::size_t mark = cluster_->Mark();
    std::vector<std::string> call = {"--method", "tools/call", "--tool-name"};
    call.insert(call.end(), row.refuse.begin(), row.refuse.end());
    const Inspected refused = Run(row.server, row.era, call);
    EXPECT_EQ(refused.exit_code, kToolFailed) << refused.output;
    EXPECT_NE(refused.output.find("Denied by gatehouse: "), std::string::npos)
        << refused.output;
    for (const std::string& line : cluster_->Since(mark)) {
      EXPECT_EQ(line.find("secrets"), std::string::npos) << line;
    }
  }
}

}  // namespace
}  // namespace gatehouse::testing
