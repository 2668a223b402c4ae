// SPDX-License-Identifier: Apache-2.0
#include "proxy/server_lists.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "policy/json_value.h"
#include "policy/json_writer.h"
#include "proxy/json_slices.h"
#include "proxy/key_fold.h"
#include "proxy/reply.h"
#include "proxy/tool_definition.h"

namespace gatehouse {
namespace {

enum class Listed : std::uint8_t { kUsable = 0, kTask };

struct ListKind {
  std::string_view method;
  std::string_view member;  // of the result
  std::string_view key;     // of an entry: what it is used by
  Asked asked = Asked::kToolCall;
  std::string_view use;  // the method that uses an entry; "" for tools
  Listed listed = Listed::kUsable;
};
constexpr auto kLists = std::to_array<ListKind>({
    {"tools/list", "tools", "name", Asked::kToolCall, ""},
    {"prompts/list", "prompts", "name", Asked::kPrompt, "prompts/get"},
    {"resources/list", "resources", "uri", Asked::kResource, "resources/read"},
    {"resources/templates/list", "resourceTemplates", "uriTemplate",
     Asked::kResource, "resources/read"},
    {"tasks/list", "tasks", "taskId", Asked::kToolCall, "", Listed::kTask},
});

// Of a record: a server may change thousands of tools, each time it is asked.
constexpr std::size_t kMaxChangesTold = 50;

// The keys that MCP has in such a result and in its entries. What a key that
// only resembles one would say is neither judged nor pinned, and Go's reader
// takes it for that.
constexpr auto kListResultKeys = std::to_array<std::string_view>(
    {"tools", "prompts", "resources", "resourceTemplates", "tasks",
     "nextCursor", "ttlMs", "cacheScope", "resultType", "_meta"});
constexpr auto kEntryKeys = std::to_array<std::string_view>(
    {"name", "title", "description", "inputSchema", "outputSchema",
     "annotations", "icons", "execution", "arguments", "uri", "uriTemplate",
     "mimeType", "size", "taskId", "status", "_meta"});

bool HasLookalike(const JsonValue& result,
                  const std::vector<const JsonValue*>& entries) {
  return !FindFoldedMember(result, kListResultKeys).empty() ||
         std::ranges::any_of(entries, [](const JsonValue* entry) {
           return !FindFoldedMember(*entry, kEntryKeys).empty();
         });
}

const ListKind* FindList(std::string_view method) {
  const auto* found =
      std::find_if(kLists.begin(), kLists.end(),
                   [method](const ListKind& k) { return k.method == method; });
  return found == kLists.end() ? nullptr : found;
}

// The entry with a description that says it cannot be used.
std::string Marked(std::string_view entry, const JsonValue& value) {
  const std::string text =
      "[Denied by gatehouse: the policy lets no call of it through] " +
      std::string(StringMember(value, "description").value_or(""));
  JsonWriter out;
  out.BeginObject();
  bool described = false;
  const auto members = Members(value);
  const std::vector<JsonSlice> slices = ObjectSlices(entry);
  for (std::size_t i = 0; i < slices.size() && i < members.size(); ++i) {
    const bool description = members[i].first == "description";
    described = described || description;
    out.Key(members[i].first);
    description ? out.String(text) : out.Raw(slices[i].value);
  }
  if (!described) out.Key("description").String(text);
  return out.EndObject().Take();
}

// What replaces the server's result.
struct Edited {
  std::string_view member;
  std::vector<std::string> entries;
  Era era = Era::kLegacy;
};

// A filtered list is this user's own, whatever the server says of it.
void WriteMember(std::string_view key, const JsonSlice& slice,
                 const JsonValue& value, const Edited& edited,
                 JsonWriter& out) {
  out.Key(key);
  if (key == edited.member) {
    out.BeginArray();
    for (const std::string& entry : edited.entries) out.Raw(entry);
    out.EndArray();
  } else if (key == "cacheScope") {
    out.String("private");
  } else if (key == "ttlMs" && AsNumber(value).value_or(0) > kMaxListTtlMs) {
    out.Integer(kMaxListTtlMs);
  } else {
    out.Raw(slice.value);
  }
}

std::string Rewritten(const RpcId& id, std::string_view text,
                      const JsonValue& result, const Edited& edited) {
  JsonWriter out;
  out.BeginObject().Key("jsonrpc").String("2.0").Key("id").Raw(id.text);
  out.Key("result").BeginObject();
  const auto members = Members(result);
  const std::vector<JsonSlice> slices = ObjectSlices(text);
  for (std::size_t i = 0; i < slices.size() && i < members.size(); ++i) {
    WriteMember(members[i].first, slices[i], *members[i].second, edited, out);
  }
  if (edited.era == Era::kModern && Member(result, "cacheScope") == nullptr) {
    out.Key("cacheScope").String("private");
  }
  return out.EndObject().EndObject().Take();
}

}  // namespace

bool ServerLists::IsList(std::string_view method) {
  return FindList(method) != nullptr;
}

void ServerLists::LearnTools(const InFlight& request, const JsonValue& result) {
  Catalogue& catalogue = context_.session.catalogue();
  if (!catalogue.remembers()) {
    auto known = context_.trail.Definitions();
    if (!known.ok() && context_.warn) {
      context_.warn("the tools' definitions cannot be compared: " +
                    known.error().sentence);
    }
    if (known.ok()) {
      catalogue.Remember(context_.trail.identity().command,
                         std::move(known).value());
    }
  }
  const auto profile = [this](std::string_view tool,
                              const std::vector<std::string>& arguments) {
    ProfileWord word;
    word.describes = context_.judge.Knows(tool);
    if (!word.describes) return word;  // it is refused anyway
    for (const std::string& argument : arguments) {
      if (context_.judge.Declares(tool, argument)) continue;
      word.unknown_argument = argument;
      break;
    }
    return word;
  };
  const std::int64_t now = std::chrono::duration_cast<std::chrono::nanoseconds>(
                               context_.clock.UtcNow().time_since_epoch())
                               .count();
  CatalogueNews news = catalogue.Learn({result, request.cursor}, profile, now);
  for (audit::ToolDefinition& definition : news.keep) {
    context_.trail.Queue(std::move(definition));
  }
  if (!news.changes.empty()) Tell(news.changes);
}

void ServerLists::Tell(const std::vector<std::string>& changes) {
  if (!changed_.Allow()) return;
  std::string detail;
  for (std::size_t i = 0; i < changes.size() && i < kMaxChangesTold; ++i) {
    detail += (detail.empty() ? "" : "; ") + changes[i];
  }
  if (changes.size() > kMaxChangesTold) {
    detail += "; and " + std::to_string(changes.size() - kMaxChangesTold) +
              " other changes";
  }
  changed_.Queue(changed_.Make(detail));
  if (context_.warn) {
    context_.warn("the server has changed its tools: " + detail);
  }
}

void ServerLists::TellRest() {
  changed_.TellRest();
  dropped_.TellRest();
}

// What the client is told in its place, without a line break.
std::string ServerLists::Unreadable(const InFlight& request) {
  if (dropped_.Allow()) {
    dropped_.Queue(dropped_.Make(request.method + ": the list cannot be read"));
  }
  std::string error = ErrorLine(request.id, kInternalError, Code::kMalformed,
                                "the server's list cannot be read");
  error.pop_back();
  return error;
}

bool ServerLists::IsShown(const InFlight& request, const JsonValue& entry,
                          std::string_view key, Asked asked) {
  const auto target = StringMember(entry, key);
  if (!target.has_value()) return false;
  const ListKind& kind = *FindList(request.method);
  if (kind.listed == Listed::kTask) {
    return context_.session.FindTask(*target) != nullptr;
  }
  Subject subject = context_.trail.identity().subject;
  subject.client = context_.session.client_name();
  const bool could = context_.judge.CouldPass({asked, kind.use, *target},
                                              subject, context_.clock.UtcNow());
  if (!could || asked != Asked::kToolCall) return could;
  return IsToolName(*target) &&
         (context_.judge.mode() == Mode::kObserve ||
          context_.session.catalogue()
              .FaultOf(*target, context_.judge.tool_pin())
              .empty());
}

std::optional<std::string> ServerLists::Take(const InFlight& request,
                                             const ServerMessage& message) {
  const ListKind& kind = *FindList(request.method);
  const Result<JsonValue> result = ParseJson(message.result);
  const JsonValue* list =
      result.ok() ? Member(result.value(), kind.member) : nullptr;
  const std::vector<const JsonValue*> entries =
      list == nullptr ? std::vector<const JsonValue*>() : Elements(*list);
  if (list == nullptr || KindOf(*list) != JsonKind::kArray ||
      HasLookalike(result.value(), entries)) {
    return Unreadable(request);
  }
  if (kind.method == "tools/list") LearnTools(request, result.value());
  std::vector<std::string_view> texts;
  const auto members = Members(result.value());
  const std::vector<JsonSlice> slices = ObjectSlices(message.result);
  for (std::size_t i = 0; i < slices.size() && i < members.size(); ++i) {
    if (members[i].first == kind.member) texts = ArraySlices(slices[i].value);
  }
  Edited edited{kind.member, {}, request.era};
  bool changed = request.era == Era::kModern;
  const bool marks = context_.show_denied && kind.method == "tools/list";
  for (std::size_t i = 0; i < entries.size() && i < texts.size(); ++i) {
    const bool shown = IsShown(request, *entries[i], kind.key, kind.asked);
    changed = changed || !shown;
    if (shown) edited.entries.emplace_back(texts[i]);
    if (!shown && marks)
      edited.entries.push_back(Marked(texts[i], *entries[i]));
  }
  if (!changed) return std::nullopt;
  return Rewritten(request.id, message.result, result.value(), edited);
}

}  // namespace gatehouse
