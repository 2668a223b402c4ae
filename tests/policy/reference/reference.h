// SPDX-License-Identifier: Apache-2.0
#pragma once
// The policy language a second time, written from the text of its description
// and not from the engine: slow, obvious, without index, patterns or compiled
// forms. reference_test.cc holds the engine against it.
//
// A policy here is a tree of words. YamlOf writes it out for the real reader;
// ReferenceDecide judges the tree itself.

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "policy/engine.h"
#include "policy/request.h"

namespace gatehouse::reference {

using List = std::optional<std::vector<std::string>>;  // nullopt: omitted

struct When {
  std::vector<std::string> days;   // "mon", …, one each; empty: every day
  std::vector<std::string> hours;  // "09:00-17:00"; empty: all day
};

struct Match {
  List resources;
  List namespaces;
  List names;
  List contexts;
  List servers;
  List tools;
  List pod_security;
  List users;
  List groups;
  List kube_users;
  List clients;
  std::optional<When> when;  // in UTC
};

struct Rule {
  std::string id;
  std::string effect;  // "allow", "ask", "deny"
  std::vector<std::string> verbs;
  Match match;
  std::optional<Match> unless;
  bool observe = false;
  bool helm = false;
  std::string until;    // RFC 3339; "" for none
  int limit_calls = 0;  // 0 for none
};

struct Policy {
  bool observe = false;
  bool dry_run_reads = false;
  List scope_contexts;
  List scope_namespaces;
  List protect;
  std::vector<Rule> rules;
};

std::string YamlOf(const Policy& policy);

struct Question {
  Classification call;
  Subject subject;
  std::string time;  // RFC 3339
};

struct Answer {
  std::string effect = "deny";
  bool passes = false;
  // What the observed rules would have made of it.
  std::string with_observed = "deny";
  // Rules that may be named as the one that decided; empty: any or none.
  std::set<std::string> rules;
  std::set<std::string> limits;  // rules that count this call
};

// `current`: the context at start. `system`: nullptr where there is none.
Answer ReferenceDecide(const Policy& policy, const Policy* system,
                       const Question& question, const std::string& current);

}  // namespace gatehouse::reference
