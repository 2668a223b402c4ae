// SPDX-License-Identifier: Apache-2.0
// Golden: tests/golden/lint/NAME.yaml is sound, and its warnings are
// NAME.expected. Each warning has a case.
#include "policy/lint.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "policy_fixture.h"

namespace gatehouse {
namespace {

namespace fs = std::filesystem;

const fs::path kLintFolder =
    fs::path(GATEHOUSE_SOURCE_DIR) / "tests/golden/lint";

// A file that others can change: its text does not tell.
constexpr std::string_view kWritable = "writable-by-others.yaml";

std::string WarningsOf(const SourceText& source) {
  CompileOptions options = testing::InDev();
  options.lint = true;
  options.now = *ReadRfc3339("2026-11-27T12:00:00Z");
  Issues issues;
  EXPECT_NE(testing::CompileSource(source, options, issues), nullptr)
      << testing::Rendered(issues);
  if (source.name == kWritable) LintWritable(source, issues);
  return testing::Rendered(issues);
}

std::string AllWarnings() {
  std::string all;
  for (const auto& entry : fs::directory_iterator(kLintFolder)) {
    if (entry.path().extension() != ".yaml") continue;
    const fs::path path = entry.path();
    fs::path expected = path;
    expected.replace_extension(".expected");
    const std::string found =
        WarningsOf({path.filename().string(), testing::FileText(path)});
    if (std::getenv("GATEHOUSE_ACCEPT") != nullptr) {
      std::ofstream(expected, std::ios::binary) << found;
    }
    EXPECT_EQ(found, testing::FileText(expected))
        << path << "\nto accept: GATEHOUSE_ACCEPT=1, then read the diff";
    all += found;
  }
  return all;
}

TEST(Lint, WarnsOfEachInItsPlace) {
  const std::string all = AllWarnings();
  for (const LintRow& row : AllLints()) {
    EXPECT_NE(all.find("[" + std::string(row.code) + "]"), std::string::npos)
        << row.code << " " << row.slug;
  }
}

TEST(Lint, IsOffWhereItIsNotAskedFor) {
  Issues issues;
  testing::CompileSource(
      {"p.yaml", testing::PolicyText("rules: [{id: a, allow: any}]")},
      testing::InDev(), issues);
  EXPECT_EQ(testing::Rendered(issues), "");
}

}  // namespace
}  // namespace gatehouse
