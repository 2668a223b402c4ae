// SPDX-License-Identifier: Apache-2.0
#include "cli/sample/protobuf.h"

#include <openssl/evp.h>

#include <cstdint>
#include <map>

#include "policy/json_writer.h"

namespace gatehouse::sample {
namespace {

constexpr std::string_view kMagic("k8s\0", 4);

// The length-delimited fields of one message, in order; others are skipped.
class Fields {
 public:
  explicit Fields(std::string_view message) : rest_(message) {}

  // False at the end, or where the message is cut short.
  bool Next() {
    while (!rest_.empty()) {
      const std::optional<std::uint64_t> key = Varint();
      if (!key) return false;
      number_ = static_cast<int>(*key >> 3);
      if ((*key & 7) == 2) return Take();
      if ((*key & 7) != 0 || !Varint()) return false;
    }
    return false;
  }
  int number() const { return number_; }
  std::string_view value() const { return value_; }

 private:
  std::optional<std::uint64_t> Varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) return value;
    }
    return std::nullopt;
  }
  bool Take() {
    const std::optional<std::uint64_t> size = Varint();
    if (!size || *size > rest_.size()) return false;
    value_ = rest_.substr(0, *size);
    rest_.remove_prefix(*size);
    return true;
  }

  std::string_view rest_;
  int number_ = 0;
  std::string_view value_;
};

std::string_view FieldOf(std::string_view message, int number) {
  std::string_view found;
  Fields fields(message);
  while (fields.Next()) {
    if (fields.number() == number) found = fields.value();
  }
  return found;
}

using Entries = std::map<std::string, std::string>;

// A map field: messages of key and value.
Entries EntriesOf(std::string_view message, int number) {
  Entries entries;
  Fields fields(message);
  while (fields.Next()) {
    if (fields.number() != number) continue;
    entries[std::string(FieldOf(fields.value(), 1))] =
        FieldOf(fields.value(), 2);
  }
  return entries;
}

std::string Base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                  reinterpret_cast<const unsigned char*>(bytes.data()),
                  static_cast<int>(bytes.size()));
  text.pop_back();
  return text;
}

void WriteEntries(std::string_view key, const Entries& entries,
                  JsonWriter& out) {
  out.Key(key).BeginObject();
  for (const auto& [name, value] : entries) out.Key(name).String(value);
  out.EndObject();
}

void WriteMetadata(std::string_view metadata, JsonWriter& out) {
  out.Key("metadata").BeginObject();
  out.Key("name").String(FieldOf(metadata, 1));
  out.Key("namespace").String(FieldOf(metadata, 3));
  WriteEntries("labels", EntriesOf(metadata, 11), out);
  out.EndObject();
}

}  // namespace

std::optional<std::string> SecretFromProtobuf(std::string_view body) {
  if (!body.starts_with(kMagic)) return std::nullopt;
  body.remove_prefix(kMagic.size());
  if (FieldOf(FieldOf(body, 1), 2) != "Secret") return std::nullopt;
  const std::string_view secret = FieldOf(body, 2);
  Entries data = EntriesOf(secret, 2);
  for (auto& [name, value] : data) value = Base64(value);
  JsonWriter out;
  out.BeginObject();
  WriteMetadata(FieldOf(secret, 1), out);
  WriteEntries("data", data, out);
  out.Key("type").String(FieldOf(secret, 3));
  out.EndObject();
  return out.Take();
}

std::optional<std::string> NameFromProtobuf(std::string_view body) {
  if (!body.starts_with(kMagic)) return std::nullopt;
  body.remove_prefix(kMagic.size());
  const std::string_view metadata = FieldOf(FieldOf(body, 2), 1);
  JsonWriter out;
  out.BeginObject().Key("metadata").BeginObject();
  out.Key("name").String(FieldOf(metadata, 1));
  out.Key("generateName").String(FieldOf(metadata, 2));
  return out.EndObject().EndObject().Take();
}

}  // namespace gatehouse::sample
