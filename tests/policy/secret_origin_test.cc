// SPDX-License-Identifier: Apache-2.0
#include "policy/secret_origin.h"

#include <gtest/gtest.h>

#include "tests/policy/policy_fixture.h"

namespace gatehouse {
namespace {

TEST(SecretOrigin, IsToldByWhatIsAskedFor) {
  struct Row {
    const char* request;
    bool brings;
  };
  constexpr Row kRows[] = {
      {"get secrets dev/db", true},
      {"list secrets *", true},
      {"patch secrets dev/db", true},
      {"create serviceaccounts/token dev/ci", true},
      {"create tokenreviews.authentication.k8s.io -", true},
      {"get ? dev/x", true},
      {"config ? dev", true},
      {"get pods dev/web", false},
      {"get pods/log dev/web", false},
      {"get serviceaccounts dev/ci", false},
      {"exec pods/exec dev/web", false},
      {"discover ? dev", false},
      {"unclear ? dev", false},
  };
  for (const Row& row : kRows) {
    EXPECT_EQ(BringsSecrets(testing::Asked(row.request)), row.brings)
        << row.request;
  }
}

TEST(SecretOrigin, LooksAtPathsHelmAndCustomTypes) {
  Request raw;
  raw.verb = Verb::kRaw;
  EXPECT_TRUE(BringsSecrets(raw));
  for (const auto& [path, brings] :
       {std::pair("/api/v1/namespaces/dev/secrets/db", true),
        std::pair("/api/v1/namespaces/dev/serviceaccounts/a/token", true),
        std::pair("/api/v1/namespaces/dev/%73ecrets", true),
        std::pair("/metrics", false)}) {
    raw.path = path;
    EXPECT_EQ(BringsSecrets(raw), brings) << path;
  }
  Request helm = testing::Asked("get secrets dev/x");
  helm.helm = HelmPart::kRelease;
  EXPECT_FALSE(BringsSecrets(helm));
  Request custom = testing::Asked("get ? dev/x");
  custom.custom = CustomType{"widgets", "dev"};
  EXPECT_FALSE(BringsSecrets(custom));
}

}  // namespace
}  // namespace gatehouse
