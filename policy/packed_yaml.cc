// SPDX-License-Identifier: Apache-2.0
#include "policy/packed_yaml.h"

#include <string>

#include "policy/document.h"

namespace gatehouse {
namespace {

// Goes once over the nodes. As deep as ReadYaml lets a text be.
class Unpacker {
 public:
  explicit Unpacker(const PackedYaml& packed) : packed_(packed) {}

  std::vector<YamlNode> Run() {
    std::vector<YamlNode> documents;
    while (next_ < packed_.nodes.size() && !ended_) {
      documents.push_back(Node(packed_.end_key));
    }
    return documents;
  }

 private:
  std::string_view TextOf(const PackedNode& node) const {
    return packed_.texts.substr(node.at, node.size);
  }

  static Position PositionOf(const PackedNode& node) {
    return {node.line, node.column, node.length};
  }

  YamlNode Node(std::string_view end_key) {
    const PackedNode& packed = packed_.nodes[next_++];
    YamlNode node;
    node.kind = packed.kind;
    node.position = PositionOf(packed);
    node.quoted = packed.quoted;
    switch (packed.kind) {
      case NodeKind::kNull:
        break;
      case NodeKind::kScalar:
        node.scalar = TextOf(packed);
        break;
      case NodeKind::kList:
        node.items.reserve(packed.size);
        for (std::uint32_t i = 0; i < packed.size; ++i) {
          node.items.push_back(Node(""));
        }
        break;
      case NodeKind::kMap:
        AddMembers(packed.size, end_key, node);
        break;
    }
    return node;
  }

  void AddMembers(std::uint32_t count, std::string_view end_key,
                  YamlNode& map) {
    map.members.reserve(count);
    for (std::uint32_t i = 0; i < count; ++i) {
      const PackedNode& key = packed_.nodes[next_++];
      const std::string_view name = TextOf(key);
      ended_ = !end_key.empty() && name == end_key;
      if (ended_) return;
      map.members.push_back({std::string(name), PositionOf(key), Node("")});
    }
  }

  const PackedYaml& packed_;
  std::size_t next_ = 0;
  bool ended_ = false;  // at end_key
};

}  // namespace

std::vector<YamlNode> Unpack(const PackedYaml& packed) {
  return Unpacker(packed).Run();
}

}  // namespace gatehouse
