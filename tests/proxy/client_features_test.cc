// SPDX-License-Identifier: Apache-2.0
#include "proxy/client_features.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "policy/json_value.h"

namespace gatehouse {
namespace {

using enum ClientFeature;

TEST(ClientFeatures, AreWhatTheCapabilitiesDeclare) {
  struct Row {
    std::string capabilities;
    std::vector<ClientFeature> has;
  };
  const std::vector<Row> rows = {
      {"{}", {}},
      {"[]", {}},
      {R"({"sampling":{}})", {kSampling}},
      {R"({"sampling":true,"roots":"yes"})", {}},
      {R"({"sampling":{"tools":{}}})", {kSampling, kSamplingTools}},
      {R"({"sampling":{"context":{},"tools":true}})",
       {kSampling, kSamplingContext}},
      {R"({"sampling":true,"tasks":{"requests":{"sampling":)"
       R"({"createMessage":{}}}}})",
       {kSamplingTask}},
      {R"({"tasks":{"requests":{"elicitation":{"create":{}},)"
       R"("sampling":{}}}})",
       {kElicitationTask}},
      {R"({"tasks":{"sampling":{"createMessage":{}}}})", {}},
      {R"({"roots":{"listChanged":true}})", {kRoots}},
      {R"({"elicitation":{}})", {kElicitation}},
      {R"({"elicitation":{"form":{}}})", {kElicitation}},
      {R"({"elicitation":{"url":{}}})", {kElicitationUrl}},
      {R"({"elicitation":{"form":{},"url":{}}})",
       {kElicitation, kElicitationUrl}},
  };
  for (const Row& row : rows) {
    const auto value = ParseJson(row.capabilities);
    ASSERT_TRUE(value.ok());
    const ClientFeatures features = ReadClientFeatures(value.value());
    for (const ClientFeature feature :
         {kNone, kSampling, kElicitation, kElicitationUrl, kRoots,
          kSamplingTools, kSamplingContext, kSamplingTask, kElicitationTask}) {
      const bool expected =
          std::find(row.has.begin(), row.has.end(), feature) != row.has.end();
      EXPECT_EQ(features.Has(feature), expected) << row.capabilities;
    }
  }
}

}  // namespace
}  // namespace gatehouse
