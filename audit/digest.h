// SPDX-License-Identifier: Apache-2.0
#pragma once
// SHA-256, HMAC and randomness for the trail: audit's door to OpenSSL. Digests
// are raw bytes; Hex makes them readable. Knows nothing of records.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct SHA256state_st;

namespace gatehouse::audit {

inline constexpr std::size_t kDigestBytes = 32;

// Owns one hashing context, kept from digest to digest. One thread. Cannot
// fail: it is libcrypto's own SHA-256, not that of a provider, which would have
// to be loaded at every start.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  Sha256& Add(std::string_view bytes);
  // The digest of all that was added; starts anew.
  std::string Finish();

 private:
  std::unique_ptr<SHA256state_st> context_;
};

// HMAC-SHA-256 (RFC 2104) under one key, which is prepared once (doing that for
// each text costs more than a short text does). Owns its contexts. One thread.
class Hmac {
 public:
  explicit Hmac(std::string_view key);
  ~Hmac();
  Hmac(const Hmac&) = delete;
  Hmac& operator=(const Hmac&) = delete;

  Hmac& Add(std::string_view bytes);
  // The digest of all that was added; starts anew.
  std::string Finish();

 private:
  struct Contexts;
  std::unique_ptr<Contexts> contexts_;
};

std::string Hex(std::string_view bytes);
// The inverse, of either case; nullopt where it is none.
std::optional<std::string> Unhex(std::string_view hex);
std::string HmacSha256(std::string_view key, std::string_view text);

// From the kernel's generator; aborts where it has none.
std::string RandomBytes(std::size_t count);

// The same, fetched for many small takes at once; each byte is given once. Not
// to be carried across a fork. One thread.
class RandomStore {
 public:
  // At most kHeld bytes.
  std::string Take(std::size_t count);
  static constexpr std::size_t kHeld = 1024;

 private:
  std::string held_;  // what was not given yet
};

// A UUIDv7 (RFC 9562): 48 bits of `unix_ms`, the rest of `random`, which has
// kUuidBytes.
inline constexpr std::size_t kUuidBytes = 16;
std::string UuidV7Of(std::int64_t unix_ms, std::string random);

}  // namespace gatehouse::audit
