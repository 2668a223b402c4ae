// SPDX-License-Identifier: Apache-2.0
#include "proxy/known_keys.h"

#include <array>
#include <span>

#include "policy/json_value.h"
#include "proxy/key_fold.h"

namespace gatehouse {
namespace {

// Where a key that only resembles a known one is refused: the object, as the
// path from the top, and the known keys of MCP there.
struct KnownKeys {
  std::array<std::string_view, 2> path;
  std::span<const std::string_view> keys;
};
constexpr auto kParamsKeys = std::to_array<std::string_view>(
    {"_meta",         "name",       "arguments",
     "task",          "uri",        "ref",
     "argument",      "context",    "cursor",
     "level",         "requestId",  "reason",
     "progressToken", "progress",   "protocolVersion",
     "capabilities",  "clientInfo", "inputResponses",
     "requestState",  "taskId",     "notifications"});
constexpr auto kMetaKeys = std::to_array<std::string_view>(
    {"progressToken", "traceparent", "tracestate", "baggage",
     "io.modelcontextprotocol/protocolVersion",
     "io.modelcontextprotocol/clientCapabilities",
     "io.modelcontextprotocol/clientInfo", "io.modelcontextprotocol/logLevel",
     kStreamKey, "io.modelcontextprotocol/related-task"});
constexpr auto kListenKeys = std::to_array<std::string_view>(
    {"toolsListChanged", "promptsListChanged", "resourcesListChanged",
     "resourceSubscriptions", "taskIds"});
constexpr auto kTaskKeys =
    std::to_array<std::string_view>({"ttl", "taskId", "pollInterval"});
constexpr auto kRefKeys =
    std::to_array<std::string_view>({"type", "name", "uri"});
constexpr auto kArgumentKeys =
    std::to_array<std::string_view>({"name", "value"});
constexpr auto kContextKeys = std::to_array<std::string_view>({"arguments"});
constexpr auto kInfoKeys = std::to_array<std::string_view>({"name", "version"});
constexpr auto kCapabilityKeys =
    std::to_array<std::string_view>({"sampling", "elicitation", "roots",
                                     "tasks", "experimental", "extensions"});
constexpr auto kResultKeys =
    std::to_array<std::string_view>({"content", "action", "roots", "_meta"});
constexpr auto kErrorKeys =
    std::to_array<std::string_view>({"code", "message", "data"});
constexpr std::array<KnownKeys, 11> kKnownKeys = {{
    {{"params", ""}, kParamsKeys},
    {{"params", "_meta"}, kMetaKeys},
    {{"params", "task"}, kTaskKeys},
    {{"params", "notifications"}, kListenKeys},
    {{"params", "ref"}, kRefKeys},
    {{"params", "argument"}, kArgumentKeys},
    {{"params", "context"}, kContextKeys},
    {{"params", "clientInfo"}, kInfoKeys},
    {{"params", "capabilities"}, kCapabilityKeys},
    {{"result", ""}, kResultKeys},
    {{"error", ""}, kErrorKeys},
}};

const JsonValue* At(const JsonValue& value,
                    const std::array<std::string_view, 2>& path) {
  const JsonValue* at = Member(value, path[0]);
  if (at == nullptr || path[1].empty()) return at;
  return Member(*at, path[1]);
}

}  // namespace

std::string_view FindKeyLookalike(const JsonValue& message) {
  for (const KnownKeys& known : kKnownKeys) {
    const JsonValue* object = At(message, known.path);
    if (object == nullptr) continue;
    const std::string_view key = FindFoldedMember(*object, known.keys);
    if (!key.empty()) return key;
  }
  return {};
}

}  // namespace gatehouse
