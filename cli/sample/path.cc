// SPDX-License-Identifier: Apache-2.0
#include "cli/sample/path.h"

namespace gatehouse::sample {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

enum class Plus { kLiteral = 0, kBlank };

std::string Decode(std::string_view text, Plus plus) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      int high = HexDigit(text[i + 1]);
      int low = HexDigit(text[i + 2]);
      if (high >= 0 && low >= 0) {
        out += static_cast<char>(high * 16 + low);
        i += 2;
        continue;
      }
    }
    out += text[i] == '+' && plus == Plus::kBlank ? ' ' : text[i];
  }
  return out;
}

template <typename Use>
void Split(std::string_view text, char mark, Use use) {
  while (!text.empty()) {
    std::size_t end = text.find(mark);
    use(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

void ReadQuery(std::string_view query, ApiPath& path) {
  Split(query, '&', [&](std::string_view pair) {
    std::size_t equals = pair.find('=');
    std::string_view value;
    if (equals != std::string_view::npos) value = pair.substr(equals + 1);
    path.query.insert_or_assign(Decode(pair.substr(0, equals), Plus::kBlank),
                                Decode(value, Plus::kBlank));
  });
}

std::string Part(const ApiPath& path, std::size_t index) {
  return index < path.parts.size() ? path.parts[index] : "";
}

// As the API server's RequestInfo: /namespaces/NAME is the namespace itself,
// but with a further part that is a resource inside it.
void ReadResource(ApiPath& path, std::size_t at) {
  std::string third = Part(path, at + 2);
  bool inside = Part(path, at) == "namespaces" && !third.empty() &&
                third != "status" && third != "finalize";
  if (inside) {
    path.namespace_name = Part(path, at + 1);
    at += 2;
  }
  path.resource = Part(path, at);
  path.name = Part(path, at + 1);
  path.subresource = Part(path, at + 2);
}

}  // namespace

std::string ApiPath::Query(std::string_view key) const {
  auto found = query.find(key);
  return found == query.end() ? "" : found->second;
}

ApiPath ReadPath(std::string_view target) {
  ApiPath path;
  std::size_t mark = target.find('?');
  if (mark != std::string_view::npos) ReadQuery(target.substr(mark + 1), path);
  Split(target.substr(0, mark), '/', [&](std::string_view part) {
    if (!part.empty()) path.parts.push_back(Decode(part, Plus::kLiteral));
  });
  if (Part(path, 0) == "api" && path.parts.size() >= 2) {
    path.is_resource = true;
    path.version = path.parts[1];
    ReadResource(path, 2);
  } else if (Part(path, 0) == "apis" && path.parts.size() >= 3) {
    path.is_resource = true;
    path.group = path.parts[1];
    path.version = path.parts[2];
    ReadResource(path, 3);
  }
  return path;
}

}  // namespace gatehouse::sample
