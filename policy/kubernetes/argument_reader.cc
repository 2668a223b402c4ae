// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/argument_reader.h"

#include <utility>

namespace gatehouse {

void ArgumentReader::Report(const YamlNode& at, Fault fault,
                            std::string message) {
  AddIssue(source_, at.position, FaultCode(fault), std::move(message), issues_);
}

void ArgumentReader::Declared(const YamlNode& at, const std::string& name) {
  if (!name.empty() && !arguments_.contains(name)) {
    Report(at, Fault::kBadValue, "undeclared argument " + Quoted(name));
  }
}

std::string ArgumentReader::Argument(Fields& fields, std::string_view field) {
  const YamlNode* node = fields.Get(field);
  if (node == nullptr) return "";
  Declared(*node, node->scalar);
  return node->scalar;
}

void ArgumentReader::RequireWords(const YamlNode& at, const std::string& name) {
  const auto found = arguments_.find(name);
  const bool words = found != arguments_.end() &&
                     (found->second == ArgumentType::kShellWords ||
                      found->second == ArgumentType::kQuotedWords ||
                      found->second == ArgumentType::kBlankWords);
  if (!words) {
    Report(at, Fault::kBadValue, Quoted(name) + " is not a command line");
  }
}

// Takes "|lower" or "|exact" off the argument's name.
void ArgumentReader::ReadLetterCase(const YamlNode& at, Condition& condition) {
  const std::size_t bar = condition.argument.find('|');
  if (bar == std::string::npos) return;
  const std::string word = condition.argument.substr(bar + 1);
  condition.argument.resize(bar);
  if (word == "lower") {
    condition.letter_case = LetterCase::kLower;
  } else if (word == "exact") {
    condition.letter_case = LetterCase::kExact;
  } else {
    Report(at, Fault::kBadValue, "expected |lower or |exact");
  }
  if (condition.values.empty()) {
    Report(at, Fault::kBadValue, "|" + word + " without values to compare");
  }
  for (const std::string& value : condition.values) {
    if (word == "lower" && value != LowerCase(value)) {
      Report(at, Fault::kBadValue, Quoted(value) + " is not in lower case");
    }
  }
}

Condition ArgumentReader::ReadCondition(const YamlNode& node) {
  Condition condition;
  if (node.kind == NodeKind::kScalar) {
    condition.argument = node.scalar;
  } else {
    Fields fields(node, source_, issues_);
    condition.values = fields.Words("is");
    if (condition.values.empty()) {
      condition.values = fields.Words("not");
      condition.negated = !condition.values.empty();
    }
    condition.argument = fields.Text("argument").value_or("");
    ReadLetterCase(node, condition);
    condition.program = fields.Text("program").value_or("");
    if (!condition.program.empty()) RequireWords(node, condition.argument);
    const std::string missing = fields.Text("missing").value_or("");
    if (!missing.empty()) {
      condition.argument = missing;
      condition.negated = true;
    }
    fields.Finish();
  }
  if (condition.argument.empty()) {
    Report(node, Fault::kMissingField, "a condition without an argument");
  }
  Declared(node, condition.argument);
  if (!condition.values.empty()) comparisons_.push_back(condition);
  return condition;
}

}  // namespace gatehouse
