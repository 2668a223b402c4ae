// SPDX-License-Identifier: Apache-2.0
// kubectl's command line against kubectl itself: what a real kubectl asked of
// an API server (tests/golden/kubectl, written by scripts/record-kubectl) must
// be allowed for by the requests that we read out of the same words, or the
// call must be unclear; and ordinary calls must be read without a rest.
//
// `make kubectl-goldens` runs the kubectl on PATH again and checks this against
// what it does then; GATEHOUSE_KUBECTL_GOLDENS names that folder.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>

#include "policy/json_value.h"
#include "policy/kubernetes/command_table.h"
#include "policy/kubernetes/kubectl_requests.h"
#include "policy/kubernetes/tables.h"
#include "tests/policy/kubernetes/golden_fixture.h"
#include "tests/policy/kubernetes/kubectl_fixture.h"
#include "tests/support/api_truth.h"
#include "tests/support/process_census.h"

namespace gatehouse {
namespace {

using testing::SeenRequest;

const std::filesystem::path kGoldens =
    GATEHOUSE_SOURCE_DIR "/tests/golden/kubectl";

std::filesystem::path Recordings() {
  const char* other = std::getenv("GATEHOUSE_KUBECTL_GOLDENS");
  return other == nullptr ? kGoldens : std::filesystem::path(other);
}

std::string TextOf(const JsonValue& line, std::string_view key) {
  return std::string(StringMember(line, key).value_or(""));
}

// "{two.yaml}" is a manifest that a server would have written to a file.
Meaning MeaningOf(std::vector<std::string> argv) {
  std::string manifest;
  for (std::string& word : argv) {
    if (!word.starts_with('{') || !word.ends_with(".yaml}")) continue;
    manifest =
        testing::ReadFile(kGoldens / "files" / word.substr(1, word.size() - 2));
    word = kInlineManifest;
  }
  return MeaningOfKubectl({argv, manifest.empty() ? nullptr : &manifest},
                          *KubectlTables(), SampleContexts());
}

bool IsSeen(const Request& request, const std::vector<SeenRequest>& seen) {
  std::set<std::string> places;
  for (const SeenRequest& one : seen) {
    if (request.resource != one.resource || request.group != one.group) {
      continue;
    }
    if (request.namespace_name == one.namespace_name) return true;
    if (one.resource == "namespaces") return true;
    places.insert(one.namespace_name);
  }
  // Over all namespaces: that may be one after the other.
  return request.all_namespaces && places.size() > 1;
}

// What an ordinary call names beyond what was seen: another type, or another
// namespace.
std::vector<std::string> TooMuch(const Meaning& meaning,
                                 const std::vector<SeenRequest>& seen) {
  std::vector<std::string> beyond;
  for (const Request& request : meaning.requests) {
    if (HasNoObject(request.verb) || IsSeen(request, seen)) continue;
    // The stand-in has no custom resources that a category could hold.
    if (request.custom && request.custom->word.empty()) continue;
    beyond.push_back(Describe(request));
  }
  return beyond;
}

struct Tally {
  int calls = 0, reaching = 0, reaching_unclear = 0, ordinary = 0;
};

void Check(const JsonValue& line, Tally& tally) {
  std::vector<std::string> log;
  std::vector<SeenRequest> seen;
  for (const std::string& text : TextsOf(line, "seen")) {
    log.push_back(text + " -> 200");
    if (auto one = testing::SeenIn(log.back())) seen.push_back(*one);
  }
  const std::vector<std::string> argv = TextsOf(line, "argv");
  const Meaning meaning = MeaningOf(argv);
  SCOPED_TRACE(::testing::PrintToString(argv) +
               testing::Told(meaning.requests) +
               (meaning.unclear ? "\n  " + meaning.unclear->reason : ""));
  for (const std::string& missed : testing::Uncovered(log, meaning.requests)) {
    ADD_FAILURE() << "kubectl asks for " << missed;
  }
  ++tally.calls;
  if (!seen.empty()) ++tally.reaching;
  if (!seen.empty() && meaning.unclear) ++tally.reaching_unclear;
  if (AsBool(Member(line, "ordinary") ? *Member(line, "ordinary") : JsonValue())
          .value_or(false)) {
    ++tally.ordinary;
    EXPECT_FALSE(meaning.unclear) << meaning.unclear->reason;
    for (const std::string& more : TooMuch(meaning, seen)) {
      ADD_FAILURE() << "kubectl never asks for " << more;
    }
  }
}

TEST(KubectlGolden, WhatKubectlAsksForIsNamed) {
  Tally tally;
  std::string version;
  for (const JsonValue& line : LinesOf(Recordings() / "calls.jsonl")) {
    if (Member(line, "kubectl") != nullptr) version = TextOf(line, "kubectl");
    if (Member(line, "argv") != nullptr) Check(line, tally);
  }
  std::cout << tally.calls << " calls of kubectl " << version << "; "
            << tally.reaching << " reach the API, of which "
            << tally.reaching_unclear << " are unclear; " << tally.ordinary
            << " ordinary\n";
  EXPECT_FALSE(version.empty());
  EXPECT_GE(tally.calls, 1000);
  EXPECT_GE(tally.ordinary, 200);
}

// "output/o=", as in kubectl.yaml.
std::string WrittenOut(const CommandFlag& flag, bool with_short) {
  std::string text = flag.name;
  if (with_short && flag.short_name != '\0') {
    text += std::string("/") + flag.short_name;
  }
  return text + (flag.takes_value ? "=" : flag.optional_value ? "?" : "");
}

const CommandFlag* FlagOf(const CommandRow* command, const std::string& flag) {
  const std::string name = flag.substr(0, flag.find_first_of("/=?"));
  const CommandFlag* own =
      command == nullptr ? nullptr : command->FindFlag(name);
  return own != nullptr ? own
                        : KubectlTables()->kubectl().global().FindFlag(name);
}

// One command of a recording: it is there under each of its names, with each
// of its flags, and each flag takes what it takes.
void CheckCommand(const JsonValue& line, std::set<std::string>& known) {
  const CommandTable& table = KubectlTables()->kubectl();
  const std::string path = TextOf(line, "command");
  const CommandRow* command = path.empty() ? &table.global() : table.Find(path);
  EXPECT_TRUE(command != nullptr || table.IsGroup(path)) << path;
  for (const std::string& alias : TextsOf(line, "aliases")) {
    const std::string other = path.substr(0, path.rfind(' ') + 1) + alias;
    EXPECT_TRUE(table.Find(other) == command) << path << " is " << other;
  }
  for (const std::string& written : TextsOf(line, "flags")) {
    const CommandFlag* flag = FlagOf(command, written);
    EXPECT_NE(flag, nullptr) << path << " --" << written;
    if (flag == nullptr) continue;
    known.insert(path + " " + flag->name);
    // An older kubectl may not have the short name yet.
    const bool with_short = written.find('/') != std::string::npos;
    EXPECT_EQ(WrittenOut(*flag, with_short), written) << path;
  }
}

// Every flag that a recording has, as "COMMAND FLAG".
std::set<std::string> CheckRecordings(const std::filesystem::path& folder) {
  std::set<std::string> known;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    if (!name.starts_with("flags-")) continue;
    SCOPED_TRACE(name);
    for (const JsonValue& line : LinesOf(entry.path())) {
      if (Member(line, "command") != nullptr) CheckCommand(line, known);
    }
  }
  return known;
}

TEST(KubectlGolden, TheTableHasEveryCommandAndFlag) {
  EXPECT_GT(CheckRecordings(Recordings()).size(), 900u);
}

TEST(KubectlGolden, TheTableHasNoFlagThatNoKubectlHas) {
  std::set<std::string> known = CheckRecordings(kGoldens);
  known.insert("apply applyset");  // shown only with KUBECTL_APPLYSET set
  for (const CommandRow& command : KubectlTables()->kubectl().commands()) {
    for (const CommandFlag& flag : command.flags) {
      EXPECT_TRUE(known.contains(command.path + " " + flag.name))
          << command.path << " --" << flag.name;
    }
  }
}

}  // namespace
}  // namespace gatehouse
