// SPDX-License-Identifier: Apache-2.0
#include "cli/audit_filter.h"

#include <algorithm>
#include <array>
#include <sstream>
#include <string_view>
#include <vector>

#include "cli/audit_since.h"
#include "policy/decision.h"
#include "policy/request.h"

namespace gatehouse::cli {
namespace {

using Words = std::vector<std::string>;

Words Codes() {
  Words words;
  for (const CodeRow& row : AllCodes()) words.emplace_back(row.slug);
  return words;
}

Words Verbs() {
  Words words;
  for (std::size_t i = 0; i < kVerbCount; ++i) {
    words.emplace_back(VerbName(static_cast<Verb>(i)));
  }
  return words;
}

// A mistyped word of a closed set would match nothing and look like an answer.
std::function<std::string(const std::string&)> EachOneOf(Words known) {
  return [known = std::move(known)](const std::string& list) {
    std::istringstream words(list);
    for (std::string word; std::getline(words, word, ',');) {
      if (word.find('*') != std::string::npos) continue;
      if (std::ranges::count(known, word) != 0) continue;
      std::string all;
      for (const std::string& one : known) {
        all.append(all.empty() ? "" : ", ").append(one);
      }
      return "\"" + word + "\" is none of: " + all;
    }
    return std::string();
  };
}

struct TextFilter {
  const char* flag;
  std::string audit::Filter::*member;
  const char* help;
};

constexpr std::array kTexts = {
    TextFilter{"--rule", &audit::Filter::rule, "The rule that decided"},
    TextFilter{"--tool", &audit::Filter::tool, "The tool"},
    TextFilter{"--resource", &audit::Filter::resource,
               "The resource: pods, pods/log, deployments.apps"},
    TextFilter{"--namespace", &audit::Filter::namespace_name,
               "What touched it, calls over all namespaces included"},
    TextFilter{"--name", &audit::Filter::name, "The object's name"},
    TextFilter{"--context", &audit::Filter::context,
               "The kubeconfig context, of the session or of a request"},
    TextFilter{"--user", &audit::Filter::user,
               "The user of the operating system"},
    TextFilter{"--kube-user", &audit::Filter::kube_user,
               "The user in the kubeconfig"},
    TextFilter{"--client", &audit::Filter::client,
               "The MCP client (its own word)"},
    TextFilter{"--server", &audit::Filter::server, "The server's profile"},
    TextFilter{"--method", &audit::Filter::method, "The MCP method"},
    TextFilter{"--event", &audit::Filter::event, "The event"},
};

void AddClosedSets(Command command, audit::Filter& filter) {
  const auto add = [&command](const char* flag, std::string& value,
                              const char* help, Words words) {
    command.Add(flag, value, help)
        .Check(EachOneOf(std::move(words)))
        .Group("Filters");
  };
  add("--decision", filter.decision, "allow, ask or deny",
      {"allow", "ask", "deny"});
  add("--code", filter.code, "The reason code (gatehouse explain-code)",
      Codes());
  add("--verb", filter.verb, "What would be done: get, list, delete, ...",
      Verbs());
  add("--outcome", filter.outcome,
      "ok, tool-error, rpc-error, cancelled, timeout, server-died or unknown",
      {"ok", "tool-error", "rpc-error", "cancelled", "timeout", "server-died",
       "unknown"});
  add("--mode", filter.mode, "enforce or observe", {"enforce", "observe"});
  add("--stage", filter.stage, "decision, event or outcome",
      {"decision", "event", "outcome"});
}

Result<std::optional<std::int64_t>> ReadTime(const char* flag,
                                             const std::string& text,
                                             std::int64_t now_ns) {
  if (text.empty()) return std::optional<std::int64_t>();
  const auto time = ReadSince(text, now_ns);
  if (time) return time;
  return Error{ErrorCode::kInvalid,
               std::string(flag) +
                   " takes a time ago such as 90s, 15m, 1h, 7d, a date such "
                   "as 2026-01-31, or a time such as 2026-01-31T12:00:00Z"};
}

}  // namespace

void AddFilterOptions(Command command, FilterOptions& options) {
  command
      .Add("--since", options.since,
           "Not older than: 90s, 15m, 1h, 7d, 2026-01-31, or "
           "2026-01-31T12:00:00Z")
      .Group("Filters");
  command.Add("--until", options.until, "Older than (the same forms)")
      .Group("Filters");
  AddClosedSets(command, options.filter);
  for (const TextFilter& text : kTexts) {
    command.Add(text.flag, options.filter.*text.member, text.help)
        .Group("Filters");
  }
  command
      .Add("--session", options.filter.session,
           "The session: its id or how that begins")
      .Group("Filters");
  command
      .AddFlag("--reads", options.reads,
               "Also the events of somebody reading the trail")
      .Group("Filters");
  command.Footer(
      "All filters that are given must hold. A filter takes one or more words "
      "between commas,\nof which one must fit; a * stands for any letters: "
      "--verb delete,patch --tool 'pods_*'.\nVerb, resource, namespace and "
      "name are asked of one request together.");
}

Result<audit::Filter> ReadFilter(const FilterOptions& options,
                                 std::int64_t now_ns) {
  audit::Filter filter = options.filter;
  const auto since = ReadTime("--since", options.since, now_ns);
  if (!since.ok()) return since.error();
  const auto until = ReadTime("--until", options.until, now_ns);
  if (!until.ok()) return until.error();
  filter.since_ns = since.value();
  filter.until_ns = until.value();
  filter.reads =
      options.reads ? audit::TrailReads::kTake : audit::TrailReads::kLeaveOut;
  return filter;
}

}  // namespace gatehouse::cli
