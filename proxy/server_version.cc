// SPDX-License-Identifier: Apache-2.0
#include "proxy/server_version.h"

#include <string>
#include <utility>

#include "audit/redact.h"
#include "policy/json_value.h"
#include "policy/kubernetes/tool_profile.h"

namespace gatehouse {
namespace {

constexpr std::size_t kMaxVersionBytes = 64;

// In a handshake's answer; in 2026-07-28 any answer may have it in `_meta`.
std::string VersionIn(const JsonValue& result) {
  const JsonValue* info = Member(result, "serverInfo");
  if (info == nullptr) {
    const JsonValue* meta = Member(result, "_meta");
    if (meta != nullptr) {
      info = Member(*meta, "io.modelcontextprotocol/serverInfo");
    }
  }
  if (info == nullptr) return "";
  return std::string(StringMember(*info, "version").value_or(""))
      .substr(0, kMaxVersionBytes);
}

// A client need not discover, but it lists.
bool MayTell(const InFlight& request) {
  return request.method == "initialize" ||
         request.method == "server/discover" ||
         (request.method == "tools/list" && request.era == Era::kModern);
}

}  // namespace

void ServerVersion::Take(const InFlight& request,
                         const ServerMessage& message) {
  if (known_ || context_.profile == nullptr || message.is_error) return;
  if (!MayTell(request)) return;
  const Result<JsonValue> result = ParseJson(message.result);
  if (!result.ok()) return;
  const std::string version = VersionIn(result.value());
  known_ = !version.empty();
  const ToolProfile& profile = *context_.profile;
  if (profile.FitOf(version) != VersionFit::kOutside) return;
  const std::string sentence = "the server says that it is version " + version +
                               ", and its profile " + profile.name +
                               " was checked against " + profile.versions +
                               ": what its tools do may have changed";
  if (context_.warn) context_.warn(sentence);
  audit::Record record = context_.trail.Make(audit::Stage::kEvent);
  record.event = "server version";
  record.detail = context_.redactor.MaskText(sentence);
  context_.trail.Queue(std::move(record));
}

}  // namespace gatehouse
