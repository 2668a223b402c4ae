// SPDX-License-Identifier: Apache-2.0
#pragma once
// One pass over the bytes of a server's line, escapes and all, that tells
// whether anything in it may have to change, and where: names that are followed
// by a value, what token formats begin with, Secrets, values seen before,
// control characters. No hit: the line is relayed as it stands, unparsed. A hit
// proves nothing; the masker looks again, but only there.
//
// Two neighbouring bytes are looked up in a set (byte_pairs.h); only where they
// may begin something is it compared.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "audit/byte_pairs.h"
#include "audit/literal_set.h"

namespace gatehouse::audit {

struct RedactionRules;  // audit/redact_rules.h

enum class SpotKind : std::uint8_t {
  kFormat = 0,
  kName,     // "password": …
  kSecret,   // an object of kind Secret
  kSeen,     // what was secret before
  kControl,  // control characters
  kEscape,   // letters that are escaped, bytes in base64: any
};

// Of a name, its mark; of anything else, its beginning.
struct GateSpot {
  std::uint32_t at = 0;
  SpotKind kind = SpotKind::kFormat;
  std::uint8_t format = 0;  // the index in RedactionRules::formats
};

struct GateHits {
  bool names = false;
  bool secrets = false;
  bool seen = false;
  bool controls = false;
  bool escapes = false;
  std::uint64_t formats = 0;  // a bit for each of RedactionRules::formats
  // All of them, in order; not where there were too many to be kept.
  std::vector<GateSpot> spots;
  bool everywhere = false;

  bool Any() const {
    return formats != 0 || names || secrets || seen || controls || escapes;
  }
};

struct SpotSpan {
  std::size_t first = 0;
  std::size_t last = 0;
};

// Goes along the spots of a text as its parts are gone through.
class SpotCursor {
 public:
  SpotCursor() = default;
  // Borrows the hits.
  explicit SpotCursor(const GateHits& hits) : hits_(&hits) {}

  // Whether one is in [begin, end). Fast where `begin` does not go back.
  bool Meets(std::size_t begin, std::size_t end);
  // Of those in [begin, end) the first and the last; both ends where there may
  // be more.
  SpotSpan In(std::size_t begin, std::size_t end) const;
  // Of the text without a scan: nothing is in it.
  const GateHits* hits() const { return hits_; }

 private:
  const GateHits* hits_ = nullptr;
  std::size_t next_ = 0;
};

// Borrows the rules, which outlive it. One thread.
class SecretGate {
 public:
  explicit SecretGate(const RedactionRules& rules);

  GateHits Scan(std::string_view bytes) const;
  // Of text[begin, end), where `hits` are of all of the text.
  GateHits Within(const GateHits& hits, std::string_view text,
                  std::size_t begin, std::size_t end) const;

  // A value that is secret from now on: some of its bytes that JSON does not
  // escape, 4 at least.
  void AddSeen(std::string_view bytes);

 private:
  // What a format begins with, where its pair stands.
  struct Literal {
    std::uint8_t format = 0;
    std::size_t offset = 0;  // of the pair
    std::string bytes;
  };

  void AddLiteral(Literal literal);
  void AddMarks();
  void AddControls();
  void Look(std::string_view bytes, std::size_t at, GateHits& hits) const;
  void LookForLiterals(std::string_view bytes, std::size_t at,
                       GateHits& hits) const;

  const RedactionRules& rules_;
  BytePairs pairs_;
  BytePairs literal_pairs_;  // those of literals alone
  std::unordered_map<std::uint16_t, std::vector<Literal>> literals_;
  LiteralSet seen_;
};

}  // namespace gatehouse::audit
