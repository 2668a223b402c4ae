// SPDX-License-Identifier: Apache-2.0
#include "audit/redact_rules.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include "policy/embedded.h"

namespace gatehouse::audit {
namespace {

TEST(RedactRules, EmbeddedFileIsGood) {
  Issues issues;
  const std::string text(EmbeddedText("redaction.yaml").value_or(""));
  const auto rules = ReadRedactionRules({"redaction.yaml", text}, issues);
  for (const Issue& issue : issues.items()) ADD_FAILURE() << Render(issue);
  ASSERT_NE(rules, nullptr);
  EXPECT_GT(rules->formats.size(), 10u);
  for (const TokenFormat& format : rules->formats) {
    EXPECT_TRUE(format.Compiled().ok()) << format.kind;
    EXPECT_LE(format.Compiled().NumberOfCapturingGroups(), 1) << format.kind;
  }
}

TEST(RedactRules, KnowNamesInEverySpelling) {
  const auto rules = EmbeddedRedactionRules();
  for (const char* name : {"password", "DB_PASSWORD", "api-key", "x-api-key",
                           "clientSecret", "client-key-data", "--token",
                           ".dockerconfigjson", "AWS_SECRET_ACCESS_KEY"}) {
    EXPECT_TRUE(rules->IsSecretKey(name)) << name;
  }
  for (const char* name :
       {"", "name", "secretName", "secretKeyRef", "namespace", "maxTokens",
        "automountServiceAccountToken", "monkey", "key", "imagePullSecrets"}) {
    EXPECT_FALSE(rules->IsSecretKey(name)) << name;
  }
  EXPECT_TRUE(rules->IsAssignmentFlag("--from-literal"));
  EXPECT_TRUE(rules->IsSecretFlag("--docker-password"));
  EXPECT_TRUE(rules->IsReferenceKey("secretName"));
}

TEST(RedactRules, TakeWordsFromAListOrAText) {
  for (const char* text : {"keys: [shoesize, hatsize]\nflags: [hat]\n",
                           "keys: |\n  shoesize\n  hatsize\nflags: 'hat'\n",
                           "keys: |\n  shoesize hatsize\nflags: [hat]\n"}) {
    Issues issues;
    const auto rules = ReadRedactionRules({"f", text}, issues);
    ASSERT_NE(rules, nullptr) << text;
    EXPECT_EQ(rules->keys, (NameSet{"hatsize", "shoesize"})) << text;
    EXPECT_TRUE(rules->IsSecretKey("shoe_size")) << text;
    EXPECT_TRUE(rules->IsSecretFlag("--hat")) << text;
  }
  Issues issues;
  EXPECT_EQ(ReadRedactionRules({"f", "keys: ' '\n"}, issues), nullptr);
}

TEST(RedactRules, ReportEveryFault) {
  Issues issues;
  EXPECT_EQ(ReadRedactionRules({"f",
                                "kys: [a]\nkeys: a\nflags: [1]\n"
                                "formats: [{kind: a}]\n"},
                               issues),
            nullptr);
  EXPECT_GE(issues.items().size(), 5u);
}

}  // namespace
}  // namespace gatehouse::audit
