// SPDX-License-Identifier: Apache-2.0
#include "policy/issue.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <tuple>

#include "policy/fault.h"

namespace gatehouse {
namespace {

constexpr FaultRow kFaults[] = {
    {Fault::kNotText, "P001", "not-text", "The file is not plain UTF-8 text."},
    {Fault::kSyntax, "P002", "syntax", "The text is not YAML."},
    {Fault::kTooLarge, "P003", "too-large",
     "The text is too long, too deep or has too many values."},
    {Fault::kDuplicateKey, "P004", "duplicate-key",
     "A key stands twice in one map; readers differ in which they take."},
    {Fault::kAlias, "P005", "alias", "Anchors and aliases are not accepted."},
    {Fault::kMergeKey, "P006", "merge-key", "Merge keys are not accepted."},
    {Fault::kTag, "P007", "tag", "Tags are not accepted."},
    {Fault::kDirective, "P008", "directive",
     "YAML directives are not accepted."},
    {Fault::kDocumentMarker, "P009", "document-marker",
     "A document begins or ends in a way that readers differ about."},
    {Fault::kKeyNotPlain, "P010", "key-not-plain",
     "A key is not a simple word."},
    {Fault::kTab, "P011", "tab", "A line is indented with a tab."},
    {Fault::kUnknownField, "P012", "unknown-field",
     "There is no field of this name here."},
    {Fault::kMissingField, "P013", "missing-field", "A field is missing."},
    {Fault::kWrongType, "P014", "wrong-type",
     "The value has another type than the field."},
    {Fault::kBadValue, "P015", "bad-value",
     "The field does not take this value."},
    {Fault::kBadId, "P016", "bad-id", "A rule id has a form of its own."},
    {Fault::kDuplicateId, "P017", "duplicate-id",
     "Two rules have the same id."},
    {Fault::kEffect, "P018", "effect",
     "A rule has exactly one of allow, ask and deny."},
    {Fault::kUnknownVerb, "P019", "unknown-verb",
     "There is no verb or group of this name."},
    {Fault::kUnknownResource, "P020", "unknown-resource",
     "There is no resource of this name."},
    {Fault::kBadPattern, "P021", "bad-pattern",
     "A pattern is not a glob or expression that can be used."},
    {Fault::kEmpty, "P022", "empty",
     "An empty list would match nothing or everything."},
    {Fault::kNotYet, "P023", "not-yet-supported",
     "The field belongs to a later version."},
    {Fault::kUnclearNeedsTools, "P024", "unclear-needs-tools",
     "Unclear calls are allowed for named tools only."},
    {Fault::kUnprovenGround, "P025", "unproven-ground",
     "What a client says of itself is never the only ground of an allow."},
    {Fault::kUnknownSetting, "P026", "unknown-setting",
     "There is no setting of this name."},
    {Fault::kSettingRequired, "P027", "setting-required",
     "The policy needs a setting that was not given."},
    {Fault::kExtendsUnknown, "P028", "extends-unknown",
     "An extended policy cannot be read."},
    {Fault::kExtendsCycle, "P029", "extends-cycle", "A policy extends itself."},
    {Fault::kNotOneDocument, "P030", "not-one-document",
     "A policy file is one YAML map."},
    {Fault::kUnknownZone, "P031", "unknown-zone",
     "There is no time zone of this name on this machine."},
    {Fault::kWrongEffect, "P032", "wrong-effect",
     "The field does not belong to a rule of this effect."},
    {Fault::kWrongLayer, "P033", "wrong-layer",
     "The field belongs to a system policy only, or never to one."},
    {Fault::kLocked, "P034", "locked",
     "The system policy does not leave this to the user."},
};
static_assert(std::size(kFaults) == kFaultCount);

constexpr bool RowsInOrder() {
  for (std::size_t i = 0; i < std::size(kFaults); ++i) {
    if (static_cast<std::size_t>(kFaults[i].fault) != i) return false;
  }
  return true;
}
static_assert(RowsInOrder(), "FaultCode indexes the table by the enum");

bool IsControl(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool StartsCharacter(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

// Terminal columns are counted in characters, positions in bytes.
std::size_t CharactersIn(std::string_view bytes) {
  return static_cast<std::size_t>(
      std::count_if(bytes.begin(), bytes.end(), StartsCharacter));
}

std::string Printable(std::string_view line) {
  std::string out(line);
  for (char& c : out) {
    if (IsControl(c)) c = c == '\t' ? ' ' : '?';
  }
  return out;
}

// The fault and the line it is in, cut so that a line of a megabyte does not
// fill the terminal.
std::string CaretLines(const Issue& issue) {
  constexpr std::size_t kMaxLine = 200;
  const std::string number = std::to_string(issue.position.line);
  const std::string pad(number.size() < 5 ? 5 - number.size() : 0, ' ');
  const std::string_view line =
      std::string_view(issue.line_text).substr(0, kMaxLine);
  std::string out = pad + number + " | " + Printable(line) + "\n";
  const std::size_t column =
      static_cast<std::size_t>(std::max(issue.position.column, 1)) - 1;
  if (column > line.size()) return out;
  const std::size_t length =
      issue.position.length > 0
          ? static_cast<std::size_t>(issue.position.length)
          : std::string_view::npos;
  const std::size_t marked = CharactersIn(line.substr(column, length));
  out += std::string(pad.size() + number.size(), ' ') + " | ";
  out += std::string(CharactersIn(line.substr(0, column)), ' ') + "^";
  if (marked > 1) out += std::string(marked - 1, '~');
  return out + "\n";
}

// Optimal string alignment: a swap of neighbours is one edit, since that is
// the slip people make.
std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(last.begin(), last.end(), 0u);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = Lower(a[i - 1]) == Lower(b[j - 1]);
      row[j] = std::min(
          {last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0u : 1u)});
      const bool swapped = i > 1 && j > 1 &&
                           Lower(a[i - 1]) == Lower(b[j - 2]) &&
                           Lower(a[i - 2]) == Lower(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

}  // namespace

std::span<const FaultRow> AllFaults() { return kFaults; }

std::string_view FaultCode(Fault fault) {
  return kFaults[static_cast<std::size_t>(fault)].code;
}

std::string Quoted(std::string_view word) {
  constexpr std::size_t kMax = 60;
  std::size_t end = std::min(word.size(), kMax);
  while (end < word.size() && end > 0 && !StartsCharacter(word[end])) --end;
  const std::string_view rest = end < word.size() ? "…\"" : "\"";
  return "\"" + Printable(word.substr(0, end)) + std::string(rest);
}

bool Issues::HasErrors() const {
  return std::any_of(items_.begin(), items_.end(), [](const Issue& issue) {
    return issue.severity == Severity::kError;
  });
}

void Issues::Sort() {
  std::stable_sort(
      items_.begin(), items_.end(), [](const Issue& a, const Issue& b) {
        return std::tie(a.file, a.position.line, a.position.column) <
               std::tie(b.file, b.position.line, b.position.column);
      });
}

std::string Render(const Issue& issue) {
  std::string out = Printable(issue.file);
  const bool placed = issue.position.line > 0;
  if (placed) {
    out += ":" + std::to_string(issue.position.line) + ":" +
           std::to_string(issue.position.column);
  }
  out += issue.severity == Severity::kError ? ": error[" : ": warning[";
  out += issue.code + "]: " + Printable(issue.message) + "\n";
  if (placed) out += CaretLines(issue);
  return out;
}

void AbortOnError(const Issues& issues) {
  if (!issues.HasErrors()) return;
  for (const Issue& issue : issues.items()) {
    std::fputs((Render(issue) + "\n").c_str(), stderr);
  }
  std::abort();
}

std::string_view NearestWord(std::string_view word,
                             const std::vector<std::string_view>& known) {
  constexpr std::size_t kMaxWord = 64;
  if (word.size() > kMaxWord) return "";
  std::string_view nearest;
  std::size_t least = word.size() / 3 + 1;
  for (std::string_view candidate : known) {
    if (candidate.size() > kMaxWord) continue;
    const std::size_t distance = EditDistance(word, candidate);
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

}  // namespace gatehouse
