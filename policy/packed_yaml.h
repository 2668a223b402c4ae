// SPDX-License-Identifier: Apache-2.0
#pragma once
// What policy/document made of a YAML text when the program was built, as
// constant data: the embedded files (rules/embed.cc writes it). A start then
// builds the same trees without scanning a byte. Offsets instead of pointers,
// so that loading the program relocates none of it.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace gatehouse {

struct YamlNode;  // policy/document.h

enum class NodeKind : std::uint8_t { kNull = 0, kScalar, kList, kMap };

// What hangs below a node follows it: a list's items; a map's members, each a
// scalar for its key and then its value.
struct PackedNode {
  std::uint32_t at = 0;    // kScalar: its bytes in PackedYaml::texts
  std::uint32_t size = 0;  // bytes of a scalar, items, or members
  std::uint16_t line = 0;  // its position
  std::uint16_t column = 0;
  std::uint16_t length = 0;
  NodeKind kind = NodeKind::kNull;
  bool quoted = false;
};
static_assert(sizeof(PackedNode) == 16);

// The documents of one text, one after the other. Borrows constant data.
struct PackedYaml {
  std::span<const PackedNode> nodes;  // empty: nothing was packed
  std::string_view texts;
  // Not "": the first document ends before this key of its map, and is alone.
  std::string_view end_key;
};

// The trees that ReadYaml made of the text, positions included.
std::vector<YamlNode> Unpack(const PackedYaml& packed);

}  // namespace gatehouse
