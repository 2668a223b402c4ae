// SPDX-License-Identifier: Apache-2.0
// `gatehouse demo` where only the one program is: copied from a build, or out
// of an archive, without the sample cluster beside it.

#include <gtest/gtest.h>

#include <filesystem>

#include "cli/line_process.h"
#include "tests/support/guard_process.h"
#include "tests/support/process_census.h"

namespace gatehouse::cli {
namespace {

struct DemoEnd {
  int exit_code = -1;
  std::string said;  // stdout and stderr
};

DemoEnd RunAlone(const std::string& options) {
  const testing::TemporaryFolder folder;
  std::filesystem::copy_file(testing::GatehousePath(),
                             folder.File("gatehouse"));
  LineProcessSpec spec;
  spec.argv = {"/bin/sh", "-c", "exec \"$0\" demo " + options + " 2>&1",
               folder.File("gatehouse")};
  auto process = LineProcess::Start(spec);
  DemoEnd end;
  if (!process.ok()) return end;
  while (true) {
    const auto line = process.value().ReadLine(std::chrono::seconds(60));
    if (!line.ok()) break;
    end.said += line.value() + "\n";
  }
  end.exit_code = process.value().Finish(std::chrono::seconds(10));
  return end;
}

constexpr const char* kMissing =
    "gatehouse-sample-cluster is neither beside this program nor in "
    "../libexec/gatehouse: ";

TEST(Demo, WithoutTheSampleClusterTakesTheSampleServer) {
  const DemoEnd end = RunAlone("");
  EXPECT_EQ(end.exit_code, 0) << end.said;
  EXPECT_NE(end.said.find(std::string(kMissing) + "using the sample server.\n"),
            std::string::npos)
      << end.said;
  EXPECT_NE(end.said.find("a small SAMPLE server inside gatehouse"),
            std::string::npos)
      << end.said;
}

TEST(Demo, WithoutTheSampleClusterARealServerIsNotFetched) {
  const DemoEnd end = RunAlone("--server npm");
  EXPECT_EQ(end.exit_code, 3) << end.said;
  EXPECT_EQ(end.said,
            "gatehouse demo: " + std::string(kMissing) +
                "put it there, or name a cluster of yours with --kubeconfig "
                "(reads only), or give --server sample, which needs none\n");
}

}  // namespace
}  // namespace gatehouse::cli
