// SPDX-License-Identifier: Apache-2.0
// What the build packed is what the files say: each embedded file is read anew
// here, with the reader of all YAML, and compared to the last position.
#include "policy/packed_yaml.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "policy/document.h"
#include "policy/embedded.h"

namespace gatehouse {
namespace {

namespace fs = std::filesystem;

void Show(const YamlNode& node, std::string& out) {
  const auto place = [&out](const Position& at) {
    out += "@" + std::to_string(at.line) + ":" + std::to_string(at.column) +
           "+" + std::to_string(at.length) + " ";
  };
  place(node.position);
  switch (node.kind) {
    case NodeKind::kNull:
      out += "~\n";
      return;
    case NodeKind::kScalar:
      out += (node.quoted ? "'" : "") + node.scalar + "\n";
      return;
    case NodeKind::kList:
      out += "[\n";
      for (const YamlNode& item : node.items) Show(item, out);
      out += "]\n";
      return;
    case NodeKind::kMap:
      out += "{\n";
      for (const YamlMember& member : node.members) {
        place(member.position);
        out += member.key + ":\n";
        Show(member.value, out);
      }
      out += "}\n";
      return;
  }
}

std::string Shown(const std::vector<YamlNode>& documents) {
  std::string out;
  for (const YamlNode& document : documents) Show(document, out);
  return out;
}

std::string FirstDifference(std::string_view packed, std::string_view read) {
  const auto [at, ignored] =
      std::mismatch(packed.begin(), packed.end(), read.begin(), read.end());
  const auto begin = static_cast<std::size_t>(at - packed.begin());
  constexpr std::size_t kBefore = 40;
  const std::size_t from = begin - std::min(begin, kBefore);
  return "\npacked: " + std::string(packed.substr(from, 2 * kBefore)) +
         "\nread: " + std::string(read.substr(from, 2 * kBefore));
}

// By themselves, not as they are shown: there are many.
bool AreAlike(const Position& a, const Position& b) {
  return a.line == b.line && a.column == b.column && a.length == b.length;
}

bool AreAlike(const YamlNode& a, const YamlNode& b);

bool AreAlike(const YamlMember& a, const YamlMember& b) {
  return a.key == b.key && AreAlike(a.position, b.position) &&
         AreAlike(a.value, b.value);
}

template <typename Part>
bool AreAlike(const std::vector<Part>& a, const std::vector<Part>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Part& left, const Part& right) {
                      return AreAlike(left, right);
                    });
}

bool AreAlike(const YamlNode& a, const YamlNode& b) {
  return a.kind == b.kind && AreAlike(a.position, b.position) &&
         a.scalar == b.scalar && a.quoted == b.quoted &&
         AreAlike(a.items, b.items) && AreAlike(a.members, b.members);
}

std::vector<YamlNode> Read(const SourceText& source) {
  Issues issues;
  auto documents = ReadYaml(source, issues);
  for (const Issue& issue : issues.items()) ADD_FAILURE() << Render(issue);
  return documents;
}

std::string TextOf(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

TEST(PackedYaml, IsWhatEachFileReadsAs) {
  const fs::path root = fs::path(GATEHOUSE_SOURCE_DIR) / "rules";
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().extension() != ".yaml") continue;
    const std::string path = fs::relative(entry.path(), root).generic_string();
    const std::string text = TextOf(entry.path());
    const auto file = FindEmbedded(path);
    ASSERT_TRUE(file) << path;
    EXPECT_EQ(file->text, text) << path;
    const auto read = Read({path, text});
    ASSERT_EQ(read.size(), 1u) << path;
    EXPECT_GT(read[0].members.size(), 1u) << path;
    const auto unpacked = Unpack(file->packed);
    EXPECT_TRUE(AreAlike(unpacked, read))
        << path << FirstDifference(Shown(unpacked), Shown(read));
    ++files;
  }
  EXPECT_EQ(EmbeddedFiles().size(), files);
  EXPECT_GT(files, 30u);
}

TEST(PackedYaml, IsNotScannedAgain) {
  SourceText source = EmbeddedSource("kubernetes/settings.yaml").value();
  EXPECT_EQ(source.name, "rules/kubernetes/settings.yaml");
  const auto read = Read({"t", source.text});
  source.text = "not: [yaml";
  EXPECT_TRUE(AreAlike(Read(source), read));
}

TEST(PackedYaml, EndsBeforeAKeyOfTheFirstMapOnly) {
  // {name: a, list: [{tools: b}], tools: c}
  const std::string_view texts = "nameatoolsblistc";
  const PackedNode nodes[] = {
      {0, 3, 1, 1, 1, NodeKind::kMap, false},
      {0, 4, 1, 2, 4, NodeKind::kScalar, false},
      {4, 1, 1, 8, 1, NodeKind::kScalar, false},
      {11, 4, 2, 1, 4, NodeKind::kScalar, false},
      {0, 1, 2, 7, 1, NodeKind::kList, false},
      {0, 1, 2, 8, 1, NodeKind::kMap, false},
      {5, 5, 2, 9, 5, NodeKind::kScalar, false},
      {10, 1, 2, 16, 1, NodeKind::kScalar, true},
      {5, 5, 3, 1, 5, NodeKind::kScalar, false},
      {15, 1, 3, 8, 1, NodeKind::kScalar, false},
  };
  const std::string head =
      "@1:1+1 {\n@1:2+4 name:\n@1:8+1 a\n@2:1+4 list:\n@2:7+1 [\n@2:8+1 {\n"
      "@2:9+5 tools:\n@2:16+1 'b\n}\n]\n";
  EXPECT_EQ(Shown(Unpack({nodes, texts, "tools"})), head + "}\n");
  EXPECT_EQ(Shown(Unpack({nodes, texts, ""})),
            head + "@3:1+5 tools:\n@3:8+1 c\n}\n");
  EXPECT_EQ(Shown(Unpack({{}, texts, ""})), "");
}

}  // namespace
}  // namespace gatehouse
