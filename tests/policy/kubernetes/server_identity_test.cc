// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/server_identity.h"

#include <gtest/gtest.h>

#include "policy/kubernetes/fields.h"

namespace gatehouse {
namespace {

std::string Found(const std::string& command) {
  std::string text;
  for (const std::string& name : ProfilesForCommand(SplitWords(command))) {
    text += (text.empty() ? "" : " ") + name;
  }
  return text;
}

TEST(ServerIdentity, IsFoundByProgramPackageOrImage) {
  struct Row {
    std::string command, expected;
  };
  const Row rows[] = {
      {"mcp-server-kubernetes", "mcp-server-kubernetes"},
      {"gatehouse sample-server", "sample-server"},
      {"/usr/local/bin/gatehouse sample-server", "sample-server"},
      {"/opt/bin/kubernetes-mcp-server --read-only", "kubernetes-mcp-server"},
      {"npx -y mcp-server-kubernetes@4.1.7", "mcp-server-kubernetes"},
      {"npx -y kubernetes-mcp-server@latest --x", "kubernetes-mcp-server"},
      {"npx --package=kubernetes-mcp-server x", "kubernetes-mcp-server"},
      {"npx -p kubernetes-mcp-server@0.0.67 x", "kubernetes-mcp-server"},
      {"bunx mcp-server-kubernetes", "mcp-server-kubernetes"},
      {"npm exec -- mcp-server-kubernetes", "mcp-server-kubernetes"},
      {"node /srv/mcp-server-kubernetes.js", "mcp-server-kubernetes"},
      {"node /x/node_modules/mcp-server-kubernetes/dist/index.js",
       "mcp-server-kubernetes"},
      {"sample-server", "sample-server"},
      {"uvx mcp-kubernetes-server@latest", "mcp-kubernetes-server"},
      {"docker run -i --rm ghcr.io/azure/mcp-kubernetes:latest",
       "azure-mcp-kubernetes"},
      {"go run github.com/strowk/mcp-k8s-go@latest", "mcp-k8s-go"},
      {"npx @strowk/mcp-k8s", "mcp-k8s-go"},
      // Two servers of one name: told apart by where they come from, or not.
      {"uvx k8s-mcp-server", "alexei-led-k8s-mcp-server"},
      {"docker run -i ginnux/k8s-mcp-server", "reza-gholizade-k8s-mcp-server"},
      {"k8s-mcp-server",
       "alexei-led-k8s-mcp-server reza-gholizade-k8s-mcp-server"},
      {"npx evil/mcp-server-kubernetes", ""},
      {"npx @evil/mcp-server-kubernetes", ""},
      {"npm install mcp-server-kubernetes", ""},
      {"python3 server.py", ""},
      {"npx", ""},
      {"docker run", ""},
      {"", ""},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(Found(row.command), row.expected) << row.command;
  }
}

TEST(ServerIdentity, ReadsTheCommandLinesOfRunners) {
  struct Row {
    std::string command, npm, pypi, image, module;
  };
  const Row rows[] = {
      {"npx -y @scope/tool@1.2 --x", "@scope/tool", "", "", ""},
      {"pnpm dlx tool", "tool", "", "", ""},
      {"node a/node_modules/@scope/tool/dist/index.js", "@scope/tool", "", "",
       ""},
      {"node a/node_modules/.bin/tool", "", "", "", ""},
      {"a/node_modules/.bin/tool", "", "", "", ""},
      {"uvx Some_Server@latest", "", "some-server", "", ""},
      {"uvx --from some.server==1.0 run-it", "", "some-server", "", ""},
      {"uvx --python 3.12 some-server[extra]>=1", "", "some-server", "", ""},
      {"uv tool run some-server", "", "some-server", "", ""},
      {"pipx run --spec=some-server x", "", "some-server", "", ""},
      {"docker run -i --rm -v /a:/b -e X=y --network host ghcr.io/o/n:1.2 x",
       "", "", "ghcr.io/o/n", ""},
      {"docker run -i host:5000/o/n", "", "", "host:5000/o/n", ""},
      {"docker run -i o/n@sha256:00", "", "", "o/n", ""},
      {"podman run --rm=true --name=x o/n", "", "", "o/n", ""},
      {"go run example.com/a/b@v1.2", "", "", "", "example.com/a/b"},
      {"docker exec x o/n", "", "", "", ""},
      {"uv run some-server", "", "", "", ""},
  };
  for (const Row& row : rows) {
    const ServerNames names = NamesInCommand(SplitWords(row.command));
    EXPECT_EQ(names.npm, row.npm) << row.command;
    EXPECT_EQ(names.pypi, row.pypi) << row.command;
    EXPECT_EQ(names.image, row.image) << row.command;
    EXPECT_EQ(names.module, row.module) << row.command;
  }
}

}  // namespace
}  // namespace gatehouse
