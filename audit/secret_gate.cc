// SPDX-License-Identifier: Apache-2.0
#include "audit/secret_gate.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include "audit/name_letters.h"
#include "audit/name_marks.h"
#include "audit/no_position.h"
#include "audit/redact_rules.h"
#include "audit/text_controls.h"

namespace gatehouse::audit {
namespace {

// Groups of pairs (byte_pairs.h): what is alike is together.
enum Group : unsigned {
  kMarks = 0,  // anything and ":" or "="
  kSlashes,
  kEscapes,
  kUnicode,
  kRawControls,
  kLettersAndDash,
  kCapitals,
  kLetters,
};

// More than this are not kept: they would outgrow the text.
constexpr std::size_t kBytesPerSpot = 16;
constexpr std::size_t kSpotsOfAny = 1'024;

unsigned char Byte(char c) { return static_cast<unsigned char>(c); }

std::uint16_t PairOf(char first, char second) {
  return static_cast<std::uint16_t>(Byte(first) << 8 | Byte(second));
}

// How often a byte stands in the answers of Kubernetes, roughly.
int Weight(char c) {
  if (c >= 'a' && c <= 'z') return c == 'j' || c == 'q' || c == 'x' ? 4 : 9;
  if (c >= 'A' && c <= 'Z') return 2;
  if (c >= '0' && c <= '9') return 4;
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

Group GroupOf(char first, char second) {
  if (second == '=' || second == ':') return kMarks;
  if (first == ':' || first == '/') return kSlashes;
  if (second == '_' || second == '-' || second == '.') return kLettersAndDash;
  const bool lower = std::islower(Byte(first)) != 0 &&
                     (std::islower(Byte(second)) != 0 || second == ' ');
  return lower ? kLetters : kCapitals;
}

// Never raw in a line of JSON, but in what one of its strings says.
bool IsRawControl(char c) {
  return (Byte(c) < 0x20 && c != '\n' && c != '\t' && c != '\r') || c == 0x7F;
}

void Flag(SpotKind kind, GateHits& hits) {
  switch (kind) {
    case SpotKind::kFormat:
      break;
    case SpotKind::kName:
      hits.names = true;
      break;
    case SpotKind::kSecret:
      hits.secrets = true;
      break;
    case SpotKind::kSeen:
      hits.seen = true;
      break;
    case SpotKind::kControl:
      hits.controls = true;
      break;
    case SpotKind::kEscape:
      hits.escapes = true;
      break;
  }
}

void Note(SpotKind kind, std::size_t at, std::size_t most, GateHits& hits) {
  Flag(kind, hits);
  if (hits.spots.size() < most) {
    hits.spots.push_back({static_cast<std::uint32_t>(at), kind, 0});
  } else {
    hits.everywhere = true;
  }
}

// The code unit of \uXXXX at `at`; nullopt where it is none.
std::optional<unsigned> UnitAt(std::string_view bytes, std::size_t at) {
  if (at + 6 > bytes.size()) return std::nullopt;
  unsigned unit = 0;
  for (std::size_t i = at + 2; i < at + 6; ++i) {
    if (std::isxdigit(Byte(bytes[i])) == 0) return std::nullopt;
    const int low = std::tolower(Byte(bytes[i]));
    unit = unit * 16 +
           static_cast<unsigned>(low <= '9' ? low - '0' : low - 'a' + 10);
  }
  return unit;
}

// An escape at `at`: of a control character, or of what need not be escaped;
// nullopt: of neither.
std::optional<SpotKind> MeaningOfEscape(std::string_view bytes,
                                        std::size_t at) {
  if (bytes[at + 1] == '/') return SpotKind::kEscape;
  if (bytes[at + 1] != 'u') return SpotKind::kControl;
  const auto unit = UnitAt(bytes, at);
  if (!unit) return std::nullopt;
  const bool name = *unit < 0x80 && IsNameLetter(static_cast<char>(*unit));
  if (name || *unit == ':' || *unit == '=' || *unit == '/') {
    return SpotKind::kEscape;
  }
  // The high half of tags and of selectors that carry hidden bytes.
  if (*unit == 0xDB40 || IsControl(*unit)) return SpotKind::kControl;
  return std::nullopt;
}

}  // namespace

SecretGate::SecretGate(const RedactionRules& rules) : rules_(rules) {
  for (std::size_t i = 0; i < rules.formats.size(); ++i) {
    for (const std::string& literal : rules.formats[i].literals) {
      AddLiteral({static_cast<std::uint8_t>(i), RarestPair(literal), literal});
    }
  }
  AddMarks();
  AddControls();
}

void SecretGate::AddLiteral(Literal literal) {
  const char first = literal.bytes[literal.offset];
  const auto add = [&](char second) {
    pairs_.Add(GroupOf(first, second), Byte(first), Byte(second));
    literal_pairs_.Add(0, Byte(first), Byte(second));
    literals_[PairOf(first, second)].push_back(literal);
  };
  if (literal.bytes.size() > 1) return add(literal.bytes[literal.offset + 1]);
  for (int second = 0; second < 256; ++second) add(static_cast<char>(second));
}

// Names stand before few marks, and flags behind dashes.
void SecretGate::AddMarks() {
  pairs_.AddBehindAny(kMarks, ':');
  pairs_.AddBehindAny(kMarks, '=');
  pairs_.Add(kSlashes, '-', '-');
}

void SecretGate::AddControls() {
  pairs_.Add(kSlashes, '\\', '/');
  for (const char letter : {'u', 'b', 'f'}) {
    pairs_.Add(kEscapes, '\\', Byte(letter));
  }
  for (const char* pair : {"\xE2\x80", "\xE2\x81", "\xD8\x9C", "\xEF\xBB",
                           "\xEF\xB8", "\xEF\xBF", "\xF3\xA0", "\xE1\xA0"}) {
    pairs_.Add(kUnicode, Byte(pair[0]), Byte(pair[1]));
  }
  for (unsigned char c = 0x80; c < 0xA0; ++c) pairs_.Add(kUnicode, 0xC2, c);
  for (int second = 0; second < 0x80; ++second) {
    if (!IsRawControl(static_cast<char>(second))) continue;
    pairs_.AddBehindAny(second == 0x7F ? kMarks : kRawControls,
                        static_cast<unsigned char>(second));
  }
}

void SecretGate::AddSeen(std::string_view bytes) { seen_.Add(bytes); }

// What may begin at `at`, whose two bytes are of the set.
void SecretGate::Look(std::string_view bytes, std::size_t at,
                      GateHits& hits) const {
  const std::size_t most = kSpotsOfAny + bytes.size() / kBytesPerSpot;
  const char first = bytes[at];
  const char second = bytes[at + 1];
  if (second == ':' || second == '=') {
    const MarkMeaning meaning = ReadMark(bytes, at + 1, rules_);
    if (meaning.name) Note(SpotKind::kName, at + 1, most, hits);
    if (meaning.secret) Note(SpotKind::kSecret, at + 1, most, hits);
    if (meaning.encoded) Note(SpotKind::kEscape, at + 1, most, hits);
  } else if (IsRawControl(second)) {
    Note(SpotKind::kControl, at + 1, most, hits);
  } else if (first == '-' && second == '-') {
    if (IsSecretFlagAt(bytes, at, rules_)) {
      Note(SpotKind::kName, at, most, hits);
    }
  }
  if (first == '\\') {
    const auto kind = MeaningOfEscape(bytes, at);
    if (kind) Note(*kind, at, most, hits);
  } else if (Byte(first) >= 0x80 && BeginsControl(bytes.substr(at))) {
    Note(SpotKind::kControl, at, most, hits);
  }
  LookForLiterals(bytes, at, hits);
}

void SecretGate::LookForLiterals(std::string_view bytes, std::size_t at,
                                 GateHits& hits) const {
  if (!literal_pairs_.Has(Byte(bytes[at]), Byte(bytes[at + 1]))) return;
  const auto found = literals_.find(PairOf(bytes[at], bytes[at + 1]));
  if (found == literals_.end()) return;
  for (const Literal& literal : found->second) {
    if (at < literal.offset) continue;
    const std::size_t begin = at - literal.offset;
    if (bytes.compare(begin, literal.bytes.size(), literal.bytes) != 0) {
      continue;
    }
    hits.formats |= std::uint64_t{1} << literal.format;
    hits.spots.push_back(
        {static_cast<std::uint32_t>(begin), SpotKind::kFormat, literal.format});
  }
}

GateHits SecretGate::Scan(std::string_view bytes) const {
  GateHits hits;
  if (!bytes.empty() && IsRawControl(bytes[0])) {
    Note(SpotKind::kControl, 0, kSpotsOfAny, hits);
  }
  pairs_.ForEach(bytes, [&](std::size_t at) { Look(bytes, at, hits); });
  const std::size_t most = kSpotsOfAny + bytes.size() / kBytesPerSpot;
  for (LiteralSet::Found found = seen_.Find(bytes, 0); found.end != kNone;
       found = seen_.Find(bytes, found.end)) {
    Note(SpotKind::kSeen, found.begin, most, hits);
  }
  std::ranges::sort(hits.spots, {}, &GateSpot::at);
  return hits;
}

GateHits SecretGate::Within(const GateHits& hits, std::string_view text,
                            std::size_t begin, std::size_t end) const {
  if (hits.everywhere) return Scan(text.substr(begin, end - begin));
  GateHits part;
  auto spot = std::ranges::lower_bound(hits.spots, begin, {}, &GateSpot::at);
  for (; spot != hits.spots.end() && spot->at < end; ++spot) {
    Flag(spot->kind, part);
    if (spot->kind == SpotKind::kFormat) {
      part.formats |= std::uint64_t{1} << spot->format;
    }
    part.spots.push_back(*spot);
    part.spots.back().at -= static_cast<std::uint32_t>(begin);
  }
  return part;
}

SpotSpan SpotCursor::In(std::size_t begin, std::size_t end) const {
  if (hits_ == nullptr || hits_->everywhere) return {begin, end};
  const std::vector<GateSpot>& spots = hits_->spots;
  const auto from = std::ranges::lower_bound(spots, begin, {}, &GateSpot::at);
  const auto to = std::ranges::lower_bound(spots, end, {}, &GateSpot::at);
  if (from == to) return {begin, end};
  return {from->at, std::prev(to)->at};
}

bool SpotCursor::Meets(std::size_t begin, std::size_t end) {
  if (hits_ == nullptr) return false;
  if (hits_->everywhere) return true;
  const std::vector<GateSpot>& spots = hits_->spots;
  if (next_ > 0 && spots[next_ - 1].at >= begin) {
    next_ = static_cast<std::size_t>(std::distance(
        spots.begin(),
        std::ranges::lower_bound(spots, begin, {}, &GateSpot::at)));
  }
  while (next_ < spots.size() && spots[next_].at < begin) ++next_;
  return next_ < spots.size() && spots[next_].at < end;
}

}  // namespace gatehouse::audit
