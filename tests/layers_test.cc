// SPDX-License-Identifier: Apache-2.0
// The direction of includes is a test: cli -> proxy -> audit -> policy, and
// one door per third-party library (architecture.md, "Doors").

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>

namespace gatehouse {
namespace {

namespace fs = std::filesystem;

const std::map<std::string, int> kFloors = {
    {"policy", 0}, {"audit", 1}, {"proxy", 2}, {"cli", 3}};

struct Door {
  std::string library;               // how its includes begin
  std::vector<std::string> allowed;  // how the files that may begin
};
const std::vector<Door> kDoors = {
    {"nlohmann/", {"policy/json_value", "proxy/json_reader"}},
    {"yaml.h", {"policy/document"}},
    {"yaml-cpp/", {}},
    {"simdjson.h", {}},
    {"re2/", {"policy/matcher", "audit/redact"}},
    {"openssl/", {"audit/digest", "policy/policy_text", "cli/sample/"}},
    {"sodium.h", {"audit/signing"}},
    // A release is one static program: no libc function that loads a library.
    {"dlfcn.h", {}},
    {"netdb.h", {"cli/sample/"}},
    {"pwd.h", {"cli/os_user"}},
    {"grp.h", {"cli/os_user"}},
    {"sqlite3.h", {"audit/sqlite_", "audit/reader", "audit/database"}},
    {"spdlog/", {"proxy/log"}},
    {"CLI/", {"cli/"}},
    {"httplib.h", {"cli/sample/"}},
};

struct Include {
  std::string file;
  std::string target;
};

std::vector<Include> AllIncludes() {
  const std::regex kInclude(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])");
  std::vector<Include> includes;
  const fs::path root(GATEHOUSE_SOURCE_DIR);
  for (const auto& [folder, floor] : kFloors) {
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const std::string extension = entry.path().extension();
      if (extension != ".h" && extension != ".cc") continue;
      std::ifstream in(entry.path());
      std::string line;
      std::smatch match;
      while (std::getline(in, line)) {
        if (std::regex_search(line, match, kInclude)) {
          includes.push_back(
              {fs::relative(entry.path(), root).string(), match[1]});
        }
      }
    }
  }
  return includes;
}

std::string FirstFolder(const std::string& path) {
  return path.substr(0, path.find('/'));
}

TEST(Layers, NoIncludePointsUpward) {
  const std::vector<Include> includes = AllIncludes();
  ASSERT_GT(includes.size(), 50u) << "the scan found too little to mean much";
  for (const Include& include : includes) {
    const auto from = kFloors.find(FirstFolder(include.file));
    const auto to = kFloors.find(FirstFolder(include.target));
    if (from == kFloors.end() || to == kFloors.end()) continue;
    EXPECT_GE(from->second, to->second)
        << include.file << " includes " << include.target;
  }
}

TEST(Layers, LibrariesHaveOneDoor) {
  for (const Include& include : AllIncludes()) {
    for (const Door& door : kDoors) {
      if (!include.target.starts_with(door.library)) continue;
      const bool allowed =
          std::any_of(door.allowed.begin(), door.allowed.end(),
                      [&](const std::string& prefix) {
                        return include.file.starts_with(prefix);
                      });
      EXPECT_TRUE(allowed) << include.file << " includes " << include.target;
    }
  }
}

// Two types of one name are undefined behaviour that only the release build's
// link with LTO would tell of.
TEST(Layers, NoTwoHeadersDefineTheSameType) {
  const std::regex kNamespace(R"(^namespace ([\w:]+) \{)");
  const std::regex kType(R"(^(?:class|struct|enum class) (\w+)\b.*\{)");
  const fs::path root(GATEHOUSE_SOURCE_DIR);
  std::map<std::string, std::string> defined;  // qualified name -> file
  for (const auto& [folder, floor] : kFloors) {
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      if (entry.path().extension() != ".h") continue;
      const std::string file = fs::relative(entry.path(), root).string();
      std::ifstream in(entry.path());
      std::string line, scope;
      std::smatch match;
      while (std::getline(in, line)) {
        if (std::regex_search(line, match, kNamespace)) scope = match[1];
        if (!std::regex_search(line, match, kType)) continue;
        const auto [other, is_new] =
            defined.emplace(scope + "::" + match[1].str(), file);
        EXPECT_TRUE(is_new) << other->first << " stands in " << other->second
                            << " and in " << file;
      }
    }
  }
  EXPECT_GT(defined.size(), 100u) << "the scan found too little to mean much";
}

TEST(Layers, EveryFileBearsItsLicence) {
  const fs::path root(GATEHOUSE_SOURCE_DIR);
  for (const char* folder :
       {"cli", "proxy", "policy", "audit", "rules", "tests", "scripts"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const std::string extension = entry.path().extension();
      const bool bears =
          extension == ".h" || extension == ".cc" ||
          (extension == ".yaml" && std::string(folder) == "rules");
      if (!bears) continue;
      std::ifstream in(entry.path());
      std::string line;
      std::getline(in, line);
      EXPECT_NE(line.find("SPDX-License-Identifier: Apache-2.0"),
                std::string::npos)
          << entry.path();
    }
  }
}

}  // namespace
}  // namespace gatehouse
