// SPDX-License-Identifier: Apache-2.0
// The helm tools of both npm servers with the real helm and a small chart: what
// the API saw against what the profiles say, and a policy with `helm: true`
// before one of them.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "policy/json_value.h"
#include "policy/kubernetes/classifier.h"
#include "policy/kubernetes/kubeconfig.h"
#include "policy/kubernetes/tables.h"
#include "policy/kubernetes/tool_profile.h"
#include "tests/e2e/npm/npm_fixture.h"
#include "tests/support/api_truth.h"
#include "tests/support/kubernetes_tools.h"

namespace gatehouse::testing {
namespace {

// An object of the release's namespace, one of another, one of the cluster, and
// a hook.
constexpr std::string_view kTemplate = R"(apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}-own"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}-away", namespace: shop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: "{{ .Release.Name }}-role"}
rules: []
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: "{{ .Release.Name }}-hook"
  annotations: {helm.sh/hook: "pre-install,pre-delete"}
)";

class HelmTools : public NpmServers {
 protected:
  void SetUp() override {
    NpmServers::SetUp();
    ASSERT_NE(FindHelm(), "") << kServersMissing;
    const std::filesystem::path chart = Chart();
    std::filesystem::create_directories(chart / "templates");
    std::ofstream(chart / "Chart.yaml")
        << "apiVersion: v2\nname: small\nversion: 0.1.0\n";
    std::ofstream(chart / "templates" / "all.yaml") << kTemplate;
  }

  std::string Chart() const { return cluster_->folder().File("chart"); }

  // `arguments` with the chart's folder at "@".
  std::string Filled(std::string arguments) const {
    const std::size_t at = arguments.find('@');
    if (at != std::string::npos) arguments.replace(at, 1, Chart());
    return arguments;
  }

  // Every request that the API saw must be named. "Beyond" counts only for
  // what lies in no namespace that is named. Gives the number of calls that
  // changed something.
  int CheckAll(const std::string& server, std::vector<std::string> argv,
               const std::vector<ToolCase>& calls) {
    auto bare = McpClient::Start(argv);
    if (bare == nullptr) return 0;
    const Classifier classifier(EmbeddedProfile(server),
                                KubernetesTables::Embedded());
    const SourceText file{"kubeconfig", ReadFile(cluster_->kubeconfig())};
    const ClusterView view = ReadKubeconfig({&file, 1}).value();
    int changed = 0;
    for (const ToolCase& call : calls) {
      const std::string text = Filled(call.arguments);
      SCOPED_TRACE(call.tool + " " + text);
      const JsonValue arguments = ParseJson(text).value();
      const std::size_t mark = cluster_->Mark();
      bare->Call(call.tool, text);
      const auto lines = cluster_->Since(mark);
      Check(lines, classifier.Classify({call.tool, &arguments}, view));
      for (const std::string& line : lines) {
        if (!line.starts_with("GET")) {
          ++changed;
          break;
        }
      }
    }
    return changed;
  }

  static void Check(const std::vector<std::string>& lines,
                    Classification made) {
    std::vector<Request> beyond;
    std::erase_if(made.requests, [&](const Request& request) {
      if (request.verb != Verb::kUnclear) return false;
      if (request.helm == HelmPart::kChart) beyond.push_back(request);
      return true;
    });
    for (const std::string& line : Uncovered(lines, made.requests)) {
      const std::string place = SeenIn(line)->namespace_name;
      bool outside = !beyond.empty();
      for (const Request& one : beyond) {
        outside = outside && one.namespace_name != place;
      }
      EXPECT_TRUE(outside) << "the API saw " << line << Told(made.requests);
    }
  }

  std::string Policy(const std::string& rules) const {
    const std::string path = cluster_->folder().File("helm-policy.yaml");
    std::ofstream(path) << "apiVersion: gatehouse/v1\nkind: Policy\n"
                           "name: charts\nscope: {namespaces: [dev, '']}\n"
                           "rules:\n"
                           "- {id: read, allow: read}\n"
                           "- {id: files, allow: local}\n"
                        << rules;
    return path;
  }
};

TEST_F(HelmTools, OfTheNodeServerDoWhatItsProfileSays) {
  EXPECT_GE(
      CheckAll(
          kNodeServer, {FindNpmServer(kNodeServer)},
          {{"install_helm_chart",
            R"({"name":"a","chart":"@","namespace":"dev"})"},
           {"install_helm_chart",
            R"({"name":"b","chart":"@","namespace":"dev","createNamespace":)"
            R"(false,"context":"other"})"},
           {"install_helm_chart",
            R"({"name":"c","chart":"@","namespace":"dev","useTemplate":true})"},
           {"install_helm_chart",
            R"({"name":"d","chart":"@","namespace":"fresh","values":{"x":1}})"},
           {"upgrade_helm_chart",
            R"({"name":"a","chart":"@","namespace":"dev","context":"other"})"},
           {"uninstall_helm_chart", R"({"name":"a","namespace":"dev"})"},
           {"uninstall_helm_chart", R"({"name":"nobody","namespace":"dev"})"}}),
      6);
}

TEST_F(HelmTools, OfTheGoServerDoWhatItsProfileSays) {
  EXPECT_GE(
      CheckAll(
          kGoServer, {FindNpmServer(kGoServer), "--toolsets=core,helm"},
          {{"helm_list", "{}"},
           {"helm_list", R"({"namespace":"dev"})"},
           {"helm_list", R"({"namespace":"dev","all_namespaces":true})"},
           {"helm_list", R"({"context":"other"})"},
           {"helm_install", R"({"name":"g","chart":"@","namespace":"dev"})"},
           {"helm_install", R"({"name":"h","chart":"@"})"},
           {"helm_install", R"({"chart":"@","namespace":"shop"})"},
           {"helm_uninstall", R"({"name":"g","namespace":"dev"})"},
           {"helm_uninstall", R"({"name":"h"})"},
           {"helm_uninstall", R"({"name":"-nshop"})"}}),
      5);
}

TEST_F(HelmTools, NeedARuleThatSaysHelm) {
  const ToolCase install = {
      "install_helm_chart",
      Filled(R"({"name":"p","chart":"@","namespace":"dev",)"
             R"("createNamespace":false})")};
  const ToolCase alive = {"ping", "{}", ""};
  {
    auto guarded = StartGuard(
        kNodeServer,
        {"--policy", Policy("- {id: w, allow: write, namespaces: dev}\n")});
    ASSERT_NE(guarded, nullptr);
    ExpectRefused(*guarded, {install}, alive);
  }
  auto guarded = StartGuard(
      kNodeServer,
      {"--policy",
       Policy("- {id: w, allow: write, namespaces: dev, helm: true}\n")});
  ASSERT_NE(guarded, nullptr);
  ExpectRefused(*guarded,
                {{"install_helm_chart",  // would apply the Namespace
                  Filled(R"({"name":"p","chart":"@","namespace":"dev"})")},
                 {"install_helm_chart",
                  Filled(R"({"name":"p","chart":"@","namespace":"shop",)"
                         R"("createNamespace":false})")},
                 {"uninstall_helm_chart", R"({"name":"p","namespace":"shop"})"},
                 {"install_helm_chart",
                  R"({"name":"p","chart":"https://127.0.0.1/x.tgz",)"
                  R"("namespace":"dev","createNamespace":false})"}},
                alive);
  const std::size_t mark = cluster_->Mark();
  const JsonValue answer = guarded->Call(install.tool, install.arguments);
  EXPECT_NE(ContentOf(answer).find("installed"), std::string::npos)
      << answer.dump();
  bool kept = false;
  for (const std::string& line : cluster_->Since(mark)) {
    kept = kept || line.starts_with("POST /api/v1/namespaces/dev/secrets");
  }
  EXPECT_TRUE(kept);
}

}  // namespace
}  // namespace gatehouse::testing
