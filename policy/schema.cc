// SPDX-License-Identifier: Apache-2.0
#include "policy/schema.h"

#include <string_view>
#include <vector>

#include "policy/field_table.h"
#include "policy/json_writer.h"
#include "policy/verb_groups.h"

namespace gatehouse {
namespace {

// What the fields of a map must have together (rule_checks.cc, match_fields.cc
// and rule_reader.cc say it to the reader).
struct Together {
  FieldPlace place;
  std::string_view json;  // members of the map's schema
};
constexpr Together kTogether[] = {
    {FieldPlace::kFile, R"("required":["apiVersion","kind","name"],
"anyOf":[{"required":["rules"]},{"required":["extends"]}])"},
    {FieldPlace::kRule, R"("required":["id"],
"oneOf":[{"required":["allow"]},{"required":["ask"]},{"required":["deny"]}],
"dependentSchemas":{
"timeout":{"required":["ask"]},
"limit":{"not":{"required":["deny"]}},
"reveal":{"not":{"required":["deny"]}},
"expires":{"required":["deny","until"]},
"until":{"if":{"required":["deny"]},"then":{"required":["expires"]}},
"podSecurity":{"not":{"required":["allow"]}},
"helm":{"not":{"anyOf":[{"required":["deny"]},{"required":["resources"]},
{"required":["names"]}]}},
"allow":{"$ref":"#/$defs/grant"},"ask":{"$ref":"#/$defs/grant"},
"unless":{"if":{"not":{"required":["allow"]}},
"then":{"properties":{"unless":{"$ref":"#/$defs/proven"}}}}})"},
    {FieldPlace::kWhen,
     R"("required":["zone"],
"anyOf":[{"required":["days"]},{"required":["hours"]}])"},
    {FieldPlace::kLimit, R"("required":["calls","per"])"},
};

// An allow or ask: unclear only with what it is about, and what a client says
// of itself never alone.
constexpr std::string_view kDefinitions = R"("grant":{"allOf":[
{"$ref":"#/$defs/proven"},
{"if":{"anyOf":[{"properties":{"allow":{"$ref":"#/$defs/unclear"}},
"required":["allow"]},{"properties":{"ask":{"$ref":"#/$defs/unclear"}},
"required":["ask"]}]},"then":{"anyOf":[
{"required":["tools"]},{"required":["methods"]},{"required":["uris"]},
{"required":["prompts"]}]}}]},
"unclear":{"anyOf":[{"const":"unclear"},
{"type":"array","contains":{"const":"unclear"}}]},
"proven":{"properties":{"who":{"if":{"required":["clients"]},
"then":{"anyOf":[{"required":["users"]},{"required":["groups"]},
{"required":["kubeUsers"]}]}}}})";

constexpr std::string_view kNamePattern = "^[a-z0-9][a-z0-9-]{0,62}$";
// A glob without spaces, brackets or a leading "!", or /an expression/.
constexpr std::string_view kPatternPattern =
    R"(^(/.+/|[^/!\[\]{}\x00-\x20\x7f][^\[\]{}\x00-\x20\x7f]*)$)";
constexpr std::string_view kDaysPattern =
    "^(sun|mon|tue|wed|thu|fri|sat)(-(sun|mon|tue|wed|thu|fri|sat))?$";
constexpr std::string_view kHoursPattern =
    "^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$";
constexpr std::string_view kTimePattern =
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?"
    "([Zz]|[+-][0-9]{2}:[0-9]{2})$";
constexpr std::string_view kDurationPattern = "^([0-9]{1,9}[smhdw])+$";

class SchemaWriter {
 public:
  std::string Write() {
    out_.BeginObject();
    out_.Key("$schema").String("https://json-schema.org/draft/2020-12/schema");
    out_.Key("title").String("A policy of Gatehouse");
    Map(FieldPlace::kFile);
    out_.Key("$defs").Raw("{" + std::string(kDefinitions) + "}");
    out_.EndObject();
    return out_.Take();
  }

 private:
  // Members of a map's schema.
  void Map(FieldPlace place) {
    out_.Key("type").String("object");
    out_.Key("minProperties").Integer(1);
    out_.Key("additionalProperties").Bool(false);
    out_.Key("properties").BeginObject();
    for (const auto& table : FieldTables()) {
      for (const FieldRow& row : table) {
        // What is not supported yet is refused by name: not a property.
        if (row.places.Has(place) && row.read != nullptr) Field(row);
      }
    }
    out_.EndObject();
    for (const Together& together : kTogether) {
      if (together.place != place) continue;
      // A raw text as the rest of an object: its first key, then its values.
      const std::string_view json = together.json;
      const std::size_t colon = json.find(':');
      out_.Key(json.substr(1, colon - 2)).Raw(json.substr(colon + 1));
    }
  }

  void Field(const FieldRow& row) {
    out_.Key(row.name).BeginObject();
    out_.Key("description").String(row.meaning);
    Value(row);
    out_.EndObject();
  }

  void Value(const FieldRow& row) {
    switch (row.shape) {
      case Shape::kText:
        return Text("");
      case Shape::kChoice:
        return Enum(row.words);
      case Shape::kTrue:
        out_.Key("const").Bool(true);
        return;
      case Shape::kName:
        return Text(kNamePattern);
      case Shape::kTime:
        return Text(kTimePattern);
      case Shape::kDuration:
        return Text(kDurationPattern);
      case Shape::kCount:
        out_.Key("type").String("integer");
        out_.Key("minimum").Integer(1);
        return;
      case Shape::kWords:
        return List([this] { Text(""); });
      case Shape::kChoices:
        return List([&] { Enum(row.words); });
      case Shape::kVerbs:
        return List([this] { Enum(VerbWords()); });
      case Shape::kPatterns:
        return List([this] { Text(kPatternPattern); });
      case Shape::kAnyPatterns:
        return List([this] { Text(kPatternPattern); }, 0);
      case Shape::kNamespaces:
        return List([this] { Namespace(); });
      case Shape::kWeekdays:
        return List([this] { Text(kDaysPattern); });
      case Shape::kHours:
        return List([this] { Text(kHoursPattern); });
      case Shape::kMap:
        return Map(row.inside);
      case Shape::kRules:
        out_.Key("type").String("array");
        out_.Key("minItems").Integer(1);
        out_.Key("items").BeginObject();
        Map(row.inside);
        out_.EndObject();
        return;
    }
  }

  void Text(std::string_view pattern) {
    out_.Key("type").String("string");
    out_.Key("minLength").Integer(1);
    if (!pattern.empty()) out_.Key("pattern").String(pattern);
  }

  void Enum(std::span<const std::string_view> words) {
    out_.Key("enum").BeginArray();
    for (std::string_view word : words) out_.String(word);
    out_.EndArray();
  }

  // "" is cluster scope.
  void Namespace() {
    out_.Key("anyOf").BeginArray();
    out_.BeginObject().Key("const").String("").EndObject();
    out_.BeginObject();
    Text(kPatternPattern);
    out_.EndObject().EndArray();
  }

  // One, or a list of them.
  void List(auto item, int least = 1) {
    out_.Key("anyOf").BeginArray();
    out_.BeginObject();
    item();
    out_.EndObject();
    out_.BeginObject();
    out_.Key("type").String("array");
    out_.Key("minItems").Integer(least);
    out_.Key("items").BeginObject();
    item();
    out_.EndObject();
    out_.EndObject().EndArray();
  }

  JsonWriter out_;
};

// One line a member, two spaces a level. `json` is well-formed.
std::string Indented(std::string_view json) {
  std::string out;
  std::size_t depth = 0;
  bool in_text = false;
  const auto line = [&] { out += "\n" + std::string(depth * 2, ' '); };
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_text) {
      out += c;
      if (c == '\\') out += json[++i];
      if (c == '"') in_text = false;
      continue;
    }
    if (c == '\n') continue;
    if (c == '}' || c == ']') {
      --depth;
      line();
    }
    out += c;
    if (c == '"') in_text = true;
    if (c == ':') out += ' ';
    if (c == '{' || c == '[') ++depth;
    if (c == '{' || c == '[' || c == ',') line();
  }
  return out + "\n";
}

}  // namespace

std::string PolicySchema() { return Indented(SchemaWriter().Write()); }

}  // namespace gatehouse
