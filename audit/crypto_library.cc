// SPDX-License-Identifier: Apache-2.0
#include "audit/crypto_library.h"

#include <dlfcn.h>

#include <string>
#include <utility>

namespace gatehouse::audit {
namespace {

// The version that we were built with: another one may have other functions.
constexpr const char* kFile =
    "libcrypto.so." OPENSSL_MSTR(OPENSSL_SHLIB_VERSION);

Error Missing() {
  const char* const why = dlerror();
  std::string sentence = "signatures take OpenSSL's ";
  sentence.append(kFile).append(": ").append(why == nullptr ? "none" : why);
  return {ErrorCode::kUnsupported, std::move(sentence)};
}

Result<CryptoLibrary> Load() {
  void* const file = dlopen(kFile, RTLD_NOW | RTLD_LOCAL);
  if (file == nullptr) return Missing();
  CryptoLibrary library;
#define GATEHOUSE_FIND(name)                                                   \
  library.name = reinterpret_cast<decltype(library.name)>(dlsym(file, #name)); \
  if (library.name == nullptr) return Missing();
  GATEHOUSE_CRYPTO_FUNCTIONS(GATEHOUSE_FIND)
#undef GATEHOUSE_FIND
  // The machine's configuration could load engines and providers, foreign
  // code; our keys need its own provider only.
  library.OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  return library;
}

}  // namespace

const Result<CryptoLibrary>& LoadCrypto() {
  static const Result<CryptoLibrary> library = Load();
  return library;
}

}  // namespace gatehouse::audit
