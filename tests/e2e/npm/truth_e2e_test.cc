// SPDX-License-Identifier: Apache-2.0
// What the profiles say of a call, against what the real server does with it:
// every request that the API saw must be among those that the classifier
// names, unless it says that the call is unclear. No guard stands between.
//
// Not counted: discovery, reviews of one's own rights, and kubectl's question
// whether the namespace of a missing object is there.

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "policy/kubernetes/classifier.h"
#include "policy/kubernetes/kubeconfig.h"
#include "policy/kubernetes/tables.h"
#include "policy/kubernetes/tool_profile.h"
#include "tests/e2e/npm/npm_fixture.h"
#include "tests/e2e/npm/truth_rows.h"
#include "tests/support/process_census.h"

namespace gatehouse::testing {
namespace {

struct Seen {
  std::string verb, group, resource, subresource, namespace_name, name, line;
};

std::vector<std::string> PartsOf(std::string_view path) {
  std::vector<std::string> parts;
  std::string part;
  for (char c : std::string(path) + "/") {
    if (c != '/') {
      part += c;
    } else if (!part.empty()) {
      parts.push_back(std::exchange(part, ""));
    }
  }
  return parts;
}

std::string VerbOf(std::string_view method, std::string_view query,
                   const std::string& name) {
  if (query.find("watch=") != std::string_view::npos) return "watch";
  if (method == "GET") return name.empty() ? "list" : "get";
  if (method == "POST") return "create";
  if (method == "PUT") return "update";
  if (method == "PATCH") return "patch";
  return name.empty() ? "deletecollection" : "delete";
}

// "GET /api/v1/namespaces/dev/pods/web/log?x=y -> 200"; nullopt: discovery.
std::optional<Seen> SeenIn(const std::string& line) {
  const std::size_t blank = line.find(' ');
  const std::string target =
      line.substr(blank + 1, line.rfind(" -> ") - blank - 1);
  const std::size_t mark = std::min(target.find('?'), target.size());
  const std::vector<std::string> parts = PartsOf(target.substr(0, mark));
  const bool core = !parts.empty() && parts[0] == "api";
  std::size_t at = core ? 2 : 3;
  if (parts.size() <= at || (!core && parts[0] != "apis")) return std::nullopt;
  Seen seen;
  seen.line = line;
  if (!core) seen.group = parts[1];
  const auto part = [&](std::size_t i) {
    return at + i < parts.size() ? parts[at + i] : std::string();
  };
  if (part(0) == "namespaces" && !part(2).empty() && part(2) != "status" &&
      part(2) != "finalize") {
    seen.namespace_name = part(1);
    at += 2;
  }
  seen.resource = part(0);
  seen.name = part(1);
  seen.subresource = part(2);
  seen.verb = VerbOf(line.substr(0, blank), target.substr(mark), seen.name);
  if (seen.resource.starts_with("self")) return std::nullopt;
  return seen;
}

bool VerbCovers(Verb verb, const std::string& seen) {
  if (VerbName(verb) == seen) return true;
  const bool named = verb == Verb::kExec || verb == Verb::kForward;
  return named && (seen == "get" || seen == "create");
}

bool NameCovers(const Request& request, const Seen& seen) {
  if (!request.name) return true;
  if (seen.name.empty()) {
    return request.name->empty() || request.verb == Verb::kCreate;
  }
  return *request.name == seen.name;
}

bool Covers(const Request& request, const Seen& seen) {
  if (request.verb == Verb::kUnclear || request.verb == Verb::kRaw) return true;
  const auto is = [](const std::optional<std::string>& known,
                     const std::string& value) {
    return !known || *known == value;
  };
  return VerbCovers(request.verb, seen.verb) && is(request.group, seen.group) &&
         is(request.resource, seen.resource) &&
         is(request.subresource, seen.subresource) &&
         (request.all_namespaces ||
          is(request.namespace_name, seen.namespace_name)) &&
         NameCovers(request, seen);
}

bool IsNamespaceProbe(const Seen& seen, const Classification& made) {
  return seen.resource == "namespaces" && seen.verb == "get" &&
         std::any_of(made.requests.begin(), made.requests.end(),
                     [&](const Request& request) {
                       return request.namespace_name == seen.name;
                     });
}

// A cluster of its own: these calls change it.
class TruthOfServers : public NpmServers {
 protected:
  // Gives how many of the calls reached the API.
  int CheckAll(const std::string& server, std::span<const TruthRow> rows) {
    auto bare = McpClient::Start({FindNpmServer(server)});
    if (bare == nullptr) return 0;
    const Classifier classifier(EmbeddedProfile(server),
                                KubernetesTables::Embedded());
    const SourceText file{"kubeconfig", ReadFile(cluster_->kubeconfig())};
    const ClusterView view = ReadKubeconfig({&file, 1}).value();
    int reached = 0;
    for (const TruthRow& row : rows) {
      const JsonValue arguments = ParseJson(row.arguments).value();
      const std::size_t mark = cluster_->Mark();
      bare->Call(row.tool, row.arguments);
      const Classification made =
          classifier.Classify({row.tool, &arguments}, view);
      if (Check(row, made, cluster_->Since(mark))) ++reached;
    }
    return reached;
  }

 private:
  static bool Check(const TruthRow& row, const Classification& made,
                    const std::vector<std::string>& lines) {
    bool reached = false;
    for (const std::string& line : lines) {
      const std::optional<Seen> seen = SeenIn(line);
      if (!seen) continue;
      reached = true;
      const bool covered =
          std::any_of(made.requests.begin(), made.requests.end(),
                      [&](const Request& r) { return Covers(r, *seen); });
      EXPECT_TRUE(covered || IsNamespaceProbe(*seen, made))
          << row.tool << " " << row.arguments << "\n  the API saw " << line
          << Told(made);
    }
    return reached;
  }

  static std::string Told(const Classification& made) {
    std::string text;
    for (const Request& request : made.requests) {
      text += "\n  the profile says " + Describe(request);
    }
    return text;
  }
};

TEST_F(TruthOfServers, GoServerDoesWhatItsProfileSays) {
  EXPECT_GE(CheckAll(kGoServer, kGoTruth), 35);
}

TEST_F(TruthOfServers, NodeServerDoesWhatItsProfileSays) {
  EXPECT_GE(CheckAll(kNodeServer, kNodeTruth), 40);
}

}  // namespace
}  // namespace gatehouse::testing
