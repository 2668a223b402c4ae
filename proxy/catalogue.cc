// SPDX-License-Identifier: Apache-2.0
// A server's list is hostile text: what it may make us remember is bounded,
// and what it makes us keep in the database too.
#include "proxy/catalogue.h"

#include <algorithm>
#include <utility>

#include "policy/json_value.h"
#include "policy/policy_text.h"
#include "proxy/tool_definition.h"

namespace gatehouse {
namespace {

constexpr std::size_t kMaxStrangers = 2'000;
constexpr std::size_t kMaxPages = 64;
constexpr std::size_t kMaxVersions = 20;  // kept of one tool

const audit::ToolDefinition* LastAccepted(
    const std::vector<audit::ToolDefinition>& known) {
  const auto found =
      std::find_if(known.rbegin(), known.rend(),
                   [](const audit::ToolDefinition& d) { return d.accepted; });
  return found == known.rend() ? nullptr : &*found;
}

// The name is the server's text, and this sentence is the guard's: what is no
// plain name could go on speaking in its voice.
std::string DriftBy(const std::string& argument) {
  const std::string which = IsToolName(argument)
                                ? "its argument \"" + argument + "\""
                                : "an argument of it";
  return which + " is not one that the profile knows";
}

}  // namespace

std::string ServerKey(const std::vector<std::string>& argv) {
  std::string text;
  for (const std::string& word : argv) text += word + '\0';
  return HashOf(text);
}

void Catalogue::Remember(std::string server,
                         std::vector<audit::ToolDefinition> known) {
  server_ = std::move(server);
  remembers_ = true;
  for (audit::ToolDefinition& definition : known) {
    known_[definition.tool].push_back(std::move(definition));
  }
}

// A page that was not asked for by a cursor begins a list anew.
Catalogue::Names Catalogue::NamesBefore(
    const std::optional<std::string>& cursor) const {
  const auto found = cursor ? pages_.find(*cursor) : pages_.end();
  return found == pages_.end() ? Names() : found->second;
}

CatalogueNews Catalogue::Learn(const ToolPage& page, const AskProfile& profile,
                               std::int64_t now_ns) {
  CatalogueNews news;
  const JsonValue* list = Member(page.result, "tools");
  if (list == nullptr) return news;
  Names names = NamesBefore(page.cursor);
  for (const JsonValue* entry : Elements(*list)) {
    LearnTool(*entry, profile, now_ns, names, news);
  }
  const auto next = StringMember(page.result, "nextCursor");
  if (next.has_value()) {
    if (pages_.size() >= kMaxPages) pages_.clear();
    pages_[std::string(*next)] = std::move(names);
  }
  return news;
}

// What a profile or the database knows has a place of its own: else a server
// would list 2,000 names that nobody calls, and change the others unseen.
bool Catalogue::HasRoomFor(std::string_view tool, const ProfileWord& word,
                           CatalogueNews& news) {
  if (tools_.contains(tool) || word.describes || known_.contains(tool)) {
    return true;
  }
  if (strangers_ < kMaxStrangers) {
    ++strangers_;
    return true;
  }
  if (!full_) {
    news.changes.push_back("over " + std::to_string(kMaxStrangers) +
                           " tools that nobody knows: the rest is refused");
  }
  full_ = true;
  return false;
}

void Catalogue::LearnTool(const JsonValue& entry, const AskProfile& profile,
                          std::int64_t now_ns, Names& names,
                          CatalogueNews& news) {
  const std::optional<ListedTool> listed = ReadListedTool(entry);
  if (!listed.has_value()) return;
  const ProfileWord word = profile(listed->name, listed->arguments);
  if (!HasRoomFor(listed->name, word, news)) return;
  Tool& tool = tools_[listed->name];
  if (!names.insert(listed->name).second) {
    if (!tool.duplicate)
      news.changes.push_back(listed->name + ": listed twice");
    tool.duplicate = true;
    return;
  }
  tool.drift =
      word.unknown_argument.empty() ? "" : DriftBy(word.unknown_argument);
  tool.arguments = listed->arguments;
  Compare(
      tool,
      {server_, listed->name, HashOf(listed->definition),
       listed->definition.substr(0, audit::kMaxDefinitionBytes), now_ns, false},
      news);
}

// The first definition of a tool is taken as it comes, unless it has drifted
// from the profile: that needs a person.
void Catalogue::Compare(Tool& tool, const audit::ToolDefinition& live,
                        CatalogueNews& news) {
  tool.compared = remembers_;
  if (!remembers_) return;
  std::vector<audit::ToolDefinition>& known = known_[live.tool];
  const auto seen =
      std::find_if(known.begin(), known.end(),
                   [&live](const auto& d) { return d.hash == live.hash; });
  const audit::ToolDefinition* accepted = LastAccepted(known);
  if (seen != known.end() && seen->accepted) {
    tool.drift.clear();
    tool.changed = false;
    return;
  }
  tool.changed = accepted != nullptr;
  if (seen == known.end() && !known.empty()) {
    const audit::ToolDefinition& before =
        accepted != nullptr ? *accepted : known.back();
    news.changes.push_back(live.tool + ": " +
                           ChangedMembers(before.text, live.text));
  }
  audit::ToolDefinition keep = live;
  keep.accepted = accepted == nullptr && tool.drift.empty();
  if (seen != known.end()) {
    if (!keep.accepted) return;
    seen->accepted = true;
  } else if (known.size() < kMaxVersions) {
    known.push_back(keep);
  } else {
    return;
  }
  news.keep.push_back(std::move(keep));
}

const std::vector<std::string>* Catalogue::ArgumentsOf(
    std::string_view tool) const {
  const auto found = tools_.find(tool);
  return found == tools_.end() ? nullptr : &found->second.arguments;
}

std::string Catalogue::FaultOf(std::string_view tool, Pin pin) const {
  const auto found = tools_.find(tool);
  if (found == tools_.end()) {
    if (full_ && !known_.contains(tool)) {
      return "the server lists more tools than the guard keeps track of, and "
             "this is none of those";
    }
    if (pin == Pin::kRecord) return "";
    return "the server has not listed it in this session, and its definition "
           "is pinned; list the tools first";
  }
  const Tool& state = found->second;
  if (state.duplicate) return "the server lists more than one tool of its name";
  if (!state.drift.empty()) {
    return state.drift +
           "; accept it with `gatehouse server pin --accept` and "
           "the --policy of this session";
  }
  if (!state.compared && pin == Pin::kStrict) {
    return "its definition cannot be compared with the one that was accepted";
  }
  if (state.changed && pin == Pin::kStrict) {
    return "its definition has changed since it was accepted; review it with "
           "`gatehouse server pin` and the --policy of this session, and "
           "accept it with --accept";
  }
  return "";
}

}  // namespace gatehouse
