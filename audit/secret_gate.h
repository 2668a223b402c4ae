// SPDX-License-Identifier: Apache-2.0
#pragma once
// One pass over the bytes of a server's line, escapes and all, that tells
// whether anything in it may have to change: names that are followed by a
// value, what token formats begin with, Secrets, values seen before, control
// characters. No hit: the line is relayed as it stands, unparsed. A hit proves
// nothing; the masker looks again.
//
// Two neighbouring bytes are looked up in a bitmap; only where they may begin
// something is it compared.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace gatehouse::audit {

struct RedactionRules;  // audit/redact_rules.h

struct GateHits {
  std::uint64_t formats = 0;  // a bit for each of RedactionRules::formats
  bool names = false;         // "password": …
  bool secrets = false;       // an object of kind Secret
  bool seen = false;          // what was secret before
  bool controls = false;      // control characters
  bool escapes = false;       // letters that are escaped, bytes in base64: any

  bool Any() const {
    return formats != 0 || names || secrets || seen || controls || escapes;
  }
};

// Borrows the rules, which outlive it. One thread.
class SecretGate {
 public:
  explicit SecretGate(const RedactionRules& rules);

  GateHits Scan(std::string_view bytes) const;

  // A value that is secret from now on: some of its bytes that JSON does not
  // escape, 4 at least.
  void AddSeen(std::string_view bytes);

 private:
  enum class Kind : std::uint8_t {
    kFormat = 0,
    kSecretKind,
    kEncoded,
    kSeen,
  };
  struct Candidate {
    Kind kind = Kind::kFormat;
    std::size_t offset = 0;  // of the two bytes in the literal
    std::string literal;
    std::uint64_t bit = 0;
  };

  void Mark(unsigned char first, unsigned char second);
  void AddLiteral(Candidate candidate);
  void AddNameEnds();
  void AddControls();
  void Look(std::string_view bytes, std::size_t at, GateHits& hits) const;

  const RedactionRules& rules_;
  std::array<std::uint64_t, 1024> bits_{};
  std::array<std::uint64_t, 1024> literal_bits_{};  // of literals alone
  std::unordered_map<std::uint16_t, std::vector<Candidate>> literals_;
};

}  // namespace gatehouse::audit
