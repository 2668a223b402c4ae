// SPDX-License-Identifier: Apache-2.0
#include "audit/crypto_library.h"

#include <gtest/gtest.h>

namespace gatehouse::audit {
namespace {

TEST(CryptoLibrary, IsLoadedOnceAndWhole) {
  const Result<CryptoLibrary>& library = LoadCrypto();
  ASSERT_TRUE(library.ok()) << library.error().sentence;
  EXPECT_EQ(&library, &LoadCrypto());
  EXPECT_NE(library.value().EVP_DigestSign, nullptr);
  EVP_MD_CTX* const context = library.value().EVP_MD_CTX_new();
  EXPECT_NE(context, nullptr);
  library.value().EVP_MD_CTX_free(context);
}

}  // namespace
}  // namespace gatehouse::audit
