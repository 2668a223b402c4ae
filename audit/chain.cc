// SPDX-License-Identifier: Apache-2.0
#include "audit/chain.h"

#include <algorithm>
#include <initializer_list>
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
std::string Encode(std::initializer_list<std::string_view> fields) {
  constexpr std::size_t kLengthBytes = 4;
  std::size_t bytes = 0;
  for (const std::string_view field : fields)
    bytes += kLengthBytes + field.size();
  std::string encoding(bytes, '\0');
  char* to = encoding.data();
  for (const std::string_view field : fields) {
    const auto size = static_cast<std::uint32_t>(field.size());
    for (const int shift : {24, 16, 8, 0}) {
      *to++ = static_cast<char>(size >> shift & 0xff);
    }
    to = std::copy(field.begin(), field.end(), to);
  }
  return encoding;
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
  return hasher.Add(Encode({kPayloadDomain, salt})).Add(payload).Finish();
}

std::string RecordHash(Sha256& hasher, std::string_view chain,
                       const StoredRecord& row) {
  return hasher
      .Add(Encode({kRecordDomain, chain, std::to_string(row.seq), row.previous,
                   std::to_string(row.time_ns), row.stage, row.session,
                   row.call, row.tool, row.decision, row.code, row.namespaces,
                   row.digest}))
      .Finish();
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
