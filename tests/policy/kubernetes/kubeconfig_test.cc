// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/kubeconfig.h"

#include <gtest/gtest.h>

namespace gatehouse {
namespace {

constexpr const char* kFirst = R"(apiVersion: v1
kind: Config
current-context: dev
clusters:
- {name: a, cluster: {server: "https://a.example", certificate-authority-data: ""}}
users:
- {name: ann, user: {token: sample}}
contexts:
- {name: dev, context: {cluster: a, user: ann, namespace: team}}
- {name: bare, context: {cluster: a, user: ann}}
)";

constexpr const char* kSecond =
    R"({"current-context": "prod", "contexts": [
      {"name": "dev", "context": {"cluster": "b", "namespace": "other"}},
      {"name": "prod", "context": {"cluster": "b", "user": "bob"}}],
    "clusters": [{"name": "b", "cluster": {"server": "https://b.example"}},
                 {"name": "a", "cluster": {"server": "https://late.example"}}]})";

ClusterView ReadFiles(const std::vector<SourceText>& files) {
  const auto view = ReadKubeconfig(files);
  EXPECT_TRUE(view.ok()) << (view.ok() ? "" : view.error().sentence);
  return view.ok() ? view.value() : ClusterView{};
}

TEST(Kubeconfig, TellsContextsAndTheirNamespaces) {
  const ClusterView view = ReadFiles({{"config", kFirst}});
  EXPECT_EQ(view.current, "dev");
  EXPECT_EQ(view.CurrentNamespace(), "team");
  ASSERT_NE(view.Find("bare"), nullptr);
  EXPECT_EQ(view.Find("bare")->namespace_name, "default");
  EXPECT_EQ(view.Find("dev")->user, "ann");
  EXPECT_EQ(view.Find("dev")->server, "https://a.example");
  EXPECT_EQ(view.Find("prod"), nullptr);
}

TEST(Kubeconfig, MergesWithTheFirstFileWinning) {
  const ClusterView view = ReadFiles({{"one", kFirst}, {"two", kSecond}});
  EXPECT_EQ(view.current, "dev");
  EXPECT_EQ(view.Find("dev")->namespace_name, "team");
  EXPECT_EQ(view.Find("dev")->server, "https://a.example");
  EXPECT_EQ(view.Find("prod")->server, "https://b.example");
  EXPECT_EQ(ReadFiles({{"two", kSecond}, {"one", kFirst}}).current, "prod");
}

TEST(Kubeconfig, SaysNothingWhereThereIsNothing) {
  for (const auto& files :
       std::vector<std::vector<SourceText>>{{},
                                            {{"empty", ""}},
                                            {{"null", "---\n"}},
                                            {{"no lists", "a: b\n"}}}) {
    const ClusterView view = ReadFiles(files);
    EXPECT_EQ(view.current, "");
    EXPECT_TRUE(view.contexts.empty());
    EXPECT_EQ(view.CurrentNamespace(), "default");
  }
}

TEST(Kubeconfig, RefusesWhatIsNoKubeconfig) {
  const struct {
    std::string name;
    std::string text;
  } kRows[] = {
      {"a list", "- a\n"},
      {"two documents", "a: b\n---\na: b\n"},
      {"a duplicate key", "current-context: a\ncurrent-context: b\n"},
      {"bad YAML", "a: [b\n"},
      {"a name twice", "users: [{name: a}, {name: b}, {name: a}]\n"},
  };
  for (const auto& row : kRows) {
    const SourceText file{"config", row.text};
    const auto view = ReadKubeconfig({&file, 1});
    ASSERT_FALSE(view.ok()) << row.name;
    EXPECT_EQ(view.error().code, ErrorCode::kInvalid);
    EXPECT_NE(view.error().sentence.find("config"), std::string::npos);
  }
}

TEST(Kubeconfig, AFaultShowsNothingOfTheFile) {
  const SourceText file{"config", "users:\n- {token: sesame, token: b}\n"};
  const auto view = ReadKubeconfig({&file, 1});
  ASSERT_FALSE(view.ok());
  EXPECT_NE(view.error().sentence.find("config:2:"), std::string::npos);
  EXPECT_EQ(view.error().sentence.find("sesame"), std::string::npos)
      << view.error().sentence;
}

TEST(Kubeconfig, AnEntryIsTheFirstFilesWhole) {
  const KubeconfigSource sources[] = {
      {{"one", "users: [{name: red, user: {token: a}}]\n"}, "/one"},
      {{"two", "users: [{name: red, user: {token: b, username: u}}]\n"},
       "/two"}};
  const auto merged = MergeKubeconfigs(sources);
  ASSERT_TRUE(merged.ok());
  const KubeconfigEntry* red = merged.value().users.Find("red");
  ASSERT_NE(red, nullptr);
  EXPECT_EQ(red->Text("token"), "a");
  EXPECT_EQ(red->Text("username"), "") << "not mixed from both";
  EXPECT_EQ(red->folder, "/one");
}

}  // namespace
}  // namespace gatehouse
