// SPDX-License-Identifier: Apache-2.0
#include "cli/kubeconfig_files.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "tests/support/process_census.h"

namespace gatehouse::cli {
namespace {

namespace fs = std::filesystem;
using gatehouse::testing::TemporaryFolder;
using gatehouse::testing::WriteFile;

std::string Context(const std::string& name) {
  return "current-context: " + name + "\ncontexts: [{name: " + name +
         ", context: {cluster: c}}]\n";
}

TEST(KubeconfigFiles, SplitsAListAsClientGoDoes) {
  EXPECT_EQ(SplitPaths("a:b::a:c"), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_TRUE(SplitPaths(":").empty());
}

TEST(KubeconfigFiles, TheDefaultIsTheVariablesElseTheHomes) {
  const TemporaryFolder home;
  setenv("HOME", home.path().c_str(), 1);
  unsetenv("KUBECONFIG");
  EXPECT_EQ(DefaultKubeconfig().paths,
            (std::vector<std::string>{home.File(".kube/config")}));
  setenv("KUBECONFIG", ":", 1);
  EXPECT_TRUE(DefaultKubeconfig().paths.empty());
  setenv("KUBECONFIG", "x:y", 1);
  EXPECT_EQ(DefaultKubeconfig().paths, (std::vector<std::string>{"x", "y"}));
}

TEST(KubeconfigFiles, EachFileHasItsOwnFolder) {
  const TemporaryFolder folder;
  fs::create_directory(folder.File("a"));
  WriteFile(folder.File("a/config"), Context("one"));
  WriteFile(folder.File("b"), Context("two"));
  KubeconfigOrigin origin;
  origin.paths = {folder.File("none"), folder.File("a/config"),
                  folder.File("a/../b")};
  auto whole = KubeconfigFiles(origin).Read();
  ASSERT_TRUE(whole.ok());
  EXPECT_EQ(whole.value().current, "one");
  EXPECT_EQ(whole.value().contexts.Find("one")->folder, folder.File("a"));
  EXPECT_EQ(whole.value().contexts.Find("two")->folder, folder.path());
  origin.paths = {folder.File("none")};
  origin.named = true;
  EXPECT_EQ(KubeconfigFiles(origin).Read().error().code, ErrorCode::kNotFound);
}

TEST(KubeconfigFiles, NoticesAChange) {
  const TemporaryFolder folder;
  KubeconfigOrigin origin;
  origin.paths = {folder.File("config")};
  KubeconfigFiles files(origin);
  ASSERT_TRUE(files.Read().ok());
  EXPECT_FALSE(files.Changed());
  WriteFile(folder.File("config"), Context("one"));
  EXPECT_TRUE(files.Changed());
  EXPECT_EQ(files.Read().value().current, "one");
  EXPECT_FALSE(files.Changed());
}

TEST(KubeconfigFiles, APodsServiceAccountIsTheLastContext) {
  const TemporaryFolder folder;
  WriteFile(folder.File("token"), "t");
  WriteFile(folder.File("ca.crt"), "c");
  WriteFile(folder.File("namespace"), "team\n");
  KubeconfigOrigin origin;
  origin.service_account = {folder.path(), "10.0.0.1", "443"};
  auto pod = KubeconfigFiles(origin).Read();
  ASSERT_TRUE(pod.ok());
  EXPECT_EQ(pod.value().current, "in-cluster");
  const ClusterView view = ViewOf(pod.value());
  EXPECT_EQ(view.Find("in-cluster")->server, "https://10.0.0.1:443");
  EXPECT_EQ(view.Find("in-cluster")->namespace_name, "team");
  EXPECT_EQ(pod.value().users.Find("in-cluster")->Text("tokenFile"),
            folder.File("token"));
  EXPECT_EQ(
      pod.value().clusters.Find("in-cluster")->Text("certificate-authority"),
      folder.File("ca.crt"));

  WriteFile(folder.File("config"), Context("one"));
  origin.paths = {folder.File("config")};
  auto both = KubeconfigFiles(origin).Read();
  EXPECT_EQ(both.value().current, "one") << "a kubeconfig's own comes first";
  EXPECT_NE(both.value().contexts.Find("in-cluster"), nullptr);

  origin.service_account.host = "fd00::1";
  EXPECT_EQ(
      ViewOf(KubeconfigFiles(origin).Read().value()).Find("in-cluster")->server,
      "https://[fd00::1]:443");
  origin.service_account.host = "";
  EXPECT_EQ(KubeconfigFiles(origin).Read().value().contexts.Find("in-cluster"),
            nullptr);
}

TEST(KubeconfigFiles, ATextStandsInPlaceOfFiles) {
  KubeconfigOrigin origin;
  origin.text = SourceText{"KUBECONFIG_YAML", Context("one")};
  auto whole = KubeconfigFiles(origin).Read();
  ASSERT_TRUE(whole.ok());
  EXPECT_EQ(whole.value().current, "one");
  EXPECT_EQ(whole.value().contexts.Find("one")->folder,
            fs::current_path().string());
}

}  // namespace
}  // namespace gatehouse::cli
