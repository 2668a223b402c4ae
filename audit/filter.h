// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which records a reader wants, and that question as SQL over the table
// `record`: the one meaning of every filter of `audit list|tail|stats`. Pure:
// makes text, opens nothing.
//
// To add a filter, touch: the struct here, ToSql in filter.cc,
// tests/audit/filter_test.cc, cli/audit_filter.cc.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/record.h"

namespace gatehouse::audit {

// Whether events that tell of somebody reading the trail are wanted.
enum class TrailReads { kLeaveOut = 0, kTake };

// The name of that event.
inline constexpr std::string_view kTrailRead = "trail read";

// "" and nullopt do not filter; all that are given must hold. A text is one or
// more words between commas, of which one must fit whole; a "*" in a word
// stands for any letters. Of requests, `verb`, `resource`, `namespace_name`
// and `name` must fit the same one. A record whose payload was erased fits
// only what its columns tell: stage, session, tool, decision, code and exact
// namespaces.
struct Filter {
  Sequence after = 0;  // only records beyond this one
  std::optional<std::int64_t> since_ns;
  std::optional<std::int64_t> until_ns;  // and not this instant itself
  std::string stage;    // "": calls and events, each with its outcome
  std::string session;  // its id, or how that begins
  std::string decision;
  std::string code;
  std::string rule;
  std::string event;
  std::string method;
  std::string server;
  std::string tool;
  std::string verb;
  std::string resource;        // "pods", "pods/log", "deployments.apps"
  std::string namespace_name;  // or all namespaces
  std::string name;
  std::string user;  // of the operating system
  std::string kube_user;
  std::string client;
  std::string context;  // the kubeconfig's current one, or a request's
  std::string mode;
  std::string outcome;  // "unknown" too: forwarded, and no end was seen
  TrailReads reads = TrailReads::kLeaveOut;
  std::size_t limit = 50;  // the newest so many; 0: all
};

// Whether `value` fits such a text, for what is asked after the reading.
bool FitsWords(std::string_view list, std::string_view value);

// The condition of a WHERE, with its parameters ?1, ?2, …
struct FilterSql {
  std::string where;
  std::vector<std::string> parameters;
};
FilterSql ToSql(const Filter& filter);

}  // namespace gatehouse::audit
