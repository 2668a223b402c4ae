// SPDX-License-Identifier: Apache-2.0
#pragma once
// What audit/signing needs of OpenSSL beyond its SHA-256: loaded when a key is
// first used, and not linked. Few sessions sign, and libcrypto's own tables
// would be half a millisecond of every start.

#include <openssl/evp.h>
#include <openssl/pem.h>

#include "policy/result.h"

namespace gatehouse::audit {

// The functions of its name. Constant once loaded.
struct CryptoLibrary {
#define GATEHOUSE_CRYPTO_FUNCTIONS(X) \
  X(BIO_ctrl)                         \
  X(BIO_free)                         \
  X(BIO_new)                          \
  X(BIO_s_mem)                        \
  X(EVP_DigestSign)                   \
  X(EVP_DigestSignInit)               \
  X(EVP_DigestVerify)                 \
  X(EVP_DigestVerifyInit)             \
  X(EVP_MD_CTX_free)                  \
  X(EVP_MD_CTX_new)                   \
  X(EVP_PKEY_Q_keygen)                \
  X(EVP_PKEY_free)                    \
  X(EVP_PKEY_get_id)                  \
  X(EVP_PKEY_get_raw_public_key)      \
  X(OPENSSL_init_crypto)              \
  X(PEM_read_PUBKEY)                  \
  X(PEM_read_PrivateKey)              \
  X(PEM_write_PrivateKey)             \
  X(PEM_write_bio_PUBKEY)
#define GATEHOUSE_DECLARE(name) decltype(&::name) name = nullptr;
  GATEHOUSE_CRYPTO_FUNCTIONS(GATEHOUSE_DECLARE)
#undef GATEHOUSE_DECLARE
};

// kUnsupported where the machine has no such library. Any thread.
const Result<CryptoLibrary>& LoadCrypto();

}  // namespace gatehouse::audit
