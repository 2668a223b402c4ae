// SPDX-License-Identifier: Apache-2.0
// Recorded calls of real servers with what an API server saw of them, through
// `gatehouse policy explain --calls`: the requests it prints must allow for
// every part of the truth, or say that the call is unclear; and of the calls
// in benign_calls.txt under 1 % may be unclear. Every server that has a profile
// is checked. Registered only where the recordings are (they are not part of
// this repository).

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>

#include "policy/json_value.h"
#include "tests/support/guard_process.h"

namespace gatehouse::testing {
namespace {

const std::string kFolder = GATEHOUSE_SOURCE_DIR "/../shared/data/calls";
const std::string kBenign = GATEHOUSE_SOURCE_DIR "/tests/e2e/benign_calls.txt";

std::string Text(const JsonValue& object, std::string_view key) {
  return std::string(StringMember(object, key).value_or(""));
}

std::vector<JsonValue> ReadLines(std::istream& in) {
  std::vector<JsonValue> rows;
  for (std::string line; std::getline(in, line);) {
    Result<JsonValue> row = ParseJson(line);
    if (row.ok()) rows.push_back(std::move(row).value());
  }
  return rows;
}

// One object of the truth: what the API server saw.
struct Seen {
  std::string verb, resource, namespace_name, name, context;
};

std::vector<Seen> SeenIn(const JsonValue& truth) {
  std::vector<Seen> seen;
  for (const JsonValue* object : Elements(*Member(truth, "objects"))) {
    Seen one{Text(*object, "verb"), Text(*object, "resource"),
             Text(*object, "namespace"), Text(*object, "name"),
             Text(*object, "context")};
    // What kubectl and servers ask about themselves is discovery.
    if (one.resource.starts_with("authorization.k8s.io/self")) continue;
    seen.push_back(std::move(one));
  }
  return seen;
}

// A printed request's field: "null" is not known, and then any.
bool Is(const JsonValue& request, std::string_view key,
        const std::string& value) {
  const JsonValue* field = Member(request, key);
  return field == nullptr || KindOf(*field) == JsonKind::kNull ||
         Text(request, key) == value;
}

bool IsKnown(const JsonValue& request, std::string_view key) {
  return StringMember(request, key).has_value();
}

// "apps/deployments/scale" or "pods/log", as the recordings write them.
std::string ResourceOf(const JsonValue& request) {
  std::string text = Text(request, "group");
  if (!text.empty()) text += '/';
  text += Text(request, "resource");
  const std::string subresource = Text(request, "subresource");
  return subresource.empty() ? text : text + '/' + subresource;
}

// exec, forward and escalate stand for verbs of the API.
bool VerbCovers(const std::string& verb, const std::string& seen) {
  if (verb == seen) return true;
  if (verb == "escalate") return seen != "get" && seen != "list";
  return (verb == "exec" || verb == "forward") &&
         (seen == "get" || seen == "create");
}

bool Covers(const JsonValue& request, const Seen& seen) {
  const std::string verb = Text(request, "verb");
  if (verb == "unclear" || verb == "raw") return true;
  const bool everywhere =
      AsBool(*Member(request, "all_namespaces")).value_or(false);
  const bool resource = !IsKnown(request, "group") ||
                        !IsKnown(request, "resource") ||
                        ResourceOf(request) == seen.resource;
  const bool context = seen.context.empty() || seen.context == "<current>" ||
                       Is(request, "context", seen.context);
  // A name that the server makes up is not in a create of ours.
  const bool name = seen.name.empty() || Is(request, "name", seen.name) ||
                    (verb == "create" && Text(request, "name").empty());
  return VerbCovers(verb, seen.verb) && resource && context && name &&
         (everywhere || Is(request, "namespace", seen.namespace_name));
}

bool ChangesNoCluster(const std::string& effect) {
  return effect == "none" || effect == "local";
}

struct Tally {
  int calls = 0;
  int missed = 0;
  int benign = 0;
  int unclear = 0;
};

// `benign_calls.txt`: the ids that count, and those left out ("- id: why").
struct BenignSet {
  std::set<std::string> ids;
  std::set<std::string> left_out;
};

BenignSet ReadBenign() {
  BenignSet set;
  std::ifstream file(kBenign);
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with("#")) continue;
    if (line.starts_with("- ")) {
      set.left_out.insert(line.substr(2, line.find(':') - 2));
    } else {
      set.ids.insert(line);
    }
  }
  return set;
}

class Comparison {
 public:
  Comparison() : benign_(ReadBenign()) {}

  void Compare(const JsonValue& row, const JsonValue& printed) {
    if (Member(printed, "error") != nullptr) return NoteNoProfile(row, printed);
    ++tally.calls;
    if (!Missed(row, printed).empty()) ++tally.missed;
    EXPECT_EQ(Missed(row, printed), "") << Told(row, printed);
    Count(row, printed);
  }

  Tally tally;
  std::map<std::string, int> without_profile;

 private:
  void NoteNoProfile(const JsonValue& row, const JsonValue& printed) {
    EXPECT_NE(Text(printed, "error").find("no profile"), std::string::npos)
        << Told(row, printed);
    ++without_profile[Text(row, "server")];
  }

  static std::string Missed(const JsonValue& row, const JsonValue& printed) {
    const JsonValue& truth = *Member(row, "truth");
    const std::string effect = Text(truth, "effect");
    const std::vector<const JsonValue*> requests =
        Elements(*Member(printed, "requests"));
    for (const Seen& seen : SeenIn(truth)) {
      if (ChangesNoCluster(effect)) break;
      const bool covered =
          std::any_of(requests.begin(), requests.end(),
                      [&](const JsonValue* r) { return Covers(*r, seen); });
      if (!covered) {
        return "missed: " + seen.verb + " " + seen.resource + " " +
               seen.namespace_name + "/" + seen.name + " @" + seen.context;
      }
    }
    // No object was recorded: a secret of the kubeconfig or, where the row is
    // read from source, of the cluster.
    const bool of_the_kubeconfig =
        effect == "context" || (effect == "secret" && SeenIn(truth).empty());
    const bool named =
        std::any_of(requests.begin(), requests.end(), [&](const JsonValue* r) {
          const std::set<std::string> powers = {"config", "unclear", "raw",
                                                "local"};
          return powers.contains(Text(*r, "verb")) ||
                 (effect == "secret" && Text(*r, "resource") == "secrets");
        });
    return of_the_kubeconfig && !named ? "missed: " + effect : "";
  }

  // Benign by its record; the list says which of those are well-formed.
  void Count(const JsonValue& row, const JsonValue& printed) {
    const JsonValue& truth = *Member(row, "truth");
    const std::string effect = Text(truth, "effect");
    const std::string id = Text(row, "id");
    const bool candidate = (effect == "read" || effect == "write") &&
                           Text(row, "seen") == "run" &&
                           Member(truth, "potential") == nullptr;
    const bool listed = benign_.ids.contains(id);
    EXPECT_EQ(candidate, listed || benign_.left_out.contains(id))
        << id << " is missing from benign_calls.txt, or does not belong there";
    if (!listed) return;
    ++tally.benign;
    if (KindOf(*Member(printed, "unclear")) == JsonKind::kNull) return;
    ++tally.unclear;
    std::cout << "unclear: " << Told(row, printed) << "\n";
  }

  static std::string Told(const JsonValue& row, const JsonValue& printed) {
    return Text(row, "id") + " " + Text(row, "server") + " " +
           Text(row, "tool") + " " + Member(row, "arguments")->dump() +
           "\n  printed: " + printed.dump();
  }

  BenignSet benign_;
};

double Percent(int part, int whole) {
  return whole == 0 ? 0 : 100.0 * part / whole;
}

class ObservedCalls : public ::testing::Test {
 public:
  void TestBody() override {
    const CommandResult explained = RunGatehouse(
        {"policy", "explain", "--policy", "read-only", "--kubeconfig",
         kFolder + "/kubeconfig.yaml", "--calls", kFolder + "/observed.jsonl"});
    std::istringstream output(explained.output);
    std::ifstream file(kFolder + "/observed.jsonl");
    const std::vector<JsonValue> printed = ReadLines(output);
    const std::vector<JsonValue> rows = ReadLines(file);
    ASSERT_EQ(printed.size(), rows.size()) << explained.output.substr(0, 400);
    Comparison comparison;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      // A resource's URI is no tool call: explain does not take it.
      if (Text(rows[i], "tool").starts_with("resources/read")) continue;
      comparison.Compare(rows[i], printed[i]);
    }
    Report(comparison);
  }

 private:
  static void Report(const Comparison& comparison) {
    const Tally& tally = comparison.tally;
    for (const auto& [server, count] : comparison.without_profile) {
      std::cout << server << ": no profile (" << count << " calls)\n";
    }
    std::cout << "missed:  " << tally.missed << " of " << tally.calls
              << " calls (" << Percent(tally.missed, tally.calls) << " %)\n"
              << "unclear: " << tally.unclear << " of " << tally.benign
              << " benign calls (" << Percent(tally.unclear, tally.benign)
              << " %)\n";
    EXPECT_GE(tally.calls, 290);
    EXPECT_GE(tally.benign, 100);
    EXPECT_LT(Percent(tally.unclear, tally.benign), 1.0);
  }
};

const bool kRegistered = [] {
  if (!std::filesystem::exists(kFolder + "/observed.jsonl")) return false;
  ::testing::RegisterTest(
      "ObservedCalls", "AreCovered", nullptr, nullptr, __FILE__, __LINE__,
      []() -> ::testing::Test* { return new ObservedCalls; });
  return true;
}();

}  // namespace
}  // namespace gatehouse::testing
