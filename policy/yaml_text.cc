// SPDX-License-Identifier: Apache-2.0
// Each check stops one way in which the guard and the server behind it could
// read the same text differently: kubectl cuts at "\n---" and drops the rest
// of that line; YAML 1.1 readers (Go, libyaml) end lines at U+0085 and U+2028;
// directives and byte order marks leave no event.
#include "policy/yaml_text.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "policy/fault.h"

namespace gatehouse {
namespace {

struct Character {
  std::uint32_t point = 0;
  std::size_t size = 0;
};

// nullopt where the bytes at `at` are not UTF-8 (overlong forms, surrogates
// and values over U+10FFFF included).
std::optional<Character> Decode(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]));
  };
  const std::uint32_t first = byte(at);
  if (first < 0x80) return Character{first, 1};
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || at + size > text.size()) {
    return std::nullopt;
  }
  std::uint32_t point = first & (0x7Fu >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return std::nullopt;
    point = (point << 6) | (byte(at + i) & 0x3F);
  }
  const bool overlong =
      (size == 3 && point < 0x800) || (size == 4 && point < 0x10000);
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  if (overlong || surrogate || point > 0x10FFFF) return std::nullopt;
  return Character{point, size};
}

// "" where the character may stand in a YAML text for every reader.
std::string_view WhyForbidden(std::uint32_t point) {
  if (point == 0) return "a NUL byte";
  if (point == 0xFEFF) return "a byte order mark";
  if (point == 0x85 || point == 0x2028 || point == 0x2029) {
    return "a character that some readers take for the end of a line";
  }
  const bool plain_control = point == '\t' || point == '\n' || point == '\r';
  if ((point < 0x20 && !plain_control) || (point >= 0x7F && point < 0xA0)) {
    return "a control character";
  }
  return point == 0xFFFE || point == 0xFFFF ? "a noncharacter" : "";
}

bool IsBlank(std::string_view text) {
  return text.find_first_not_of(" \t\r") == std::string_view::npos;
}

bool IsBlankOrComment(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t\r");
  return first == std::string_view::npos || line[first] == '#';
}

// A comment needs a blank before it: "---#" is none to some readers.
bool MayFollowMarker(std::string_view rest) {
  return rest.empty() || (rest[0] != '#' && IsBlankOrComment(rest));
}

// One pass over the lines of a text.
class TextCheck {
 public:
  TextCheck(const SourceText& source, Issues& issues)
      : source_(source), issues_(issues), json_(BeginsAsJson(source.text)) {}

  void Run() {
    std::string_view rest = source_.text;
    for (int number = 1; !rest.empty(); ++number) {
      const std::size_t end = rest.find('\n');
      const std::string_view line = rest.substr(0, end);
      if (CheckCharacters(line, number)) CheckLine(line, number);
      if (issues_.items().size() >= kMaxIssues) return;
      rest = end == std::string_view::npos ? "" : rest.substr(end + 1);
    }
  }

 private:
  static constexpr std::size_t kMaxIssues = 100;

  // Tabs may indent JSON: no reader counts columns there.
  static bool BeginsAsJson(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos &&
           (text[first] == '{' || text[first] == '[');
  }

  void Add(Fault fault, Position position, std::string message) {
    AddIssue(source_, position, FaultCode(fault), std::move(message), issues_);
  }

  bool CheckCharacters(std::string_view line, int number) {
    for (std::size_t at = 0; at < line.size();) {
      if (line[at] >= ' ' && line[at] <= '~') {
        ++at;
        continue;
      }
      const Position here{number, static_cast<int>(at) + 1, 1};
      const std::optional<Character> character = Decode(line, at);
      if (!character) {
        Add(Fault::kNotText, here, "this byte is not UTF-8");
        return false;
      }
      std::string_view why = WhyForbidden(character->point);
      if (character->point == '\r' && at + 1 != line.size()) {
        why = "a carriage return inside a line";
      }
      if (!why.empty()) {
        Add(Fault::kNotText, here, std::string(why) + " stands here");
        return false;
      }
      at += character->size;
    }
    return true;
  }

  void CheckLine(std::string_view line, int number) {
    if (line.starts_with('%')) {
      Add(Fault::kDirective, {number, 1, 0},
          "directives are not accepted; remove the line");
    } else if (line.starts_with("---")) {
      ended_ = false;
      if (!MayFollowMarker(line.substr(3))) {
        Add(Fault::kDocumentMarker, {number, 1, 0},
            "nothing may follow \"---\" on its line");
      }
    } else if (line.starts_with("...")) {
      ended_ = true;
      if (!IsBlank(line.substr(3))) {
        Add(Fault::kDocumentMarker, {number, 1, 0},
            "nothing may follow \"...\"");
      }
    } else if (ended_ && !IsBlankOrComment(line)) {
      ended_ = false;
      Add(Fault::kDocumentMarker, {number, 1, 0},
          "text after \"...\"; begin a new document with \"---\"");
    } else if (!json_ && line.starts_with('\t') && !IsBlank(line)) {
      Add(Fault::kTab, {number, 1, 1},
          "a tab indents this line; indent with spaces");
    }
  }

  const SourceText& source_;
  Issues& issues_;
  const bool json_;
  bool ended_ = false;  // after "..." only "---" may come
};

// Before anything is built: a text of nothing but signs is refused at once.
bool TooManyTokens(std::string_view text, std::size_t max_nodes) {
  if (text.size() / 4 <= max_nodes) return false;
  std::size_t tokens = 0;
  for (char c : text) {
    switch (c) {
      case '[':
      case '{':
      case ',':
      case ':':
      case '-':
      case '?':
        ++tokens;
    }
  }
  return tokens / 4 > max_nodes;
}

}  // namespace

void CheckYamlText(const SourceText& source, const YamlLimits& limits,
                   Issues& issues) {
  if (source.text.size() > limits.max_bytes) {
    AddIssue(source, {}, FaultCode(Fault::kTooLarge),
             "the text has " + std::to_string(source.text.size()) +
                 " bytes; at most " + std::to_string(limits.max_bytes) +
                 " are read",
             issues);
    return;
  }
  if (TooManyTokens(source.text, limits.max_nodes)) {
    AddIssue(source, {}, FaultCode(Fault::kTooLarge),
             "the text has too many values", issues);
    return;
  }
  TextCheck(source, issues).Run();
}

}  // namespace gatehouse
