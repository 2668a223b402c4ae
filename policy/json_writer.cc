// SPDX-License-Identifier: Apache-2.0
#include "policy/json_writer.h"

#include <array>
#include <charconv>

#ifdef __SSE2__
#include <emmintrin.h>

#include "policy/json_value.h"
#endif

namespace gatehouse {
namespace {

constexpr std::uint32_t kReplacement = 0xFFFD;

struct Decoded {
  std::uint32_t code_point = kReplacement;
  std::size_t length = 1;  // bytes taken; 1 for a bad byte
};

// One code point of UTF-8 that starts with a byte >= 0x80. Overlong forms,
// surrogates and cut sequences are a bad byte.
Decoded Decode(std::string_view text) {
  const auto byte = [&text](std::size_t i) {
    return static_cast<unsigned char>(text[i]);
  };
  const unsigned char lead = byte(0);
  std::size_t length = 0;
  std::uint32_t code_point = 0;
  std::uint32_t smallest = 0;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2, code_point = lead & 0x1Fu, smallest = 0x80;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3, code_point = lead & 0x0Fu, smallest = 0x800;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4, code_point = lead & 0x07u, smallest = 0x10000;
  }
  if (length == 0 || text.size() < length) return {};
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0u) != 0x80u) return {};
    code_point = (code_point << 6) | (byte(i) & 0x3Fu);
  }
  const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  if (code_point < smallest || code_point > 0x10FFFF || surrogate) return {};
  return {code_point, length};
}

void AppendUnit(std::uint32_t unit, std::string& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) {
    out += kHex[(unit >> shift) & 0xFu];
  }
}

void AppendCodePoint(std::uint32_t code_point, std::string& out) {
  if (code_point < 0x10000) return AppendUnit(code_point, out);
  code_point -= 0x10000;
  AppendUnit(0xD800 + (code_point >> 10), out);
  AppendUnit(0xDC00 + (code_point & 0x3FFu), out);
}

// The short escape of a character below 0x80, or 0 where it has none.
char ShortEscape(unsigned char c) {
  switch (c) {
    case '"':
      return '"';
    case '\\':
      return '\\';
    case '\b':
      return 'b';
    case '\f':
      return 'f';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    default:
      return 0;
  }
}

// What stands in a string as it is.
constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = 0x20; c < 0x7F; ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}();

// The first byte that is not plain, else the end.
std::size_t FindSpecial(std::string_view text, std::size_t at) {
#ifdef __SSE2__
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i escape = _mm_set1_epi8('\\');
  const __m128i delete_key = _mm_set1_epi8(0x7F);
  const __m128i blank = _mm_set1_epi8(0x20);
  for (; text.size() - at >= 16; at += 16) {
    const __m128i bytes =
        _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    // Signed: what is not ASCII is less than a blank, too.
    const __m128i special =
        _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, quote),
                                  _mm_cmpeq_epi8(bytes, escape)),
                     _mm_or_si128(_mm_cmplt_epi8(bytes, blank),
                                  _mm_cmpeq_epi8(bytes, delete_key)));
    const int found = _mm_movemask_epi8(special);
    if (found != 0) {
      return at + static_cast<std::size_t>(
                      __builtin_ctz(static_cast<unsigned>(found)));
    }
  }
#endif
  while (at < text.size() && kPlain[static_cast<unsigned char>(text[at])]) ++at;
  return at;
}

void AppendString(std::string_view text, std::string& out) {
  out += '"';
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = FindSpecial(text, at);
    out.append(text, at, end - at);
    if (end == text.size()) break;
    at = end;
    const auto c = static_cast<unsigned char>(text[at]);
    if (c >= 0x80) {
      const Decoded decoded = Decode(text.substr(at));
      AppendCodePoint(decoded.code_point, out);
      at += decoded.length;
      continue;
    }
    if (const char escape = ShortEscape(c)) {
      out += '\\';
      out += escape;
    } else {
      AppendUnit(c, out);
    }
    ++at;
  }
  out += '"';
}

template <typename Number>
void AppendNumber(Number number, std::string& out) {
  std::array<char, 32> buffer;
  const auto [end, error] =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  (void)error;  // 32 bytes hold every 64-bit integer
  out.append(buffer.data(), end);
}

}  // namespace

void JsonWriter::Separate() {
  if (need_comma_) text_ += ',';
  need_comma_ = true;
}

JsonWriter& JsonWriter::BeginObject() {
  Separate();
  text_ += '{';
  need_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::EndObject() {
  text_ += '}';
  need_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::BeginArray() {
  Separate();
  text_ += '[';
  need_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::EndArray() {
  text_ += ']';
  need_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::Key(std::string_view key) {
  Separate();
  AppendString(key, text_);
  text_ += ':';
  need_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::String(std::string_view text) {
  Separate();
  AppendString(text, text_);
  return *this;
}

JsonWriter& JsonWriter::Integer(std::int64_t number) {
  Separate();
  AppendNumber(number, text_);
  return *this;
}

JsonWriter& JsonWriter::Unsigned(std::uint64_t number) {
  Separate();
  AppendNumber(number, text_);
  return *this;
}

JsonWriter& JsonWriter::Bool(bool value) {
  return Raw(value ? "true" : "false");
}

JsonWriter& JsonWriter::Null() { return Raw("null"); }

JsonWriter& JsonWriter::Raw(std::string_view json) {
  Separate();
  text_ += json;
  return *this;
}

JsonWriter& JsonWriter::Value(const JsonValue& value) {
  switch (KindOf(value)) {
    case JsonKind::kObject:
      BeginObject();
      for (const auto& [key, member] : Members(value)) Key(key).Value(*member);
      return EndObject();
    case JsonKind::kArray:
      BeginArray();
      for (const JsonValue* element : Elements(value)) Value(*element);
      return EndArray();
    case JsonKind::kString:
      return String(*AsString(value));
    case JsonKind::kNull:
    case JsonKind::kBool:
    case JsonKind::kNumber:
      return Raw(value.dump());
  }
  return *this;
}

JsonWriter& JsonWriter::Optional(const std::optional<std::string>& text) {
  return text.has_value() ? String(*text) : Null();
}

}  // namespace gatehouse
