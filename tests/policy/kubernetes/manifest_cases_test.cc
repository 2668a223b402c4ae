// SPDX-License-Identifier: Apache-2.0
// Manifests against those who read them: what a real kubectl and a real server
// asked of an API server (tests/golden/manifests, written by
// scripts/record-manifests) must be allowed for by the requests that we read
// out of the same text, or it must be unclear, with a reason that is kept in
// reasons.txt; and ordinary manifests must never be unclear.
// GATEHOUSE_ACCEPT=1 writes the reasons anew.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "policy/json_value.h"
#include "policy/json_writer.h"
#include "policy/kubernetes/classifier.h"
#include "policy/kubernetes/kubectl_requests.h"
#include "policy/kubernetes/tool_profile.h"
#include "tests/policy/kubernetes/kubectl_fixture.h"
#include "tests/support/api_truth.h"
#include "tests/support/process_census.h"

namespace gatehouse {
namespace {

const std::filesystem::path kManifests =
    GATEHOUSE_SOURCE_DIR "/tests/golden/manifests";

// The kubeconfig that gatehouse-sample-cluster writes.
ClusterView OneContext() {
  return {"sample", {{"sample", "sample", "", "sample-user", "default"}}};
}

struct ManifestCase {
  std::string name;
  std::string text;
  JsonValue row;
};

std::vector<ManifestCase> AllCases() {
  std::vector<ManifestCase> cases;
  std::istringstream lines(testing::ReadFile(kManifests / "cases.jsonl"));
  for (std::string line; std::getline(lines, line);) {
    Result<JsonValue> row = ParseJson(line);
    EXPECT_TRUE(row.ok()) << line;
    if (!row.ok()) continue;
    ManifestCase one;
    one.name = std::string(StringMember(row.value(), "name").value_or(""));
    const auto text = StringMember(row.value(), "text");
    one.text =
        text ? std::string(*text) : testing::ReadFile(kManifests / one.name);
    one.row = std::move(row).value();
    cases.push_back(std::move(one));
  }
  return cases;
}

bool IsOrdinary(const ManifestCase& one) {
  return one.name.starts_with("ordinary/");
}

std::vector<std::string> Seen(const ManifestCase& one, std::string_view run) {
  std::vector<std::string> lines;
  const JsonValue* list = Member(one.row, run);
  EXPECT_NE(list, nullptr) << one.name << " has no " << run;
  if (list == nullptr) return lines;
  for (const JsonValue* line : Elements(*list)) {
    lines.push_back(std::string(AsString(*line).value_or("")) + " -> 200");
  }
  return lines;
}

Meaning ByKubectl(const ManifestCase& one, std::vector<std::string> argv) {
  argv.insert(argv.end(), {"-f", std::string(kInlineManifest)});
  return MeaningOfKubectl({argv, &one.text}, *KubectlTables(), OneContext());
}

Classification ByServer(const ManifestCase& one) {
  static const Classifier classifier(EmbeddedProfile("kubernetes-mcp-server"),
                                     KubectlTables());
  JsonWriter arguments;
  arguments.BeginObject().Key("resource").String(one.text).EndObject();
  const JsonValue value = ParseJson(arguments.Take()).value();
  return classifier.Classify({"resources_create_or_update", &value},
                             OneContext());
}

const struct {
  std::string_view run;
  std::vector<std::string> argv;
} kRuns[] = {
    {"apply", {"apply"}},
    {"apply-dev", {"apply", "-n", "dev"}},
    {"create", {"create"}},
};

TEST(ManifestCases, WhatKubectlDoesIsNamedOrUnclear) {
  for (const ManifestCase& one : AllCases()) {
    for (const auto& run : kRuns) {
      const Meaning meaning = ByKubectl(one, run.argv);
      EXPECT_EQ(testing::Uncovered(Seen(one, run.run), meaning.requests),
                std::vector<std::string>())
          << one.name << " " << run.run << "\n"
          << testing::Told(meaning.requests);
    }
  }
}

TEST(ManifestCases, WhatTheServerDoesIsNamedOrUnclear) {
  for (const ManifestCase& one : AllCases()) {
    const Classification call = ByServer(one);
    EXPECT_EQ(testing::Uncovered(Seen(one, "server"), call.requests),
              std::vector<std::string>())
        << one.name << "\n"
        << testing::Told(call.requests);
  }
}

TEST(ManifestCases, OrdinaryOnesAreNeverUnclear) {
  int count = 0;
  for (const ManifestCase& one : AllCases()) {
    if (!IsOrdinary(one)) continue;
    ++count;
    const Meaning meaning = ByKubectl(one, {"apply"});
    EXPECT_FALSE(meaning.unclear)
        << one.name << ": " << meaning.unclear->reason;
  }
  EXPECT_GE(count, 30);
}

TEST(ManifestCases, AReasonSaysWhatAndWhere) {
  std::string reasons;
  for (const ManifestCase& one : AllCases()) {
    const Meaning meaning = ByKubectl(one, {"create"});
    if (IsOrdinary(one)) continue;
    reasons += one.name + ": " +
               (meaning.unclear ? meaning.unclear->reason : "clear") + "\n";
  }
  const std::filesystem::path file = kManifests / "reasons.txt";
  if (std::getenv("GATEHOUSE_ACCEPT") != nullptr) {
    std::ofstream(file, std::ios::binary) << reasons;
  }
  EXPECT_EQ(reasons, testing::ReadFile(file))
      << "to accept: GATEHOUSE_ACCEPT=1, then read the diff";
}

}  // namespace
}  // namespace gatehouse
