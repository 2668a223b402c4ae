// SPDX-License-Identifier: Apache-2.0
// A field of a data file that is misspelt or of another type must be a fault:
// ignored, it would leave a tool less guarded than its profile says.
#include "policy/kubernetes/fields.h"

#include <gtest/gtest.h>

namespace gatehouse {
namespace {

// What `use` makes of the text's fields, and the issues: "P012: message; ".
template <typename Use>
std::string Faults(std::string_view text, Use use) {
  const SourceText source{"t", std::string(text)};
  Issues issues;
  const auto documents = ReadYaml(source, issues);
  Fields fields(documents.at(0), source, issues);
  use(fields);
  std::string faults;
  for (const Issue& issue : issues.items()) {
    faults += issue.code + ": " + issue.message + "; ";
  }
  return faults;
}

TEST(Fields, ReadWhatIsThere) {
  const std::string faults =
      Faults("a: x\nw: [p, q r]\nv: ' p  q '\non: true\noff: false\n",
             [](Fields& fields) {
               using Strings = std::vector<std::string>;
               EXPECT_EQ(fields.Text("a"), "x");
               EXPECT_EQ(fields.RequireText("a"), "x");
               EXPECT_EQ(fields.Text("none"), std::nullopt);
               EXPECT_EQ(fields.Words("w"), (Strings{"p", "q r"}));
               EXPECT_EQ(fields.Words("v"), (Strings{"p", "q"}));
               EXPECT_EQ(fields.Words("none"), Strings{});
               EXPECT_TRUE(fields.Flag("on"));
               EXPECT_FALSE(fields.Flag("off"));
               EXPECT_FALSE(fields.Flag("none"));
               EXPECT_EQ(fields.Get("none"), nullptr);
               fields.Finish();
             });
  EXPECT_EQ(faults, "");
}

TEST(Fields, ReportWhatIsMissingUnknownOrOfAnotherType) {
  const auto ask = [](Fields& fields) {
    fields.RequireText("verb");
    fields.Words("words");
    fields.Flag("flag");
    fields.Finish();
  };
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"verb: x\n", ""},
      {"words: a\n", "P013: missing field \"verb\"; "},
      {"verb: [x]\n", "P014: \"verb\" must be a word; "},
      {"verb: x\nwords: [[a]]\n", "P014: expected a list of words; "},
      {"verb: x\nwords: {a: b}\n", "P014: expected a list of words; "},
      {"verb: x\nflag: yes\n", "P014: expected true or false; "},
      {"verb: x\nflag: 'true'\n", "P014: expected true or false; "},
      {"verb: x\nwodrs: a\n",
       "P012: unknown field \"wodrs\"; did you mean \"words\"?; "},
      {"verb: x\nzzz: a\n", "P012: unknown field \"zzz\"; "},
      {"- verb\n", "P014: expected a map; "},
  };
  for (const auto& [text, faults] : rows) {
    EXPECT_EQ(Faults(text, ask), faults) << text;
  }
}

TEST(Fields, SplitAndLowerWords) {
  using Strings = std::vector<std::string>;
  EXPECT_EQ(SplitAt("", ','), Strings{""});
  EXPECT_EQ(SplitAt("a,,b,", ','), (Strings{"a", "", "b", ""}));
  EXPECT_EQ(SplitWords("  a  b "), (Strings{"a", "b"}));
  EXPECT_EQ(SplitWords(" "), Strings{});
  EXPECT_EQ(LowerCase("AZaz09-\xC3\x89"), "azaz09-\xC3\x89");
}

}  // namespace
}  // namespace gatehouse
