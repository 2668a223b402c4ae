// SPDX-License-Identifier: Apache-2.0
#pragma once
// SHA-256, HMAC and randomness for the trail: audit's door to OpenSSL. Digests
// are raw bytes; Hex makes them readable. Knows nothing of records.

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct evp_md_ctx_st;
struct evp_md_st;

namespace gatehouse::audit {

inline constexpr std::size_t kDigestBytes = 32;

// Owns one hashing context, kept from digest to digest (making one costs more
// than hashing a record). One thread. Aborts where the library itself fails:
// there is no trail without SHA-256.
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
  void Start();

  evp_md_st* method_;
  evp_md_ctx_st* context_;
};

std::string Hex(std::string_view bytes);
// The inverse, of either case; nullopt where it is none.
std::optional<std::string> Unhex(std::string_view hex);
std::string HmacSha256(std::string_view key, std::string_view text);

// From the kernel's generator; aborts where it has none.
std::string RandomBytes(std::size_t count);

}  // namespace gatehouse::audit
