// SPDX-License-Identifier: Apache-2.0
// A string of the line may be a document with strings of its own (JSON in JSON
// is what most servers answer), and masking looks at each of them: so does
// this, at what the bytes say with the escapes of one, two and more levels
// undone.
#include "audit/redact_token.h"

#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

namespace gatehouse::audit {
namespace {

// Of documents in documents.
constexpr int kLevels = 4;

// Bytes without one level of escapes.
struct Said {
  std::string text;
  bool ended = false;    // at the quote of its string
  bool unclear = false;  // an escape that YAML alone has
};

// A character that no format knows, nor takes for the end of something.
constexpr char kNotOfAscii = '\x7F';

// The character of \uXXXX, whose digits these are; nullopt where they are none.
std::optional<char> CharacterOf(std::string_view digits) {
  constexpr std::size_t kDigits = 4;
  unsigned unit = 0;
  const char* const end = digits.data() + std::min(digits.size(), kDigits);
  const auto read = std::from_chars(digits.data(), end, unit, 16);
  if (digits.size() < kDigits || read.ptr != end) return std::nullopt;
  return unit < 0x80 ? static_cast<char>(unit) : kNotOfAscii;
}

char ShortEscape(char letter) {
  constexpr std::string_view kLetters = "nrtbf";
  constexpr std::string_view kMeanings = "\n\r\t\b\f";
  const std::size_t at = kLetters.find(letter);
  return at == kLetters.npos ? letter : kMeanings[at];
}

enum class Quotes { kStay = 0, kEnd };

Said Unescape(std::string_view bytes, Quotes quotes) {
  Said said;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    said.ended = bytes[i] == '"' && quotes == Quotes::kEnd;
    if (said.ended) break;
    if (bytes[i] != '\\') {
      said.text += bytes[i];
      continue;
    }
    if (++i == bytes.size()) break;  // cut in two
    const char letter = bytes[i];
    said.unclear =
        said.unclear || letter == 'x' || letter == 'U' || letter == '\n';
    const auto character =
        letter == 'u' ? CharacterOf(bytes.substr(i + 1)) : std::nullopt;
    if (character) i += 4;
    said.text += character ? *character : ShortEscape(letter);
  }
  return said;
}

// The letter before `at`, for \b; none where it may be of an escape, whose last
// digit is no letter of the text (Go writes < as \u003c).
std::string_view LetterBefore(std::string_view bytes, std::size_t at) {
  const std::string_view before = bytes.substr(at - kBytesBefore, kBytesBefore);
  const bool escape = before.find('\\') != before.npos;
  return escape ? std::string_view() : before.substr(kBytesBefore - 1);
}

bool Matches(const TokenFormat& format, std::string_view before,
             const std::string& text) {
  const std::string all = std::string(before) + text;
  const std::size_t end = std::min(all.size(), before.size() + format.window);
  return format.Compiled().Match(all, before.size(), end, RE2::ANCHOR_START,
                                 nullptr, 0);
}

}  // namespace

bool MayBeToken(const TokenFormat& format, std::string_view bytes,
                std::size_t at) {
  const bool short_one =
      format.lead == 0 && format.window > 0 && format.window <= kLookBytes / 2;
  if (!short_one) return true;
  if (at < kBytesBefore) return false;
  const std::string_view look = bytes.substr(at, kLookBytes);
  const std::string_view before = LetterBefore(bytes, at);
  Said said = Unescape(look, Quotes::kEnd);
  // Where it is not seen to end, though there are more bytes, this is all of it
  // that is ever looked at; where there are none, there is a next time.
  const bool too_long = !said.ended && look.size() == kLookBytes;
  for (int level = 0; level < kLevels && !said.unclear; ++level) {
    if (Matches(format, before, said.text)) return true;
    if (too_long && said.text.size() < format.window) return true;
    if (said.text.find('\\') == std::string::npos) return false;
    said = Unescape(said.text, Quotes::kStay);
  }
  return true;
}

}  // namespace gatehouse::audit
