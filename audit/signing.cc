// SPDX-License-Identifier: Apache-2.0
#include "audit/signing.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "audit/crypto_library.h"
#include "audit/digest.h"
#include "audit/trail_files.h"

namespace gatehouse::audit {
namespace {

constexpr std::size_t kIdLetters = 16;

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, FileCloser>;

// For who holds a key: then it is loaded.
const CryptoLibrary& Crypto() { return LoadCrypto().value(); }

struct ContextFreer {
  void operator()(EVP_MD_CTX* context) const {
    Crypto().EVP_MD_CTX_free(context);
  }
};
using Context = std::unique_ptr<EVP_MD_CTX, ContextFreer>;

void Must(bool worked) {
  if (!worked) std::abort();
}

Result<File> OpenFile(const std::string& path, int flags) {
  if (!LoadCrypto().ok()) return LoadCrypto().error();
  const int fd = open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (fd < 0) return SystemError("open the key", path);
  const bool writes = (flags & O_ACCMODE) != O_RDONLY;
  File file(fdopen(fd, writes ? "w" : "r"));
  Must(file != nullptr);
  return file;
}

// PEM asks on the terminal for the passphrase of an encrypted key otherwise.
int NoPassphrase(char*, int, int, void*) { return 0; }

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string IdOf(EVP_PKEY* key) {
  std::string raw(32, '\0');
  std::size_t size = raw.size();
  Must(Crypto().EVP_PKEY_get_raw_public_key(
           key, reinterpret_cast<unsigned char*>(raw.data()), &size) == 1);
  Sha256 hasher;
  return Hex(hasher.Add(raw).Finish()).substr(0, kIdLetters);
}

}  // namespace

void Ed25519Key::Freer::operator()(evp_pkey_st* key) const {
  Crypto().EVP_PKEY_free(key);
}

Ed25519Key::Ed25519Key(Owned key, std::string id)
    : key_(std::move(key)), id_(std::move(id)) {}

Result<Ed25519Key> Ed25519Key::Take(evp_pkey_st* key, const std::string& path) {
  Owned owned(key);
  if (key == nullptr || Crypto().EVP_PKEY_get_id(key) != EVP_PKEY_ED25519) {
    return Error{ErrorCode::kInvalid,
                 path +
                     " holds no Ed25519 key in PEM of the kind that is "
                     "needed here"};
  }
  std::string id = IdOf(key);
  return Ed25519Key(std::move(owned), std::move(id));
}

Result<Ed25519Key> Ed25519Key::ReadPrivate(const std::string& path) {
  Result<File> file = OpenFile(path, O_RDONLY);
  if (!file.ok()) return file.error();
  struct stat info {};
  if (fstat(fileno(file.value().get()), &info) != 0) {
    return SystemError("look at", path);
  }
  if ((info.st_mode & 077) != 0) {
    return Error{ErrorCode::kPermission,
                 "others can read the signing key " + path +
                     ": make it private with chmod 600"};
  }
  return Take(Crypto().PEM_read_PrivateKey(file.value().get(), nullptr,
                                           NoPassphrase, nullptr),
              path);
}

Result<Ed25519Key> Ed25519Key::ReadPublic(const std::string& path) {
  Result<File> file = OpenFile(path, O_RDONLY);
  if (!file.ok()) return file.error();
  return Take(Crypto().PEM_read_PUBKEY(file.value().get(), nullptr,
                                       NoPassphrase, nullptr),
              path);
}

Result<Ed25519Key> Ed25519Key::Make(const std::string& path) {
  if (!LoadCrypto().ok()) return LoadCrypto().error();
  EVP_PKEY* const made =
      Crypto().EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  Must(made != nullptr);
  Result<Ed25519Key> key = Take(made, path);
  Result<File> file = OpenFile(path, O_WRONLY | O_CREAT | O_EXCL);
  if (!file.ok()) return file.error();
  std::FILE* const out = file.value().get();
  const bool written =
      Crypto().PEM_write_PrivateKey(out, made, nullptr, nullptr, 0, nullptr,
                                    nullptr) == 1;
  if (!written || std::fflush(out) != 0 || fsync(fileno(out)) != 0) {
    const Error error = SystemError("write", path);
    unlink(path.c_str());
    return error;
  }
  return key;
}

std::string Ed25519Key::PublicPem() const {
  const CryptoLibrary& crypto = Crypto();
  BIO* const memory = crypto.BIO_new(crypto.BIO_s_mem());
  Must(memory != nullptr &&
       crypto.PEM_write_bio_PUBKEY(memory, key_.get()) == 1);
  char* text = nullptr;
  const long size = crypto.BIO_ctrl(memory, BIO_CTRL_INFO, 0, &text);
  std::string pem(text, static_cast<std::size_t>(size));
  crypto.BIO_free(memory);
  return pem;
}

std::string Ed25519Key::Sign(std::string_view text) const {
  const Context context(Crypto().EVP_MD_CTX_new());
  std::string signature(kSignatureBytes, '\0');
  std::size_t size = signature.size();
  Must(context != nullptr &&
       Crypto().EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr,
                                   key_.get()) == 1 &&
       Crypto().EVP_DigestSign(
           context.get(), reinterpret_cast<unsigned char*>(signature.data()),
           &size, Bytes(text), text.size()) == 1);
  return signature;
}

bool Ed25519Key::Verify(std::string_view text,
                        std::string_view signature) const {
  const Context context(Crypto().EVP_MD_CTX_new());
  Must(context != nullptr &&
       Crypto().EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr,
                                     key_.get()) == 1);
  return Crypto().EVP_DigestVerify(context.get(), Bytes(signature),
                                   signature.size(), Bytes(text),
                                   text.size()) == 1;
}

}  // namespace gatehouse::audit
