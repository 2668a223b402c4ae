// SPDX-License-Identifier: Apache-2.0
#include "proxy/server_envelope.h"

#include <algorithm>
#include <array>
#include <string>

#include "policy/json_value.h"
#include "proxy/key_fold.h"

namespace gatehouse {
namespace {

constexpr std::size_t kMaxServerMethodBytes = 256;
constexpr std::size_t kMaxTypeBytes = 64;

// Of a result: what asks the client for something, and what says so.
constexpr auto kAsks =
    std::to_array<std::string_view>({"inputRequests", "resultType"});

struct MemberRow {
  std::string_view key;
  EnvelopeMember member;
};
constexpr auto kMembers = std::to_array<MemberRow>({
    {"jsonrpc", EnvelopeMember::kVersion},
    {"id", EnvelopeMember::kId},
    {"method", EnvelopeMember::kMethod},
    {"params", EnvelopeMember::kParams},
    {"result", EnvelopeMember::kResult},
    {"error", EnvelopeMember::kError},
});

// A short string's text as it stands; "" where it is none, or a long one.
std::string ShortText(std::string_view token) {
  if (token.size() < 2 || token.size() > kMaxTypeBytes || token[0] != '"') {
    return "";
  }
  return std::string(token.substr(1, token.size() - 2));
}

// Whether a sound string's token says what it means, letter by letter.
bool IsPlainString(std::string_view token) {
  return token.front() == '"' &&
         std::ranges::all_of(token.substr(1, token.size() - 2), [](char c) {
           return c >= 0x20 && c < 0x7F && c != '\\';
         });
}

// Nearly all ids are short whole numbers, and canonical as they stand.
bool IsPlainNumber(std::string_view token) {
  constexpr std::size_t kDigits = 15;  // fewer than 2^53 has
  return token.size() <= kDigits && token.front() >= '1' &&
         std::ranges::all_of(token,
                             [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

bool IsObjectMember(EnvelopeMember member) {
  return member == EnvelopeMember::kParams ||
         member == EnvelopeMember::kResult || member == EnvelopeMember::kError;
}

EnvelopeMember ServerEnvelope::Open(std::string_view raw_key) {
  for (const MemberRow& row : kMembers) {
    if (row.key != raw_key) continue;
    if (Seen(row.member)) return EnvelopeMember::kNone;
    seen_ = static_cast<std::uint8_t>(seen_ |
                                      static_cast<std::uint8_t>(row.member));
    return row.member;
  }
  return EnvelopeMember::kNone;
}

bool ServerEnvelope::TakeScalar(EnvelopeMember member, std::string_view token) {
  if (member == EnvelopeMember::kVersion) return token == "\"2.0\"";
  if (token.empty()) return false;
  if (member == EnvelopeMember::kId && IsPlainNumber(token)) {
    message_.id = RpcId{std::string(token)};
    return true;
  }
  if (member == EnvelopeMember::kMethod && IsPlainString(token)) {
    message_.method = token.substr(1, token.size() - 2);
    return !message_.method.empty() &&
           token.size() - 2 <= kMaxServerMethodBytes;
  }
  const Result<JsonValue> value = ParseJson(token);
  if (!value.ok()) return false;
  if (member == EnvelopeMember::kId) {
    message_.id = ReadRpcId(value.value());
    return message_.id.has_value() || token == "null";
  }
  const auto method = AsString(value.value());
  if (!method.has_value() || method->empty()) return false;
  message_.method = *method;
  return method->size() <= kMaxServerMethodBytes;
}

void ServerEnvelope::NoteResult(std::string_view raw_key,
                                std::string_view token) {
  if (raw_key == "isError" && token == "true") message_.is_tool_error = true;
  // Escaped, it could be that key, too; and some readers fold letters.
  if (raw_key == kAsks[0] || raw_key.find('\\') != raw_key.npos ||
      !FoldsOnto(raw_key, kAsks).empty()) {
    message_.asks_client = true;
  }
  const bool escaped = raw_key.find('\\') != raw_key.npos;
  const bool types = raw_key == kAsks[1];
  if (escaped || FoldsOnto(raw_key, kAsks) == kAsks[1] ||
      (types &&
       (!message_.result_type.empty() || token.find('\\') != token.npos))) {
    message_.has_odd_result_type = true;
  }
  if (types) message_.result_type = ShortText(token);
}

std::string_view ServerEnvelope::Close() {
  if (!Seen(EnvelopeMember::kVersion)) return "the line has no jsonrpc member";
  const bool has_result = Seen(EnvelopeMember::kResult);
  const bool has_error = Seen(EnvelopeMember::kError);
  message_.is_error = has_error;
  if (Seen(EnvelopeMember::kMethod)) {
    if (has_result || has_error) return "a request and a response at once";
    if (Seen(EnvelopeMember::kId) && !message_.id) {
      return "a request with id null";
    }
    message_.kind =
        message_.id ? MessageKind::kRequest : MessageKind::kNotification;
    return {};
  }
  if (has_result == has_error || Seen(EnvelopeMember::kParams)) {
    return "neither a request nor a response";
  }
  message_.kind = MessageKind::kResponse;
  return {};
}

}  // namespace gatehouse
