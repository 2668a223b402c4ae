// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/hunt/hostile_words.h"

#include <cstdlib>
#include <iostream>
#include <string_view>

#include "policy/json_value.h"
#include "tests/support/process_census.h"

namespace gatehouse::testing {
namespace {

constexpr const char* kFile =
    GATEHOUSE_SOURCE_DIR "/tests/e2e/hunt/hostile_words.json";

[[noreturn]] void Stop() {
  std::cerr << kFile << ": missing, or not the dictionary\n";
  std::abort();
}

std::string Text(const JsonValue& value) {
  const auto text = AsString(value);
  if (!text) Stop();
  return std::string(*text);
}

std::vector<const JsonValue*> ListOf(const JsonValue& file,
                                     std::string_view name) {
  const JsonValue* list = Member(file, name);
  if (list == nullptr || list->empty()) Stop();
  return Elements(*list);
}

std::vector<std::string> Words(const JsonValue& file, std::string_view name) {
  std::vector<std::string> words;
  for (const JsonValue* word : ListOf(file, name)) words.push_back(Text(*word));
  return words;
}

HostileWords ReadWords() {
  const Result<JsonValue> file = ParseJson(ReadFile(kFile));
  if (!file.ok()) Stop();
  HostileWords words;
  words.namespaces = Words(file.value(), "namespaces");
  words.names = Words(file.value(), "names");
  words.types = Words(file.value(), "types");
  words.flags = Words(file.value(), "flags");
  words.documents = Words(file.value(), "documents");
  words.separators = Words(file.value(), "separators");
  for (const JsonValue* swap : ListOf(file.value(), "swaps")) {
    const std::vector<const JsonValue*> pair = Elements(*swap);
    if (pair.size() != 2) Stop();
    words.swaps.emplace_back(Text(*pair[0]), Text(*pair[1]));
  }
  return words;
}

}  // namespace

const HostileWords& Dictionary() {
  static const HostileWords words = ReadWords();
  return words;
}

}  // namespace gatehouse::testing
