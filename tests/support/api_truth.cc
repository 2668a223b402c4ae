// SPDX-License-Identifier: Apache-2.0
#include "tests/support/api_truth.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace gatehouse::testing {
namespace {

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

bool IsDiscovery(const std::vector<std::string>& parts) {
  if (parts.empty()) return true;
  for (const char* first : {"api", "apis", "openapi", "version"}) {
    if (parts[0] == first) return true;
  }
  return false;
}

// What RequestInfo takes for the name of a list: "metadata.name=x" alone.
std::string SelectedName(const std::string& query) {
  for (const char* start :
       {"fieldSelector=metadata.name%3D", "fieldSelector=metadata.name="}) {
    const std::size_t at = query.find(start);
    if (at == std::string::npos) continue;
    const std::size_t from = at + std::string_view(start).size();
    const std::size_t end = query.find_first_of("&%", from);
    return query.substr(from, std::min(end, query.size()) - from);
  }
  return "";
}

// Fills in what the parts of a path name; false where it is no resource.
bool ReadResource(const std::vector<std::string>& parts, SeenRequest& seen) {
  const bool core = !parts.empty() && parts[0] == "api";
  std::size_t at = core ? 2 : 3;
  if (parts.size() <= at || (!core && parts[0] != "apis")) return false;
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
  return true;
}

bool VerbCovers(Verb verb, const std::string& seen) {
  if (VerbName(verb) == seen) return true;
  const bool named = verb == Verb::kExec || verb == Verb::kForward;
  if (named) return seen == "get" || seen == "create";
  return verb == Verb::kEscalate &&
         (seen == "create" || seen == "update" || seen == "patch");
}

// A list of all covers one that a field selector narrows to a name.
bool NameCovers(const Request& request, const SeenRequest& seen) {
  if (!request.name) return true;
  const bool many = seen.verb == "list" || seen.verb == "watch" ||
                    seen.verb == "deletecollection";
  if (many && request.name->empty()) return true;
  if (seen.name.empty()) {
    return request.name->empty() || request.verb == Verb::kCreate;
  }
  return *request.name == seen.name;
}

std::string Decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    const bool hex =
        text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(&text[i + 1], &text[i + 3], value, 16).ptr ==
            &text[i + 3];
    out += hex ? static_cast<char>(value) : text[i];
    if (hex) i += 2;
  }
  return out;
}

// The host and the query are dropped, "%2e" is read, "." and ".." are resolved:
// kubectl sends such a path to its own server.
std::string PlainPath(std::string path) {
  const std::size_t scheme = path.find("://");
  if (scheme != std::string::npos) {
    path = path.substr(std::min(path.find('/', scheme + 3), path.size()));
  }
  std::string plain;
  std::vector<std::string> kept;
  for (std::string& part : PartsOf(Decoded(path.substr(0, path.find('?'))))) {
    if (part == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (part != ".") {
      kept.push_back(std::move(part));
    }
  }
  for (const std::string& part : kept) plain += "/" + part;
  return plain;
}

}  // namespace

std::optional<SeenRequest> SeenIn(const std::string& line) {
  const std::size_t blank = line.find(' ');
  const std::string target =
      line.substr(blank + 1, line.rfind(" -> ") - blank - 1);
  const std::size_t mark = std::min(target.find('?'), target.size());
  SeenRequest seen;
  seen.line = line;
  seen.path = target.substr(0, mark);
  const std::vector<std::string> parts = PartsOf(seen.path);
  if (!ReadResource(parts, seen) && IsDiscovery(parts)) return std::nullopt;
  seen.verb = VerbOf(line.substr(0, blank), target.substr(mark), seen.name);
  if (seen.name.empty()) seen.name = SelectedName(target.substr(mark));
  seen.dry_run = target.find("dryRun=All", mark) != std::string::npos;
  if (seen.resource.starts_with("self")) return std::nullopt;
  return seen;
}

bool Covers(const Request& request, const SeenRequest& seen) {
  if (request.verb == Verb::kUnclear) return true;
  if (request.verb == Verb::kRaw) {
    return !request.path || PlainPath(*request.path) == PlainPath(seen.path);
  }
  const auto is = [](const std::optional<std::string>& known,
                     const std::string& value) {
    return !known || *known == value;
  };
  return !seen.resource.empty() && VerbCovers(request.verb, seen.verb) &&
         (seen.dry_run || !request.dry_run) && is(request.group, seen.group) &&
         is(request.resource, seen.resource) &&
         is(request.subresource, seen.subresource) &&
         (request.all_namespaces ||
          is(request.namespace_name, seen.namespace_name)) &&
         NameCovers(request, seen);
}

bool IsNamespaceProbe(const SeenRequest& seen,
                      const std::vector<Request>& requests) {
  return seen.resource == "namespaces" && seen.verb == "get" &&
         std::any_of(requests.begin(), requests.end(),
                     [&](const Request& request) {
                       return request.namespace_name == seen.name;
                     });
}

std::vector<std::string> Uncovered(const std::vector<std::string>& log,
                                   const std::vector<Request>& requests) {
  std::vector<std::string> left;
  for (const std::string& line : log) {
    const std::optional<SeenRequest> seen = SeenIn(line);
    if (!seen || IsNamespaceProbe(*seen, requests)) continue;
    const bool covered =
        std::any_of(requests.begin(), requests.end(),
                    [&](const Request& one) { return Covers(one, *seen); });
    if (!covered) left.push_back(line);
  }
  return left;
}

std::string Told(const std::vector<Request>& requests) {
  std::string text;
  for (const Request& request : requests) {
    text += "\n  named: " + Describe(request);
  }
  return text;
}

}  // namespace gatehouse::testing
