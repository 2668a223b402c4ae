// SPDX-License-Identifier: Apache-2.0
#include "audit/signing.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "audit/digest.h"
#include "audit/trail_files.h"

namespace gatehouse::audit {
namespace {

constexpr std::size_t kIdLetters = 16;

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, FileCloser>;

struct ContextFreer {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, ContextFreer>;

void Must(bool worked) {
  if (!worked) std::abort();
}

Result<File> OpenFile(const std::string& path, int flags) {
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
  Must(EVP_PKEY_get_raw_public_key(
           key, reinterpret_cast<unsigned char*>(raw.data()), &size) == 1);
  Sha256 hasher;
  return Hex(hasher.Add(raw).Finish()).substr(0, kIdLetters);
}

}  // namespace

void Ed25519Key::Freer::operator()(evp_pkey_st* key) const {
  EVP_PKEY_free(key);
}

Ed25519Key::Ed25519Key(Owned key, std::string id)
    : key_(std::move(key)), id_(std::move(id)) {}

Result<Ed25519Key> Ed25519Key::Take(evp_pkey_st* key, const std::string& path) {
  Owned owned(key);
  if (key == nullptr || EVP_PKEY_get_id(key) != EVP_PKEY_ED25519) {
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
  return Take(
      PEM_read_PrivateKey(file.value().get(), nullptr, NoPassphrase, nullptr),
      path);
}

Result<Ed25519Key> Ed25519Key::ReadPublic(const std::string& path) {
  Result<File> file = OpenFile(path, O_RDONLY);
  if (!file.ok()) return file.error();
  return Take(
      PEM_read_PUBKEY(file.value().get(), nullptr, NoPassphrase, nullptr),
      path);
}

Result<Ed25519Key> Ed25519Key::Make(const std::string& path) {
  EVP_PKEY* const made = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  Must(made != nullptr);
  Result<Ed25519Key> key = Take(made, path);
  Result<File> file = OpenFile(path, O_WRONLY | O_CREAT | O_EXCL);
  if (!file.ok()) return file.error();
  std::FILE* const out = file.value().get();
  const bool written = PEM_write_PrivateKey(out, made, nullptr, nullptr, 0,
                                            nullptr, nullptr) == 1;
  if (!written || std::fflush(out) != 0 || fsync(fileno(out)) != 0) {
    const Error error = SystemError("write", path);
    unlink(path.c_str());
    return error;
  }
  return key;
}

std::string Ed25519Key::PublicPem() const {
  BIO* const memory = BIO_new(BIO_s_mem());
  Must(memory != nullptr && PEM_write_bio_PUBKEY(memory, key_.get()) == 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory, &text);
  std::string pem(text, static_cast<std::size_t>(size));
  BIO_free(memory);
  return pem;
}

std::string Ed25519Key::Sign(std::string_view text) const {
  const Context context(EVP_MD_CTX_new());
  std::string signature(kSignatureBytes, '\0');
  std::size_t size = signature.size();
  Must(context != nullptr &&
       EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr,
                          key_.get()) == 1 &&
       EVP_DigestSign(context.get(),
                      reinterpret_cast<unsigned char*>(signature.data()), &size,
                      Bytes(text), text.size()) == 1);
  return signature;
}

bool Ed25519Key::Verify(std::string_view text,
                        std::string_view signature) const {
  const Context context(EVP_MD_CTX_new());
  Must(context != nullptr &&
       EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr,
                            key_.get()) == 1);
  return EVP_DigestVerify(context.get(), Bytes(signature), signature.size(),
                          Bytes(text), text.size()) == 1;
}

}  // namespace gatehouse::audit
