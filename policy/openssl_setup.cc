// SPDX-License-Identifier: Apache-2.0
#include "policy/openssl_setup.h"

#include <openssl/crypto.h>

namespace gatehouse {

void StartOpenssl() {
  // A failure shows at the first digest, which aborts.
  (void)OPENSSL_init_crypto(
      OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS |
          OPENSSL_INIT_NO_ADD_ALL_CIPHERS | OPENSSL_INIT_NO_ADD_ALL_DIGESTS,
      nullptr);
}

}  // namespace gatehouse
