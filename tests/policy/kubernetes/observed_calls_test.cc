// SPDX-License-Identifier: Apache-2.0
// Recorded calls of real servers with what an API server saw of them: our
// requests must allow for every part of the truth, or say that the call is
// unclear. Registered only where the recordings are (they are not part of this
// repository).
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include "policy/kubernetes/classifier.h"
#include "policy/kubernetes/kubeconfig.h"
#include "policy/kubernetes/tables.h"
#include "policy/kubernetes/tool_profile.h"

namespace gatehouse {
namespace {

const std::filesystem::path kFolder =
    GATEHOUSE_SOURCE_DIR "/../shared/data/calls";

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

struct Seen {
  std::string verb, resource, namespace_name, name, context;
};

std::string Text(const JsonValue& object, std::string_view key) {
  return std::string(StringMember(object, key).value_or(""));
}

std::vector<Seen> SeenIn(const JsonValue& truth) {
  std::vector<Seen> seen;
  const JsonValue* objects = Member(truth, "objects");
  if (objects == nullptr) return seen;
  for (const JsonValue* object : Elements(*objects)) {
    Seen one{Text(*object, "verb"), Text(*object, "resource"),
             Text(*object, "namespace"), Text(*object, "name"),
             Text(*object, "context")};
    // What kubectl and servers ask about themselves is discovery.
    if (one.resource.starts_with("authorization.k8s.io/self")) continue;
    seen.push_back(std::move(one));
  }
  return seen;
}

// "apps/deployments/scale" or "pods/log", as the recordings write them.
std::string ResourceOf(const Request& request) {
  std::string text = *request.group;
  if (!text.empty()) text += '/';
  text += request.resource.value_or("");
  if (!request.subresource.value_or("").empty()) {
    text += '/' + *request.subresource;
  }
  return text;
}

bool VerbCovers(const Request& request, const std::string& verb) {
  if (VerbName(request.verb) == verb) return true;
  const bool named = request.verb == Verb::kExec ||
                     request.verb == Verb::kForward ||
                     request.verb == Verb::kEscalate;
  return named && (verb == "get" || verb == "create" || verb == "update");
}

bool Covers(const Request& request, const Seen& seen) {
  if (request.verb == Verb::kUnclear) return true;
  if (request.verb == Verb::kRaw) return true;
  if (!VerbCovers(request, seen.verb)) return false;
  if (request.context && *request.context != seen.context &&
      !seen.context.empty()) {
    return false;
  }
  if (request.group && request.resource &&
      ResourceOf(request) != seen.resource) {
    return false;
  }
  if (request.namespace_name && !request.all_namespaces &&
      *request.namespace_name != seen.namespace_name) {
    return false;
  }
  return !request.name || request.name->empty() || seen.name.empty() ||
         *request.name == seen.name;
}

struct Tally {
  int calls = 0;
  int benign = 0;
  int unclear = 0;
};

class Recordings {
 public:
  Recordings() : tables_(KubernetesTables::Embedded()) {
    const SourceText file{"kubeconfig", ReadFile(kFolder / "kubeconfig.yaml")};
    cluster_ = ReadKubeconfig({&file, 1}).value();
  }

  void Check(const JsonValue& row) {
    const std::string server = Text(row, "server");
    const std::string name = server.substr(0, server.find('@'));
    if (!profiles_.contains(name)) profiles_[name] = EmbeddedProfile(name);
    const std::shared_ptr<const ToolProfile> profile = profiles_[name];
    if (profile == nullptr || Text(row, "tool").starts_with("resources/read")) {
      return;
    }
    const Classifier classifier(profile, tables_);
    const std::string tool = Text(row, "tool");
    const Classification made =
        classifier.Classify({tool, Member(row, "arguments")}, cluster_);
    const JsonValue& truth = *Member(row, "truth");
    Compare(row, truth, made);
    Count(row, truth, made);
  }

  Tally tally;

 private:
  static void Compare(const JsonValue& row, const JsonValue& truth,
                      const Classification& made) {
    if (Text(truth, "effect") == "none") return;
    for (const Seen& seen : SeenIn(truth)) {
      const bool covered =
          std::any_of(made.requests.begin(), made.requests.end(),
                      [&](const Request& r) { return Covers(r, seen); });
      EXPECT_TRUE(covered) << "missed: " << seen.verb << " " << seen.resource
                           << " " << seen.namespace_name << "/" << seen.name
                           << " @" << seen.context << Told(row, made);
    }
    const std::string effect = Text(truth, "effect");
    if (effect == "context" || (effect == "secret" && SeenIn(truth).empty())) {
      const bool named = std::any_of(
          made.requests.begin(), made.requests.end(), [](const Request& r) {
            return r.verb == Verb::kConfig || r.verb == Verb::kUnclear ||
                   r.verb == Verb::kRaw || r.verb == Verb::kLocal;
          });
      EXPECT_TRUE(named) << "missed: " << effect << Told(row, made);
    }
  }

  void Count(const JsonValue& row, const JsonValue& truth,
             const Classification& made) {
    ++tally.calls;
    const std::string effect = Text(truth, "effect");
    const bool benign = (effect == "read" || effect == "write") &&
                        Text(row, "seen") == "run" &&
                        Member(truth, "potential") == nullptr;
    if (!benign) return;
    ++tally.benign;
    if (!made.unclear) return;
    ++tally.unclear;
    std::cout << "unclear: " << Text(row, "id") << " " << Text(row, "tool")
              << " " << Member(row, "arguments")->dump().substr(0, 200) << ": "
              << made.unclear->reason << " [" << made.unclear->argument
              << "]\n";
  }

  static std::string Told(const JsonValue& row, const Classification& made) {
    std::string text = "\n  " + Text(row, "id") + " " + Text(row, "tool") +
                       " " + Member(row, "arguments")->dump();
    for (const Request& request : made.requests) {
      text += "\n    " + Describe(request);
    }
    return text;
  }

  std::shared_ptr<const KubernetesTables> tables_;
  std::map<std::string, std::shared_ptr<const ToolProfile>> profiles_;
  ClusterView cluster_;
};

class ObservedCalls : public testing::Test {
 public:
  void TestBody() override {
    Recordings recordings;
    std::ifstream file(kFolder / "observed.jsonl");
    std::string line;
    while (std::getline(file, line)) {
      const Result<JsonValue> row = ParseJson(line);
      if (row.ok()) recordings.Check(row.value());
    }
    const Tally& tally = recordings.tally;
    std::cout << tally.calls << " calls; benign " << tally.benign
              << ", of which unclear " << tally.unclear << "\n";
    EXPECT_GT(tally.calls, 250);
    // What is left is not well-formed: paths and lists as names, tags, merge
    // keys, files and URLs, charts, tools that are not listed by default.
    EXPECT_LE(tally.unclear, 34);
  }
};

const bool kRegistered = [] {
  if (!std::filesystem::exists(kFolder / "observed.jsonl")) return false;
  testing::RegisterTest("ObservedCalls", "AreCovered", nullptr, nullptr,
                        __FILE__, __LINE__,
                        []() -> testing::Test* { return new ObservedCalls; });
  return true;
}();

}  // namespace
}  // namespace gatehouse
