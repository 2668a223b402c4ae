// SPDX-License-Identifier: Apache-2.0
#pragma once
// The one table of a policy's fields: each row says where a field may stand,
// what its value looks like, and what reads it. rule_reader walks a file by
// it, did-you-mean and the JSON Schema are made from it.
//
// A field that belongs to a later version has a row without a reader: it is
// refused by name, since ignoring a condition would widen the rule.

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

#include "policy/document.h"

namespace gatehouse {

class FileReader;  // policy/file_reader.h

// The maps of a policy.
enum class FieldPlace : std::uint8_t {
  kFile = 0,
  kScope,
  kRule,
  kUnless,
  kWho,
  kWhen,
  kLimit,
  kLock,
  kRedaction,
  kText,
  kClientFeatures,
};
inline constexpr std::size_t kPlaceCount = 11;

// A set of places, one bit each.
struct Places {
  constexpr Places(std::initializer_list<FieldPlace> places) {
    for (FieldPlace place : places) bits |= 1u << static_cast<unsigned>(place);
  }
  constexpr bool Has(FieldPlace place) const {
    return (bits >> static_cast<unsigned>(place) & 1u) != 0;
  }
  unsigned bits = 0;
};

// What a value looks like. A list takes a single word too.
enum class Shape : std::uint8_t {
  kText = 0,     // any text
  kChoice,       // one of the row's `words`
  kName,         // an id: lower case letters, digits and "-"
  kWords,        // a list of words
  kChoices,      // a list of the row's `words`
  kVerbs,        // a list of verbs and groups
  kPatterns,     // a list of globs or expressions
  kAnyPatterns,  // the same; may be empty
  kNamespaces,   // a list of patterns or ""
  kWeekdays,     // a list of "mon", "mon-fri"
  kHours,        // a list of "09:00-17:30"
  kTime,         // RFC 3339
  kDuration,     // "90s", "2m", "1h30m"
  kCount,        // a whole number, 1 or more
  kMap,          // a map of the fields that stand at `inside`
  kRules,        // a list of such maps
  kTrue,         // true; where it is not meant, the field is left out
};

struct FieldRow {
  std::string_view name;
  Places places;
  Shape shape;
  std::string_view meaning;  // one line, for people
  void (*read)(FileReader&, const YamlMember&) = nullptr;
  FieldPlace inside = FieldPlace::kFile;  // of kMap and kRules
  std::span<const std::string_view> words = {};
};

// The rows, by the file that holds them (…_fields.cc).
std::span<const FieldRow> FileFields();      // of the document, and of scope
std::span<const FieldRow> SessionFields();   // redaction, text, …
std::span<const FieldRow> RuleFields();      // of a rule itself
std::span<const FieldRow> MatchFieldRows();  // of a rule and of `unless`

// All of them.
std::span<const std::span<const FieldRow>> FieldTables();

// nullptr where there is no field of this name there.
const FieldRow* FindField(FieldPlace place, std::string_view name);

}  // namespace gatehouse
