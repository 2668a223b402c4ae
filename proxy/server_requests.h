// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a server asks of the client: its model's words (sampling), a person's
// (elicitation: a form, or a link to open), its folders (roots). Before
// 2026-07-28 these are requests of their own, since then they come inside an
// answer. Here stands which of them may go on, and what the trail says of one.

#include <optional>
#include <string>
#include <string_view>

#include "policy/decision.h"
#include "policy/json_value.h"
#include "proxy/client_features.h"

namespace gatehouse {

// Borrows both.
struct ClientAsk {
  std::string_view method;
  const JsonValue* params = nullptr;  // nullptr: none
};

struct AskFault {
  Code code = Code::kUnknownMethod;
  std::string_view sentence;
};

inline constexpr AskFault kUndeclared{
    Code::kUnknownMethod, "the client did not declare that it answers this"};

// Why it may not go to a client that declared `declared`; nullopt: it may.
std::optional<AskFault> FaultOf(const ClientAsk& ask, ClientFeatures declared);

// One sentence for the record: of a link only scheme, host and path, which say
// where a person is led; its query may hold a secret. "" where nothing is to
// be said beyond the method.
std::string DetailOf(const ClientAsk& ask);

// A link without its user, query and fragment.
std::string PublicPartOf(std::string_view url);

}  // namespace gatehouse
