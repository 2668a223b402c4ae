// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/uri_template.h"

#include <gtest/gtest.h>

namespace gatehouse {
namespace {

std::string Matched(std::string_view form, std::string_view uri) {
  const auto values = UriTemplate::Parse(form).value().Match(uri);
  if (!values) return "no";
  std::string text;
  for (const UriTemplate::Value& value : *values) {
    text += value.variable + "=" + value.text + ";";
  }
  return text;
}

TEST(UriTemplate, ReadsItsVariables) {
  struct Row {
    std::string form, uri, expected;
  };
  const Row rows[] = {
      {"k8s://nodes", "k8s://nodes", ""},
      {"k8s://nodes", "k8s://nodes/", "no"},
      {"k8s://nodes", "k8s://Nodes", "no"},
      {"k8s://{ns}/pods", "k8s://dev/pods", "ns=dev;"},
      // Kept, for the profile to refuse: it is no namespace's name.
      {"k8s://{ns}/pods", "k8s://../pods", "ns=..;"},
      {"k8s://{ns}/pods", "k8s:///pods", "no"},
      {"k8s://{ns}/pods", "k8s://a/b/pods", "no"},
      {"k8s://{ns}/pods", "k8s://dev/pods/x", "no"},
      {"k8s://{ns}/pods", "k8s://dev/pods?x=/pods", "no"},
      {"k8s://{ns}/pods", "k8s://dev%2f../pods", "no"},
      {"k8s://{ns}/pods", "k8s://d\tv/pods", "no"},
      {"k8s://{ns}/pods", "k8s://d\xc3\xa9v/pods", "no"},
      {"k8s://{ns}/pods", " k8s://dev/pods", "no"},
      {"k8s://{ns}/{kind}", "k8s://dev/pods", "ns=dev;kind=pods;"},
      {"k8s://{ns}/{kind}", "k8s://dev/pods#x", "no"},
      {"k8s://{ns}/{kind}", "k8s://dev/", "no"},
      {"x-{a}.json", "x-1.json", "a=1;"},
      {"x-{a}.json", "x-1.jso", "no"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(Matched(row.form, row.uri), row.expected)
        << row.form << " " << row.uri;
  }
  EXPECT_EQ(Matched("k8s://{ns}", "k8s://" + std::string(3000, 'a')), "no");
}

TEST(UriTemplate, RefusesFormsThatCouldBeReadInTwoWays) {
  for (const std::string_view form :
       {"k8s://{", "k8s://}", "k8s://{}", "k8s://{a}{b}", "k8s://{a{b}}",
        "k8s://{a}}", "{a"}) {
    EXPECT_FALSE(UriTemplate::Parse(form)) << form;
  }
  EXPECT_EQ(UriTemplate::Parse("k8s://{a}/{b}")->variables(),
            (std::vector<std::string>{"a", "b"}));
}

}  // namespace
}  // namespace gatehouse
