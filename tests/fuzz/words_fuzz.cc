// SPDX-License-Identifier: Apache-2.0
// Any lines as the operands of kubectl. It never crashes; and unless it is
// unclear, every type and every name that stands there, by a slow reading of
// its own, is among the operands, and what is no built-in type is in no known
// namespace.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "policy/kubernetes/request_builder.h"
#include "policy/kubernetes/resource_words.h"

namespace {

using gatehouse::KubernetesTables;
using gatehouse::Operand;
using gatehouse::Operands;
using gatehouse::Request;
using gatehouse::ResourceType;

constexpr std::size_t kMaxWords = 8;

void Require(bool condition) {
  if (!condition) std::abort();
}

std::vector<std::string> Cut(std::string_view text, char at) {
  std::vector<std::string> parts(1);
  for (char c : text) {
    if (c == at) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

std::string Lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

// Every way to say what type this is without its group.
std::vector<std::string> NamesOf(const ResourceType& type) {
  std::vector<std::string> names = {Lower(type.kind), type.plural,
                                    type.singular};
  for (const std::string_view name : type.short_names) {
    names.emplace_back(name);
  }
  return names;
}

// The reference: whether a word could mean this type, letter by letter:
// NAME, NAME.GROUP (or how a group begins, but not after a kind), the same with
// an empty version (NAME..GROUP), NAME.VERSION.GROUP.
bool CouldMean(const std::string& word, const ResourceType& type) {
  const std::string lower = Lower(word);
  const std::vector<std::string> names = NamesOf(type);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string& name = names[i];
    if (lower == name || lower == name + ".") return true;
    if (lower == name + "." + type.group) return true;
    const std::string versioned = name + "." + type.version + ".";
    if (lower == versioned + type.group) return true;
    // The old group is named, or not meant.
    if (lower == versioned && type.group != "extensions") return true;
    const std::string any = name + "..";  // any version
    if (lower == any || lower == any + type.group) return true;
    for (const std::string& before : {any, name + "."}) {
      if (i > 0 && lower.starts_with(before) &&
          type.group.starts_with(lower.substr(before.size()))) {
        return true;
      }
    }
  }
  return false;
}

bool CouldMeanAny(const std::string& word, const KubernetesTables& tables) {
  const auto types = tables.resources();
  return std::any_of(types.begin(), types.end(), [&](const ResourceType& type) {
    return CouldMean(word, type);
  });
}

bool IsCategory(const std::string& word, const KubernetesTables& tables) {
  const auto types = tables.resources();
  return std::any_of(types.begin(), types.end(), [&](const ResourceType& type) {
    return type.categories.Has(word);
  });
}

// Of a list each type is read once: here for an earlier word.
bool WasNamedBefore(const std::string& word, const Operands& operands) {
  return std::any_of(operands.items.begin(), operands.items.end(),
                     [&](const Operand& operand) {
                       return operand.type != nullptr &&
                              CouldMean(word, *operand.type);
                     });
}

// The operands that came of one word between commas.
void CheckType(const std::string& word, const Operands& operands,
               const KubernetesTables& tables) {
  std::size_t found = 0;
  for (const Operand& operand : operands.items) {
    if (operand.word != word) continue;
    ++found;
    if (operand.of_category) continue;
    if (operand.type == nullptr) {
      Require(!CouldMeanAny(word, tables) && !IsCategory(word, tables));
    } else {
      Require(CouldMean(word, *operand.type) || IsCategory(word, tables));
    }
  }
  Require(found > 0 || WasNamedBefore(word, operands));
}

void CheckName(const std::string& name, const Operands& operands) {
  Require(std::any_of(
      operands.items.begin(), operands.items.end(),
      [&](const Operand& operand) { return operand.name == name; }));
}

void CheckWords(const std::vector<std::string>& words, const Operands& operands,
                const KubernetesTables& tables) {
  const bool pairs = words[0].find('/') != std::string::npos;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::vector<std::string> parts = Cut(words[i], '/');
    if (pairs) Require(parts.size() == 2);
    if (pairs || i == 0) {
      for (const std::string& type : Cut(parts[0], ',')) {
        CheckType(type, operands, tables);
      }
    }
    if (pairs || i > 0) CheckName(parts.back(), operands);
  }
}

// What is not built in may be anywhere; the rest of a category is read as if it
// were namespaced.
void CheckPlaces(const Operands& operands) {
  for (const Operand& operand : operands.items) {
    const Request request = RequestFor(gatehouse::Verb::kGet, operand, "",
                                       operand.name, {"dev", "here", false});
    const bool cluster = operand.type != nullptr && !operand.type->namespaced;
    if (operand.type == nullptr && !operand.of_category) {
      Require(!request.namespace_name);
    } else {
      Require(request.namespace_name == std::string(cluster ? "" : "here"));
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  static const auto tables = KubernetesTables::Embedded();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<std::string> words = Cut(text, '\n');
  if (words.size() > kMaxWords) words.resize(kMaxWords);
  const Operands operands = ReadOperands(words, *tables);
  CheckPlaces(operands);
  if (!operands.unclear) CheckWords(words, operands, *tables);
  return 0;
}
