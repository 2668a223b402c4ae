// SPDX-License-Identifier: Apache-2.0
#include "policy/request_phrase.h"

#include <gtest/gtest.h>

#include "policy_fixture.h"

namespace gatehouse {
namespace {

TEST(RequestPhrase, SaysWhatIsAskedAndWhatIsNotKnown) {
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"delete pods dev/web-0", "Deleting pods \"web-0\" in namespace \"dev\""},
      {"list pods *", "Listing pods in all namespaces"},
      {"get nodes -/n1", "Reading nodes \"n1\""},
      {"exec pods/exec dev/web",
       "Running commands in pods/exec \"web\" in namespace \"dev\""},
      {"get ? ?/x",
       "Reading a resource that is not known \"x\" in a namespace that is not "
       "known"},
      {"config  -", "Reading or changing the kubeconfig"},
      {"impersonate  -", "Acting as another user or group"},
      {"impersonate users -/root", "Impersonating users \"root\""},
      {"raw  -", "Calling the API path \"?\""},
  };
  for (const auto& [request, phrase] : rows) {
    EXPECT_EQ(RequestPhrase(testing::Asked(request)), phrase) << request;
  }
}

}  // namespace
}  // namespace gatehouse
