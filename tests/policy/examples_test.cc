// SPDX-License-Identifier: Apache-2.0
// Every preset, and every policy that README.md, docs/ and rules/README.md
// show, is one that a guard would take.
#include <gtest/gtest.h>

#include "policy_fixture.h"

namespace gatehouse {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot(GATEHOUSE_SOURCE_DIR);

// With all that a preset may ask for.
CompileOptions Everything() {
  CompileOptions options = testing::InDev();
  options.now = *ReadRfc3339("2026-11-27T12:00:00Z");
  options.settings["scope.namespaces"] = {"dev"};
  options.settings["until"] = {"2026-11-27T14:00:00Z"};
  options.settings["reason"] = {"INC-7"};
  return options;
}

// The fenced blocks of YAML that are whole policies.
std::vector<SourceText> ExamplesIn(const fs::path& page) {
  std::vector<SourceText> examples;
  std::ifstream in(page);
  std::string block;
  bool inside = false;
  int number = 0;
  int start = 0;
  for (std::string line; std::getline(in, line); ++number) {
    if (!inside && line == "```yaml") {
      inside = true;
      block.clear();
      start = number + 2;
    } else if (inside && line == "```") {
      inside = false;
      if (block.find("kind: Policy\n") != std::string::npos) {
        const std::string name =
            fs::relative(page, kRoot).string() + ":" + std::to_string(start);
        examples.push_back({name, block});
      }
    } else if (inside) {
      block += line + "\n";
    }
  }
  return examples;
}

// Faults, and warnings that something is for nothing: an example may let
// through much, and means what it says.
std::string Told(const Issues& issues) {
  std::string told;
  for (const Issue& issue : issues.items()) {
    const bool wide = issue.code == "W003" || issue.code == "W005" ||
                      issue.code == "W007" || issue.code == "W010";
    if (!wide) told += Render(issue);
  }
  return told;
}

// A policy with `lock:` is a system policy.
std::string FaultsOf(const SourceText& source) {
  Issues issues;
  CompileOptions options = testing::InDev();
  options.lint = true;
  const bool system = source.text.find("\nlock:") != std::string::npos;
  if (system) {
    options.system =
        ResolveExtends(ReadRules(source, issues), testing::LoadPreset, issues);
  }
  (void)testing::CompileSource(
      system ? testing::LoadPreset("read-only", "").value() : source, options,
      issues);
  return Told(issues);
}

TEST(Examples, EveryPageShowsPoliciesThatHold) {
  std::vector<fs::path> pages = {kRoot / "README.md",
                                 kRoot / "rules/README.md"};
  for (const auto& entry : fs::recursive_directory_iterator(kRoot / "docs")) {
    if (entry.path().extension() == ".md") pages.push_back(entry.path());
  }
  std::size_t found = 0;
  for (const fs::path& page : pages) {
    for (const SourceText& example : ExamplesIn(page)) {
      ++found;
      EXPECT_EQ(FaultsOf(example), "") << page;
    }
  }
  EXPECT_GE(found, 2u);
}

TEST(Examples, EveryPresetHolds) {
  int presets = 0;
  for (const EmbeddedFile& file : EmbeddedFiles()) {
    if (!file.path.starts_with("presets/")) continue;
    ++presets;
    Issues issues;
    CompileOptions options = Everything();
    options.lint = true;
    EXPECT_NE(
        testing::CompileSource({std::string(file.path), std::string(file.text)},
                               options, issues),
        nullptr)
        << testing::Rendered(issues);
    EXPECT_EQ(Told(issues), "") << file.path;
  }
  EXPECT_EQ(presets, 7);
}

}  // namespace
}  // namespace gatehouse
