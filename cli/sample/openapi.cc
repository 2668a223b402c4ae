// SPDX-License-Identifier: Apache-2.0
#include "cli/sample/openapi.h"

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include "cli/sample/discovery.h"
#include "cli/sample/object.h"
#include "policy/json_writer.h"

namespace gatehouse::sample {
namespace {

struct Field {
  std::string_view name;
  std::string_view type;  // "string", "object", "array"
  std::string_view description;
};

constexpr std::array kEveryKind = {
    Field{"apiVersion", "string",
          "The versioned schema of this representation of an object."},
    Field{"kind", "string", "The REST resource this object represents."},
    Field{"metadata", "object", "Standard object's metadata."}};
constexpr std::array kUsual = {
    Field{"spec", "object", "The desired behaviour of the object."},
    Field{"status", "object", "Most recently observed status."}};
constexpr std::array kData = {
    Field{"data", "object", "The configuration data."},
    Field{"binaryData", "object", "Binary data."},
    Field{"stringData", "object", "Non-binary secret data in string form."},
    Field{"immutable", "boolean", "Whether the data may be updated."},
    Field{"type", "string", "What kind of secret data this is."}};
constexpr std::array kAccess = {
    Field{"rules", "array", "The rules of this role."},
    Field{"roleRef", "object", "The role that is granted."},
    Field{"subjects", "array", "Whom the role is granted to."},
    Field{"aggregationRule", "object", "How to build the rules."}};
constexpr std::array kEventVerbs = {
    Field{"involvedObject", "object", "The object that this event is about."},
    Field{"reason", "string", "A short, machine understandable reason."},
    Field{"message", "string", "A human-readable description."},
    Field{"type", "string", "Type of this event: Normal or Warning."}};

std::span<const Field> OwnFields(const ResourceType& type) {
  if (type.kind == "ConfigMap" || type.kind == "Secret") return kData;
  if (type.group == "rbac.authorization.k8s.io") return kAccess;
  if (type.kind == "Event") return kEventVerbs;
  return kUsual;
}

std::vector<Field> FieldsOf(const ResourceType& type) {
  std::vector<Field> fields(kEveryKind.begin(), kEveryKind.end());
  std::span<const Field> own = OwnFields(type);
  fields.insert(fields.end(), own.begin(), own.end());
  return fields;
}

std::string DescriptionOf(const ResourceType& type) {
  return type.kind + " is one of the kinds of this sample cluster; only its " +
         "top-level fields are described here.";
}

std::string DefinitionName(const ResourceType& type) {
  std::string group = type.group.empty() ? "core" : type.group;
  return "sample." + group + "." + type.version + "." + type.kind;
}

std::string KindMark(const ResourceType& type) {
  JsonWriter out;
  out.BeginArray().BeginObject().Key("group").String(type.group);
  out.Key("kind").String(type.kind).Key("version").String(type.version);
  return out.EndObject().EndArray().Take();
}

void WriteSchema(JsonWriter& out, const ResourceType& type) {
  out.BeginObject().Key("description").String(DescriptionOf(type));
  out.Key("type").String("object").Key("properties").BeginObject();
  for (const Field& field : FieldsOf(type)) {
    out.Key(field.name).BeginObject();
    out.Key("description").String(field.description);
    out.Key("type").String(field.type);
    if (field.type == "array") {
      out.Key("items").BeginObject().Key("type").String("object").EndObject();
    }
    out.EndObject();
  }
  out.EndObject();
  out.Key("x-kubernetes-group-version-kind").Raw(KindMark(type)).EndObject();
}

void WritePath(JsonWriter& out, const ResourceType& type) {
  std::string path = type.group.empty() ? "/api/" : "/apis/";
  path += GroupVersion(type.group, type.version) + "/";
  if (type.namespaced) path += "namespaces/{namespace}/";
  out.Key(path + type.plural).BeginObject().Key("get").BeginObject();
  out.Key("responses").BeginObject().EndObject();
  out.Key("x-kubernetes-action").String("list");
  out.Key("x-kubernetes-group-version-kind").BeginObject();
  out.Key("group").String(type.group).Key("kind").String(type.kind);
  out.Key("version").String(type.version);
  out.EndObject().EndObject().EndObject();
}

// Protobuf wire format: a length-delimited field is its tag, its length and
// its bytes. The field numbers below are those of gnostic's OpenAPIv2.proto.
void PutVarint(std::string& out, std::uint64_t number) {
  while (number >= 0x80) {
    out += static_cast<char>((number & 0x7f) | 0x80);
    number >>= 7;
  }
  out += static_cast<char>(number);
}

std::string Bytes(std::uint32_t field, std::string_view value) {
  std::string out;
  PutVarint(out, (field << 3) | 2);
  PutVarint(out, value.size());
  return out.append(value);
}

std::string TypeItem(std::string_view type) {
  return Bytes(22, Bytes(1, type));  // Schema.type = TypeItem{value}
}

std::string FieldProtobuf(const Field& field) {
  std::string schema = Bytes(4, field.description) + TypeItem(field.type);
  if (field.type == "array") {
    schema += Bytes(23, Bytes(1, TypeItem("object")));  // Schema.items
  }
  return Bytes(1, Bytes(1, field.name) + Bytes(2, schema));  // NamedSchema
}

std::string DefinitionProtobuf(const ResourceType& type) {
  std::string properties;
  for (const Field& field : FieldsOf(type)) properties += FieldProtobuf(field);
  // NamedAny{name, Any{yaml}}; JSON is YAML.
  std::string mark = Bytes(1, "x-kubernetes-group-version-kind") +
                     Bytes(2, Bytes(2, KindMark(type)));
  std::string schema = Bytes(4, DescriptionOf(type)) + TypeItem("object") +
                       Bytes(25, properties) + Bytes(31, mark);
  return Bytes(1, Bytes(1, DefinitionName(type)) + Bytes(2, schema));
}

}  // namespace

std::string OpenApi2Json(std::span<const ResourceType> types) {
  JsonWriter out;
  out.BeginObject().Key("swagger").String("2.0").Key("info").BeginObject();
  out.Key("title").String("Sample").Key("version").String("v1").EndObject();
  out.Key("paths").BeginObject();
  for (const ResourceType& type : types) WritePath(out, type);
  out.EndObject().Key("definitions").BeginObject();
  for (const ResourceType& type : types) {
    out.Key(DefinitionName(type));
    WriteSchema(out, type);
  }
  return out.EndObject().EndObject().Take();
}

std::string OpenApi2Protobuf(std::span<const ResourceType> types) {
  std::string definitions;
  for (const ResourceType& type : types) {
    definitions += DefinitionProtobuf(type);
  }
  return Bytes(1, "2.0") + Bytes(2, Bytes(1, "Sample") + Bytes(2, "v1")) +
         Bytes(8, "") + Bytes(9, definitions);
}

std::string OpenApi3Index(std::span<const ResourceType> types) {
  std::set<std::string> paths;
  for (const ResourceType& type : types) {
    paths.insert((type.group.empty() ? "api/" : "apis/") +
                 GroupVersion(type.group, type.version));
  }
  JsonWriter out;
  out.BeginObject().Key("paths").BeginObject();
  for (const std::string& path : paths) {
    out.Key(path).BeginObject().Key("serverRelativeURL");
    out.String("/openapi/v3/" + path + "?hash=sample").EndObject();
  }
  return out.EndObject().EndObject().Take();
}

std::string OpenApi3Json(std::span<const ResourceType> types,
                         std::string_view group, std::string_view version) {
  std::vector<const ResourceType*> chosen;
  for (const ResourceType& type : types) {
    if (type.group == group && type.version == version) chosen.push_back(&type);
  }
  if (chosen.empty()) return "";
  JsonWriter out;
  out.BeginObject().Key("openapi").String("3.0.0").Key("info").BeginObject();
  out.Key("title").String("Sample").Key("version").String("v1").EndObject();
  out.Key("paths").BeginObject();
  for (const ResourceType* type : chosen) WritePath(out, *type);
  out.EndObject().Key("components").BeginObject().Key("schemas").BeginObject();
  for (const ResourceType* type : chosen) {
    out.Key(DefinitionName(*type));
    WriteSchema(out, *type);
  }
  return out.EndObject().EndObject().EndObject().Take();
}

}  // namespace gatehouse::sample
