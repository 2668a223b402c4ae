// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the tests against recordings of kubectl and helm share.

#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "policy/json_value.h"
#include "policy/kubernetes/kubeconfig.h"
#include "tests/support/process_census.h"

namespace gatehouse {

// The kubeconfig that gatehouse-sample-cluster writes.
inline ClusterView SampleContexts() {
  return {"sample",
          {{"sample", "sample", "", "sample-user", "default"},
           {"other", "sample", "", "sample-user", "dev"}}};
}

inline std::vector<JsonValue> LinesOf(const std::filesystem::path& path) {
  std::vector<JsonValue> lines;
  std::istringstream text(testing::ReadFile(path));
  for (std::string line; std::getline(text, line);) {
    Result<JsonValue> value = ParseJson(line);
    EXPECT_TRUE(value.ok()) << path << ": " << line;
    if (value.ok()) lines.push_back(std::move(value).value());
  }
  return lines;
}

inline std::vector<std::string> TextsOf(const JsonValue& line,
                                        std::string_view key) {
  std::vector<std::string> texts;
  const JsonValue* list = Member(line, key);
  if (list == nullptr) return texts;
  for (const JsonValue* item : Elements(*list)) {
    texts.emplace_back(AsString(*item).value_or(""));
  }
  return texts;
}

}  // namespace gatehouse
