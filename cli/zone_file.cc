// SPDX-License-Identifier: Apache-2.0
#include "cli/zone_file.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace gatehouse::cli {
namespace {

constexpr std::string_view kFolder = "/usr/share/zoneinfo/";

// "Europe/Berlin", "Etc/GMT+3": no way up, and no way elsewhere.
bool IsZoneName(std::string_view name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '/' || c == '_' || c == '-' ||
           c == '+';
  };
  return !name.empty() && name.size() <= 64 && name.front() != '/' &&
         std::all_of(name.begin(), name.end(), plain);
}

}  // namespace

Result<std::string> ReadZoneFile(std::string_view name) {
  const std::string path = std::string(kFolder) + std::string(name);
  std::error_code ignored;
  if (IsZoneName(name) && std::filesystem::is_regular_file(path, ignored)) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream data;
    data << in.rdbuf();
    if (in) return data.str();
  }
  if (!std::filesystem::is_directory(kFolder, ignored)) {
    return Error{ErrorCode::kNotFound,
                 "this machine has no time zones; install the package tzdata"};
  }
  return Error{ErrorCode::kNotFound,
               "it is not in " + std::string(kFolder) +
                   "; a zone is called like Europe/Berlin"};
}

}  // namespace gatehouse::cli
