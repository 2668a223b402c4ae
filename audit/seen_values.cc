// SPDX-License-Identifier: Apache-2.0
#include "audit/seen_values.h"

#include <algorithm>
#include <cctype>

#include "audit/base64.h"

namespace gatehouse::audit {
namespace {

constexpr std::size_t kShortest = 8;
constexpr std::size_t kShortestInBase64 = 6;
constexpr std::size_t kLongest = 64u << 10;
constexpr std::size_t kMostForms = 4'096;
constexpr std::size_t kMostBytes = 1u << 20;
constexpr std::size_t kMostAdded = 16'384;
constexpr std::size_t kMostLines = 64;
constexpr std::size_t kMostWords = 256;
constexpr std::size_t kShortestLine = 16;
constexpr std::size_t kGateBytes = 4;

bool IsPlainName(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](unsigned char c) {
    return std::isalpha(c) != 0 || c == '.' || c == '-' || c == '_';
  });
}

bool IsPrintable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return c < 0x80 && (std::isprint(c) != 0 || std::isspace(c) != 0);
  });
}

// Not what encoders of JSON write otherwise.
bool StandsAsItIs(char c) {
  return c > ' ' && c < 0x7F &&
         std::string_view("\"\\/<>&'`+=").find(c) == std::string_view::npos;
}

std::string_view LongestPlainPart(std::string_view value) {
  std::string_view best;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= value.size(); ++i) {
    if (i < value.size() && StandsAsItIs(value[i])) continue;
    if (i - begin > best.size()) best = value.substr(begin, i - begin);
    begin = i + 1;
  }
  return best.substr(0, 32);
}

std::string_view Trimmed(std::string_view value) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t first = value.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return value.substr(first, value.find_last_not_of(kBlanks) - first + 1);
}

}  // namespace

bool SeenValues::IsFull() const {
  return forms_.size() >= kMostForms || bytes_ + kShortest > kMostBytes;
}

// Lists repeat their values; a value that is not kept here is taken again.
bool SeenValues::IsNew(std::string_view value) {
  if (added_.find(value) != added_.end()) return false;
  if (added_bytes_ + value.size() <= kMostBytes && added_.size() < kMostAdded) {
    added_bytes_ += value.size();
    added_.emplace(value);
  }
  return true;
}

void SeenValues::AddForm(std::string_view form,
                         const std::function<void(std::string_view)>& told) {
  if (form.size() < kShortest || form.size() > kLongest) return;
  if (forms_.size() >= kMostForms || bytes_ + form.size() > kMostBytes) return;
  const std::string_view gate = LongestPlainPart(form);
  if (gate.size() < kGateBytes || !forms_.Add(form)) return;
  bytes_ += form.size();
  gates_.emplace_back(gate);
  if (told) told(gate);
}

// Base64 of something that can be read, and no name.
void SeenValues::AddWords(std::string_view text,
                          const std::function<void(std::string_view)>& told) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
  std::size_t words = 0;
  for (std::size_t at = 0; words < kMostWords;) {
    at = text.find_first_of(kLetters, at);
    if (at == std::string_view::npos) break;
    const std::size_t end =
        std::min(text.find_first_not_of(kLetters, at), text.size());
    const std::string_view word = text.substr(at, end - at);
    at = end;
    if (word.size() < kShortest || IsPlainName(word)) continue;
    const auto decoded = FromBase64(word);
    if (!decoded || !IsPrintable(*decoded)) continue;
    ++words;
    AddForm(word, told);
    if (!IsPlainName(Trimmed(*decoded))) AddForm(Trimmed(*decoded), told);
  }
}

void SeenValues::Add(std::string_view value,
                     const std::function<void(std::string_view)>& told) {
  value = Trimmed(value);
  if (value.size() > kLongest || IsFull() || !IsNew(value)) return;
  const auto add = [&](std::string_view plain) {
    plain = Trimmed(plain);
    if (IsPlainName(plain)) return;
    AddForm(plain, told);
    if (plain.size() >= kShortestInBase64) {
      AddForm(ToBase64(plain), told);
      AddForm(ToBase64(std::string(plain) + "\n"), told);
    }
  };
  add(value);
  // A word of eight letters is base64 too, of bytes that say nothing.
  if (const auto decoded = FromBase64(value);
      decoded && decoded->size() >= kShortestInBase64 &&
      (!IsPlainName(value) || IsPrintable(*decoded))) {
    AddForm(value, told);
    add(*decoded);
  }
  // Of more than one word, those that are certainly values.
  if (value.find_first_of(" \t\n{,") != std::string_view::npos) {
    AddWords(value, told);
  }
  // A key or a file is often printed with a line of its own for each.
  std::size_t lines = 0;
  for (std::string_view rest = value;
       rest.find('\n') != std::string_view::npos && lines < kMostLines;
       ++lines) {
    const std::string_view line = Trimmed(rest.substr(0, rest.find('\n')));
    if (line.size() >= kShortestLine && !line.starts_with("-----")) {
      AddForm(line, told);
    }
    rest.remove_prefix(rest.find('\n') + 1);
  }
}

}  // namespace gatehouse::audit
