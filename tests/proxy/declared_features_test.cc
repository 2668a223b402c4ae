// SPDX-License-Identifier: Apache-2.0
#include "proxy/declared_features.h"

#include <gtest/gtest.h>

#include "tests/proxy/line_fixture.h"
#include "tests/support/gate_bench.h"

namespace gatehouse {
namespace {

using Kind = Verdict::Kind;

std::string ModernAsking(std::string_view capabilities) {
  return ModernCall(capabilities, R"({"sampling":{}})");
}

FeatureSettings Denying(FeatureUse FeatureSettings::*feature) {
  FeatureSettings policy;
  policy.*feature = FeatureUse::kDeny;
  return policy;
}

TEST(DeclaredFeatures, TheServerIsToldWhatThePolicyLeaves) {
  const FeatureSettings sampling = Denying(&FeatureSettings::sampling);
  const FeatureSettings elicitation = Denying(&FeatureSettings::elicitation);
  FeatureSettings all = sampling.StricterOf(elicitation);
  all.roots = FeatureUse::kDeny;
  struct Row {
    std::string declared;
    FeatureSettings policy;
    std::string left;
  };
  const std::string full = R"({"roots":{"listChanged":true},"sampling":{},)"
                           R"("elicitation":{"form":{},"url":{}},"tasks":{}})";
  const Row rows[] = {
      {full, {}, full},
      {full, sampling,
       R"({"roots":{"listChanged":true},"elicitation":{"form":{},"url":{}},)"
       R"("tasks":{}})"},
      {full, elicitation,
       R"({"roots":{"listChanged":true},"sampling":{},"tasks":{}})"},
      {full, all, R"({"tasks":{}})"},
      {R"({"sampling":{}})", all, "{}"},
      {"{}", all, "{}"},
      {R"({"experimental":{"sampling":{}}})", all,
       R"({"experimental":{"sampling":{}}})"},
  };
  for (const Row& row : rows) {
    for (std::string (*line)(std::string_view) : {Handshake, ModernAsking}) {
      GateBench bench;
      bench.judge.session_settings.client_features = row.policy;
      EXPECT_EQ(Describe(bench.Client(line(row.declared))),
                "forward " + line(row.left) + "\n");
    }
  }
}

TEST(DeclaredFeatures, WhatIsAskedAllTheSameIsDeniedAndRecordedAsThat) {
  GateBench bench;
  bench.judge.session_settings.client_features =
      Denying(&FeatureSettings::sampling);
  (void)bench.Client(Handshake(R"({"sampling":{}})"));
  const Verdict verdict = bench.Server(
      R"({"jsonrpc":"2.0","id":7,"method":"sampling/createMessage"})");
  EXPECT_EQ(verdict.kind, Kind::kAnswer);
  EXPECT_NE(verdict.bytes.find("denied-by-rule"), verdict.bytes.npos);
  ASSERT_TRUE(bench.back.Flush().ok());
  EXPECT_EQ(bench.records().at(0).event, "client initialized");
  EXPECT_NE(bench.records().at(0).detail, "");
}

}  // namespace
}  // namespace gatehouse
