// SPDX-License-Identifier: Apache-2.0
#include "audit/redact_rules.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <utility>

#include "audit/name_letters.h"
#include "policy/document.h"
#include "policy/embedded.h"
#include "policy/json_value.h"

namespace gatehouse::audit {
namespace {

constexpr std::string_view kPath = "redaction.yaml";
constexpr std::string_view kFaultCode = "R001";
constexpr std::int64_t kPatternMemory = 1 << 20;

// A name in lower case without the signs between its letters; "" where it is
// too long to be one. Most names of an answer come by here: nothing is copied
// to the heap.
class PlainName {
 public:
  explicit PlainName(std::string_view name) {
    if (name.size() > kMaxNameBytes) return;
    for (const char c : name) {
      if (kEndValues[static_cast<unsigned char>(c)] == 0) continue;
      letters_[size_++] = LowerLetter(c);
    }
  }
  std::string_view view() const { return {letters_.data(), size_}; }

 private:
  std::array<char, kMaxNameBytes> letters_;
  std::size_t size_ = 0;
};

std::unique_ptr<const RE2> CompilePattern(const std::string& pattern) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kPatternMemory);
  return std::make_unique<const RE2>(pattern, options);
}

constexpr unsigned kKeyName = 1;
constexpr unsigned kFlagName = 2;
constexpr unsigned kAssignmentName = 4;

class RulesReader {
 public:
  RulesReader(const SourceText& source, Issues& issues)
      : source_(source), issues_(issues) {}

  std::unique_ptr<RedactionRules> Read();

 private:
  void Fault(const YamlNode& node, std::string message) {
    AddIssue(source_, node.position, kFaultCode, std::move(message), issues_);
  }
  void ReadMember(const YamlMember& member);
  std::vector<std::string> Words(const YamlNode& node);
  NameSet Names(const YamlNode& node);
  void ReadFormat(const YamlNode& node);
  std::string Scalar(const YamlNode& map, std::string_view key);
  std::size_t Number(const YamlNode& map, std::string_view key);

  const SourceText& source_;
  Issues& issues_;
  std::unique_ptr<RedactionRules> rules_ = std::make_unique<RedactionRules>();
};

// A list, or a text of words, which is read faster.
std::vector<std::string> RulesReader::Words(const YamlNode& node) {
  std::vector<std::string> words;
  if (node.kind == NodeKind::kScalar && node.quoted) {
    std::string_view text = node.scalar;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find_first_of(" \n"), text.size());
      if (end > 0) words.emplace_back(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (words.empty()) Fault(node, "expected words");
    return words;
  }
  if (node.kind != NodeKind::kList) Fault(node, "expected a list");
  for (const YamlNode& item : node.items) {
    if (!item.IsString() || item.scalar.empty()) {
      Fault(item, "expected a word");
    }
    words.push_back(item.scalar);
  }
  return words;
}

NameSet RulesReader::Names(const YamlNode& node) {
  NameSet names;
  for (std::string& word : Words(node)) names.insert(std::move(word));
  return names;
}

std::string RulesReader::Scalar(const YamlNode& map, std::string_view key) {
  const YamlNode* const found = map.Find(key);
  if (found != nullptr && found->IsString()) return found->scalar;
  Fault(map, "expected a string under \"" + std::string(key) + "\"");
  return {};
}

// 0 where it is not given.
std::size_t RulesReader::Number(const YamlNode& map, std::string_view key) {
  const YamlNode* const found = map.Find(key);
  if (found == nullptr) return 0;
  std::size_t number = 0;
  const std::string& text = found->scalar;
  const auto read =
      std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) {
    Fault(*found, "expected a number");
  }
  return number;
}

void RulesReader::ReadFormat(const YamlNode& node) {
  TokenFormat format;
  format.kind = Scalar(node, "kind");
  const YamlNode* const optional = node.Find("optional");
  format.optional = optional != nullptr && optional->AsBool() == true;
  format.lead = Number(node, "lead");
  format.window = Number(node, "window");
  const YamlNode* const run = node.Find("run");
  format.run = run != nullptr && run->AsBool() == true;
  const YamlNode* const literals = node.Find("literals");
  if (literals != nullptr) format.literals = Words(*literals);
  if (format.literals.empty()) Fault(node, "a format needs its literals");
  format.pattern = Scalar(node, "pattern");
  rules_->formats.push_back(std::move(format));
}

void RulesReader::ReadMember(const YamlMember& member) {
  struct Row {
    std::string_view key;
    NameSet RedactionRules::*names;
  };
  constexpr Row kNames[] = {
      {"keys", &RedactionRules::keys},
      {"key_exceptions", &RedactionRules::key_exceptions},
      {"reference_keys", &RedactionRules::reference_keys},
      {"flags", &RedactionRules::flags},
      {"assignment_flags", &RedactionRules::assignment_flags},
      {"plain_keys", &RedactionRules::plain_keys},
      {"plain_maps", &RedactionRules::plain_maps},
      {"table_columns", &RedactionRules::table_columns},
  };
  const YamlNode& value = member.value;
  for (const Row& row : kNames) {
    if (row.key != member.key) continue;
    (*rules_).*row.names = Names(value);
    return;
  }
  if (member.key == "key_endings") {
    rules_->key_endings = Words(value);
  } else if (member.key == "plain_lines") {
    for (std::string& line : Words(value)) {
      rules_->plain_lines.emplace_back(std::move(line));
    }
  } else if (member.key == "formats") {
    for (const YamlNode& item : value.items) ReadFormat(item);
  } else {
    AddIssue(source_, member.position, kFaultCode,
             "unknown key \"" + member.key + "\"", issues_);
  }
}

std::unique_ptr<RedactionRules> RulesReader::Read() {
  const std::vector<YamlNode> documents = ReadYaml(source_, issues_);
  if (issues_.HasErrors()) return nullptr;
  if (documents.size() != 1 || documents[0].kind != NodeKind::kMap) {
    AddIssue(source_, {1, 1, 0}, kFaultCode, "expected one map", issues_);
    return nullptr;
  }
  for (const YamlMember& member : documents[0].members) ReadMember(member);
  if (issues_.HasErrors()) return nullptr;
  rules_->IndexNames();
  return std::move(rules_);
}

}  // namespace

TokenFormat::TokenFormat() = default;
TokenFormat::~TokenFormat() = default;
TokenFormat::TokenFormat(TokenFormat&&) noexcept = default;
TokenFormat& TokenFormat::operator=(TokenFormat&&) noexcept = default;

const re2::RE2& TokenFormat::Compiled() const {
  if (compiled_ == nullptr) compiled_ = CompilePattern(pattern);
  return *compiled_;
}

LinePattern::LinePattern(std::string pattern) : pattern_(std::move(pattern)) {}
LinePattern::~LinePattern() = default;
LinePattern::LinePattern(LinePattern&&) noexcept = default;

bool LinePattern::Matches(std::string_view line) const {
  if (compiled_ == nullptr) compiled_ = CompilePattern(pattern_);
  return RE2::FullMatch(re2::StringPiece(line.data(), line.size()), *compiled_);
}

void RedactionRules::IndexNames() {
  ends_.assign(kNameEnds / 64 + 1, 0);
  kinds_.clear();
  const auto add_end = [this](const std::string& name) {
    const std::size_t end = NameEndOf(name);
    ends_[end >> 6] |= std::uint64_t{1} << (end & 63);
  };
  const auto add = [&](const NameSet& names, unsigned kind) {
    for (const std::string& name : names) {
      kinds_[name] |= kind;
      add_end(name);
    }
  };
  add(keys, kKeyName);
  add(flags, kFlagName);
  add(assignment_flags, kAssignmentName);
  for (const std::string& ending : key_endings) add_end(ending);
}

// What a name is, 0 for most.
unsigned RedactionRules::KindsOf(std::string_view name) const {
  if (!HasEnd(NameEndOf(name))) return 0;
  const PlainName letters(name);
  const std::string_view plain = letters.view();
  if (plain.empty()) return 0;
  const auto found = kinds_.find(plain);
  unsigned kinds = found == kinds_.end() ? 0 : found->second;
  const bool ends = std::any_of(
      key_endings.begin(), key_endings.end(), [&](const std::string& ending) {
        return plain.back() == ending.back() && plain.ends_with(ending);
      });
  if (ends) kinds |= kKeyName;
  if ((kinds & kKeyName) == 0) return kinds;
  return key_exceptions.contains(plain) ? kinds & ~kKeyName : kinds;
}

bool RedactionRules::IsSecretKey(std::string_view name) const {
  return (KindsOf(name) & kKeyName) != 0;
}

bool RedactionRules::IsSecretFlag(std::string_view name) const {
  return (KindsOf(name) & (kKeyName | kFlagName)) != 0;
}

bool RedactionRules::IsAssignmentFlag(std::string_view name) const {
  return (KindsOf(name) & kAssignmentName) != 0;
}

bool RedactionRules::IsSecretName(std::string_view name) const {
  return KindsOf(name) != 0;
}

bool RedactionRules::IsReferenceKey(std::string_view name) const {
  return reference_keys.contains(PlainName(name).view());
}

bool RedactionRules::IsPlainKey(std::string_view name) const {
  return plain_keys.contains(PlainName(name).view());
}

bool RedactionRules::IsPlainMap(std::string_view name) const {
  return plain_maps.contains(PlainName(name).view());
}

bool RedactionRules::IsPlainLine(std::string_view line) const {
  return std::any_of(
      plain_lines.begin(), plain_lines.end(),
      [line](const LinePattern& pattern) { return pattern.Matches(line); });
}

std::unique_ptr<RedactionRules> ReadRedactionRules(const SourceText& source,
                                                   Issues& issues) {
  return RulesReader(source, issues).Read();
}

std::unique_ptr<const RedactionRules> EmbeddedRedactionRules(
    const SessionSettings& settings) {
  Issues issues;
  const auto source = EmbeddedSource(kPath);
  if (!source) std::abort();
  auto rules = ReadRedactionRules(*source, issues);
  if (rules == nullptr) std::abort();
  for (const std::string& key : settings.secret_keys) {
    rules->keys.emplace(PlainName(key).view());
  }
  if (!settings.secret_keys.empty()) rules->IndexNames();
  const auto& named = settings.formats;
  std::erase_if(rules->formats, [&named](const TokenFormat& format) {
    return format.optional &&
           std::find(named.begin(), named.end(), format.kind) == named.end();
  });
  return rules;
}

}  // namespace gatehouse::audit
