// SPDX-License-Identifier: Apache-2.0
#pragma once
// Ed25519 for anchors: keys in PEM files, as `openssl pkey` reads and writes
// them. A door to OpenSSL, like digest.h. Knows nothing of anchors.
//
// A signature guards an anchor on its way and where it is kept. Whoever can
// read the private key can sign too: keep it from whom the trail is to prove
// something against.

#include <memory>
#include <string>
#include <string_view>

#include "policy/result.h"

struct evp_pkey_st;

namespace gatehouse::audit {

inline constexpr std::size_t kSignatureBytes = 64;

// Owns a key, with or without its private half. Const methods may be used by
// several threads.
class Ed25519Key {
 public:
  // A private key. Refused where others than the owner could read it.
  static Result<Ed25519Key> ReadPrivate(const std::string& path);
  static Result<Ed25519Key> ReadPublic(const std::string& path);
  // Makes a private key at `path`, 0600; kInvalid where there is a file.
  static Result<Ed25519Key> Make(const std::string& path);

  // 16 hex digits of SHA-256 over the 32 bytes of the public key.
  const std::string& id() const { return id_; }
  std::string PublicPem() const;

  // Only with a private half.
  std::string Sign(std::string_view text) const;
  bool Verify(std::string_view text, std::string_view signature) const;

 private:
  struct Freer {
    void operator()(evp_pkey_st* key) const;
  };
  using Owned = std::unique_ptr<evp_pkey_st, Freer>;
  Ed25519Key(Owned key, std::string id);
  static Result<Ed25519Key> Take(evp_pkey_st* key, const std::string& path);

  Owned key_;
  std::string id_;
};

}  // namespace gatehouse::audit
