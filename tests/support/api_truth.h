// SPDX-License-Identifier: Apache-2.0
#pragma once
// What an API server saw against what the classifier said: every request seen
// must be allowed for by one that was named. Shared by each test that puts a
// real server or a real kubectl before the stand-in API.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/request.h"

namespace gatehouse::testing {

// One line of the stand-in's log, read as an API server reads a request.
// Written out once, as RequestInfo would have it: the verbs of policy.md's
// "Verbs and groups" are the classifier's business.
struct SeenRequest {
  std::string verb;            // get, list, watch, create, …
  std::string group;           // "" is core
  std::string resource;        // "" for a path that is no resource
  std::string subresource;     // "" none
  std::string namespace_name;  // "" cluster scope, or all namespaces
  std::string name;            // "" none
  std::string path;            // without its query
  bool dry_run = false;
  std::string line;  // as logged
};

// "GET /api/v1/namespaces/dev/pods/web/log?x=y -> 200". nullopt for what is
// not counted: discovery and reviews of one's own rights.
std::optional<SeenRequest> SeenIn(const std::string& line);

// Whether `request` allows for `seen`: the same verb, group, resource,
// subresource, namespace and name, or one that is not known. An unclear
// request allows for everything; a raw one for its own path.
bool Covers(const Request& request, const SeenRequest& seen);

// kubectl's question whether the namespace of a missing object is there.
bool IsNamespaceProbe(const SeenRequest& seen,
                      const std::vector<Request>& requests);

// The lines of `log` that none of `requests` covers, as they were logged.
std::vector<std::string> Uncovered(const std::vector<std::string>& log,
                                   const std::vector<Request>& requests);

// The requests, described, each on a line of its own; for failure messages.
std::string Told(const std::vector<Request>& requests);

}  // namespace gatehouse::testing
