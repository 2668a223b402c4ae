// SPDX-License-Identifier: Apache-2.0
#include "policy/kubernetes/argument_values.h"

#include <algorithm>

#include "policy/fault.h"
#include "policy/json_value.h"
#include "policy/json_writer.h"
#include "policy/kubernetes/fields.h"
#include "policy/kubernetes/resource_words.h"

namespace gatehouse {
namespace {

constexpr std::size_t kMaxText = std::size_t{64} * 1024;

// Control bytes end argument vectors, lines and names; none has a meaning.
bool IsCleanText(std::string_view text) {
  return text.size() <= kMaxText &&
         std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == '\x7f';
         });
}

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x80;
  });
}

bool IsCleanString(const JsonValue& value) {
  const std::optional<std::string_view> text = AsString(value);
  return text && IsCleanText(*text);
}

// A number that every reader and printer takes alike: JavaScript prints 1.0 as
// "1", and rounds beyond 2^53.
bool IsPlainInteger(const JsonValue& value) {
  constexpr std::int64_t kMax = (std::int64_t{1} << 53) - 1;
  const std::optional<std::int64_t> number = AsInteger(value);
  return number && *number >= -kMax && *number <= kMax;
}

bool IsScalar(const JsonValue& value) {
  switch (KindOf(value)) {
    case JsonKind::kNull:
    case JsonKind::kBool:
      return true;
    case JsonKind::kNumber:
      return IsPlainInteger(value);
    case JsonKind::kString:
      return IsCleanString(value);
    case JsonKind::kArray:
    case JsonKind::kObject:
      return false;
  }
  return false;
}

bool IsWord(const JsonValue& value) {
  const std::optional<std::string_view> text = AsString(value);
  return text && (text->empty() || IsContextName(*text));
}

bool IsListOf(const JsonValue& value, bool (*is)(const JsonValue&)) {
  if (KindOf(value) != JsonKind::kArray) return false;
  const std::vector<const JsonValue*> elements = Elements(value);
  return std::all_of(elements.begin(), elements.end(),
                     [is](const JsonValue* element) { return is(*element); });
}

bool HasCleanMembers(const JsonValue& value) {
  if (KindOf(value) != JsonKind::kObject) return false;
  for (const auto& [name, member] : Members(value)) {
    if (name.empty() || !IsCleanText(name) || !IsScalar(*member)) return false;
  }
  return true;
}

std::optional<LineDialect> DialectOf(ArgumentType type) {
  switch (type) {
    case ArgumentType::kShellWords:
      return LineDialect::kShell;
    case ArgumentType::kQuotedWords:
      return LineDialect::kQuoted;
    case ArgumentType::kBlankWords:
      return LineDialect::kBlank;
    case ArgumentType::kUnknown:
    case ArgumentType::kText:
    case ArgumentType::kContent:
    case ArgumentType::kTruthy:
    case ArgumentType::kBoolean:
    case ArgumentType::kNumber:
    case ArgumentType::kTexts:
    case ArgumentType::kFilled:
    case ArgumentType::kWord:
    case ArgumentType::kWordList:
    case ArgumentType::kFlags:
    case ArgumentType::kIgnored:
      return std::nullopt;
  }
  return std::nullopt;
}

bool HasType(const JsonValue& value, ArgumentType type) {
  const JsonKind kind = KindOf(value);
  switch (type) {
    case ArgumentType::kUnknown:
      return false;
    case ArgumentType::kFilled:
      return IsCleanString(value) && AsString(value) != "";
    case ArgumentType::kText:
    case ArgumentType::kShellWords:
    case ArgumentType::kQuotedWords:
    case ArgumentType::kBlankWords:
      return IsCleanString(value);
    case ArgumentType::kContent:
      return kind == JsonKind::kString;
    case ArgumentType::kTruthy:
    case ArgumentType::kIgnored:
      return true;
    case ArgumentType::kBoolean:
      return kind == JsonKind::kBool;
    case ArgumentType::kNumber:
      return IsPlainInteger(value);
    case ArgumentType::kTexts:
      return IsListOf(value, IsCleanString);
    case ArgumentType::kWord:
      return IsWord(value);
    case ArgumentType::kWordList:
      return IsListOf(value, IsWord);
    case ArgumentType::kFlags:
      return HasCleanMembers(value);
  }
  return false;
}

bool IsTruthy(const JsonValue& value) {
  switch (KindOf(value)) {
    case JsonKind::kNull:
      return false;
    case JsonKind::kBool:
      return AsBool(value).value_or(false);
    case JsonKind::kNumber:
      // 0, 0.0 and what rounds to it are off, as in JavaScript: taking them
      // for on would read a real change as a dry run.
      return AsNumber(value) != 0.0;
    case JsonKind::kString:
      return !AsString(value).value_or("").empty();
    case JsonKind::kArray:
    case JsonKind::kObject:
      return true;
  }
  return false;
}

std::string Printed(const JsonValue& value) {
  if (const auto text = AsString(value)) return std::string(*text);
  JsonWriter writer;
  writer.Value(value);
  return writer.Take();
}

}  // namespace

ArgumentValues::ArgumentValues(const ToolSpec& tool, const JsonValue* arguments)
    : tool_(tool), arguments_(arguments) {
  if (arguments != nullptr && KindOf(*arguments) == JsonKind::kNull) {
    arguments_ = nullptr;
  }
  if (arguments_ != nullptr) {
    if (KindOf(*arguments_) != JsonKind::kObject) {
      Refuse("the arguments are not an object", "");
    }
    for (const auto& [name, value] : Members(*arguments_)) {
      Check(name, *value);
    }
  }
  for (const std::string& name : tool.required) {
    if (!IsSet(name)) Refuse("a required argument is missing", name);
  }
  for (const Condition& condition : tool.comparisons) {
    CheckLetterCase(condition);
  }
}

void ArgumentValues::Refuse(std::string reason, std::string_view argument) {
  if (!fault_) fault_ = Unclear{std::move(reason), std::string(argument)};
}

void ArgumentValues::Check(std::string_view name, const JsonValue& value) {
  const auto found = tool_.arguments.find(name);
  if (found == tool_.arguments.end()) {
    return Refuse("the profile does not know this argument", name);
  }
  if (KindOf(value) == JsonKind::kNull) return;
  if (!HasType(value, found->second)) {
    return Refuse("a value of the wrong type, empty or with control characters",
                  name);
  }
  if (const std::optional<LineDialect> dialect = DialectOf(found->second)) {
    const CommandLine line =
        SplitCommandLine(AsString(value).value_or(""), *dialect);
    if (!line.unclear.empty()) Refuse(line.unclear, name);
  }
}

// Lower-casing differs between languages beyond ASCII: the Kelvin sign becomes
// "k" in some.
void ArgumentValues::CheckLetterCase(const Condition& condition) {
  if (condition.letter_case == LetterCase::kExact) return;
  const std::string value = Text(condition.argument).value_or("");
  if (!IsAscii(value)) {
    Refuse("a word with other letters than those of ASCII", condition.argument);
  }
  if (condition.letter_case == LetterCase::kLower) return;
  for (const std::string& known : condition.values) {
    if (value != known && LowerCase(value) == LowerCase(known)) {
      Refuse("a word that only its case keeps from being \"" + known + "\"",
             condition.argument);
    }
  }
}

const JsonValue* ArgumentValues::Find(std::string_view name) const {
  if (arguments_ == nullptr) return nullptr;
  const JsonValue* value = Member(*arguments_, name);
  if (value == nullptr || KindOf(*value) == JsonKind::kNull) return nullptr;
  return value;
}

bool ArgumentValues::IsSet(std::string_view name) const {
  const JsonValue* value = Find(name);
  if (value == nullptr) return false;
  const auto declared = tool_.arguments.find(name);
  if (declared == tool_.arguments.end()) return IsTruthy(*value);
  switch (declared->second) {
    case ArgumentType::kNumber:
      // 0 is a number like any other: "--replicas=0" is given.
      return true;
    case ArgumentType::kTexts:
    case ArgumentType::kWordList:
      // Servers ask for `.length > 0`: an empty command puts no "--" before
      // the namespace that follows.
      return !Elements(*value).empty();
    default:
      return IsTruthy(*value);
  }
}

std::optional<std::string> ArgumentValues::Text(std::string_view name) const {
  const JsonValue* value = Find(name);
  if (value == nullptr) return std::nullopt;
  return Printed(*value);
}

std::vector<std::string> ArgumentValues::Texts(std::string_view name) const {
  std::vector<std::string> texts;
  const JsonValue* value = Find(name);
  if (value == nullptr) return texts;
  for (const JsonValue* element : Elements(*value)) {
    texts.push_back(Printed(*element));
  }
  return texts;
}

CommandLine ArgumentValues::Words(std::string_view name) const {
  const auto declared = tool_.arguments.find(name);
  if (declared == tool_.arguments.end()) return {};
  const std::optional<LineDialect> dialect = DialectOf(declared->second);
  if (!dialect) return {};
  return SplitCommandLine(Text(name).value_or(""), *dialect);
}

std::vector<std::pair<std::string, std::optional<std::string>>>
ArgumentValues::Flags(std::string_view name) const {
  std::vector<std::pair<std::string, std::optional<std::string>>> flags;
  const JsonValue* value = Find(name);
  if (value == nullptr) return flags;
  for (const auto& [flag, given] : Members(*value)) {
    const std::optional<bool> on = AsBool(*given);
    if (KindOf(*given) == JsonKind::kNull || on == false) continue;
    flags.emplace_back(
        flag, on ? std::nullopt : std::optional<std::string>(Printed(*given)));
  }
  return flags;
}

bool ArgumentValues::Holds(const Condition& condition) const {
  if (!condition.program.empty()) {
    const Leading leading =
        LeadingProgram(Text(condition.argument).value_or(""),
                       Words(condition.argument), condition.program);
    return (leading == Leading::kYes) != condition.negated;
  }
  if (condition.values.empty()) {
    return IsSet(condition.argument) != condition.negated;
  }
  std::string value = Text(condition.argument).value_or("");
  if (condition.letter_case == LetterCase::kLower) value = LowerCase(value);
  const bool listed =
      std::find(condition.values.begin(), condition.values.end(), value) !=
      condition.values.end();
  return listed != condition.negated;
}

}  // namespace gatehouse
