// SPDX-License-Identifier: Apache-2.0
#include "audit/name_marks.h"

#include <algorithm>

#include "audit/name_letters.h"

namespace gatehouse::audit {
namespace {

// How far behind "kind:" its value may stand: behind a tag, an anchor or the
// mark of a block.
constexpr std::size_t kMaxBeforeKind = 48;

bool IsBetween(char c) {
  return c == '\\' || c == '"' || c == '\'' || c == ' ' || c == '\t' ||
         c == '\n' || c == '\r';
}

bool IsBreakLetter(char c) { return c == 'n' || c == 'r' || c == 't'; }

// Past quotes, blanks and line breaks, escaped or not, from `at` on.
std::size_t SkipBetween(std::string_view bytes, std::size_t at) {
  while (at < bytes.size() && IsBetween(bytes[at])) {
    const bool escape = bytes[at] == '\\' && at + 1 < bytes.size() &&
                        IsBreakLetter(bytes[at + 1]);
    at += escape ? 2 : 1;
  }
  return at;
}

// The same backwards: where what stands before `at` ends.
std::size_t SkipBetweenBack(std::string_view bytes, std::size_t at) {
  while (at > 0) {
    const bool escape =
        at > 1 && IsBreakLetter(bytes[at - 1]) && bytes[at - 2] == '\\';
    if (!escape && !IsBetween(bytes[at - 1])) break;
    at -= escape ? 2 : 1;
  }
  return at;
}

// The name that ends right before `end`; empty where none does.
std::string_view NameBefore(std::string_view bytes, std::size_t end) {
  std::size_t begin = end;
  while (begin > 0 && end - begin < kMaxNameBytes &&
         IsNameLetter(bytes[begin - 1])) {
    --begin;
  }
  return bytes.substr(begin, end - begin);
}

// The name without the letters of an escape that stands right before it: the
// "n" of a line break, or "u003c".
std::string_view Unescaped(std::string_view bytes, std::string_view name) {
  if (name.empty() || name.data() == bytes.data() || name.data()[-1] != '\\') {
    return name;
  }
  const std::size_t letters = name.front() == 'u' ? 5 : 1;
  return name.substr(std::min(letters, name.size()));
}

// A volume's `secret:` names one: what else it may hold does so too.
bool IsVolume(std::string_view bytes, std::size_t mark) {
  static constexpr ByteSet kBefore("\\\"' \t\r\n{");
  const std::size_t brace = kBefore.FindNot(bytes, mark + 1);
  if (brace == bytes.size()) return false;
  std::string_view rest = bytes.substr(brace);
  // The "n" of an escaped line break, and the indent behind it.
  if (bytes[brace - 1] == '\\' && rest.front() == 'n') {
    static constexpr ByteSet kBreak(" \\\"n");
    rest.remove_prefix(kBreak.FindNot(rest, 0));
  }
  for (const std::string_view key : {"defaultMode", "secretName", "items"}) {
    if (rest.starts_with(key)) return true;
  }
  return false;
}

// The name that ends at `end`, whose mark is at `mark`.
bool IsSecretName(std::string_view bytes, std::size_t end, std::size_t mark,
                  const RedactionRules& rules) {
  const std::string_view name = NameBefore(bytes, end);
  const std::string_view other = Unescaped(bytes, name);
  if (!rules.IsSecretName(name) &&
      (other.size() == name.size() || !rules.IsSecretName(other))) {
    return false;
  }
  return !name.ends_with("secret") || !IsVolume(bytes, mark);
}

// {name: DB_PASSWORD, …}: the value is the name of a secret.
bool CallsSecret(std::string_view bytes, std::size_t mark,
                 const RedactionRules& rules) {
  const std::size_t first = SkipBetween(bytes, mark + 1);
  std::string_view rest = bytes.substr(first, kMaxNameBytes);
  // Behind a tag, an anchor or the mark of a block; many of them hide
  // something.
  static constexpr ByteSet kProperties("&!|>");
  static constexpr ByteSet kBlanks(" \t\r\n\\");
  while (!rest.empty() && kProperties.Has(rest.front())) {
    rest.remove_prefix(SkipBetween(rest, kBlanks.Find(rest)));
    if (rest.empty()) return true;
  }
  static constexpr ByteSet kEnds("\\\"'\r\n,}:#");
  const std::string_view value = rest.substr(0, kEnds.Find(rest));
  return rules.MayEndName(value) && rules.IsSecretKey(value);
}

// kind: Secret, behind whatever YAML lets stand before it.
bool IsSecretKind(std::string_view bytes, std::size_t mark) {
  constexpr std::string_view kSecret = "secret";
  const std::size_t at = SkipBetween(bytes, mark + 1);
  if (EqualFolded(bytes.substr(at, kSecret.size()), kSecret)) return true;
  const std::string_view rest = bytes.substr(at, kMaxBeforeKind);
  if (rest.find_first_of("&!|>") != 0) return false;
  for (std::size_t i = 1; i + kSecret.size() <= rest.size(); ++i) {
    if (EqualFolded(rest.substr(i, kSecret.size()), kSecret)) return true;
  }
  return false;
}

// Whether the name that ends at `end` is, or ends with, `word`.
bool EndsWord(std::string_view bytes, std::size_t end, std::string_view word) {
  return end >= word.size() &&
         EqualFolded(bytes.substr(end - word.size(), word.size()), word);
}

// Nothing but an escape's letter before the word.
bool IsWord(std::string_view bytes, std::size_t end, std::string_view word) {
  const std::string_view name = NameBefore(bytes, end);
  return EndsWord(bytes, end, word) &&
         (name.size() == word.size() ||
          Unescaped(bytes, name).size() == word.size());
}

// Nearly every mark of an answer ends a plain word, bare or before a quote, as
// no name that means anything does: told by its last three letters, at a
// fraction of what reading it costs.
bool EndsPlainWord(std::string_view bytes, std::size_t mark,
                   const RedactionRules& rules) {
  constexpr std::size_t kEnd = 3;
  const std::size_t end = bytes[mark - 1] == '"' ? mark - 1 : mark;
  if (end < kEnd) return false;
  const std::string_view last = bytes.substr(end - kEnd, kEnd);
  for (std::size_t i = kEnd; i-- > 0;) {
    if (kEndValues[static_cast<unsigned char>(last[i])] != 0) continue;
    // A word of a letter or two, as in 10:00:00, means nothing.
    return i + 1 < kEnd && !IsNameLetter(last[i]) && last[i] != '\\';
  }
  if (rules.MayEndName(last)) return false;
  // Of kind, blob, name and key.
  static constexpr ByteSet kOthers("dDbBeEyY");
  return bytes[mark] != ':' || !kOthers.Has(last.back());
}

MarkMeaning ReadName(std::string_view bytes, std::size_t mark,
                     const RedactionRules& rules) {
  MarkMeaning meaning;
  const bool right_before = IsNameLetter(bytes[mark - 1]);
  const std::size_t end = right_before ? mark : SkipBetweenBack(bytes, mark);
  if (end == 0) return meaning;
  meaning.name = rules.MayEndName(bytes.substr(0, end)) &&
                 IsSecretName(bytes, end, mark, rules);
  if (bytes[mark] != ':') return meaning;
  switch (bytes[end - 1] | 0x20) {
    case 'd':
      meaning.secret =
          EndsWord(bytes, end, "kind") && IsSecretKind(bytes, mark);
      break;
    case 'b':
      meaning.encoded = EndsWord(bytes, end, "blob");
      break;
    case 'e':
      meaning.name = meaning.name || (IsWord(bytes, end, "name") &&
                                      CallsSecret(bytes, mark, rules));
      break;
    case 'y':
      meaning.name = meaning.name || (IsWord(bytes, end, "key") &&
                                      CallsSecret(bytes, mark, rules));
      break;
    default:
      break;
  }
  return meaning;
}

}  // namespace

MarkMeaning ReadMark(std::string_view bytes, std::size_t mark,
                     const RedactionRules& rules) {
  if (mark == 0 || EndsPlainWord(bytes, mark, rules)) return {};
  return ReadName(bytes, mark, rules);
}

bool IsSecretFlagAt(std::string_view bytes, std::size_t dashes,
                    const RedactionRules& rules) {
  const std::size_t at = dashes + 2;
  std::size_t end = at;
  while (end < bytes.size() && end - at < kMaxNameBytes &&
         IsNameLetter(bytes[end])) {
    ++end;
  }
  return rules.IsSecretName(bytes.substr(at, end - at));
}

}  // namespace gatehouse::audit
