// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/hunt/call_generator.h"

#include <algorithm>
#include <sstream>
#include <utility>

#include "policy/json_value.h"
#include "policy/kubernetes/command_table.h"
#include "policy/kubernetes/fields.h"
#include "tests/e2e/hunt/hostile_words.h"

namespace gatehouse::testing {
namespace {

constexpr std::size_t kMostKept = 100;

bool Holds(std::string_view text, std::string_view part) {
  return LowerCase(text).find(part) != std::string::npos;
}

// A watch or an endless wait would only cost time.
bool TakesForever(const std::string& word) {
  return word == "-w" || word == "--watch" || word == "--follow" ||
         word.starts_with("port-forward") || word.starts_with("proxy");
}

const JsonValue* SchemaOf(const JsonValue& tools, std::string_view tool,
                          std::string_view argument) {
  for (const JsonValue* one : Elements(tools)) {
    if (StringMember(*one, "name") != tool) continue;
    const JsonValue* input = Member(*one, "inputSchema");
    const JsonValue* properties =
        input == nullptr ? nullptr : Member(*input, "properties");
    return properties == nullptr ? nullptr : Member(*properties, argument);
  }
  return nullptr;
}

std::vector<std::string> ArgumentsOf(const JsonValue& tools,
                                     std::string_view tool) {
  std::vector<std::string> names;
  for (const JsonValue* one : Elements(tools)) {
    if (StringMember(*one, "name") != tool) continue;
    const JsonValue* input = Member(*one, "inputSchema");
    const JsonValue* properties =
        input == nullptr ? nullptr : Member(*input, "properties");
    if (properties == nullptr) continue;
    for (const auto& [name, unused] : Members(*properties)) {
      names.emplace_back(name);
    }
  }
  return names;
}

}  // namespace

CallGenerator::CallGenerator(std::uint64_t seed,
                             std::vector<OrdinaryCall> ordinary,
                             const JsonValue& tools, std::string stranger)
    : random_(seed),
      words_(Dictionary()),
      ordinary_(std::move(ordinary)),
      tools_(tools),
      stranger_(std::move(stranger)),
      tables_(KubernetesTables::Embedded()) {
  for (const auto& command : tables_->kubectl().commands()) {
    if (!TakesForever(command.path)) commands_.push_back(command.path);
  }
}

std::string CallGenerator::Word(const std::vector<std::string>& words) {
  std::string word = words[Below(words.size())];
  const std::size_t at = word.find("STRANGER");
  if (at != std::string::npos) word.replace(at, 8, stranger_);
  return word;
}

HuntCall CallGenerator::Next() {
  if (Chance(12)) return Invent();
  HuntCall call;
  if (!kept_.empty() && Chance(2)) {
    call = kept_[Below(kept_.size())];
  } else {
    const OrdinaryCall& base = ordinary_[Below(ordinary_.size())];
    call = {base.tool, ParseJson(base.arguments).value()};
  }
  // Far from the ordinary nearly everything is refused, which shows little.
  do {
    Bend(call);
  } while (Chance(3));
  return call;
}

void CallGenerator::Keep(const HuntCall& call) {
  if (kept_.size() < kMostKept) {
    kept_.push_back(call);
  } else {
    kept_[Below(kMostKept)] = call;
  }
}

HuntCall CallGenerator::Invent() {
  const JsonValue& tool = tools_[Below(tools_.size())];
  HuntCall call{std::string(StringMember(tool, "name").value_or("")),
                JsonValue::object()};
  for (const std::string& argument : ArgumentsOf(tools_, call.tool)) {
    if (Chance(3)) continue;
    call.arguments[argument] = ValueFor(call.tool, argument);
  }
  return call;
}

// Changes, adds or removes one argument.
void CallGenerator::Bend(HuntCall& call) {
  JsonValue& arguments = call.arguments;
  std::vector<std::string> given;
  for (const auto& [name, unused] : Members(arguments))
    given.emplace_back(name);
  const std::vector<std::string> known = ArgumentsOf(tools_, call.tool);
  if (!given.empty() && Chance(10)) {
    arguments.erase(given[Below(given.size())]);
    return;
  }
  std::vector<std::string> all = known;
  // Those that are given count more: they decide what the call is.
  for (int i = 0; i < 2; ++i) all.insert(all.end(), given.begin(), given.end());
  if (all.empty()) return;
  const std::string argument = all[Below(all.size())];
  JsonValue* value =
      arguments.contains(argument) ? &arguments[argument] : nullptr;
  if (value != nullptr && KindOf(*value) == JsonKind::kArray && !Chance(6)) {
    BendWords(*value);
  } else {
    arguments[argument] = ValueFor(call.tool, argument);
  }
}

JsonValue CallGenerator::ValueFor(std::string_view tool,
                                  std::string_view argument) {
  const JsonValue* schema = SchemaOf(tools_, tool, argument);
  if (schema == nullptr || Chance(10)) return OddValue(argument);
  return BySchema(argument, *schema);
}

// Of whatever type.
JsonValue CallGenerator::OddValue(std::string_view argument) {
  switch (Below(10)) {
    case 0:
      return nullptr;
    case 1:
      return Chance(2);
    case 2:
      return Chance(2) ? "false" : "true";
    case 3:
      return static_cast<int>(Below(3));
    case 4:
      return JsonValue::array({TextFor(argument)});
    case 5:
      return JsonValue::object({{"a", TextFor(argument)}});
    case 6:
      return JsonValue::array();
    case 7:
      return JsonValue::object();
    case 8:
      return "";
    default:
      return TextFor(argument);
  }
}

JsonValue CallGenerator::BySchema(std::string_view argument,
                                  const JsonValue& schema) {
  const JsonValue* choices = Member(schema, "enum");
  if (choices != nullptr && !Chance(4)) {
    return (*choices)[Below(choices->size())];
  }
  const std::string_view type = StringMember(schema, "type").value_or("");
  if (type == "boolean") return Chance(2);
  if (type == "integer" || type == "number") {
    return static_cast<int>(Below(6)) - 1;
  }
  if (type == "array") return Words(4);
  if (type == "object") return Flags();
  return TextFor(argument);
}

std::string CallGenerator::TextFor(std::string_view argument) {
  if (Holds(argument, "namespace")) return Word(words_.namespaces);
  if (Holds(argument, "manifest") || argument == "resource") {
    return argument == "resource" && Chance(3) ? Word(words_.types)
                                               : Manifest();
  }
  if (Holds(argument, "type") || argument == "kind") return Word(words_.types);
  if (Holds(argument, "command")) return CommandWord();
  if (argument == "context") {
    static const std::vector<std::string> kContexts = {
        "here", "prod", "", "none", "-A", "cluster/prod", "here "};
    return Word(kContexts);
  }
  if (argument == "apiVersion") {
    static const std::vector<std::string> kVersions = {
        "v1",
        "apps/v1",
        "batch/v1",
        "V1",
        "apps/V1",
        "/v1",
        "v1/",
        "",
        "rbac.authorization.k8s.io/v1",
        "../v1",
        "v1/namespaces/kube-system",
        "apps",
        "example.com/v1",
        "metrics.k8s.io/v1beta1",
        "v2",
        "v1?a=b"};
    return Word(kVersions);
  }
  switch (Below(6)) {
    case 0:
      return Word(words_.namespaces);
    case 1:
      return Word(words_.flags);
    case 2:
      return Word(words_.types);
    default:
      return Word(words_.names);
  }
}

std::string CallGenerator::CommandWord() {
  return commands_[Below(commands_.size())];
}

std::string CallGenerator::Manifest() {
  std::string text;
  if (Chance(6)) text += Word(words_.separators);
  text += Word(words_.documents);
  for (std::size_t more = Below(3); more > 0; --more) {
    text += Chance(2) ? "---\n" : Word(words_.separators);
    text += Word(words_.documents);
  }
  if (Chance(8)) text += Word(words_.separators);
  for (std::size_t swaps = Below(3); swaps > 0; --swaps) {
    text = Bent(std::move(text));
  }
  return text;
}

// One text of the manifest swapped, at one place or at all.
std::string CallGenerator::Bent(std::string text) {
  const auto& [from, to] = words_.swaps[Below(words_.swaps.size())];
  std::vector<std::size_t> places;
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + from.size())) {
    places.push_back(at);
  }
  if (places.empty()) return text;
  if (Chance(2)) places = {places[Below(places.size())]};
  std::reverse(places.begin(), places.end());
  for (const std::size_t at : places) text.replace(at, from.size(), to);
  return text;
}

// A command line: a command, operands, flags, in more or less that order.
JsonValue CallGenerator::Words(std::size_t most) {
  JsonValue words = JsonValue::array();
  if (Chance(2)) {
    std::istringstream command(CommandWord());
    for (std::string word; command >> word;) words.push_back(word);
    words.push_back(Word(words_.types));
    if (Chance(2)) words.push_back(Word(words_.names));
    if (!Chance(3)) {
      words.push_back("-n");
      words.push_back("dev");
    }
  }
  for (std::size_t i = Below(most + 1); i > 0; --i) BendWords(words);
  return words;
}

// Adds, removes, replaces or moves one word.
void CallGenerator::BendWords(JsonValue& words) {
  std::vector<std::string> list;
  for (const JsonValue* word : Elements(words)) {
    list.emplace_back(AsString(*word).value_or("x"));
  }
  const auto fresh = [&] {
    switch (Below(10)) {
      case 0:
        return Word(words_.types);
      case 1:
        return Word(words_.names);
      case 2:
        return Word(words_.namespaces);
      case 3:
      case 4:
      case 5:
      case 6:
        return FlagFor(list);
      default:
        return Word(words_.flags);
    }
  };
  const std::size_t at = Below(list.size() + 1);
  const auto place = list.begin() + static_cast<std::ptrdiff_t>(at);
  const std::size_t way = Below(10);
  if (way < 5 || place == list.end()) {
    list.insert(place, fresh());
  } else if (way < 7) {
    *place = fresh();
  } else if (way == 7) {
    list.erase(place);
  } else if (way == 8) {
    std::swap(*place, list[Below(list.size())]);
  } else {
    list.insert(place, std::string(*place));
  }
  words = JsonValue::array();
  for (std::string& word : list) {
    if (!TakesForever(word)) words.push_back(std::move(word));
  }
}

// A flag that the command of these words has, or any command.
std::string CallGenerator::FlagFor(const std::vector<std::string>& words) {
  const auto& commands = tables_->kubectl().commands();
  std::vector<std::size_t> fitting;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const std::string& path = commands[i].path;
    const std::string first = path.substr(0, path.find(' '));
    if (std::find(words.begin(), words.end(), first) != words.end()) {
      fitting.push_back(i);
    }
  }
  const std::size_t chosen = fitting.empty() || Chance(8)
                                 ? Below(commands.size())
                                 : fitting[Below(fitting.size())];
  const auto& flags =
      Chance(4) ? tables_->kubectl().global().flags : commands[chosen].flags;
  if (flags.empty()) return "-A";
  const auto& flag = flags[Below(flags.size())];
  return Spelt(flag.name, flag.short_name, flag.takes_value);
}

// In one of the spellings of pflag; sometimes with a value too many or too few.
std::string CallGenerator::Spelt(const std::string& name, char letter,
                                 bool takes_value) {
  const bool brief = letter != '\0' && Chance(2);
  std::string flag = brief ? std::string("-") + letter : "--" + name;
  if (Chance(12)) std::replace(flag.begin() + 2, flag.end(), '-', '_');
  if (takes_value == Chance(8)) return flag;
  if (!takes_value) return flag + (Chance(2) ? "=true" : "=false");
  if (!brief || Chance(3)) flag += '=';
  return flag + TextFor(name);
}

// kubectl_generic's object of flags, and any other object.
JsonValue CallGenerator::Flags() {
  JsonValue flags = JsonValue::object();
  for (std::size_t i = Below(3); i > 0; --i) {
    std::string word = Word(words_.flags);
    word.erase(0, std::min(word.find_first_not_of('-'), word.size()));
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos || Chance(4)) {
      flags[word] = OddValue("namespace");
    } else {
      flags[word.substr(0, equals)] = word.substr(equals + 1);
    }
  }
  return flags;
}

}  // namespace gatehouse::testing
