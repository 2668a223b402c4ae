// SPDX-License-Identifier: Apache-2.0
#include "audit/chain.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace gatehouse::audit {
namespace {

constexpr std::string_view kPayloadDomain = "gatehouse audit payload 1";
constexpr std::string_view kRecordDomain = "gatehouse audit record 1";

// A column is for filtering; whoever sends a megabyte as a tool's name finds
// it whole in the payload.
constexpr std::size_t kMaxColumnBytes = 256;

// Each field after its length, so that no two rows have one encoding.
void AddField(std::string& out, std::string_view field) {
  const auto size = static_cast<std::uint32_t>(field.size());
  const std::array<char, 4> length = {static_cast<char>(size >> 24 & 0xff),
                                      static_cast<char>(size >> 16 & 0xff),
                                      static_cast<char>(size >> 8 & 0xff),
                                      static_cast<char>(size & 0xff)};
  out.append(length.data(), length.size()).append(field);
}

std::string Clip(std::string_view text) {
  if (text.size() <= kMaxColumnBytes) return std::string(text);
  std::size_t end = kMaxColumnBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) {
    --end;  // not in the middle of a character
  }
  return std::string(text.substr(0, end));
}

std::string NamespaceOf(const Request& request) {
  if (request.all_namespaces) return "*";
  return request.namespace_name.value_or("?");
}

std::string NamespacesOf(const Record& record) {
  std::vector<std::string> names;
  for (const Request& request : record.requests) {
    std::string name = NamespaceOf(request);
    if (name.empty() || std::ranges::count(names, name) != 0) continue;
    names.push_back(std::move(name));
  }
  std::string text;
  for (const std::string& name : names) text += "," + name;
  return text.empty() ? text : Clip(text) + ",";
}

}  // namespace

ChainHead EmptyChain(std::string_view chain) {
  return {std::string(chain), 0, std::string(kDigestBytes, '\0')};
}

std::string PayloadDigest(Sha256& hasher, std::string_view salt,
                          std::string_view payload) {
  std::string prefix;
  AddField(prefix, kPayloadDomain);
  AddField(prefix, salt);
  return hasher.Add(prefix).Add(payload).Finish();
}

std::string RecordHash(Sha256& hasher, std::string_view chain,
                       const StoredRecord& row) {
  std::string encoding;
  encoding.reserve(400);
  AddField(encoding, kRecordDomain);
  AddField(encoding, chain);
  AddField(encoding, std::to_string(row.seq));
  AddField(encoding, row.previous);
  AddField(encoding, std::to_string(row.time_ns));
  for (const std::string* field :
       {&row.stage, &row.session, &row.call, &row.tool, &row.decision,
        &row.code, &row.namespaces, &row.digest}) {
    AddField(encoding, *field);
  }
  return hasher.Add(encoding).Finish();
}

StoredRecord Seal(Sha256& hasher, const ChainHead& head, const Record& record,
                  std::string salt) {
  StoredRecord row;
  row.seq = head.seq + 1;
  row.time_ns = record.time_ns;
  row.stage = StageName(record.stage);
  row.session = Clip(record.session);
  row.call = Clip(record.call);
  row.tool = Clip(record.tool);
  if (record.decision) {
    row.decision = EffectName(record.decision->effect);
    row.code = CodeName(record.decision->code);
  }
  row.namespaces = NamespacesOf(record);
  row.payload = WritePayload(record);
  row.digest = PayloadDigest(hasher, salt, *row.payload);
  row.salt = std::move(salt);
  row.previous = head.hash;
  row.hash = RecordHash(hasher, head.chain, row);
  return row;
}

}  // namespace gatehouse::audit
