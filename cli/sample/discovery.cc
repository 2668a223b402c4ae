// SPDX-License-Identifier: Apache-2.0
#include "cli/sample/discovery.h"

#include <algorithm>
#include <vector>

#include "policy/json_writer.h"

namespace gatehouse::sample {
namespace {

// Versions of a group, the preferred one first: stable before beta, and the
// higher number first, as API servers order them.
std::vector<std::string> VersionsOf(std::span<const ResourceType> types,
                                    std::string_view group) {
  std::vector<std::string> versions;
  for (const ResourceType& type : types) {
    if (type.group != group) continue;
    if (std::ranges::find(versions, type.version) == versions.end()) {
      versions.push_back(type.version);
    }
  }
  auto stable = [](const std::string& version) {
    return version.find_first_not_of("v0123456789") == std::string::npos;
  };
  std::ranges::sort(versions, [&](const auto& left, const auto& right) {
    if (stable(left) != stable(right)) return stable(left);
    return left > right;
  });
  return versions;
}

std::vector<std::string> GroupsOf(std::span<const ResourceType> types) {
  std::vector<std::string> groups;
  for (const ResourceType& type : types) {
    if (type.group.empty()) continue;
    if (std::ranges::find(groups, type.group) == groups.end()) {
      groups.push_back(type.group);
    }
  }
  return groups;
}

void WriteVersion(JsonWriter& out, std::string_view group,
                  std::string_view version) {
  out.BeginObject();
  out.Key("groupVersion").String(GroupVersion(group, version));
  out.Key("version").String(version).EndObject();
}

void WriteGroup(JsonWriter& out, std::span<const ResourceType> types,
                std::string_view group) {
  std::vector<std::string> versions = VersionsOf(types, group);
  out.Key("name").String(group).Key("versions").BeginArray();
  for (const std::string& version : versions) WriteVersion(out, group, version);
  out.EndArray().Key("preferredVersion");
  WriteVersion(out, group, versions.front());
}

void WriteStrings(JsonWriter& out, std::string_view key,
                  const CommaWords& texts) {
  if (texts.empty()) return;
  out.Key(key).BeginArray();
  for (const std::string_view text : texts) out.String(text);
  out.EndArray();
}

void WriteResource(JsonWriter& out, const ResourceType& type) {
  out.BeginObject().Key("name").String(type.plural);
  out.Key("singularName").String(type.singular);
  out.Key("namespaced").Bool(type.namespaced);
  out.Key("kind").String(type.kind);
  WriteStrings(out, "verbs", type.verbs);
  WriteStrings(out, "shortNames", type.short_names);
  WriteStrings(out, "categories", type.categories);
  out.EndObject();
}

void WriteSubresource(JsonWriter& out, const ResourceType& type,
                      std::string_view subresource) {
  bool scale = subresource == "scale";
  bool eviction = subresource == "eviction";
  out.BeginObject();
  out.Key("name").String(type.plural + "/" + std::string(subresource));
  out.Key("singularName").String("").Key("namespaced").Bool(type.namespaced);
  if (scale) out.Key("group").String("autoscaling").Key("version").String("v1");
  if (eviction) out.Key("group").String("policy").Key("version").String("v1");
  out.Key("kind").String(scale ? "Scale" : eviction ? "Eviction" : type.kind);
  out.Key("verbs").BeginArray().String("get").String("patch").String("update");
  out.EndArray().EndObject();
}

}  // namespace

std::string GroupVersion(std::string_view group, std::string_view version) {
  if (group.empty()) return std::string(version);
  return std::string(group) + "/" + std::string(version);
}

std::string VersionDocument() {
  return R"({"major":"1","minor":"32","gitVersion":"v1.32.0-sample",)"
         R"("gitCommit":"","gitTreeState":"clean","buildDate":)"
         R"("2025-01-01T00:00:00Z","goVersion":"","compiler":"",)"
         R"("platform":"gatehouse/sample"})";
}

std::string CoreVersions() {
  return R"({"kind":"APIVersions","versions":["v1"],)"
         R"("serverAddressByClientCIDRs":[]})";
}

std::string GroupList(std::span<const ResourceType> types) {
  JsonWriter out;
  out.BeginObject().Key("kind").String("APIGroupList");
  out.Key("apiVersion").String("v1").Key("groups").BeginArray();
  for (const std::string& group : GroupsOf(types)) {
    out.BeginObject();
    WriteGroup(out, types, group);
    out.EndObject();
  }
  return out.EndArray().EndObject().Take();
}

std::string Group(std::span<const ResourceType> types, std::string_view group) {
  if (group.empty() || VersionsOf(types, group).empty()) return "";
  JsonWriter out;
  out.BeginObject().Key("kind").String("APIGroup");
  out.Key("apiVersion").String("v1");
  WriteGroup(out, types, group);
  return out.EndObject().Take();
}

std::string ResourceList(std::span<const ResourceType> types,
                         std::string_view group, std::string_view version) {
  JsonWriter out;
  out.BeginObject().Key("kind").String("APIResourceList");
  out.Key("apiVersion").String("v1");
  out.Key("groupVersion").String(GroupVersion(group, version));
  out.Key("resources").BeginArray();
  bool any = false;
  for (const ResourceType& type : types) {
    if (type.group != group || type.version != version) continue;
    any = true;
    WriteResource(out, type);
    for (const std::string_view subresource : type.subresources) {
      WriteSubresource(out, type, subresource);
    }
  }
  out.EndArray().EndObject();
  return any ? out.Take() : "";
}

}  // namespace gatehouse::sample
