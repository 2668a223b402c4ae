// SPDX-License-Identifier: Apache-2.0
#include "cli/confined_copy.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "tests/support/process_census.h"

namespace gatehouse::cli {
namespace {

namespace fs = std::filesystem;
using gatehouse::testing::ReadFile;
using gatehouse::testing::TemporaryFolder;
using gatehouse::testing::WriteFile;

// dev-1, dev-2 and prod, each with a cluster and a user of its name.
std::string Source(const std::string& current, const std::string& token = "t") {
  std::string text = "current-context: " + current + "\n";
  std::string clusters = "clusters:\n";
  std::string users = "users:\n";
  std::string contexts = "contexts:\n";
  for (const std::string name : {"dev-1", "dev-2", "prod"}) {
    clusters.append("- {name: c-").append(name);
    clusters.append(", cluster: {server: \"https://").append(name + "\"}}\n");
    users.append("- {name: u-").append(name);
    users.append(", user: {token: ").append(token).append("-" + name + "}}\n");
    contexts.append("- {name: ").append(name);
    contexts.append(", context: {cluster: c-").append(name);
    contexts.append(", user: u-").append(name).append("}}\n");
  }
  return text + clusters + users + contexts;
}

class ConfinedCopyTest : public ::testing::Test {
 protected:
  ConfinedCopyTest() { WriteFile(source_, Source("dev-1")); }

  Result<std::unique_ptr<ConfinedCopy>> Make(const std::string& scope,
                                             const std::string& context = "") {
    KubeconfigOrigin origin;
    origin.paths = {source_};
    KubeconfigFiles files(origin);
    auto whole = files.Read();
    EXPECT_TRUE(whole.ok());
    CopySpec spec{
        std::move(files), std::move(whole).value(),
        [scope](std::string_view name) {
          return name.substr(0, scope.size()) == scope;
        },
        context,
        [this](std::string_view text) { warnings_.emplace_back(text); }};
    return ConfinedCopy::Make(
        std::move(spec),
        std::move(PrivateFolder::MakeIn(home_.File("run"))).value());
  }

  // As tools do: another file in its place.
  void Replace(const std::string& path, const std::string& text) {
    WriteFile(home_.File("next"), text);
    fs::rename(home_.File("next"), path);
  }

  TemporaryFolder home_;
  std::string source_ = home_.File("config");
  std::vector<std::string> warnings_;
};

TEST_F(ConfinedCopyTest, IsPrivateAndHoldsWhatIsInScope) {
  auto copy = Make("dev-");
  ASSERT_TRUE(copy.ok()) << copy.error().sentence;
  struct stat status {};
  ASSERT_EQ(stat(copy.value()->path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  const std::string text = ReadFile(copy.value()->path());
  EXPECT_NE(text.find("t-dev-1"), std::string::npos);
  EXPECT_NE(text.find("t-dev-2"), std::string::npos);
  EXPECT_EQ(text.find("prod"), std::string::npos) << text;
  EXPECT_EQ(copy.value()->View().current, "dev-1");
  const std::string path = copy.value()->path();
  copy.value().reset();
  EXPECT_FALSE(fs::exists(path));
}

TEST_F(ConfinedCopyTest, SaysWhichFilesHoldNoContext) {
  WriteFile(source_, "kind: Config\n");
  EXPECT_NE(Make("").error().sentence.find(source_ + " has none"),
            std::string::npos);
  fs::remove(source_);
  EXPECT_NE(Make("").error().sentence.find(source_ + " does not exist"),
            std::string::npos);
}

TEST_F(ConfinedCopyTest, SaysThatTheCurrentContextIsNotThere) {
  WriteFile(source_, Source("nope"));
  for (const char* scope : {"dev-", "staging"}) {
    EXPECT_NE(Make(scope).error().sentence.find(
                  "its current-context \"nope\" is not in it"),
              std::string::npos)
        << scope;
  }
}

TEST_F(ConfinedCopyTest, ChoosesTheCurrentContextSafely) {
  const struct {
    std::string current;
    std::string scope;
    std::string context;
    std::string chosen;  // "": it does not start
  } kRows[] = {
      {"dev-2", "dev-", "", "dev-2"},
      {"dev-2", "", "", "dev-2"},
      {"dev-2", "dev-", "dev-1", "dev-1"},
      {"prod", "dev-1", "", "dev-1"},  // the only one
      {"prod", "dev-", "", ""},        // either would be a guess
      {"\"\"", "dev-", "", ""},
      {"\"\"", "prod", "", "prod"},
      {"dev-1", "staging", "", ""},
  };
  for (const auto& row : kRows) {
    WriteFile(source_, Source(row.current));
    auto copy = Make(row.scope, row.context);
    ASSERT_EQ(copy.ok(), !row.chosen.empty()) << row.current << row.scope;
    if (copy.ok()) {
      EXPECT_EQ(copy.value()->View().current, row.chosen);
    } else {
      EXPECT_EQ(copy.error().code, ErrorCode::kNotFound);
      EXPECT_NE(copy.error().sentence.find("--context"), std::string::npos);
    }
  }
}

TEST_F(ConfinedCopyTest, FollowsItsSource) {
  auto copy = Make("dev-");
  ASSERT_TRUE(copy.ok());
  Replace(source_, Source("dev-1", "rotated"));
  (void)copy.value()->View();
  EXPECT_NE(ReadFile(copy.value()->path()).find("rotated-dev-1"),
            std::string::npos);
  EXPECT_EQ(ReadFile(copy.value()->path()).find("prod"), std::string::npos);
  // A terminal beside it that switches does not move this session.
  Replace(source_, Source("dev-2"));
  EXPECT_EQ(copy.value()->View().current, "dev-1");
}

TEST_F(ConfinedCopyTest, KeepsWhatItHadWhileTheSourceCannotBeRead) {
  auto copy = Make("dev-");
  ASSERT_TRUE(copy.ok());
  Replace(source_, "clusters: [\n");
  EXPECT_EQ(copy.value()->View().current, "dev-1");
  EXPECT_NE(ReadFile(copy.value()->path()).find("t-dev-1"), std::string::npos);
  EXPECT_EQ(warnings_.size(), 1u);
  (void)copy.value()->View();
  EXPECT_EQ(warnings_.size(), 1u) << "said once";
}

// A full disk, say; here a folder that may not be written to would not stop
// root, so a plain file stands where the session's folder was.
TEST_F(ConfinedCopyTest, IsTriedAgainWhereItCouldNotBeWritten) {
  auto copy = Make("dev-");
  ASSERT_TRUE(copy.ok());
  const fs::path folder = fs::path(copy.value()->path()).parent_path();
  fs::remove_all(folder);
  WriteFile(folder, "in the way");
  for (int i = 0; i < 50; ++i) {
    EXPECT_TRUE(copy.value()->View().contexts.empty());
  }
  ASSERT_EQ(warnings_.size(), 1u);
  EXPECT_EQ(copy.value()->View().unknown, warnings_[0]);
  EXPECT_NE(warnings_[0].find(copy.value()->path()), std::string::npos)
      << warnings_[0];
  fs::remove(folder);
  std::this_thread::sleep_for(std::chrono::milliseconds(110));
  EXPECT_EQ(copy.value()->View().current, "dev-1");
  EXPECT_EQ(copy.value()->View().unknown, "");
  EXPECT_NE(ReadFile(copy.value()->path()).find("t-dev-1"), std::string::npos);
  // Another session's start leaves it alone.
  const auto another = PrivateFolder::MakeIn(home_.File("run"));
  EXPECT_TRUE(fs::exists(copy.value()->path()));
  EXPECT_EQ(warnings_.size(), 1u);
}

TEST_F(ConfinedCopyTest, TakesThePlaceOfAFolderThatTheServerPutThere) {
  auto copy = Make("dev-");
  ASSERT_TRUE(copy.ok());
  const std::string path = copy.value()->path();
  for (const std::string& place : {path, path + ".next"}) {
    fs::remove(place);
    fs::create_directories(place + "/deep");
    copy.value()->Forget();
    EXPECT_EQ(copy.value()->View().current, "dev-1") << place;
    EXPECT_NE(ReadFile(path).find("t-dev-1"), std::string::npos) << place;
  }
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(ConfinedCopyTest, ATakenAwayContextIsTakenFromTheServer) {
  auto copy = Make("dev-1");
  ASSERT_TRUE(copy.ok());
  Replace(source_, "current-context: prod\n");
  const ClusterView& view = copy.value()->View();
  EXPECT_TRUE(view.contexts.empty());
  EXPECT_EQ(view.current, "dev-1")
      << "clients fail on it, and do not fall back";
  EXPECT_EQ(ReadFile(copy.value()->path()).find("t-dev-1"), std::string::npos);
}

TEST_F(ConfinedCopyTest, OfAServersEditsContextAndNamespaceStand) {
  auto copy = Make("dev-");
  ASSERT_TRUE(copy.ok());
  const std::string path = copy.value()->path();
  std::string edited = Source("dev-2");
  edited.replace(edited.find("c-dev-2, user"), 7, "c-dev-2, namespace: team");
  edited.replace(edited.find("https://dev-1"), 13, "https://evil ");
  WriteFile(path, edited);
  const ClusterView& view = copy.value()->View();
  EXPECT_EQ(view.current, "dev-2");
  EXPECT_EQ(view.Find("dev-2")->namespace_name, "team");
  EXPECT_EQ(view.Find("dev-1")->server, "https://dev-1");
  EXPECT_EQ(view.Find("prod"), nullptr);
  const std::string text = ReadFile(path);
  EXPECT_EQ(text.find("evil"), std::string::npos) << text;
  EXPECT_EQ(text.find("prod"), std::string::npos) << text;
  EXPECT_NE(text.find("\"namespace\":\"team\""), std::string::npos);
  EXPECT_TRUE(view.switched) << "it was started with dev-1";
  // Its choice outlives a change of the source.
  Replace(source_, Source("dev-1", "new"));
  EXPECT_EQ(copy.value()->View().current, "dev-2");
  EXPECT_EQ(copy.value()->View().Find("dev-2")->namespace_name, "team");
  WriteFile(path, Source("dev-1"));
  EXPECT_TRUE(copy.value()->View().switched) << "and back, but it has been";
}

TEST_F(ConfinedCopyTest, AContextOutOfScopeDoesNotBecomeCurrent) {
  auto copy = Make("dev-");
  ASSERT_TRUE(copy.ok());
  WriteFile(copy.value()->path(), Source("prod"));
  EXPECT_EQ(copy.value()->View().current, "dev-1");
  fs::remove(copy.value()->path());
  EXPECT_EQ(copy.value()->View().current, "dev-1");
  EXPECT_TRUE(fs::exists(copy.value()->path())) << "and it is there again";
  WriteFile(copy.value()->path(), "{broken");
  EXPECT_EQ(copy.value()->View().current, "dev-1");
}

TEST_F(ConfinedCopyTest, ForgettingReadsAnEditThatLooksLikeNone) {
  auto copy = Make("dev-");
  ASSERT_TRUE(copy.ok());
  const std::string path = copy.value()->path();
  const fs::file_time_type before = fs::last_write_time(path);
  std::string text = ReadFile(path);
  text.replace(text.find("dev-1"), 5, "dev-2");  // the same size
  WriteFile(path, text);
  fs::last_write_time(path, before);  // within the clock's grain
  copy.value()->Forget();
  EXPECT_EQ(copy.value()->View().current, "dev-2");
}

}  // namespace
}  // namespace gatehouse::cli
