// SPDX-License-Identifier: Apache-2.0
#pragma once
// The files of rules/, built into the binary: their texts, and what they read
// as (policy/packed_yaml). rules/embed.cc makes both when the program is built
// and ends the build where a file is not sound YAML. The same readers read
// them as read a user's own files. Constant data.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/issue.h"
#include "policy/packed_yaml.h"

namespace gatehouse {

// Where in EmbeddedData a file stands: offsets, as in PackedNode.
struct EmbeddedEntry {
  std::uint32_t path_at = 0;
  std::uint32_t path_size = 0;
  std::uint32_t text_at = 0;
  std::uint32_t text_size = 0;
  std::uint32_t node = 0;  // the first of its nodes
  std::uint32_t nodes = 0;
};

struct EmbeddedData {
  std::string_view texts;
  std::span<const PackedNode> nodes;
  std::span<const EmbeddedEntry> files;  // by path
};
EmbeddedData BuiltIn();  // in the generated file

struct EmbeddedFile {
  std::string_view path;  // below rules/: "presets/read-only.yaml"
  std::string_view text;
  PackedYaml packed;
};

// By path.
std::vector<EmbeddedFile> EmbeddedFiles();
// nullopt where there is no such file.
std::optional<EmbeddedFile> FindEmbedded(std::string_view path);
std::optional<std::string_view> EmbeddedText(std::string_view path);
// Named "rules/PATH", for ReadYaml, which then scans nothing.
std::optional<SourceText> EmbeddedSource(std::string_view path);

}  // namespace gatehouse
