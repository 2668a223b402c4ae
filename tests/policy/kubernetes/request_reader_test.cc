// SPDX-License-Identifier: Apache-2.0
// One entry of a profile's `requests`, field by field: what it reads to, and
// that each fault is one. (policy/kubernetes/request_reader.cc)
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "policy/document.h"
#include "policy/kubernetes/argument_reader.h"

namespace gatehouse {
namespace {

struct ReadEntry {
  RequestStep request;
  std::vector<std::string> faults;
};

ReadEntry ReadEntryOf(const std::string& text) {
  ReadEntry read;
  Issues issues;
  const SourceText source{"profile.yaml", "x: " + text + "\n"};
  const std::vector<YamlNode> documents = ReadYaml(source, issues);
  EXPECT_FALSE(issues.HasErrors()) << text;
  ArgumentReader reader(source, issues);
  for (const char* name : {"kind", "version", "group", "name", "namespace",
                           "all", "dry", "manifest"}) {
    reader.Declare(name, ArgumentType::kText);
  }
  read.request = reader.ReadRequest(*documents.at(0).Find("x"));
  for (const Issue& issue : issues.items()) {
    read.faults.push_back(Render(issue));
  }
  return read;
}

RequestStep Sound(const std::string& text) {
  const ReadEntry read = ReadEntryOf(text);
  EXPECT_TRUE(read.faults.empty()) << text << "\n" << read.faults.front();
  return read.request;
}

TEST(RequestReader, VerbsAreOneOrMore) {
  EXPECT_EQ(Sound("{verb: get, resource: pods}").verbs,
            std::vector<Verb>{Verb::kGet});
  EXPECT_EQ(Sound("{verb: [create, patch], resource: pods}").verbs,
            (std::vector<Verb>{Verb::kCreate, Verb::kPatch}));
}

TEST(RequestReader, ATypeIsFixedOrSaidByArguments) {
  EXPECT_EQ(Sound("{verb: get, resource: widgets.example.com}").type,
            "widgets.example.com");
  const RequestStep word = Sound("{verb: get, resource: {word: kind}}");
  EXPECT_EQ(word.type, "");
  EXPECT_EQ(word.type_argument, "kind");
  const RequestStep with_version =
      Sound("{verb: get, resource: {kind: kind, api_version: version}}");
  EXPECT_EQ(with_version.kind_argument, "kind");
  EXPECT_EQ(with_version.api_version_argument, "version");
  const RequestStep apart = Sound(
      "{verb: get, resource: {kind: kind, group: group, version: version}}");
  EXPECT_EQ(apart.group_argument, "group");
  EXPECT_EQ(apart.version_argument, "version");
}

TEST(RequestReader, ANameIsGivenFixedOrUnknown) {
  EXPECT_EQ(Sound("{verb: get, resource: pods, name: name}").name_argument,
            "name");
  const RequestStep fixed =
      Sound("{verb: get, resource: pods, name: {is: dns}}");
  EXPECT_EQ(fixed.fixed_name, "dns");
  EXPECT_EQ(fixed.name_argument, "");
  EXPECT_TRUE(
      Sound("{verb: get, resource: pods, name_unknown: true}").name_unknown);
  EXPECT_FALSE(Sound("{verb: get, resource: pods}").name_unknown);
}

TEST(RequestReader, ANamespaceSaysWhatItIsWhereItIsMissing) {
  const auto source = [](const std::string& text) {
    return Sound("{verb: list, resource: pods, namespace: " + text + "}")
        .namespace_source;
  };
  // Nothing said: the kubeconfig's own, and no argument.
  EXPECT_EQ(Sound("{verb: list, resource: pods}").namespace_source.absent,
            "context");
  EXPECT_EQ(source("kube-system").absent, "kube-system");
  EXPECT_EQ(source("kube-system").argument, "");
  EXPECT_EQ(source("\"\"").absent, "");
  EXPECT_EQ(source("\"?\"").absent, "?");
  const NamespaceSource given =
      source("{argument: namespace, absent: all, overwrites: true, all: all}");
  EXPECT_EQ(given.argument, "namespace");
  EXPECT_EQ(given.absent, "all");
  EXPECT_TRUE(given.overwrites);
  ASSERT_TRUE(given.all.has_value());
  EXPECT_EQ(given.all->argument, "all");
}

TEST(RequestReader, TheRestOfAnEntry) {
  const RequestStep log = Sound(
      "{verb: get, resource: pods, subresource: log, when: name, dry_run: "
      "{argument: dry, is: [\"true\"]}}");
  EXPECT_EQ(log.subresource, "log");
  ASSERT_TRUE(log.when.has_value());
  EXPECT_EQ(log.when->argument, "name");
  ASSERT_TRUE(log.dry_run.has_value());
  EXPECT_EQ(log.dry_run->values, std::vector<std::string>{"true"});
  const RequestStep manifest = Sound(
      "{verb: create, manifest: manifest, exact_separators: true, pods: "
      "image}");
  EXPECT_EQ(manifest.manifest_argument, "manifest");
  EXPECT_EQ(manifest.dialect, ManifestDialect::kExactSeparators);
  EXPECT_EQ(manifest.pods, PodsFrom::kImage);
  EXPECT_EQ(log.dialect, ManifestDialect::kKubectl);
  EXPECT_EQ(log.pods, PodsFrom::kUnknown);
}

TEST(RequestReader, EachFaultIsReportedWithItsPlace) {
  const struct {
    const char* text;
    const char* fault;
  } kRows[] = {
      {"{resource: pods}", "a request without a verb"},
      {"{verb: gett, resource: pods}", "unknown verb \"gett\""},
      {"{verb: get, resource: pods, name: nam}", "undeclared argument \"nam\""},
      {"{verb: get, resource: pods, name: {iz: a}}", "iz"},
      {"{verb: get, resource: {word: what}}", "undeclared argument \"what\""},
      {"{verb: get, resource: {kinds: kind}}", "kinds"},
      {"{verb: get, resource: pods, namespace: {argument: namespace}}",
       "absent"},
      {"{verb: get, resource: pods, namespace: {argument: ns, absent: all}}",
       "undeclared argument \"ns\""},
      {"{verb: get, resource: pods, when: what}",
       "undeclared argument \"what\""},
      {"{verb: create, manifest: body}", "undeclared argument \"body\""},
      {"{verb: create, resource: pods, pods: some}", "unknown pods \"some\""},
      {"{verb: get, resource: pods, namespaces: all}", "namespaces"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.text);
    const std::vector<std::string> faults = ReadEntryOf(row.text).faults;
    ASSERT_FALSE(faults.empty());
    EXPECT_NE(faults.front().find(row.fault), std::string::npos)
        << faults.front();
    EXPECT_NE(faults.front().find("profile.yaml:1:"), std::string::npos);
  }
}

// What is faulty must not read to something harmless: an unknown verb stays
// one, and is refused whatever the policy says.
TEST(RequestReader, AnUnknownVerbStaysUnknown) {
  EXPECT_EQ(ReadEntryOf("{verb: gett, resource: pods}").request.verbs,
            std::vector<Verb>{Verb::kUnknown});
}

}  // namespace
}  // namespace gatehouse
