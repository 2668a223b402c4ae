// SPDX-License-Identifier: Apache-2.0
// The steps of tools that ask the API themselves: each field of a request, on a
// profile made for it. What real servers need is in tests/cases.
#include <gtest/gtest.h>

#include "policy/json_value.h"
#include "policy/kubernetes/classifier.h"
#include "policy/kubernetes/tables.h"
#include "policy/kubernetes/tool_profile.h"

namespace gatehouse {
namespace {

constexpr std::string_view kProfile = R"(server: s
context: "own:{project}/{name}"
tools:
  by_kind:
    arguments: {kind: text, group: text, version: text, name: text}
    requests:
    - {verb: get, resource: {kind: kind, group: group, version: version}, name: name, namespace: "?"}
  by_word:
    arguments: {type: text}
    requests: [{verb: list, resource: {word: type}, namespace: all}]
  lists:
    arguments: {names: texts, namespaces: texts}
    requests: [{verb: delete, resource: pods, name: names, namespace: {argument: namespaces, absent: all}}]
  fixed:
    requests: [{verb: get, resource: configmaps, name: {is: dns}, namespace: openshift-dns}]
  all:
    arguments: {all: text, namespace: text}
    requests:
    - {verb: list, resource: pods, namespace: {argument: namespace, all: {argument: all, is: ["true"]}, absent: default}}
  dry:
    arguments: {dry: boolean, names: text}
    requests: [{verb: delete, resource: nodes, name: names, dry_run: dry}]
  apply:
    arguments: {manifest: content, namespace: text}
    requests:
    - {verb: patch, manifest: manifest, namespace: {argument: namespace, absent: default, overwrites: true}}
  cluster:
    arguments: {project: text, name: text}
    requests: [{verb: list, resource: nodes}]
  words:
    arguments: {one: word, more: word_list, full: filled}
    requests: [{verb: none}]
  remembers:
    arguments: {context: text, namespace: text}
    context: context
    remembers_context: true
    requests:
    - {verb: list, resource: pods, namespace: {argument: namespace, absent: context}}
    - {verb: discover}
    - {verb: local}
  follows:
    arguments: {context: text}
    context: context
    remembers_context: true
    kubectl: [get, pods, [--context, "{context}"]]
)";

std::string Made(const std::string& tool, const std::string& arguments,
                 bool switched = false) {
  Issues issues;
  const auto profile = std::make_shared<const ToolProfile>(
      ReadProfile({"p.yaml", std::string(kProfile)}, issues));
  for (const Issue& issue : issues.items()) ADD_FAILURE() << Render(issue);
  const Classifier classifier(profile, KubernetesTables::Embedded());
  const JsonValue json = ParseJson(arguments).value();
  ClusterView cluster{"dev", {{"dev", "A", "", "u", "ctx-ns"}}};
  cluster.switched = switched;
  std::string text;
  for (const Request& request :
       classifier.Classify({tool, &json}, cluster).requests) {
    text += (text.empty() ? "" : "; ") + Describe(request);
  }
  return text;
}

struct ProfileRequestsRow {
  std::string tool, arguments, made;
};

void Expect(const std::vector<ProfileRequestsRow>& rows) {
  for (const ProfileRequestsRow& row : rows) {
    EXPECT_EQ(Made(row.tool, row.arguments), row.made)
        << row.tool << " " << row.arguments;
  }
}

TEST(ProfileRequests, AKindIsFoundInAnyCaseAndGroup) {
  Expect({
      {"by_kind", R"({"kind":"Pod","name":"a"})", "get pods ?/a @dev"},
      {"by_kind", R"({"kind":"SECRET","name":"a"})", "get secrets ?/a @dev"},
      {"by_kind", R"({"kind":"Node","name":"a"})",
       "get nodes (cluster) a @dev"},
      {"by_kind", R"({"kind":"Event","group":"events.k8s.io","name":"a"})",
       "get events.k8s.io/events ?/a @dev"},
      {"by_kind", R"({"kind":"Pod","group":"example.com","name":"a"})",
       "get example.com/? ?/a @dev"},
      {"by_kind", R"({"kind":"Widget","name":"a"})", "get ?/? ?/a @dev"},
  });
}

TEST(ProfileRequests, OnlyKubectlTakesATypeApart) {
  Expect({
      {"by_word", R"({"type":"po"})", "list pods * @dev"},
      {"by_word", R"({"type":"pods/log"})", "list ?/? * @dev; unclear @dev"},
  });
}

TEST(ProfileRequests, EachNameAndNamespaceOfAListIsARequest) {
  Expect({
      {"lists", R"({"names":["a","b"],"namespaces":["x"]})",
       "delete pods x/a @dev; delete pods x/b @dev"},
      {"lists", R"({"names":["a"],"namespaces":["x","y"]})",
       "delete pods x/a @dev; delete pods y/a @dev"},
      {"lists", R"({"names":[],"namespaces":[]})", "delete pods * @dev"},
      {"lists", R"({"names":["a"],"namespaces":["x",".."]})",
       "delete pods x/a @dev; delete pods ?/a @dev; unclear @dev"},
      {"fixed", "{}", "get configmaps openshift-dns/dns @dev"},
  });
}

// Python servers may take the words for JSON's, and then for none at all.
TEST(ProfileRequests, WordsOfJsonAreNoNames) {
  for (const std::string word : {"null", "true", "false"}) {
    EXPECT_EQ(Made("all", R"({"namespace":")" + word + R"("})"),
              "list pods ? @dev; unclear @dev");
    EXPECT_EQ(Made("lists", R"({"names":[")" + word + R"("]})"),
              "delete pods * @dev; unclear @dev");
  }
  EXPECT_EQ(Made("all", R"({"namespace":"nulls"})"), "list pods nulls @dev");
}

TEST(ProfileRequests, AllNamespacesIsACondition) {
  Expect({
      {"all", R"({"all":"true","namespace":"x"})", "list pods * @dev"},
      {"all", R"({"all":"yes","namespace":"x"})", "list pods x @dev"},
      {"all", "{}", "list pods default @dev"},
  });
}

TEST(ProfileRequests, ADryRunIsMarked) {
  Expect({
      {"dry", R"({"dry":true,"names":"n"})",
       "delete nodes (cluster) n @dev dry-run"},
      {"dry", R"({"dry":false,"names":"n"})", "delete nodes (cluster) n @dev"},
  });
}

TEST(ProfileRequests, ANamespaceThatOverwritesCountsBesideTheManifests) {
  const std::string manifest =
      R"("manifest":"apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: x}\n")";
  Expect({
      {"apply", "{" + manifest + "}", "patch pods x/a @dev"},
      {"apply", "{" + manifest + R"(,"namespace":"y"})",
       "patch pods x/a @dev; patch pods y/a @dev"},
  });
}

TEST(ProfileRequests, AContextIsPutTogether) {
  Expect({
      {"cluster", R"({"project":"p","name":"n"})",
       "list nodes (cluster) @own:p/n"},
      {"cluster", R"({"project":"p"})", "list nodes (cluster) @?"},
      {"cluster", R"({"project":"p/..","name":"n"})",
       "list nodes (cluster) @own:p/../n; unclear @dev"},
  });
}

// A client of the server's own may still go where it was started; kubectl
// reads the kubeconfig anew.
TEST(ProfileRequests, AfterASwitchSomeCallsMayGoElsewhere) {
  EXPECT_EQ(Made("remembers", "{}"),
            "list pods ctx-ns @dev; discover @dev; local @dev");
  EXPECT_EQ(Made("remembers", "{}", true),
            "list pods ? @?; discover @?; local @dev");
  EXPECT_EQ(Made("remembers", R"({"namespace":"x"})", true),
            "list pods x @?; discover @?; local @dev");
  EXPECT_EQ(Made("remembers", R"({"context":"dev"})", true),
            "list pods ctx-ns @dev; discover @dev; local @dev");
  EXPECT_EQ(Made("follows", "{}", true), "list pods ctx-ns @dev");
}

TEST(ProfileRequests, AWordStaysOneWord) {
  Expect({
      {"words", R"({"one":"30Gi","more":["a","b/c:1"],"full":"x y"})",
       "none @dev"},
      {"words", R"({"one":"a b"})", "none @dev; unclear @dev"},
      {"words", R"({"one":"-a"})", "none @dev; unclear @dev"},
      {"words", R"({"one":"{a}"})", "none @dev; unclear @dev"},
      {"words", R"({"more":["a",{"b":1}]})", "none @dev; unclear @dev"},
      {"words", R"({"full":""})", "none @dev; unclear @dev"},
  });
}

TEST(ProfileReader, AForkHasWhatItDoesNotSay) {
  Issues issues;
  const ToolProfile fork = ReadProfile({"p.yaml", R"(server: fork
extends: sample-server
tools:
  echo: {unclear: it does something else here}
)"},
                                       issues);
  EXPECT_FALSE(issues.HasErrors());
  EXPECT_TRUE(fork.Find("list_pods")->inherited);
  EXPECT_FALSE(fork.Find("echo")->inherited);
  EXPECT_FALSE(fork.Find("echo")->steps[0].unclear.empty());
  for (const std::string base : {"nobody", "fork"}) {
    Issues faults;
    ReadProfile({"p.yaml", "server: fork\nextends: " + base +
                               "\ntools:\n  a: {unclear: x}\n"},
                faults);
    EXPECT_TRUE(faults.HasErrors()) << base;
  }
}

}  // namespace
}  // namespace gatehouse
