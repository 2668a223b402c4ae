// SPDX-License-Identifier: Apache-2.0
#include "policy/sentence.h"

#include <gtest/gtest.h>

#include "policy_fixture.h"

namespace gatehouse {
namespace {

using testing::Call;
using testing::Compile;

struct SentenceRow {
  std::string_view policy;
  std::string_view request;
  std::string_view sentence;
};

TEST(Sentence, SaysWhatWasAskedWhyNotAndWhatWouldBeAllowed) {
  const SentenceRow rows[] = {
      {"rules: [{id: a, allow: read, namespaces: [dev, 'team-*']}]",
       "get pods prod/web",
       "Reading pods \"web\" in namespace \"prod\" is not allowed: no rule of "
       "policy \"test\" allows it; rule \"a\" covers it in \"dev\", "
       "\"team-*\" only."},
      {"rules: [{id: a, allow: read}, {id: d, deny: any, resources: secrets, "
       "reason: Secrets are read through the vault.}]",
       "get secrets dev/db",
       "Reading secrets \"db\" in namespace \"dev\" is not allowed by rule "
       "\"d\": Secrets are read through the vault."},
      {"rules: [{id: a, allow: read}, {id: d, deny: get}]", "get pods dev/web",
       "Reading pods \"web\" in namespace \"dev\" is not allowed: rule \"d\" "
       "of policy \"test\" denies it."},
      {"scope: {namespaces: dev}\nrules: [{id: a, allow: read}]", "list pods *",
       "Listing pods in all namespaces is not allowed: it is outside the "
       "namespaces of policy \"test\"; name one of \"dev\"."},
      {"rules: [{id: a, allow: read}]", "get secrets dev/db",
       "Reading secrets \"db\" in namespace \"dev\" is not allowed: that is "
       "sensitive, and no rule of policy \"test\" names secrets under "
       "\"resources\"."},
      {"rules: [{id: a, allow: read}]", "config  -",
       "Reading or changing the kubeconfig is not allowed: no rule of policy "
       "\"test\" allows it; reading is allowed."},
      {"rules: [{id: a, allow: read}]", "get nodes -/n1",
       "Reading nodes \"n1\" is allowed by rule \"a\" of policy \"test\"."},
  };
  for (const SentenceRow& row : rows) {
    const auto engine = Compile(row.policy);
    EXPECT_EQ(testing::Decide(*engine, Call(row.request)).sentence,
              row.sentence);
  }
}

TEST(Sentence, OfAnUnclearCallNamesToolArgumentAndReason) {
  const auto engine = Compile("rules: [{id: a, allow: read}]");
  EXPECT_EQ(testing::Decide(*engine, testing::UnclearCall(true)).sentence,
            "This call of \"sample\" is not allowed: what it would do is not "
            "fully known (argument \"args\"): it is not known.");
  Classification unknown = testing::UnclearCall(false);
  unknown.tool = "rm\n-rf";
  EXPECT_EQ(testing::Decide(*engine, unknown).sentence,
            "The tool \"rm?-rf\" is not allowed: the profile "
            "\"sample-server\" does not describe it, so its meaning is not "
            "known.");
}

}  // namespace
}  // namespace gatehouse
