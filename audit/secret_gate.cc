// SPDX-License-Identifier: Apache-2.0
#include "audit/secret_gate.h"

#include <algorithm>
#include <cctype>

#include "audit/redact_rules.h"
#include "audit/text_controls.h"

namespace gatehouse::audit {
namespace {

constexpr std::size_t kMaxNameBytes = 128;
constexpr auto kNone = std::string_view::npos;

unsigned char Byte(char c) { return static_cast<unsigned char>(c); }

std::uint16_t PairOf(unsigned char first, unsigned char second) {
  return static_cast<std::uint16_t>(first << 8 | second);
}

constexpr std::array<bool, 256> NameLetters() {
  std::array<bool, 256> letters{};
  for (const char c : std::string_view("abcdefghijklmnopqrstuvwxyz"
                                       "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                       "0123456789-_.")) {
    letters[static_cast<unsigned char>(c)] = true;
  }
  return letters;
}
constexpr std::array<bool, 256> kNameLetters = NameLetters();

bool IsNameLetter(char c) { return kNameLetters[Byte(c)]; }

// How often a byte stands in the answers of Kubernetes, roughly.
int Weight(char c) {
  if (c >= 'a' && c <= 'z') return c == 'j' || c == 'q' || c == 'x' ? 4 : 9;
  if (c >= 'A' && c <= 'Z') return 2;
  return c == '/' || c == '-' || c == ':' || c == ' ' ? 6 : 3;
}

std::size_t RarestPair(std::string_view literal) {
  std::size_t best = 0;
  int least = 1'000;
  for (std::size_t i = 0; i + 1 < literal.size(); ++i) {
    const int weight = Weight(literal[i]) * Weight(literal[i + 1]);
    if (weight >= least) continue;
    least = weight;
    best = i;
  }
  return best;
}

bool EqualFolded(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(Byte(x)) == std::tolower(Byte(y));
  });
}

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

// "kind": before the word that begins at `at`, whatever is escaped.
bool FollowsKind(std::string_view bytes, std::size_t at) {
  std::size_t end = SkipBetweenBack(bytes, at);
  if (end == 0 || bytes[end - 1] != ':') return false;
  end = SkipBetweenBack(bytes, end - 1);
  return end >= 4 && EqualFolded(bytes.substr(end - 4, 4), "kind");
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
  const std::size_t brace = bytes.find_first_not_of("\\\"' \t\r\n{", mark + 1);
  if (brace == kNone) return false;
  std::string_view rest = bytes.substr(brace);
  // The "n" of an escaped line break, and the indent behind it.
  if (bytes[brace - 1] == '\\' && rest.front() == 'n') {
    rest.remove_prefix(std::min(rest.find_first_not_of(" \\\"n"), rest.size()));
  }
  for (const std::string_view key : {"defaultMode", "secretName", "items"}) {
    if (rest.starts_with(key)) return true;
  }
  return false;
}

// A name that ends before `end`, and a ":" or "=" behind it.
bool IsSecretName(std::string_view bytes, std::size_t end,
                  const RedactionRules& rules) {
  const std::size_t mark = SkipBetween(bytes, end);
  if (mark == bytes.size() || (bytes[mark] != ':' && bytes[mark] != '=')) {
    return false;
  }
  const std::string_view name = NameBefore(bytes, end);
  const std::string_view other = Unescaped(bytes, name);
  if (!rules.IsSecretName(name) &&
      (other.size() == name.size() || !rules.IsSecretName(other))) {
    return false;
  }
  return !name.ends_with("secret") || !IsVolume(bytes, mark);
}

// {name: DB_PASSWORD, …}: a name that ends before `end` and is the value of a
// field which says how something is called.
bool IsCalledSecret(std::string_view bytes, std::size_t end,
                    const RedactionRules& rules) {
  const std::string_view name = NameBefore(bytes, end);
  if (end == name.size() || !rules.IsSecretKey(name)) return false;
  const std::size_t mark = SkipBetweenBack(bytes, end - name.size());
  if (mark == 0 || bytes[mark - 1] != ':') return false;
  std::string_view field = NameBefore(bytes, SkipBetweenBack(bytes, mark - 1));
  if (field.size() > 4) field = Unescaped(bytes, field);
  return EqualFolded(field, "name") || EqualFolded(field, "key");
}

// --token VALUE: the dashes are at `at`.
bool IsSecretFlagAt(std::string_view bytes, std::size_t at,
                    const RedactionRules& rules) {
  std::size_t end = at;
  while (end < bytes.size() && end - at < kMaxNameBytes &&
         IsNameLetter(bytes[end])) {
    ++end;
  }
  const std::string_view name = bytes.substr(at, end - at);
  return rules.IsSecretName(name);
}

// An escape at `at`: of a control character, or of what need not be escaped.
void LookAtEscape(std::string_view bytes, std::size_t at, GateHits& hits) {
  if (bytes[at + 1] != 'u') {
    hits.escapes = hits.escapes || bytes[at + 1] == '/';
    hits.controls = hits.controls || bytes[at + 1] != '/';
    return;
  }
  unsigned unit = 0;
  for (std::size_t i = at + 2; i < at + 6; ++i) {
    if (i >= bytes.size() || std::isxdigit(Byte(bytes[i])) == 0) return;
    const int low = std::tolower(Byte(bytes[i]));
    unit = unit * 16 +
           static_cast<unsigned>(low <= '9' ? low - '0' : low - 'a' + 10);
  }
  if (unit < 0x80 && IsNameLetter(static_cast<char>(unit))) hits.escapes = true;
  if (unit == ':' || unit == '=' || unit == '/') hits.escapes = true;
  // The high half of tags and of selectors that carry hidden bytes.
  if (unit == 0xDB40 || IsControl(unit)) hits.controls = true;
}

}  // namespace

SecretGate::SecretGate(const RedactionRules& rules) : rules_(rules) {
  for (std::size_t i = 0; i < rules.formats.size(); ++i) {
    for (const std::string& literal : rules.formats[i].literals) {
      AddLiteral(
          {Kind::kFormat, RarestPair(literal), literal, std::uint64_t{1} << i});
    }
  }
  AddLiteral({Kind::kSecretKind, 2, "secret", 0});  // "cr"
  AddLiteral({Kind::kEncoded, 3, "\"blob\"", 0});   // "ob"
  AddNameEnds();
  AddControls();
}

void SecretGate::Mark(unsigned char first, unsigned char second) {
  const std::uint16_t pair = PairOf(first, second);
  bits_[pair >> 6] |= std::uint64_t{1} << (pair & 63);
}

void SecretGate::AddLiteral(Candidate candidate) {
  const std::string& literal = candidate.literal;
  const auto add = [&](int one, int two) {
    const std::uint16_t pair = PairOf(static_cast<unsigned char>(one),
                                      static_cast<unsigned char>(two));
    Mark(static_cast<unsigned char>(one), static_cast<unsigned char>(two));
    literal_bits_[pair >> 6] |= std::uint64_t{1} << (pair & 63);
    literals_[pair].push_back(candidate);
  };
  const char first = literal[candidate.offset];
  if (literal.size() == 1) {
    for (int second = 0; second < 256; ++second) add(first, second);
    return;
  }
  const char second = literal[candidate.offset + 1];
  add(first, second);
  if (candidate.kind != Kind::kSecretKind) return;
  add(std::toupper(first), second);
  add(first, std::toupper(second));
  add(std::toupper(first), std::toupper(second));
}

// Names end with few letters, and what ends them are few marks.
void SecretGate::AddNameEnds() {
  const auto add = [this](const std::string& name) {
    if (name.empty()) return;
    for (const char mark : {'"', '\\', '\'', ':', '=', '\n', '\r'}) {
      Mark(Byte(name.back()), Byte(mark));
      Mark(static_cast<unsigned char>(std::toupper(Byte(name.back()))),
           Byte(mark));
    }
  };
  for (const NameSet* names :
       {&rules_.keys, &rules_.flags, &rules_.assignment_flags}) {
    for (const std::string& name : *names) add(name);
  }
  for (const std::string& ending : rules_.key_endings) add(ending);
  for (const char* pair : {" =", " :", "\t=", "\t:", "--"}) {
    Mark(Byte(pair[0]), Byte(pair[1]));
  }
}

void SecretGate::AddControls() {
  for (const char* pair :
       {"\\u", "\\b", "\\f", "\\/", "\xE2\x80", "\xE2\x81", "\xD8\x9C",
        "\xEF\xBB", "\xEF\xB8", "\xEF\xBF", "\xF3\xA0", "\xE1\xA0"}) {
    Mark(Byte(pair[0]), Byte(pair[1]));
  }
  for (unsigned char c = 0x80; c < 0xA0; ++c) Mark(0xC2, c);
  for (int c = 0; c < 256; ++c) Mark(static_cast<unsigned char>(c), 0x7F);
}

void SecretGate::AddSeen(std::string_view bytes) {
  AddLiteral({Kind::kSeen, RarestPair(bytes), std::string(bytes), 0});
}

// What may begin at `at`, whose two bytes are marked.
void SecretGate::Look(std::string_view bytes, std::size_t at,
                      GateHits& hits) const {
  const char first = bytes[at];
  const char second = bytes[at + 1];
  if (first == '\\') {
    LookAtEscape(bytes, at, hits);
  } else if (Byte(first) >= 0x80 || second == 0x7F) {
    hits.controls =
        hits.controls || BeginsControl(bytes.substr(at)) || second == 0x7F;
  } else if (!hits.names) {
    const bool blank = first == ' ' || first == '\t';
    if (first == '-' && second == '-') {
      hits.names = IsSecretFlagAt(bytes, at + 2, rules_);
    } else if (blank && (second == ':' || second == '=')) {
      const std::size_t end = bytes.find_last_not_of("\\\"' \t", at);
      hits.names = end != kNone && IsSecretName(bytes, end + 1, rules_);
    } else if (!IsNameLetter(second) &&
               rules_.MayEndName(bytes.substr(0, at + 1))) {
      hits.names = IsSecretName(bytes, at + 1, rules_) ||
                   IsCalledSecret(bytes, at + 1, rules_);
    }
  }
  const std::uint16_t pair = PairOf(Byte(first), Byte(second));
  if ((literal_bits_[pair >> 6] >> (pair & 63) & 1) == 0) return;
  const auto found = literals_.find(pair);
  if (found == literals_.end()) return;
  for (const Candidate& candidate : found->second) {
    if (at < candidate.offset) continue;
    const std::size_t begin = at - candidate.offset;
    const std::string_view there =
        bytes.substr(begin, candidate.literal.size());
    switch (candidate.kind) {
      case Kind::kFormat:
        if (there == candidate.literal) hits.formats |= candidate.bit;
        break;
      case Kind::kSecretKind:
        hits.secrets = hits.secrets || (EqualFolded(there, candidate.literal) &&
                                        FollowsKind(bytes, begin));
        break;
      case Kind::kEncoded:
        hits.escapes = hits.escapes || there == candidate.literal;
        break;
      case Kind::kSeen:
        hits.seen = hits.seen || there == candidate.literal;
        break;
    }
  }
}

GateHits SecretGate::Scan(std::string_view bytes) const {
  GateHits hits;
  if (bytes.empty()) return hits;
  unsigned previous = Byte(bytes[0]);
  for (std::size_t i = 1; i < bytes.size(); ++i) {
    const unsigned current = Byte(bytes[i]);
    const unsigned pair = previous << 8 | current;
    previous = current;
    if ((bits_[pair >> 6] >> (pair & 63) & 1) != 0) Look(bytes, i - 1, hits);
  }
  return hits;
}

}  // namespace gatehouse::audit
