// SPDX-License-Identifier: Apache-2.0
#include "audit/redact_rules.h"

#include <re2/re2.h>

#include <cstdlib>
#include <utility>

#include "policy/document.h"
#include "policy/embedded.h"

namespace gatehouse::audit {
namespace {

constexpr std::string_view kPath = "redaction.yaml";
constexpr std::string_view kFaultCode = "R001";
// Names longer than this are text, not names.
constexpr std::size_t kMaxNameBytes = 128;
constexpr std::int64_t kPatternMemory = 1 << 20;

std::string Normalise(std::string_view name) {
  std::string plain;
  if (name.size() > kMaxNameBytes) return plain;
  for (const char letter : name) {
    if (letter >= 'A' && letter <= 'Z') {
      plain += static_cast<char>(letter - 'A' + 'a');
    } else if ((letter >= 'a' && letter <= 'z') ||
               (letter >= '0' && letter <= '9')) {
      plain += letter;
    }
  }
  return plain;
}

class RulesReader {
 public:
  RulesReader(const SourceText& source, Issues& issues)
      : source_(source), issues_(issues) {}

  std::unique_ptr<const RedactionRules> Read();

 private:
  void Fault(const YamlNode& node, std::string message) {
    AddIssue(source_, node.position, kFaultCode, std::move(message), issues_);
  }
  void ReadMember(const YamlMember& member);
  std::vector<std::string> Words(const YamlNode& node);
  NameSet Names(const YamlNode& node);
  void ReadFormat(const YamlNode& node);
  std::string Scalar(const YamlNode& map, std::string_view key);

  const SourceText& source_;
  Issues& issues_;
  std::unique_ptr<RedactionRules> rules_ = std::make_unique<RedactionRules>();
};

std::vector<std::string> RulesReader::Words(const YamlNode& node) {
  std::vector<std::string> words;
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

void RulesReader::ReadFormat(const YamlNode& node) {
  TokenFormat format;
  format.kind = Scalar(node, "kind");
  const YamlNode* const literals = node.Find("literals");
  if (literals != nullptr) format.literals = Words(*literals);
  if (format.literals.empty()) Fault(node, "a format needs its literals");
  format.pattern = Scalar(node, "pattern");
  rules_->formats.push_back(std::move(format));
}

void RulesReader::ReadMember(const YamlMember& member) {
  RedactionRules& rules = *rules_;
  const YamlNode& value = member.value;
  if (member.key == "keys") {
    rules.keys = Names(value);
  } else if (member.key == "key_endings") {
    rules.key_endings = Words(value);
  } else if (member.key == "key_exceptions") {
    rules.key_exceptions = Names(value);
  } else if (member.key == "reference_keys") {
    rules.reference_keys = Names(value);
  } else if (member.key == "flags") {
    rules.flags = Names(value);
  } else if (member.key == "assignment_flags") {
    rules.assignment_flags = Names(value);
  } else if (member.key == "formats") {
    for (const YamlNode& item : value.items) ReadFormat(item);
  } else {
    AddIssue(source_, member.position, kFaultCode,
             "unknown key \"" + member.key + "\"", issues_);
  }
}

std::unique_ptr<const RedactionRules> RulesReader::Read() {
  const std::vector<YamlNode> documents = ReadYaml(source_, issues_);
  if (issues_.HasErrors()) return nullptr;
  if (documents.size() != 1 || documents[0].kind != NodeKind::kMap) {
    AddIssue(source_, {1, 1, 0}, kFaultCode, "expected one map", issues_);
    return nullptr;
  }
  for (const YamlMember& member : documents[0].members) ReadMember(member);
  if (issues_.HasErrors()) return nullptr;
  return std::move(rules_);
}

}  // namespace

TokenFormat::TokenFormat() = default;
TokenFormat::~TokenFormat() = default;
TokenFormat::TokenFormat(TokenFormat&&) noexcept = default;

const re2::RE2& TokenFormat::Compiled() const {
  if (compiled_ == nullptr) {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kPatternMemory);
    compiled_ = std::make_unique<const RE2>(pattern, options);
  }
  return *compiled_;
}

bool RedactionRules::IsSecretKey(std::string_view name) const {
  const std::string plain = Normalise(name);
  if (plain.empty() || key_exceptions.contains(plain)) return false;
  if (keys.contains(plain)) return true;
  for (const std::string& ending : key_endings) {
    if (plain.ends_with(ending)) return true;
  }
  return false;
}

bool RedactionRules::IsSecretFlag(std::string_view name) const {
  return IsSecretKey(name) || flags.contains(Normalise(name));
}

bool RedactionRules::IsAssignmentFlag(std::string_view name) const {
  return assignment_flags.contains(Normalise(name));
}

bool RedactionRules::IsReferenceKey(std::string_view name) const {
  return reference_keys.contains(Normalise(name));
}

std::unique_ptr<const RedactionRules> ReadRedactionRules(
    const SourceText& source, Issues& issues) {
  return RulesReader(source, issues).Read();
}

std::unique_ptr<const RedactionRules> EmbeddedRedactionRules() {
  Issues issues;
  const auto text = EmbeddedText(kPath);
  if (!text) std::abort();
  auto rules =
      ReadRedactionRules({std::string(kPath), std::string(*text)}, issues);
  if (rules == nullptr) std::abort();
  return rules;
}

}  // namespace gatehouse::audit
