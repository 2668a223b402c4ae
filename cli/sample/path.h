// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a request line of the sample cluster names: the API server's own way of
// reading a path (resource, name, subresource) and its query. Pure text.

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::sample {

struct ApiPath {
  std::vector<std::string> parts;  // decoded; "" never occurs
  std::map<std::string, std::string, std::less<>> query;  // last one wins

  bool is_resource = false;  // below /api/V or /apis/G/V; else the rest is ""
  std::string group;         // "" is core
  std::string version;
  std::string resource;  // "" where the path names a group version only
  std::string namespace_name;
  std::string name;
  std::string subresource;

  // The query's value, "" where absent.
  std::string Query(std::string_view key) const;
};

// `target` as in the request line: path?query, percent-encoded.
ApiPath ReadPath(std::string_view target);

}  // namespace gatehouse::sample
