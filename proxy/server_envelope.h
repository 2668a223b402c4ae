// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a server's message is, learnt member by member: the one set of rules
// for both readers of server lines, the one that has the line whole
// (server_message.h) and the one that sees it pass (line_scanner.h). It is
// told keys and scalar tokens; the grammar is the readers' business.

#include <cstdint>
#include <string_view>

#include "proxy/server_message.h"

namespace gatehouse {

enum class EnvelopeMember : std::uint8_t {
  kNone = 0,  // not one of JSON-RPC's, or there already
  kVersion = 1,
  kId = 2,
  kMethod = 4,
  kParams = 8,
  kResult = 16,
  kError = 32,
};

// Owns what it has learnt. One thread. Cannot fail: says no.
class ServerEnvelope {
 public:
  // The next member of the message, by its key as it stands between quotes.
  EnvelopeMember Open(std::string_view raw_key);
  // The value of a member that must be a scalar (version, id, method), as it
  // stands; false where it may not be that.
  bool TakeScalar(EnvelopeMember member, std::string_view token);
  // A member of `result`: its key and, of scalars, its token ("" of others).
  void NoteResult(std::string_view raw_key, std::string_view token);

  // At the end: what is wrong with the whole, "" if nothing. Sets the kind.
  std::string_view Close();

  bool Seen(EnvelopeMember member) const {
    return (seen_ & static_cast<std::uint8_t>(member)) != 0;
  }
  const ServerMessage& message() const { return message_; }
  ServerMessage Take() { return std::move(message_); }

 private:
  ServerMessage message_;
  std::uint8_t seen_ = 0;
};

// Params, result and error are objects; the others scalars.
bool IsObjectMember(EnvelopeMember member);

}  // namespace gatehouse
