// SPDX-License-Identifier: Apache-2.0
#pragma once
// Seals records into the hash chain: the stage between a Record and its row.
// The encoding is written down in audit/FORMAT.md, with an example; this file
// and that page must agree (tests/audit/chain_test.cc holds them together).
//
// The hash commits to a salted digest of the payload, so that a payload can be
// erased later and the chain still verifies. It is not keyed: what it proves,
// it proves to everybody, and only against an anchor elsewhere.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "audit/digest.h"
#include "audit/record.h"

namespace gatehouse::audit {

// A row as it is stored. A value.
struct StoredRecord {
  Sequence seq = 0;
  std::int64_t time_ns = 0;
  std::string stage;  // "event", "decision", "outcome"
  std::string session;
  std::string call;
  std::string tool;
  std::string decision;  // "allow", "deny", "ask", or "" (no decision)
  std::string code;
  std::string namespaces;  // ",dev,web,"; "*" for all, "?" for unknown ones
  std::optional<std::string> payload;  // canonical JSON; nullopt: erased
  std::string salt;                    // raw bytes, as are the next three
  std::string digest;
  std::string previous;
  std::string hash;
};

struct ChainHead {
  std::string chain;  // UUIDv7 of the database
  Sequence seq = 0;
  std::string hash;  // raw 32 bytes; zeroes for an empty chain

  friend bool operator==(const ChainHead&, const ChainHead&) = default;
};

// The head of a chain that has no records.
ChainHead EmptyChain(std::string_view chain);

std::string PayloadDigest(Sha256& hasher, std::string_view salt,
                          std::string_view payload);

// Over the row's fields but payload, salt and hash.
std::string RecordHash(Sha256& hasher, std::string_view chain,
                       const StoredRecord& row);

// The row that follows `head`. `salt`: 16 fresh random bytes.
StoredRecord Seal(Sha256& hasher, const ChainHead& head, const Record& record,
                  std::string salt);

}  // namespace gatehouse::audit
