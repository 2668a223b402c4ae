// SPDX-License-Identifier: Apache-2.0
#include "audit/redact_tree.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>
#include <vector>

#include "policy/document.h"

namespace gatehouse::audit {
namespace {

// A document inside a string of a document inside a string: the last-applied
// annotation of a manifest is two deep. Deeper than this is a game.
constexpr int kMaxNesting = 4;

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](unsigned char letter) {
    return static_cast<char>(std::tolower(letter));
  });
  return lower;
}

bool IsSecretKind(const JsonValue& object) {
  const auto kind = StringMember(object, "kind");
  return kind && Lower(*kind).starts_with("secret");  // Secret, SecretList
}

bool IsPayloadKey(std::string_view key) {
  const std::string lower = Lower(key);
  return lower == "data" || lower == "stringdata" || lower == "binarydata";
}

// {name: DB_PASSWORD, value: …} of an env entry or a header.
bool NamesASecret(const JsonValue& object, const RedactionRules& rules) {
  for (const char* member : {"name", "key", "Name", "Key"}) {
    const auto name = StringMember(object, member);
    if (name && rules.IsSecretKey(*name)) return true;
  }
  return false;
}

// {op, path, value} of a JSON patch.
bool IsPatchStep(const JsonValue& object) {
  return StringMember(object, "op") && StringMember(object, "path");
}

bool MayHoldSecret(std::string_view text) {
  const std::string lower = Lower(text);
  return lower.find("secret") != std::string::npos ||
         lower.find("stringdata") != std::string::npos;
}

// YAML 1.2 scalars that JSON has too keep their type; all else is a string.
JsonValue ToJson(const YamlNode& node) {
  switch (node.kind) {
    case NodeKind::kNull:
      return nullptr;
    case NodeKind::kScalar: {
      if (node.IsString()) return node.scalar;
      Result<JsonValue> value = ParseJson(node.scalar);
      return value.ok() ? std::move(value).value() : JsonValue(node.scalar);
    }
    case NodeKind::kList: {
      JsonValue list = JsonValue::array();
      for (const YamlNode& item : node.items) list.push_back(ToJson(item));
      return list;
    }
    case NodeKind::kMap: {
      JsonValue map = JsonValue::object();
      for (const YamlMember& member : node.members) {
        map.emplace(member.key, ToJson(member.value));
      }
      return map;
    }
  }
  return nullptr;
}

std::string ScalarText(const JsonValue& value) {
  const auto text = AsString(value);
  if (text) return std::string(*text);
  JsonWriter out;
  return out.Value(value).Take();
}

}  // namespace

std::string TreeMasker::MaskJson(const JsonValue& value) {
  Place place;
  place.in_secret = origin_ == Origin::kSecret;
  JsonWriter out;
  Write(value, place, out);
  return out.Take();
}

void TreeMasker::Write(const JsonValue& value, const Place& place,
                       JsonWriter& out) {
  switch (KindOf(value)) {
    case JsonKind::kNull:
    case JsonKind::kBool:
      out.Value(value);
      return;
    case JsonKind::kNumber:
      if (place.is_secret) {
        out.String(text_.Mask(place.kind, place.name, ScalarText(value)));
      } else {
        out.Value(value);
      }
      return;
    case JsonKind::kString:
      out.String(MaskString(*AsString(value), place));
      return;
    case JsonKind::kArray:
      WriteArray(value, place, out);
      return;
    case JsonKind::kObject:
      WriteObject(value, place, out);
      return;
  }
}

TreeMasker::Place TreeMasker::PlaceOf(std::string_view key,
                                      const JsonValue& object,
                                      const Place& place) const {
  Place inner = place;
  inner.name = key;
  inner.assignments = text_.rules().IsAssignmentFlag(key);
  const bool is_value = key == "value" || key == "Value";
  if (place.in_secret &&
      (IsPayloadKey(key) || (is_value && IsPatchStep(object)))) {
    inner.is_secret = true;
    inner.by_key = false;
    inner.kind = "secret";
  } else if (text_.rules().IsSecretFlag(key) ||
             (is_value && NamesASecret(object, text_.rules()))) {
    inner.by_key = !place.is_secret || place.by_key;
    inner.is_secret = true;
  } else if (place.by_key && text_.rules().IsReferenceKey(key)) {
    inner.is_secret = false;
  }
  return inner;
}

void TreeMasker::WriteObject(const JsonValue& object, Place place,
                             JsonWriter& out) {
  place.in_secret = place.in_secret || IsSecretKind(object);
  out.BeginObject();
  for (const auto& [key, value] : Members(object)) {
    out.Key(text_.MaskText(key));
    Write(*value, PlaceOf(key, object, place), out);
  }
  out.EndObject();
}

// ["--token", "abc"]: the flag stands in the element before.
void TreeMasker::WriteArray(const JsonValue& array, const Place& place,
                            JsonWriter& out) {
  out.BeginArray();
  Place next = place;
  for (const JsonValue* element : Elements(array)) {
    Write(*element, next, out);
    next = place;
    const auto word = AsString(*element);
    if (!word || !word->starts_with("--")) continue;
    next.name = word->substr(2);
    next.assignments = text_.rules().IsAssignmentFlag(*word);
    if (text_.rules().IsSecretFlag(*word)) next.is_secret = true;
  }
  out.EndArray();
}

std::string TreeMasker::MaskString(std::string_view text, const Place& place) {
  if (place.is_secret) return text_.Mask(place.kind, place.name, text);
  if (place.assignments) return text_.MaskAssignment(text);
  const bool one_word = text.find_first_of(" \t\n{") == std::string_view::npos;
  // `literal: user=x` of a tool that creates Secrets, whatever it calls it.
  if (place.in_secret && one_word && !text.starts_with('-') &&
      text.find('=') != std::string_view::npos) {
    return text_.MaskAssignment(text);
  }
  return MaskDocument(text, place);
}

// Text that is a document of its own is masked by its structure.
std::string TreeMasker::MaskDocument(std::string_view text,
                                     const Place& place) {
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  const bool braced = start != std::string_view::npos &&
                      (text[start] == '{' || text[start] == '[');
  const bool yaml = text.find(':') != std::string_view::npos &&
                    (text.find('\n') != std::string_view::npos ||
                     text.find("kind:") != std::string_view::npos);
  if (!braced && !yaml) return text_.MaskText(text);
  if (nesting_ >= kMaxNesting) return text_.Mask("document", "", text);
  ++nesting_;
  std::string masked;
  const Result<JsonValue> json =
      braced ? ParseJson(text) : Result<JsonValue>(Error{});
  if (json.ok()) {
    const std::uint64_t before = text_.total();
    JsonWriter out;
    Write(json.value(), place, out);
    masked = text_.total() == before ? std::string(text) : out.Take();
  } else {
    masked = MaskYaml(text, place);
  }
  --nesting_;
  return masked;
}

// Each document as one line of JSON, which is YAML too. A text in which
// nothing was found stays as it was written.
std::string TreeMasker::MaskYaml(std::string_view text, const Place& place) {
  Issues issues;
  const std::vector<YamlNode> documents =
      ReadYaml({"argument", std::string(text)}, issues);
  if (issues.HasErrors()) {
    if (place.in_secret || MayHoldSecret(text)) {
      return text_.Mask("document", "", text);
    }
    return text_.MaskText(text);
  }
  const bool structured =
      std::ranges::any_of(documents, [](const YamlNode& node) {
        return node.kind == NodeKind::kMap || node.kind == NodeKind::kList;
      });
  if (!structured) return text_.MaskText(text);
  const std::uint64_t before = text_.total();
  std::string masked;
  for (const YamlNode& document : documents) {
    if (!masked.empty()) masked += "\n---\n";
    JsonWriter out;
    Write(ToJson(document), place, out);
    masked += out.text();
  }
  // Comments are not in the tree.
  return text_.total() == before ? text_.MaskText(text) : masked;
}

}  // namespace gatehouse::audit
