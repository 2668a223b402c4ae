// SPDX-License-Identifier: Apache-2.0
// Golden transcripts: tests/golden/transcripts/NAME.in holds lines of a
// session, each after "client " or "server "; NAME.out the verdict on each,
// and the records at the end. GATEHOUSE_ACCEPT=1 in the environment writes the
// new text instead of comparing.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/support/gate_bench.h"

namespace gatehouse {
namespace {

namespace fs = std::filesystem;

fs::path Folder() {
  return fs::path(GATEHOUSE_SOURCE_DIR) / "tests/golden/transcripts";
}

std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(Folder())) {
    if (entry.path().extension() == ".in") names.push_back(entry.path().stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string Slurp(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string Summary(const audit::Record& record) {
  std::string line(audit::StageName(record.stage));
  line += " " + (record.event.empty() ? record.method : record.event);
  if (!record.tool.empty()) line += " " + record.tool;
  if (record.decision.has_value()) {
    line += " " + std::string(EffectName(record.decision->effect)) + " " +
            std::string(CodeName(record.decision->code));
    if (!record.decision->enforced) line += " (observed)";
  }
  if (record.outcome.has_value()) {
    line += " " + std::string(audit::OutcomeName(*record.outcome));
  }
  return "record " + line + "\n";
}

std::string Play(const std::string& transcript) {
  GateBench bench;
  std::istringstream lines(transcript);
  std::string out;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] == '#') continue;
    const bool client = line.rfind("client ", 0) == 0;
    EXPECT_TRUE(client || line.rfind("server ", 0) == 0) << line;
    const std::string frame = line.substr(7);
    const Verdict verdict = client ? bench.Client(frame) : bench.Server(frame);
    out += line.substr(0, 7) + Describe(verdict);
    if (out.back() != '\n') out += '\n';
  }
  EXPECT_TRUE(bench.back.Flush().ok());
  for (const audit::Record& record : bench.records()) out += Summary(record);
  return out;
}

class Transcript : public ::testing::TestWithParam<std::string> {};

TEST_P(Transcript, GivesTheVerdictsOfItsGoldenFile) {
  const fs::path golden = Folder() / (GetParam() + ".out");
  const std::string actual = Play(Slurp(Folder() / (GetParam() + ".in")));
  if (std::getenv("GATEHOUSE_ACCEPT") != nullptr) {
    std::ofstream(golden, std::ios::binary) << actual;
    return;
  }
  EXPECT_EQ(actual, Slurp(golden))
      << "To accept the new text: GATEHOUSE_ACCEPT=1 and run this test again.";
}

INSTANTIATE_TEST_SUITE_P(Sessions, Transcript, ::testing::ValuesIn(Names()),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace gatehouse
