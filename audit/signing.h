// SPDX-License-Identifier: Apache-2.0
#pragma once
// Ed25519 for anchors: keys in PEM files, as `openssl pkey` reads and writes
// them (RFC 8410: PKCS #8 and SubjectPublicKeyInfo). A door to libsodium.
// Knows nothing of anchors.
//
// A signature guards an anchor on its way and where it is kept. Whoever can
// read the private key can sign too: keep it from whom the trail is to prove
// something against.

#include <cstddef>
#include <string>
#include <string_view>

#include "policy/result.h"

namespace gatehouse::audit {

inline constexpr std::size_t kSignatureBytes = 64;

// Owns a key, with or without its private half, which is wiped with it. Const
// methods may be used by several threads.
class Ed25519Key {
 public:
  // A private key. Refused where others than the owner could read it.
  static Result<Ed25519Key> ReadPrivate(const std::string& path);
  static Result<Ed25519Key> ReadPublic(const std::string& path);
  // Makes a private key at `path`, 0600; kInvalid where there is a file.
  static Result<Ed25519Key> Make(const std::string& path);

  Ed25519Key(Ed25519Key&& other) noexcept;
  Ed25519Key& operator=(Ed25519Key&& other) noexcept;
  Ed25519Key(const Ed25519Key&) = delete;
  Ed25519Key& operator=(const Ed25519Key&) = delete;
  ~Ed25519Key();

  // 16 hex digits of SHA-256 over the 32 bytes of the public key.
  const std::string& id() const { return id_; }
  std::string PublicPem() const;

  // Only with a private half.
  std::string Sign(std::string_view text) const;
  bool Verify(std::string_view text, std::string_view signature) const;

 private:
  Ed25519Key(std::string public_key, std::string secret);
  static Ed25519Key FromSeed(std::string_view seed);

  std::string public_;  // 32 bytes
  std::string secret_;  // 64: the seed, and the public half again; or none
  std::string id_;
};

}  // namespace gatehouse::audit
