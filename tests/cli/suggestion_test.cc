// SPDX-License-Identifier: Apache-2.0
#include "cli/suggestion.h"

#include <gtest/gtest.h>

#include "cli/command.h"

namespace gatehouse::cli {
namespace {

struct TriedWords {
  int exit_code = kExitMisuse;
  std::string said;  // stdout and stderr
};

class SuggestionTest : public ::testing::Test {
 protected:
  SuggestionTest() { line_.root().NeedsCommand(); }

  TriedWords Run(std::vector<const char*> words) {
    words.insert(words.begin(), "program");
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    TriedWords tried;
    tried.exit_code = line_.Run(static_cast<int>(words.size()), words.data());
    tried.said = ::testing::internal::GetCapturedStdout() +
                 ::testing::internal::GetCapturedStderr();
    return tried;
  }

  CommandLine line_{"program", "What it is"};
};

// The parser itself would name what it stumbles over, or nothing at all.
TEST_F(SuggestionTest, IsOfTheWordThatIsMisspelt) {
  std::string policy;
  std::vector<std::string> server;
  std::uint64_t lines = 0;
  const Command audit = line_.root().AddCommand("audit", "Reads");
  audit.NeedsCommand();
  const Command list = audit.AddCommand("list", "Lists the calls");
  list.Add("--policy", policy, "");
  list.Add("-n,--lines", lines, "");
  list.Add("SERVER", server, "");
  list.Do([] { return kExitDone; });
  const struct {
    std::vector<const char*> words;
    std::string said;
  } kRows[] = {
      {{"audt"},
       "program: there is no command \"audt\"; did you mean "
       "\"audit\"?\n"},
      {{"version"},
       "program: there is no command \"version\"; `program "
       "--help` shows what there is\n"},
      {{"-V"},
       "program: there is no option \"-V\" here; `program --help` "
       "shows what there is\n"},
      {{"audit", "lst"},
       "program: there is no command \"lst\"; did you mean "
       "\"list\"?\n"},
      {{"audit", "list", "--polcy", "x", "--", "srv", "--port"},
       "program: there is no option \"--polcy\"; did you mean "
       "\"--policy\"?\n"},
      {{"audit", "list", "--polcy=x"},
       "program: there is no option \"--polcy\"; did you mean "
       "\"--policy\"?\n"},
  };
  for (const auto& row : kRows) {
    const TriedWords tried = Run(row.words);
    EXPECT_EQ(tried.exit_code, kExitMisuse) << row.said;
    EXPECT_EQ(tried.said, row.said);
  }
  const TriedWords bare = Run({"audit"});
  EXPECT_EQ(bare.exit_code, kExitMisuse);
  EXPECT_NE(bare.said.find("Lists the calls"), std::string::npos) << bare.said;
  EXPECT_NE(bare.said.find("Usage: program audit ["), std::string::npos);
  EXPECT_EQ(Run({"audit", "list", "-n", "3"}).exit_code, kExitDone);
  const TriedWords below = Run({"audit", "list", "-n", "-1"});
  EXPECT_EQ(below.exit_code, kExitMisuse);
  EXPECT_TRUE(below.said.starts_with("program: ")) << below.said;
}

}  // namespace
}  // namespace gatehouse::cli
