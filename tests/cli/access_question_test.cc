// SPDX-License-Identifier: Apache-2.0
#include "cli/access_question.h"

#include <gtest/gtest.h>

#include "policy/kubernetes/fields.h"

namespace gatehouse::cli {
namespace {

class AccessQuestionTest : public ::testing::Test {
 protected:
  Result<Request> Ask(const std::string& words) const {
    return ReadAccessQuestion(SplitWords(words), {"dev", "team", false},
                              *tables_);
  }

  std::shared_ptr<const KubernetesTables> tables_ =
      KubernetesTables::Embedded();
};

TEST_F(AccessQuestionTest, IsWhatACallWouldComeTo) {
  const struct {
    const char* words;
    const char* request;
  } kRows[] = {
      {"get pods web", "get pods team/web @dev"},
      {"get pods", "get pods team @dev"},
      {"get pods/log web", "get pods/log team/web @dev"},
      {"exec pods web", "exec pods/exec team/web @dev"},
      {"exec pods/attach web", "exec pods/attach team/web @dev"},
      {"create pods/exec web", "exec pods/exec team/web @dev"},
      {"get pods/attach web", "exec pods/attach team/web @dev"},
      {"create pods/portforward web", "forward pods/portforward team/web @dev"},
      {"forward pods web", "forward pods/portforward team/web @dev"},
      {"forward svc web", "forward services/proxy team/web @dev"},
      {"delete deploy.apps web", "delete apps/deployments team/web @dev"},
      {"list nodes", "list nodes (cluster) @dev"},
      {"list widgets.example.com", "list example.com/widgets team @dev"},
      {"discover", "discover @dev"},
      {"impersonate", "impersonate @dev"},
  };
  for (const auto& row : kRows) {
    const auto request = Ask(row.words);
    ASSERT_TRUE(request.ok()) << row.words << request.error().sentence;
    EXPECT_EQ(Describe(request.value()), row.request) << row.words;
  }
}

// A deny of privileged pods says nothing of what brings none.
TEST_F(AccessQuestionTest, KnowsWhatBringsNoPods) {
  EXPECT_EQ(Ask("create configmaps a").value().pods.security,
            PodSecurity::kNone);
  EXPECT_EQ(Ask("create deployments a").value().pods.security,
            PodSecurity::kUnknown);
}

TEST_F(AccessQuestionTest, SaysWhatToAskInstead) {
  const struct {
    const char* words;
    const char* part;
  } kRows[] = {
      {"fly pods", "unknown verb \"fly\""},
      {"lst pods", "did you mean \"list\"?"},
      {"attach pods web", "ask for exec pods/attach"},
      {"port-forward pods web", "ask for forward pods"},
      {"logs web", "ask for get pods/log"},
      {"any pods", "ask for the table"},
      {"get podz", "did you mean \"pods\"?"},
      {"get widgets", "PLURAL.GROUP"},
      {"get all", "is many resources"},
      {"get pods/web", "a name is a word of its own: get pods web"},
      {"get pods/logs", "did you mean \"pods/log\"?"},
      {"exec deployments web", "ask for exec pods"},
      {"exec pods/log", "there is no exec of pods/log"},
      {"list pods/log", "there is no list of pods/log"},
      {"delete tokenreviews", "there is no delete of tokenreviews"},
      {"get", "ask for get pods"},
      {"exec", "ask for exec pods"},
      {"raw pods", "ask for it alone"},
      {"impersonate users", "ask for it alone"},
  };
  for (const auto& row : kRows) {
    const auto request = Ask(row.words);
    ASSERT_FALSE(request.ok()) << row.words;
    EXPECT_NE(request.error().sentence.find(row.part), std::string::npos)
        << row.words << ": " << request.error().sentence;
  }
}

}  // namespace
}  // namespace gatehouse::cli
