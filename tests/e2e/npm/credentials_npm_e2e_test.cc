// SPDX-License-Identifier: Apache-2.0
// Kubeconfigs of every shape, with the real servers, kubectl and helm behind
// the guard: client certificates in files and in the kubeconfig, a relay that
// renews them, a credential plugin, two files, none at all, and a pod's files.
// The cluster speaks TLS, and its log says who asked: that is who the
// kubeconfig names, and nobody else.

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "policy/json_value.h"
#include "tests/e2e/npm/npm_fixture.h"
#include "tests/support/kubernetes_tools.h"
#include "tests/support/process_census.h"

namespace gatehouse::testing {
namespace {

namespace fs = std::filesystem;

struct Caller {
  const char* server;
  const char* tool;
  const char* arguments;
  // It reads the kubeconfig for each call; else it is told of changes.
  bool reads_each_time;
};
constexpr Caller kCallers[] = {
    {kGoServer, "pods_list", "{}", false},
    {kNodeServer, "kubectl_get", R"({"resourceType":"pods"})", true},
};

class Credentials : public NpmServers {
 protected:
  static void SetUpTestSuite() {
    NpmServers::SetUpTestSuite();
    authority_ = std::make_unique<TestAuthority>();
    secure_ = SampleCluster::StartWithTls(*authority_);
  }
  static void TearDownTestSuite() {
    secure_.reset();
    NpmServers::TearDownTestSuite();
  }

  void SetUp() override {
    NpmServers::SetUp();
    ASSERT_NE(secure_, nullptr);
    WriteFile(home_.File("ca.crt"), authority_->certificate());
    ASSERT_NE(setenv("KUBECONFIG", "/nowhere", 1), -1);
  }
  void TearDown() override {
    setenv("KUBECONFIG", cluster_->kubeconfig().c_str(), 1);
  }

  static std::string Url() {
    return "https://127.0.0.1:" + std::to_string(secure_->port());
  }
  // One context, its certificate authority named by a relative path.
  static std::string Kubeconfig(const std::string& name,
                                const std::string& user) {
    return "current-context: " + name + "\nclusters: [{name: c-" + name +
           ", cluster: {server: \"" + Url() +
           "\", certificate-authority: ca.crt}}]\ncontexts: [{name: " + name +
           ", context: {cluster: c-" + name + ", user: u-" + name +
           "}}]\nusers: [{name: u-" + name + ", user: " + user + "}]\n";
  }
  static std::string WithCertificate(const std::string& who) {
    const TestIdentity identity = authority_->IssueFor(who);
    return "{client-certificate-data: " + Base64(identity.certificate) +
           ", client-key-data: " + Base64(identity.key) + "}";
  }
  // Replaced as a relay replaces it: never half there.
  void Replace(const std::string& file, const std::string& text) {
    WriteFile(home_.File(file + ".next"), text);
    fs::rename(home_.File(file + ".next"), home_.File(file));
  }

  static std::vector<std::string> Guard(
      const std::vector<std::string>& options,
      const std::vector<std::string>& server) {
    std::vector<std::string> argv = {
        GATEHOUSE_BINARY_DIR "/gatehouse",   "run",      "--db",
        cluster_->folder().File("audit.db"), "--policy", "observe-all"};
    argv.insert(argv.end(), options.begin(), options.end());
    argv.emplace_back("--");
    argv.insert(argv.end(), server.begin(), server.end());
    return argv;
  }

  // The requests for pods or helm's records since `mark`: there are some, and
  // all of them by `who`.
  static void ExpectAsked(std::size_t mark, const std::string& who) {
    int asked = 0;
    for (const std::string& line : secure_->Since(mark)) {
      EXPECT_TRUE(line.ends_with(" as " + who) &&
                  line.find(" -> 401 ") == std::string::npos)
          << line;
      if (line.find("/pods") != std::string::npos) ++asked;
    }
    EXPECT_GT(asked, 0) << "nothing reached the cluster";
  }

  // Both servers, and one that runs kubectl and helm, are `who` to the cluster.
  static void ExpectAllAre(const std::string& who,
                           const std::vector<std::string>& options) {
    for (const Caller& caller : kCallers) {
      SCOPED_TRACE(caller.server);
      const std::size_t mark = secure_->Mark();
      auto client =
          McpClient::Start(Guard(options, {FindNpmServer(caller.server)}));
      ASSERT_NE(client, nullptr);
      const JsonValue answer = client->Call(caller.tool, caller.arguments);
      EXPECT_NE(ContentOf(answer).find("hello"), std::string::npos)
          << answer.dump().substr(0, 600);
      ExpectAsked(mark, who);
    }
    SCOPED_TRACE("kubectl and helm");
    const std::string script =
        "kubectl get pods -A; helm list -A; exec " + FindNpmServer(kGoServer);
    std::vector<std::string> with_profile = options;
    with_profile.insert(with_profile.end(), {"--profile", "sample-server"});
    const std::size_t mark = secure_->Mark();
    auto client =
        McpClient::Start(Guard(with_profile, {"/bin/sh", "-c", script}));
    ASSERT_NE(client, nullptr);
    ExpectAsked(mark, who);
    const auto lines = secure_->Since(mark);
    EXPECT_TRUE(std::any_of(lines.begin(), lines.end(), [](const auto& line) {
      return line.find("/secrets") != std::string::npos;
    })) << "helm reached the cluster";
  }

  static std::unique_ptr<TestAuthority> authority_;
  static std::unique_ptr<SampleCluster> secure_;
  TemporaryFolder home_;
};

std::unique_ptr<TestAuthority> Credentials::authority_;
std::unique_ptr<SampleCluster> Credentials::secure_;

TEST_F(Credentials, ClientCertificatesInFilesBesideTheKubeconfig) {
  const TestIdentity identity = authority_->IssueFor("ana");
  fs::create_directory(home_.File("keys"));
  WriteFile(home_.File("keys/ana.crt"), identity.certificate);
  WriteFile(home_.File("keys/ana.key"), identity.key);
  WriteFile(home_.File("config"),
            Kubeconfig("dev",
                       "{client-certificate: keys/ana.crt, client-key: "
                       "keys/ana.key}"));
  ExpectAllAre("ana", {"--kubeconfig", home_.File("config")});
}

TEST_F(Credentials, ACredentialPluginBesideTheKubeconfig) {
  const TestIdentity identity = authority_->IssueFor("plugin");
  const auto line = [](std::string text) {
    for (std::size_t at = text.find('\n'); at != std::string::npos;
         at = text.find('\n', at)) {
      text.replace(at, 1, "\\n");
    }
    return text;
  };
  fs::create_directory(home_.File("bin"));
  WriteFile(home_.File("bin/credential.json"),
            R"({"apiVersion":"client.authentication.k8s.io/v1",)"
            R"("kind":"ExecCredential","status":{"clientCertificateData":")" +
                line(identity.certificate) + R"(","clientKeyData":")" +
                line(identity.key) + "\"}}");
  WriteFile(home_.File("bin/credential"),
            "#!/bin/sh\nexec cat \"$(dirname \"$0\")/credential.json\"\n");
  fs::permissions(home_.File("bin/credential"), fs::perms::owner_all);
  WriteFile(home_.File("config"),
            Kubeconfig("dev",
                       "{exec: {apiVersion: client.authentication.k8s.io/v1, "
                       "command: ./bin/credential, interactiveMode: Never}}"));
  ExpectAllAre("plugin", {"--kubeconfig", home_.File("config")});
}

// The first file that has a name wins, and the second holds another context
// and another idea of the first one's user.
TEST_F(Credentials, TwoFilesInKubeconfig) {
  WriteFile(home_.File("one"), Kubeconfig("dev", WithCertificate("first")));
  fs::create_directory(home_.File("b"));
  WriteFile(home_.File("b/ca.crt"), authority_->certificate());
  const std::string other = WithCertificate("second");
  WriteFile(home_.File("b/two"),
            Kubeconfig("prod", other) + "preferences: {}\n");
  WriteFile(home_.File("b/three"), Kubeconfig("dev", other));
  setenv("KUBECONFIG",
         (home_.File("one") + ":" + home_.File("missing") + ":" +
          home_.File("b/two") + ":" + home_.File("b/three"))
             .c_str(),
         1);
  ExpectAllAre("first", {});
  // The context that stands in the second file only, when it is the one meant.
  ExpectAllAre("second", {"--context", "prod"});
}

// A relay keeps its certificates in the kubeconfig, and writes it anew long
// before they end.
TEST_F(Credentials, ARelayRenewsItsCertificate) {
  for (const Caller& caller : kCallers) {
    SCOPED_TRACE(caller.server);
    Replace("relay", Kubeconfig("dev", WithCertificate("relay-1")));
    auto client = McpClient::Start(Guard({"--kubeconfig", home_.File("relay")},
                                         {FindNpmServer(caller.server)}));
    ASSERT_NE(client, nullptr);
    std::size_t mark = secure_->Mark();
    client->Call(caller.tool, caller.arguments);
    ExpectAsked(mark, "relay-1");
    Replace("relay", Kubeconfig("dev", WithCertificate("relay-2")));
    const auto is_renewed = [&] {
      mark = secure_->Mark();
      client->Call(caller.tool, caller.arguments);
      const auto lines = secure_->Since(mark);
      return !lines.empty() && lines.back().ends_with(" as relay-2");
    };
    if (caller.reads_each_time) {
      EXPECT_TRUE(is_renewed()) << "the next call already";
    } else {
      EXPECT_TRUE(Eventually(is_renewed, std::chrono::seconds(20)));
    }
    mark = secure_->Mark();
    client->Call(caller.tool, caller.arguments);
    ExpectAsked(mark, "relay-2");
  }
}

TEST_F(Credentials, WithoutAKubeconfigNothingStarts) {
  unsetenv("KUBECONFIG");
  setenv("HOME", home_.path().c_str(), 1);
  for (const Caller& caller : kCallers) {
    SCOPED_TRACE(caller.server);
    cli::LineProcessSpec spec;
    spec.argv = Guard({}, {FindNpmServer(caller.server)});
    auto process = cli::LineProcess::Start(spec);
    ASSERT_TRUE(process.ok());
    EXPECT_EQ(process.value().Finish(std::chrono::seconds(20)), 3);
  }
  setenv("HOME", cluster_->folder().path().c_str(), 1);
}

// Gives how a program may be started with mounts of its own; empty where the
// kernel allows no one here to.
std::vector<std::string> OwnMounts() {
  for (const char* how : {"-m", "-Urm"}) {
    cli::LineProcessSpec spec;
    spec.argv = {"unshare", how, "mount", "-t", "tmpfs", "none", "/var/run"};
    auto process = cli::LineProcess::Start(spec);
    if (process.ok() && process.value().Finish(std::chrono::seconds(20)) == 0) {
      return {"unshare", how};
    }
  }
  return {};
}

// A pod has no kubeconfig but its service account's files, at their own place.
TEST_F(Credentials, InAPodsFileLayout) {
  const std::vector<std::string> mounts = OwnMounts();
  if (mounts.empty()) GTEST_SKIP() << "no mount namespaces here";
  WriteFile(home_.File("token"), "a-token-of-no-value");
  WriteFile(home_.File("namespace"), "dev");
  unsetenv("KUBECONFIG");
  setenv("HOME", home_.path().c_str(), 1);
  setenv("XDG_RUNTIME_DIR", home_.path().c_str(), 1);
  setenv("ACCOUNT", home_.path().c_str(), 1);
  setenv("KUBERNETES_SERVICE_HOST", "127.0.0.1", 1);
  setenv("KUBERNETES_SERVICE_PORT", std::to_string(secure_->port()).c_str(), 1);
  const std::string script =
      "mount -t tmpfs none /var/run && "
      "pod=/var/run/secrets/kubernetes.io/serviceaccount && "
      "mkdir -p $pod && cp \"$ACCOUNT\"/ca.crt \"$ACCOUNT\"/token "
      "\"$ACCOUNT\"/namespace $pod && exec \"$@\"";
  for (const Caller& caller : kCallers) {
    SCOPED_TRACE(caller.server);
    std::vector<std::string> argv = mounts;
    argv.insert(argv.end(), {"/bin/sh", "-c", script, "sh"});
    for (const std::string& word : Guard({}, {FindNpmServer(caller.server)})) {
      argv.push_back(word);
    }
    const std::size_t mark = secure_->Mark();
    auto client = McpClient::Start(argv);
    EXPECT_NE(client, nullptr);
    if (client == nullptr) continue;
    const JsonValue answer = client->Call(caller.tool, caller.arguments);
    EXPECT_NE(ContentOf(answer).find("hello"), std::string::npos)
        << answer.dump().substr(0, 600);
    ExpectAsked(mark, "token");
    if (caller.server != std::string(kNodeServer)) continue;
    // A client of its own, which reads no kubeconfig here.
    const std::size_t before = secure_->Mark();
    client->Request("resources/read", R"({"uri":"k8s://dev/pods"})");
    ExpectAsked(before, "token");
  }
  for (const char* name :
       {"ACCOUNT", "XDG_RUNTIME_DIR", "KUBERNETES_SERVICE_HOST",
        "KUBERNETES_SERVICE_PORT"}) {
    unsetenv(name);
  }
  setenv("HOME", cluster_->folder().path().c_str(), 1);
}

}  // namespace
}  // namespace gatehouse::testing
