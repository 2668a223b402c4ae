// SPDX-License-Identifier: Apache-2.0
#include "cli/command_options.h"

#include <gtest/gtest.h>

#include "cli/command.h"

namespace gatehouse::cli {
namespace {

struct Tried {
  int exit_code = kExitMisuse;
  std::string said;  // stdout and stderr
};

class CommandOptionsTest : public ::testing::Test {
 protected:
  CommandOptionsTest() : command_(line_.root().AddCommand("go", "Goes")) {
    line_.root().NeedsCommand();
    command_.Do([this] {
      spoken_ = command_.Spoken();
      return kExitNo;
    });
  }

  Tried Run(std::vector<const char*> words) {
    words.insert(words.begin(), "program");
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    Tried tried;
    tried.exit_code = line_.Run(static_cast<int>(words.size()), words.data());
    tried.said = ::testing::internal::GetCapturedStdout() +
                 ::testing::internal::GetCapturedStderr();
    return tried;
  }

  CommandLine line_{"program", "What it is"};
  Command command_;
  std::string spoken_;
};

TEST_F(CommandOptionsTest, DoesWhatIsNamedAndGivesItsExitCode) {
  EXPECT_EQ(Run({"go"}).exit_code, kExitNo);
  EXPECT_EQ(Run({}).exit_code, kExitMisuse);
  EXPECT_EQ(Run({"stay"}).exit_code, kExitMisuse);
  const Tried help = Run({"go", "--help"});
  EXPECT_EQ(help.exit_code, kExitDone);
  EXPECT_NE(help.said.find("Goes"), std::string::npos);
}

TEST_F(CommandOptionsTest, ACommandOfACommandIsDoneInsteadOfIt) {
  command_.AddCommand("far", "").Do([] { return kExitEnvironment; });
  EXPECT_EQ(Run({"go"}).exit_code, kExitNo);
  EXPECT_EQ(Run({"go", "far"}).exit_code, kExitEnvironment);
}

TEST_F(CommandOptionsTest, TakesOnlyWhatWasSaidToBeTaken) {
  std::string speed = "slow";
  std::uint64_t room = 0;
  std::vector<std::string> stops;
  command_.Add("--speed", speed, "How").OneOf({"slow", "fast"}).ShowDefault();
  command_.Add("--room", room, "How much").AsSize().Word("SIZE");
  const Option stop = command_.Add("--stop", stops, "Where").OneWordEach();
  bool quiet = false;
  command_.AddFlag("-q,--quiet", quiet, "");
  std::string note;
  command_.Add("--note", note, "With --stop")
      .Needs(stop)
      .Check([](const std::string& word) {
        return word == "bad" ? "bad is not good" : "";
      });

  EXPECT_EQ(Run({"go", "--speed", "warp"}).exit_code, kExitMisuse);
  EXPECT_EQ(Run({"go", "--note", "x"}).exit_code, kExitMisuse);
  const Tried bad = Run({"go", "--stop", "a", "--note", "bad"});
  EXPECT_EQ(bad.exit_code, kExitMisuse);
  EXPECT_NE(bad.said.find("bad is not good"), std::string::npos);
  // One word each: the second is nobody's.
  EXPECT_EQ(Run({"go", "--stop", "a", "b"}).exit_code, kExitMisuse);

  EXPECT_EQ(Run({"go", "--speed", "fast", "--room", "2K", "--stop", "a",
                 "--stop", "b", "-q", "--note", "good"})
                .exit_code,
            kExitNo);
  EXPECT_EQ(speed, "fast");
  EXPECT_EQ(room, 2048u);
  EXPECT_EQ(stops, (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(quiet);
  EXPECT_EQ(note, "good");
  EXPECT_NE(Run({"go", "--help"}).said.find("slow if left out"),
            std::string::npos);
}

// The trail says how it was read, and another shell may be given that.
TEST_F(CommandOptionsTest, SpeaksTheCommandAsItWasTyped) {
  std::string database;
  std::string tool;
  bool wide = false;
  std::vector<std::string> rest;
  command_.Add("--db", database, "");
  command_.Add("--tool", tool, "");
  command_.AddFlag("--wide", wide, "");
  command_.Add("REST", rest, "");
  ASSERT_EQ(
      Run({"go", "--db", "x", "--tool", "pods *", "--wide", "a"}).exit_code,
      kExitNo);
  EXPECT_EQ(spoken_, "go --tool 'pods *' --wide a");
}

}  // namespace
}  // namespace gatehouse::cli
