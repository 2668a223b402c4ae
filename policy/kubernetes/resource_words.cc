// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/resource_words.h"

#include <algorithm>
#include <utility>

#include "policy/kubernetes/fields.h"

namespace gatehouse {
namespace {

bool IsTypeWord(std::string_view word) {
  return !word.empty() && word[0] != '-' &&
         std::all_of(word.begin(), word.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  (c >= '0' && c <= '9') || c == '.' || c == '-';
         });
}

Operand UnknownType(const std::string& word, const KubernetesTables& tables) {
  Operand operand;
  operand.word = word;
  const std::size_t dot = word.find('.');
  // "secrets.v9." is a mistake, and surely not for us to make sense of.
  operand.custom =
      dot == std::string::npos || tables.Find(word.substr(0, dot)).empty();
  // "widgets.example.com" tells its group; kubectl may take it for a prefix of
  // one, so only a full one (with a dot) is believed, and none that may begin
  // with a version ("widgets.v1.example.com").
  if (dot == std::string::npos) return operand;
  const std::string group = LowerCase(word.substr(dot + 1));
  const std::size_t next = group.find('.');
  const bool told = next != std::string::npos && IsGroupName(group) &&
                    !IsVersion(group.substr(0, next));
  if (!told) return operand;
  operand.group = group;
  operand.custom = !tables.IsBuiltInGroup(group);
  return operand;
}

// The types of one word between commas; a category gives several.
std::vector<Operand> TypesOf(const std::string& word,
                             const KubernetesTables& tables) {
  std::vector<Operand> found;
  for (const ResourceType* type : tables.Category(word)) {
    found.push_back({type, std::nullopt, "", word});
  }
  if (!found.empty()) {
    Operand others;
    others.word = word;
    others.custom = true;
    others.of_category = true;
    found.push_back(std::move(others));
    return found;
  }
  const std::vector<const ResourceType*> types = tables.Find(word);
  // The first is what kubectl takes; of the events, both groups hold the same
  // objects.
  if (!types.empty()) return {{types[0], std::nullopt, "", word}};
  return {UnknownType(word, tables)};
}

// Of a list of types, both are the same one.
bool IsSameType(const Operand& a, const Operand& b) {
  if (a.type != nullptr || b.type != nullptr) return a.type == b.type;
  return a.word == b.word;
}

class OperandReader {
 public:
  explicit OperandReader(const KubernetesTables& tables) : tables_(tables) {}

  Operands Read(const std::vector<std::string>& words) {
    if (words.empty()) return {};
    const bool pairs = words[0].find('/') != std::string::npos;
    if (pairs) {
      for (const std::string& word : words) {
        if (!IsFull(operands_.items)) ReadPair(word);
      }
    } else {
      ReadTypesAndNames(words);
    }
    return std::move(operands_);
  }

 private:
  void Refuse(std::string reason) {
    if (!operands_.unclear) operands_.unclear = Unclear{std::move(reason), ""};
  }

  bool IsFull(const std::vector<Operand>& operands) {
    if (operands.size() < kMaxObjects) return false;
    Refuse(TooManyObjects());
    return true;
  }

  std::vector<Operand> Types(const std::string& list) {
    std::vector<Operand> types;
    for (const std::string& word : SplitAt(list, ',')) {
      if (!IsTypeWord(word)) {
        Refuse("not a resource type");
        continue;
      }
      for (Operand& type : TypesOf(word, tables_)) {
        const bool known = std::any_of(
            types.begin(), types.end(),
            [&](const Operand& other) { return IsSameType(type, other); });
        if (known) continue;
        if (IsFull(types)) return types;
        types.push_back(std::move(type));
      }
    }
    return types;
  }

  void Add(Operand type, const std::string& name) {
    if (IsFull(operands_.items)) return;
    if (!IsPlainName(name)) Refuse("not a resource name");
    type.name = name;
    operands_.items.push_back(std::move(type));
  }

  void ReadPair(const std::string& word) {
    const std::vector<std::string> parts = SplitAt(word, '/');
    if (parts.size() != 2 || parts[0].empty() || parts[1].empty()) {
      return Refuse("not of the form TYPE/NAME");
    }
    for (Operand& type : Types(parts[0])) Add(std::move(type), parts[1]);
  }

  void ReadTypesAndNames(const std::vector<std::string>& words) {
    const std::vector<Operand> types = Types(words[0]);
    if (words.size() == 1) operands_.items = types;
    for (std::size_t i = 1; i < words.size(); ++i) {
      if (IsFull(operands_.items)) return;
      for (const Operand& type : types) Add(type, words[i]);
    }
  }

  const KubernetesTables& tables_;
  Operands operands_;
};

bool IsNameByte(char c, std::string_view further) {
  const bool usual = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                     (c >= '0' && c <= '9') || c == '-' || c == '.' ||
                     c == '_' || c == ':';
  return usual || further.find(c) != std::string_view::npos;
}

bool IsName(std::string_view text, std::string_view further) {
  if (text.empty() || text.size() > 512 || text[0] == '-') return false;
  if (text.find("..") != std::string_view::npos || text == ".") return false;
  return std::all_of(text.begin(), text.end(),
                     [&](char c) { return IsNameByte(c, further); });
}

}  // namespace

std::string TooManyObjects() {
  return "there are more than " + std::to_string(kMaxObjects) + " objects";
}

Operands ReadOperands(const std::vector<std::string>& words,
                      const KubernetesTables& tables) {
  return OperandReader(tables).Read(words);
}

bool IsNamespaceName(std::string_view text) {
  if (text.empty() || text.size() > 63) return false;
  if (text.front() == '-' || text.back() == '-') return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

bool IsGroupName(std::string_view text) {
  const std::vector<std::string> labels = SplitAt(text, '.');
  return text.size() <= 253 &&
         std::all_of(labels.begin(), labels.end(), IsNamespaceName);
}

bool IsVersion(std::string_view text) {
  return text.size() >= 2 && text[0] == 'v' && text[1] >= '0' &&
         text[1] <= '9' && text.find('-') == std::string_view::npos &&
         IsNamespaceName(text);
}

bool IsPair(std::string_view word) {
  const std::size_t equals = word.find('=');
  return (equals != std::string_view::npos && equals != 0) ||
         (word.size() > 1 && word.ends_with('-'));
}

bool MayHaveSubresource(const Operand& operand, std::string_view name) {
  if (operand.type == nullptr) return name == "status" || name == "scale";
  return operand.type->subresources.Has(name);
}

bool IsPlainName(std::string_view text) { return IsName(text, ""); }

bool IsContextName(std::string_view text) { return IsName(text, "/@+="); }

}  // namespace gatehouse
