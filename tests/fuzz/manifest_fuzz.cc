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

Manifest Read(std::string_view text, ManifestDialect dialect) {
  static const auto tables = gatehouse::KubernetesTables::Embedded();
  return ReadManifest(text, dialect, *tables);
}

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

// Names only: what pods ask for is not written out again.
bool SameNames(const Manifest& a, const Manifest& b) {
  return Written(a) == Written(b);
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
  const Manifest manifest = Read(text, ManifestDialect::kKubectl);
  for (const ManifestObject& object : manifest.objects) CheckObject(object);
  const Manifest strict = Read(text, ManifestDialect::kExactSeparators);
  Require(strict.unclear || SameNames(strict, manifest));
  if (manifest.unclear) return 0;
  Require(!manifest.objects.empty());
  const Manifest again = Read(Written(manifest), ManifestDialect::kKubectl);
  Require(!again.unclear && SameNames(again, manifest));
  return 0;
}
