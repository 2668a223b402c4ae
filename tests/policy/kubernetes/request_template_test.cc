// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/request_template.h"

#include <gtest/gtest.h>

namespace gatehouse {
namespace {

using Texts = std::vector<std::string>;

TEST(RequestTemplate, ReadsEveryPart) {
  const auto read = ParseRequestTemplate(
      "patch {}/scale ? @* for pods,jobs.batch if a|b unless c dry");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->verb, Verb::kPatch);
  EXPECT_EQ(read->types, Texts{"{}"});
  EXPECT_EQ(read->subresource, "scale");
  EXPECT_EQ(read->name, NameFrom::kUnknown);
  EXPECT_EQ(read->scope, "*");
  EXPECT_EQ(read->for_types, (Texts{"pods", "jobs.batch"}));
  EXPECT_EQ(read->if_flags, (Texts{"a", "b"}));
  EXPECT_EQ(read->unless_flags, Texts{"c"});
  EXPECT_TRUE(read->dry_run);
}

TEST(RequestTemplate, NamesComeFromSixPlaces) {
  const std::pair<const char*, NameFrom> rows[] = {
      {"get {}", NameFrom::kOperand},
      {"get <from>", NameFrom::kOperand},
      {"get pods {}", NameFrom::kOperand},
      {"get pods", NameFrom::kNone},
      {"get {} *", NameFrom::kNone},
      {"get {} ?", NameFrom::kUnknown},
      {"get pods 1", NameFrom::kWord},
      {"get pods <x>", NameFrom::kFlag},
      {"get namespaces namespace", NameFrom::kNamespace},
  };
  for (const auto& [text, name] : rows) {
    const auto read = ParseRequestTemplate(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(read->name, name) << text;
  }
  EXPECT_EQ(ParseRequestTemplate("get pods <x>")->name_flag, "x");
}

TEST(RequestTemplate, RefusesWhatIsOfNoSuchForm) {
  for (const char* text : {"", "fly pods", "get pods web", "get pods if",
                           "get pods if a if b", "get pods 1 2 3 four"}) {
    EXPECT_FALSE(ParseRequestTemplate(text)) << text;
  }
}

TEST(RequestTemplate, BracketsNameAFlag) {
  EXPECT_EQ(FlagInBrackets("<from>"), "from");
  for (const char* text : {"", "<>", "from", "<from", "from>"}) {
    EXPECT_EQ(FlagInBrackets(text), "") << text;
  }
}

}  // namespace
}  // namespace gatehouse
