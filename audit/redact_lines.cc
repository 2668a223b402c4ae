// SPDX-License-Identifier: Apache-2.0
// TreeMasker's part for texts of lines: YAML, `describe`, tables, prose.
#include <algorithm>
#include <cctype>
#include <utility>

#include "audit/line_tree.h"
#include "audit/redact_tree.h"

namespace gatehouse::audit {
namespace {

constexpr auto kNone = std::string_view::npos;

bool IsOneWord(std::string_view text) {
  return text.find_first_of(": \t\n") == kNone;
}

std::string_view TakeLine(std::string_view& rest) {
  const std::string_view line = rest.substr(0, rest.find('\n'));
  rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  return line;
}

// "NAME   TYPE   DATA   AGE": capitals, all of them known columns.
bool IsTableHead(std::string_view line, const RedactionRules& rules) {
  std::size_t columns = 0;
  while (!line.empty()) {
    const std::size_t first = line.find_first_not_of(" \t\r");
    if (first == kNone) break;
    line.remove_prefix(first);
    const std::string_view word = line.substr(0, line.find_first_of(" \t\r"));
    line.remove_prefix(word.size());
    std::string lower;
    for (const char c : word) {
      if (c < 'A' || c > 'Z') return false;
      lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    if (!rules.table_columns.contains(lower)) return false;
    ++columns;
  }
  return columns > 1;
}

}  // namespace

// A line of an answer that is secret whatever it looks like stays where it is
// known to hold no value.
std::string TreeMasker::MaskStrictProse(std::string_view text) {
  std::string out;
  std::string hidden;
  bool table = false;
  const auto hide = [&] {
    if (hidden.empty()) return;
    const bool line_break = hidden.back() == '\n';
    if (line_break) hidden.pop_back();
    Learn(hidden);
    out += text_.Mask("secret", "", hidden) + (line_break ? "\n" : "");
    hidden.clear();
  };
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view before = rest;
    const std::string_view line = TakeLine(rest);
    const std::string_view whole =
        before.substr(0, before.size() - rest.size());
    const bool blank = line.find_first_not_of(" \t\r") == kNone;
    table = !blank && (table || IsTableHead(line, text_.rules()));
    if (table || text_.rules().IsPlainLine(line)) {
      hide();
      out += text_.MaskNames(text_.MaskSeen(std::string(whole)));
    } else {
      hidden += whole;
    }
  }
  hide();
  return out;
}

std::string TreeMasker::MaskProse(std::string_view text, const Place& place) {
  if (!place.is_secret) {
    return place.strict ? MaskStrictProse(text)
                        : text_.MaskNames(text_.MaskSeen(std::string(text)));
  }
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == kNone || text[first] != '#') {
    return text_.Mask(place.kind, place.name, text);
  }
  // A comment stays one.
  return std::string(text.substr(0, first)) + "# " +
         text_.Mask(place.kind, place.name, text.substr(first));
}

// Formats first, over all lines: a key in PEM has many, and some look like
// fields. Then what the structure says of the rest.
std::string TreeMasker::MaskLines(std::string_view text, Place place,
                                  const GateHits& hits) {
  const std::string plain = text_.MaskFormats(
      std::string(text), hits.escapes ? kAllFormats : hits.formats);
  const bool structured = hits.names || hits.secrets || hits.escapes ||
                          hits.controls || place.in_secret || place.strict;
  if (!structured) return text_.MaskSeen(plain);
  if (IsOneWord(plain)) return MaskProse(plain, place);
  place.loose = place.loose || hits.secrets;
  const TextTree tree = ReadLineTree(plain);
  std::vector<Edit> edits;
  if (!tree.nodes.empty()) Walk(tree, 0, place, edits);
  return Applied(plain, edits);
}

}  // namespace gatehouse::audit
