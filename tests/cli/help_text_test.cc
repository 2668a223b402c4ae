// SPDX-License-Identifier: Apache-2.0
#include "cli/help_text.h"

#include <gtest/gtest.h>

#include <sstream>

#include "cli/command.h"
#include "command_fixture.h"

namespace gatehouse::cli {
namespace {

std::string mode;
std::string file;
std::vector<std::string> words;
std::uint64_t size = 0;
std::uint64_t count = 0;
bool wide = false;

void AddSample(Command app) {
  const Command command = app.AddCommand("go", "Goes");
  command.Add("WORD", words, "What to go over").AtLeastAndMost(0, 3);
  command.Add("--mode", mode, "How")
      .OneOf({"fast", "slow"})
      .ShowDefault("slow");
  const Option named =
      command.Add("--file,-f", file, "Where to").Word("FILE").Environment("GO");
  command.Add("--size", size, "How much").AsSize().Word("SIZE").Needs(named);
  command.Add("--count", count,
              "How often, which is told at such a length "
              "that it does not fit into one line of eighty columns");
  command.AddFlag("--wide", wide, "All of it");
}

TEST(HelpText, SaysWhatToType) {
  unsetenv("COLUMNS");
  const std::string help = RunCommand(AddSample, {"go", "--help"}).out;
  for (const std::string_view part :
       {"Usage: gatehouse go [OPTION...] [WORD...]\n", "\nWords:\n  WORD\n",
        "  --mode fast|slow\n      How (slow if left out)\n",
        "  -f --file FILE\n      Where to (or set GO)\n",
        "  --size SIZE\n      How much (only with --file)\n",
        "  --count NUMBER\n      How often, which",
        "  --wide\n      All of it\n"}) {
    EXPECT_NE(help.find(part), std::string::npos) << part << "\n" << help;
  }
  for (const std::string_view raw :
       {"TEXT", "Positionals", "Env:", "REQUIRED", "UINT", "(0x)", "[b, kb"}) {
    EXPECT_EQ(help.find(raw), std::string::npos) << raw << "\n" << help;
  }
  std::istringstream lines(help);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 80u) << line;
  }
  const std::string root = RunCommand(AddSample, {"--help"}).out;
  EXPECT_NE(root.find("Usage: gatehouse [OPTION...] [COMMAND]\n"),
            std::string::npos)
      << root;
  EXPECT_NE(root.find("\nCommands:\n"), std::string::npos) << root;
}

TEST(HelpText, ShowsTheServerBehindItsDashes) {
  const std::string help = RunCommand(AddRun, {"run", "--help"}).out;
  EXPECT_NE(help.find("gatehouse run [OPTION...] -- SERVER [ARG...]\n"),
            std::string::npos)
      << help;
}

}  // namespace
}  // namespace gatehouse::cli
