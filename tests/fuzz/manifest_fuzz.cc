// SPDX-License-Identifier: Apache-2.0
// Any bytes as a manifest. It never crashes; every object that comes back has
// an apiVersion, a kind and a name; and what is clear, written out again in the
// plainest JSON, reads back as the same objects.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "policy/json_writer.h"
#include "policy/kubernetes/manifest.h"

namespace {

using gatehouse::JsonWriter;
using gatehouse::Manifest;
using gatehouse::ManifestDialect;
using gatehouse::ManifestObject;
using gatehouse::ReadManifest;

std::string Written(const Manifest& manifest) {
  JsonWriter out;
  out.BeginObject().Key("apiVersion").String("v1");
  out.Key("kind").String("List").Key("items").BeginArray();
  for (const ManifestObject& object : manifest.objects) {
    out.BeginObject().Key("apiVersion").String(object.api_version);
    out.Key("kind").String(object.kind).Key("metadata").BeginObject();
    out.Key("name").String(object.name);
    out.Key("generateName").String(object.generate_name);
    out.Key("namespace").String(object.namespace_name);
    out.EndObject().EndObject();
  }
  out.EndArray().EndObject();
  return out.Take();
}

void Require(bool condition) {
  if (!condition) std::abort();
}

void CheckObject(const ManifestObject& object) {
  Require(!object.api_version.empty());
  Require(!object.kind.empty());
  Require(!object.name.empty() || !object.generate_name.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Manifest manifest = ReadManifest(text, ManifestDialect::kKubectl);
  for (const ManifestObject& object : manifest.objects) CheckObject(object);
  const Manifest strict = ReadManifest(text, ManifestDialect::kExactSeparators);
  Require(strict.unclear || strict.objects == manifest.objects);
  if (manifest.unclear) return 0;
  Require(!manifest.objects.empty());
  const Manifest again =
      ReadManifest(Written(manifest), ManifestDialect::kKubectl);
  Require(!again.unclear && again.objects == manifest.objects);
  return 0;
}
