// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the server's tools/list answers have said in this session, compared with
// the profile and with what the audit database remembers of this server: which
// tools have drifted, have changed their definition, or share a name. Written
// by the return gate's lists, read by the gate at each call. Bounded; decides
// nothing but drift, and can only make a decision stricter.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "audit/tool_definition.h"
#include "policy/engine.h"
#include "policy/json_value_fwd.h"

namespace gatehouse {

// One answer to tools/list.
struct ToolPage {
  const JsonValue& result;
  std::optional<std::string> cursor;  // that the request named
};

// What is to be recorded of a page.
struct CatalogueNews {
  std::vector<audit::ToolDefinition> keep;
  std::vector<std::string> changes;  // "pods_list: description"
};

// What the profile says of a tool as it is listed.
struct ProfileWord {
  bool describes = false;        // the tool at all
  std::string unknown_argument;  // a live one that it does not know, or ""
};
using AskProfile = std::function<ProfileWord(
    std::string_view tool, const std::vector<std::string>& arguments)>;

// How a server is known in the database: "sha256:…" of its command line. The
// versions and options in it are part of what was seen.
std::string ServerKey(const std::vector<std::string>& argv);

// A value; one thread.
class Catalogue {
 public:
  // What the database knows of this server, before the first Learn; without
  // it nothing is taken for a first sight. `server` names it there.
  void Remember(std::string server, std::vector<audit::ToolDefinition> known);
  bool remembers() const { return remembers_; }

  CatalogueNews Learn(const ToolPage& page, const AskProfile& profile,
                      std::int64_t now_ns);

  // What the tool declares; nullptr where it was not listed.
  const std::vector<std::string>* ArgumentsOf(std::string_view tool) const;

  // Why calls of this tool are refused whatever the policy allows; "" where
  // they are not. Under strict pins a tool that was not listed yet is, too, and
  // where the server lists too many, each that is not kept track of.
  std::string FaultOf(std::string_view tool, Pin pin) const;

 private:
  struct Tool {
    std::vector<std::string> arguments;
    std::string drift;      // until accepted
    bool compared = false;  // with what the database remembers
    bool changed = false;
    bool duplicate = false;  // for the rest of the session
  };
  using Names = std::set<std::string, std::less<>>;

  void LearnTool(const JsonValue& entry, const AskProfile& profile,
                 std::int64_t now_ns, Names& names, CatalogueNews& news);
  void Compare(Tool& tool, const audit::ToolDefinition& live,
               CatalogueNews& news);
  bool HasRoomFor(std::string_view tool, const ProfileWord& word,
                  CatalogueNews& news);
  Names NamesBefore(const std::optional<std::string>& cursor) const;

  std::string server_;
  bool remembers_ = false;
  std::map<std::string, std::vector<audit::ToolDefinition>, std::less<>> known_;
  std::map<std::string, Tool, std::less<>> tools_;
  // Of tools_, those that neither the profile nor the database knew.
  std::size_t strangers_ = 0;
  bool full_ = false;  // more strangers were listed than are kept
  // The names of all pages before the one that a cursor leads to.
  std::map<std::string, Names, std::less<>> pages_;
};

}  // namespace gatehouse
