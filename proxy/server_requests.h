// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a server asks of the client: its model's words (sampling), a person's
// (elicitation: a form, or a link to open), its folders (roots). Before
// 2026-07-28 these are requests of their own, since then they come inside an
// answer. Here stands which of them may go on, and what the trail says of one.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/decision.h"
#include "policy/json_value_fwd.h"
#include "policy/session_settings.h"
#include "proxy/client_features.h"

namespace gatehouse {

// Borrows both.
struct ClientAsk {
  std::string_view method;
  const JsonValue* params = nullptr;  // nullptr: none
  std::string_view key = {};          // under `inputRequests`
};

struct AskFault {
  Code code = Code::kUnknownMethod;
  std::string_view sentence;
};

inline constexpr AskFault kUndeclared{
    Code::kUnknownMethod, "the client did not declare that it answers this"};

// What a client lets itself be asked, and what the policy leaves of that.
struct AskLimits {
  ClientFeatures declared;
  FeatureSettings policy;
};

// Why it may not go to the client; nullopt: it may.
std::optional<AskFault> FaultOf(const ClientAsk& ask, const AskLimits& limits);

// Of all asks of one answer: the first fault.
std::optional<AskFault> FaultOf(const std::vector<ClientAsk>& asks,
                                const AskLimits& limits);

// What stands in an answer of 2026-07-28, under `inputRequests`; empty where
// there is none, nullopt where it cannot be read, or is more than a person
// would answer. Borrows from `result`.
std::optional<std::vector<ClientAsk>> AsksIn(const JsonValue& result);

// The links of a -32042 error (2025-11-25: a person must open them first), as
// asks that borrow from `error`; empty for every error that certainly is none,
// nullopt where readers would take it differently.
std::optional<std::vector<ClientAsk>> LinksOf(const JsonValue& error);

// One sentence for the record: of a link only scheme, host and path, which say
// where a person is led; its query may hold a secret. "" where nothing is to
// be said beyond the method.
std::string DetailOf(const ClientAsk& ask);

// A link without its user, query and fragment.
std::string PublicPartOf(std::string_view url);

}  // namespace gatehouse
