// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/confined_kubeconfig.h"

#include <gtest/gtest.h>

#include "policy/json_value.h"

namespace gatehouse {
namespace {

constexpr const char* kTwoClusters = R"(apiVersion: v1
kind: Config
preferences: {colors: true}
extensions: [{name: x, extension: {a: b}}]
current-context: prod
clusters:
- name: a
  cluster:
    server: https://a.example
    certificate-authority: pki/ca.crt
    proxy-url: socks5://127.0.0.1:1080
    disable-compression: true
    extensions: [{name: last-update, extension: {at: never}}]
- name: b
  cluster: {server: "https://b.example", certificate-authority-data: QUJD}
users:
- name: ann
  user:
    client-certificate: ../ann.crt
    client-key: /etc/ann.key
    tokenFile: token
    as: robot
    as-groups: [one, "2"]
- name: bob
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: bin/login
      args: [--cluster, b]
      env: [{name: HOME, value: ./x}]
      interactiveMode: Never
      provideClusterInfo: false
contexts:
- name: dev
  context: {cluster: a, user: ann, namespace: team, extensions: []}
- name: prod
  context: {cluster: b, user: bob}
- name: lost
  context: {cluster: gone, user: ann}
)";

Kubeconfig ReadConfined(const std::string& text,
                        const std::string& folder = "/home/k") {
  const KubeconfigSource source{{"config", text}, folder};
  auto merged = MergeKubeconfigs({&source, 1});
  EXPECT_TRUE(merged.ok()) << merged.error().sentence;
  return std::move(merged).value();
}

Confinement To(const std::vector<std::string>& contexts, std::string current) {
  Confinement confinement;
  confinement.in_scope = [contexts](std::string_view name) {
    return std::find(contexts.begin(), contexts.end(), name) != contexts.end();
  };
  confinement.current = std::move(current);
  return confinement;
}

std::string Copy(const std::string& text, const Confinement& confinement) {
  const auto copy = Confine(ReadConfined(text), confinement);
  return copy.ok() ? copy.value().text : copy.error().sentence;
}

TEST(ConfinedKubeconfig, HoldsWhatIsInScopeAndNothingElse) {
  EXPECT_EQ(
      Copy(kTwoClusters, To({"dev"}, "dev")),
      R"({"apiVersion":"v1","kind":"Config","current-context":"dev",)"
      R"("clusters":[{"name":"a","cluster":{"server":"https://a.example",)"
      R"("certificate-authority":"/home/k/pki/ca.crt",)"
      R"("proxy-url":"socks5://127.0.0.1:1080","disable-compression":true}}],)"
      R"("contexts":[{"name":"dev","context":{"cluster":"a","user":"ann",)"
      R"("namespace":"team"}}],)"
      R"("users":[{"name":"ann","user":{"client-certificate":"/home/ann.crt",)"
      R"("client-key":"/etc/ann.key","tokenFile":"/home/k/token",)"
      R"("as":"robot","as-groups":["one","2"]}}]})"
      "\n");
}

TEST(ConfinedKubeconfig, KeepsACredentialPluginAndResolvesItsCommand) {
  const std::string copy = Copy(kTwoClusters, To({"prod"}, "prod"));
  EXPECT_NE(
      copy.find(R"("exec":{"apiVersion":)"
                R"("client.authentication.k8s.io/v1",)"
                R"("command":"/home/k/bin/login",)"
                R"("args":["--cluster","b"],)"
                R"("env":[{"name":"HOME","value":"./x"}],)"
                R"("interactiveMode":"Never","provideClusterInfo":false})"),
      std::string::npos)
      << copy;
  EXPECT_EQ(copy.find("ann"), std::string::npos) << copy;
  EXPECT_EQ(copy.find("a.example"), std::string::npos) << copy;
}

TEST(ConfinedKubeconfig, ResolvesPathsAsClientGoDoes) {
  const struct {
    std::string given;
    std::string copied;
  } kRows[] = {
      {"bin/login", "/home/k/bin/login"},
      {"./login", "/home/k/login"},
      {"../login", "/home/login"},
      {"/opt/login", "/opt/login"},
      {"login", "login"},  // looked up in PATH
      {"/opt/../login", "/opt/../login"},
  };
  for (const auto& row : kRows) {
    const std::string copy = Copy(
        "clusters: [{name: c, cluster: {server: s}}]\n"
        "users: [{name: u, user: {exec: {command: " +
            row.given +
            "}}}]\n"
            "contexts: [{name: d, context: {cluster: c, user: u}}]\n",
        To({"d"}, "d"));
    EXPECT_NE(copy.find("\"command\":\"" + row.copied + "\""),
              std::string::npos)
        << row.given << " " << copy;
  }
}

TEST(ConfinedKubeconfig, TheCurrentContextNeverBecomesEmpty) {
  for (const char* current : {"prod", "", "gone"}) {
    const auto copy = Confine(ReadConfined(kTwoClusters), To({}, current));
    ASSERT_TRUE(copy.ok());
    EXPECT_NE(copy.value().view.current, "");
    EXPECT_TRUE(copy.value().view.contexts.empty());
    EXPECT_EQ(copy.value().text.find("\"current-context\":\"\""),
              std::string::npos);
  }
}

TEST(ConfinedKubeconfig, AContextWithoutAServerIsNotInScope) {
  const auto all = To({"dev", "prod", "lost"}, "dev");
  EXPECT_EQ(ContextsInScope(ReadConfined(kTwoClusters), all),
            (std::vector<std::string>{"dev", "prod"}));
  EXPECT_TRUE(
      ContextsInScope(
          ReadConfined("clusters: [{name: c, cluster: {}}]\n"
                       "contexts: [{name: dev, context: {cluster: c}}]\n"),
          all)
          .empty());
}

TEST(ConfinedKubeconfig, AServersOwnNamespaceStands) {
  Confinement confinement = To({"dev", "prod"}, "dev");
  confinement.namespaces = {{"dev", "other"}, {"prod", "shop"}};
  const auto copy = Confine(ReadConfined(kTwoClusters), confinement);
  ASSERT_TRUE(copy.ok());
  EXPECT_EQ(copy.value().view.Find("dev")->namespace_name, "other");
  EXPECT_EQ(copy.value().view.Find("prod")->namespace_name, "shop");
  EXPECT_NE(copy.value().text.find(R"("namespace":"shop")"), std::string::npos);
}

TEST(ConfinedKubeconfig, AUserThatIsNotThereIsLeftToTheClient) {
  const std::string copy = Copy(
      "clusters: [{name: c, cluster: {server: s}}]\n"
      "contexts: [{name: d, context: {cluster: c, user: gone}}]\n",
      To({"d"}, "d"));
  EXPECT_NE(copy.find(R"("user":"gone")"), std::string::npos);
  EXPECT_NE(copy.find(R"("users":[])"), std::string::npos);
}

// Values in a user, and what they are in the copy ("" where it is refused).
TEST(ConfinedKubeconfig, ScalarsKeepTheirTypes) {
  const struct {
    std::string given;
    std::string copied;
  } kRows[] = {
      {"true", "true"},
      {"\"true\"", "\"true\""},
      {"12", "12"},
      {"'12'", "\"12\""},
      {"-1.5", "-1.5"},
      {"~", "null"},
      {"", "null"},
      {"8f14e45fceea167a", "\"8f14e45fceea167a\""},
      {"gr\xC3\xBC\xC3\x9F", "\"gr\\u00fc\\u00df\""},
      {"\xF0\x9F\x98\x80\"", "\"\xF0\x9F\x98\x80\\\"\""},
      {"|\n      a\n      b", "\"a\\nb\\n\""},
      {"[a, {b: c}]", "[\"a\",{\"b\":\"c\"}]"},
      {"yes", ""},
      {"0x1f", ""},
      {"True", ""},
      {"2026-01-02", ""},
  };
  for (const auto& row : kRows) {
    const auto copy = Confine(
        ReadConfined("clusters: [{name: c, cluster: {server: s}}]\n"
                     "contexts: [{name: d, context: {cluster: c, user: u}}]\n"
                     "users:\n- name: u\n  user:\n    x: " +
                     row.given + "\n"),
        To({"d"}, "d"));
    EXPECT_EQ(copy.ok(), !row.copied.empty()) << row.given;
    if (!copy.ok()) {
      EXPECT_NE(copy.error().sentence.find("quotes"), std::string::npos);
      continue;
    }
    const std::string wanted = "\"user\":{\"x\":" + row.copied + "}";
    EXPECT_NE(copy.value().text.find(wanted), std::string::npos)
        << row.given << " " << copy.value().text;
    EXPECT_TRUE(ParseJson(copy.value().text).ok()) << copy.value().text;
  }
}

TEST(ConfinedKubeconfig, ALegacyAuthProviderIsRefusedWithAHint) {
  const std::string text =
      "clusters: [{name: c, cluster: {server: s}}]\n"
      "users: [{name: u, user: {auth-provider: {name: gcp, config: {}}}}]\n"
      "contexts: [{name: d, context: {cluster: c, user: u}},\n"
      "  {name: e, context: {cluster: c}}]\n";
  const auto refused = Confine(ReadConfined(text), To({"d"}, "d"));
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().sentence.find("gke-gcloud-auth-plugin"),
            std::string::npos);
  EXPECT_TRUE(Confine(ReadConfined(text), To({"e"}, "e")).ok())
      << "what is not in scope does not matter";
}

// What Confine writes, MergeKubeconfigs reads as the same.
TEST(ConfinedKubeconfig, ReadsBackAsWhatItIs) {
  const auto confinement = To({"dev", "prod"}, "prod");
  const auto copy = Confine(ReadConfined(kTwoClusters), confinement);
  ASSERT_TRUE(copy.ok());
  const auto again =
      Confine(ReadConfined(copy.value().text, "/elsewhere"), confinement);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again.value().text, copy.value().text);
}

}  // namespace
}  // namespace gatehouse
