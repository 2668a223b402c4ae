// SPDX-License-Identifier: Apache-2.0
// TreeMasker's part for texts of lines: YAML, `describe`, tables, prose.
#include <algorithm>
#include <cctype>
#include <cstring>
#include <utility>

#include "audit/line_tree.h"
#include "audit/no_position.h"
#include "audit/redact_tree.h"

namespace gatehouse::audit {
namespace {

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

// Where a document begins: "---" on a line of its own. Not at "...": that is
// more often where a server has cut one.
bool IsSeparator(std::string_view line) {
  return line.starts_with("---") &&
         (line.size() == 3 || line[3] == ' ' || line[3] == '\r');
}

struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// Where the line begins that ends at or behind `at`; not before `from`.
std::size_t LineBefore(std::string_view text, std::size_t at,
                       std::size_t from) {
  const auto* found =
      static_cast<const char*>(memrchr(text.data() + from, '\n', at - from));
  if (found == nullptr) return from;
  return static_cast<std::size_t>(found - text.data()) + 1;
}

// The document that the byte at `at` stands in, at most from `from` on.
Span DocumentAt(std::string_view text, std::size_t at, std::size_t from) {
  Span document{from, text.size()};
  for (std::size_t line = LineBefore(text, at, from); line > from;
       line = LineBefore(text, line - 1, from)) {
    if (!IsSeparator(text.substr(line, text.find('\n', line) - line))) continue;
    document.begin = line;
    break;
  }
  for (std::size_t line = text.find('\n', at); line != kNone;
       line = text.find('\n', line + 1)) {
    const std::size_t next = text.find('\n', line + 1);
    if (!IsSeparator(text.substr(line + 1, next - line - 1))) continue;
    document.end = line + 1;
    break;
  }
  return document;
}

}  // namespace

// A line of an answer that is secret whatever it looks like stays where it is
// known to hold no value.
Edits TreeMasker::MaskStrictProse(std::string_view text) {
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
      out += Applied(whole, text_.MaskWords(whole, gate_.Scan(whole)));
    } else {
      hidden += whole;
    }
  }
  hide();
  return Whole(text, std::move(out));
}

// A Secret in braces that are no JSON, or cut: the rest of its line.
Edits TreeMasker::MaskBraces(std::string_view text) {
  Edits edits;
  for (std::size_t at = text.find('{'); at != kNone; at = text.find('{', at)) {
    if (text.substr(at, 2) == "{{") {  // of a template
      at += 2;
      continue;
    }
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view braces = text.substr(at, end - at);
    if (gate_.Scan(braces).secrets) {
      edits.push_back({at, end, text_.Mask("document", "", braces)});
    }
    at = end;
  }
  return edits;
}

Edits TreeMasker::MaskProse(std::string_view text, const GateHits& hits,
                            const Place& place) {
  if (!place.is_secret && place.strict) return MaskStrictProse(text);
  if (!place.is_secret && hits.secrets) {
    StagedEdits edits(text);
    edits.Add(MaskBraces(text));
    edits.Add(text_.MaskWords(edits.now(), gate_.Scan(edits.now())));
    return edits.Take();
  }
  if (!place.is_secret) return text_.MaskWords(text, hits);
  // A comment stays one.
  const std::size_t first = text.find_first_not_of(" \t");
  const bool comment = first != kNone && text[first] == '#';
  const std::string head =
      comment ? std::string(text.substr(0, first)) + "# " : "";
  const std::string_view secret = comment ? text.substr(first) : text;
  return Whole(text, head + text_.Mask(place.kind, place.name, secret));
}

// Formats first, over all lines: a key in PEM has many, and some look like
// fields. Then what the structure says of the rest.
Edits TreeMasker::MaskLines(std::string_view text, const GateHits& hits,
                            const Place& place) {
  Edits formats = text_.MaskFormats(text, hits);
  if (formats.empty()) return MaskStructure(text, hits, place);
  StagedEdits edits(text);
  edits.Add(std::move(formats));
  edits.Add(MaskStructure(edits.now(), gate_.Scan(edits.now()), place));
  return edits.Take();
}

Edits TreeMasker::MaskStructure(std::string_view text, const GateHits& hits,
                                const Place& place) {
  const bool structured = hits.names || hits.secrets || hits.escapes ||
                          place.in_secret || place.loose || place.strict;
  if (!structured) return text_.MaskSeen(text, hits);
  if (IsOneWord(text)) return MaskProse(text, hits, place);
  if (place.Everything() || hits.everywhere) {
    return MaskDocumentOfLines(text, hits, place);
  }
  Edits edits;
  std::size_t done = 0;
  for (const GateSpot& spot : hits.spots) {
    if (spot.at < done) continue;
    const Span document = DocumentAt(text, spot.at, done);
    done = document.end;
    const std::string_view lines =
        text.substr(document.begin, document.end - document.begin);
    Append(MaskDocumentOfLines(
               lines, gate_.Within(hits, text, document.begin, document.end),
               place),
           document.begin, edits);
  }
  return edits;
}

// Where a Secret is in it, its lines may be torn: no map is trusted that does
// not say what it is.
Edits TreeMasker::MaskDocumentOfLines(std::string_view text,
                                      const GateHits& hits, Place place) {
  place.loose = place.loose || hits.secrets;
  const SpotCursor outer = std::exchange(spots_, SpotCursor(hits));
  const TextTree tree = ReadLineTree(text);
  Edits edits;
  if (tree.nodes.empty()) {
    edits = Whole(text, text_.Mask("document", "", text));
  } else {
    Walk(tree, 0, place, edits);
  }
  spots_ = outer;
  return edits;
}

}  // namespace gatehouse::audit
