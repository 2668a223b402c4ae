// SPDX-License-Identifier: Apache-2.0
// helm's command line against helm itself: what the real helm 3.17, 4.1 and 4.2
// asked of an API server (tests/golden/helm, written by scripts/record-helm)
// must be allowed for by the requests that we read out of the same words. What
// a chart may hold beyond its namespace counts only outside of that namespace.
//
// `make helm-goldens` runs the helm on PATH again and checks this against what
// it does then; GATEHOUSE_HELM_GOLDENS names that folder.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <sstream>

#include "policy/json_value.h"
#include "policy/kubernetes/command_table.h"
#include "policy/kubernetes/helm_requests.h"
#include "policy/kubernetes/tables.h"
#include "tests/policy/kubernetes/golden_fixture.h"
#include "tests/policy/kubernetes/kubectl_fixture.h"
#include "tests/support/api_truth.h"
#include "tests/support/process_census.h"

namespace gatehouse {
namespace {

std::vector<std::filesystem::path> Recordings(const std::string& kind) {
  const char* other = std::getenv("GATEHOUSE_HELM_GOLDENS");
  const std::filesystem::path folder =
      other == nullptr ? GATEHOUSE_SOURCE_DIR "/tests/golden/helm" : other;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    if (name.starts_with(kind)) files.push_back(entry.path());
  }
  return files;
}

// The namespace that the chart's own requests are said to be in; "?" none.
std::string ChartNamespace(const Meaning& meaning) {
  for (const Request& request : meaning.requests) {
    if (request.helm == HelmPart::kChart && request.namespace_name) {
      return *request.namespace_name;
    }
  }
  return "?";
}

// Seen, and named by nothing: not even by "beyond", where it is in the
// release's own namespace.
std::vector<std::string> Missed(const std::vector<std::string>& log,
                                const Meaning& meaning) {
  std::vector<Request> named = meaning.requests;
  if (!meaning.unclear) {
    std::erase_if(named, [](const Request& request) {
      return request.verb == Verb::kUnclear;
    });
  }
  std::vector<std::string> missed = testing::Uncovered(log, named);
  const std::string inside = ChartNamespace(meaning);
  std::erase_if(missed, [&](const std::string& line) {
    return meaning.beyond && testing::SeenIn(line)->namespace_name != inside;
  });
  return missed;
}

TEST(HelmGolden, WhatHelmAsksForIsNamed) {
  int calls = 0, reaching = 0, unclear = 0;
  for (const auto& path : Recordings("calls-")) {
    for (const JsonValue& line : LinesOf(path)) {
      const std::vector<std::string> argv = TextsOf(line, "argv");
      if (argv.empty()) continue;
      std::vector<std::string> log;
      for (const std::string& text : TextsOf(line, "seen")) {
        log.push_back(text + " -> 200");
      }
      const Meaning meaning =
          MeaningOfHelm(argv, *KubectlTables(), SampleContexts());
      SCOPED_TRACE(path.filename().string() + " " +
                   ::testing::PrintToString(argv) +
                   testing::Told(meaning.requests));
      for (const std::string& one : Missed(log, meaning)) {
        ADD_FAILURE() << "helm asks for " << one;
      }
      ++calls;
      reaching += log.empty() ? 0 : 1;
      unclear += !log.empty() && meaning.unclear ? 1 : 0;
    }
  }
  std::cout << "helm: " << calls << " calls, " << reaching
            << " reach the API, of these " << unclear << " unclear\n";
  EXPECT_GE(calls, 70);
  EXPECT_GE(reaching, 40);
  EXPECT_LE(unclear, reaching / 40);
}

// "output/o=" as the recorder writes a flag.
std::string Written(const CommandFlag& flag) {
  std::string text = flag.name;
  if (flag.short_name != '\0') text += std::string("/") + flag.short_name;
  return text + (flag.optional_value ? "?" : flag.takes_value ? "=" : "");
}

// A switch that takes a value in another version stands as "?".
bool HasFlag(const CommandRow& row, std::string flag) {
  const auto is = [&](const CommandFlag& own) { return Written(own) == flag; };
  if (std::any_of(row.flags.begin(), row.flags.end(), is)) return true;
  flag += "?";
  return flag.find('=') == std::string::npos &&
         std::any_of(row.flags.begin(), row.flags.end(), is);
}

TEST(HelmGolden, EveryCommandAndFlagIsInTheTable) {
  const CommandTable& table = KubectlTables()->helm();
  for (const auto& path : Recordings("flags-")) {
    int commands = 0;
    for (const JsonValue& line : LinesOf(path)) {
      const auto command = StringMember(line, "command");
      if (!command || AsBool(*Member(line, "group")) == true) continue;
      const CommandRow* row = table.Find(*command);
      ++commands;
      if (row == nullptr) {
        ADD_FAILURE() << path.filename() << ": no " << *command;
        continue;
      }
      for (const std::string& flag : TextsOf(line, "flags")) {
        EXPECT_TRUE(HasFlag(*row, flag)) << *command << " --" << flag;
      }
      const std::string parent =
          std::string(*command).substr(0, command->rfind(' ') + 1);
      for (const std::string& alias : TextsOf(line, "aliases")) {
        const std::string name =
            command->find(' ') == std::string::npos ? alias : parent + alias;
        EXPECT_EQ(table.Find(name), row) << name;
      }
    }
    EXPECT_GE(commands, 45) << path;
  }
}

}  // namespace
}  // namespace gatehouse
