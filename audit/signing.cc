// SPDX-License-Identifier: Apache-2.0
#include "audit/signing.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <optional>
#include <utility>

#include "audit/digest.h"
#include "audit/must.h"
#include "audit/trail_files.h"

namespace gatehouse::audit {
namespace {

constexpr std::size_t kIdLetters = 16;
constexpr std::size_t kHalfBytes = crypto_sign_SEEDBYTES;  // 32, of each half
// A key file is some 120 bytes; what `openssl pkey -text` adds is below this.
constexpr std::size_t kFileBytes = 16 << 10;

// What stands before the 32 bytes, the same for each key of this kind.
constexpr std::string_view kPrivateHead(
    "\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20", 16);
constexpr std::string_view kPublicHead(
    "\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);
constexpr std::string_view kPrivateLabel = "PRIVATE KEY";
constexpr std::string_view kPublicLabel = "PUBLIC KEY";

unsigned char* Bytes(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

void Wipe(std::string& secret) { sodium_memzero(secret.data(), secret.size()); }

std::string Line(std::string_view edge, std::string_view label) {
  std::string line = "-----";
  line.append(edge).append(" ").append(label).append("-----");
  return line;
}

std::string Pem(std::string_view label, std::string_view der) {
  constexpr int kVariant = sodium_base64_VARIANT_ORIGINAL;
  std::string text(sodium_base64_encoded_len(der.size(), kVariant), '\0');
  sodium_bin2base64(text.data(), text.size(), Bytes(der), der.size(), kVariant);
  text.pop_back();  // its NUL
  std::string pem =
      Line("BEGIN", label) + "\n" + text + "\n" + Line("END", label) + "\n";
  Wipe(text);
  return pem;
}

// The 32 bytes of the first key of that label. What is around it is not looked
// at, as PEM has it.
std::optional<std::string> ReadPem(std::string_view text,
                                   std::string_view label,
                                   std::string_view head) {
  const std::string begin = Line("BEGIN", label);
  const std::size_t at = text.find(begin);
  if (at == text.npos) return std::nullopt;
  text.remove_prefix(at + begin.size());
  const std::size_t stop = text.find(Line("END", label));
  if (stop == text.npos) return std::nullopt;
  text = text.substr(0, stop);
  std::string der(text.size() + 1, '\0');
  std::size_t size = 0;
  const char* end = nullptr;
  const bool read = sodium_base642bin(Bytes(der), der.size(), text.data(),
                                      text.size(), "\r\n \t", &size, &end,
                                      sodium_base64_VARIANT_ORIGINAL) == 0 &&
                    end == text.data() + text.size();
  std::optional<std::string> key;
  if (read && size == head.size() + kHalfBytes && der.starts_with(head)) {
    key = der.substr(head.size(), kHalfBytes);
  }
  Wipe(der);
  return key;
}

Error NoKey(const std::string& path) {
  return {
      ErrorCode::kInvalid,
      path + " holds no Ed25519 key in PEM of the kind that is needed here"};
}

// Closes it.
Result<std::string> ReadAll(int fd, const std::string& path) {
  std::string text(kFileBytes, '\0');
  std::size_t size = 0;
  ssize_t got = 1;
  while (got > 0 && size < text.size()) {
    got = read(fd, text.data() + size, text.size() - size);
    if (got > 0) size += static_cast<std::size_t>(got);
  }
  const Error error = got < 0 ? SystemError("read", path) : Error{};
  close(fd);
  if (got < 0) return error;
  text.resize(size);
  return text;
}

}  // namespace

Ed25519Key::Ed25519Key(std::string public_key, std::string secret)
    : public_(std::move(public_key)), secret_(std::move(secret)) {
  Sha256 hasher;
  id_ = Hex(hasher.Add(public_).Finish()).substr(0, kIdLetters);
}

Ed25519Key Ed25519Key::FromSeed(std::string_view seed) {
  std::string secret(crypto_sign_SECRETKEYBYTES, '\0');
  std::string public_key(kHalfBytes, '\0');
  Must(crypto_sign_seed_keypair(Bytes(public_key), Bytes(secret),
                                Bytes(seed)) == 0);
  return Ed25519Key(std::move(public_key), std::move(secret));
}

// 64 bytes do not stand in a string itself, so a move leaves nothing behind.
Ed25519Key::Ed25519Key(Ed25519Key&& other) noexcept = default;
Ed25519Key& Ed25519Key::operator=(Ed25519Key&& other) noexcept {
  Wipe(secret_);
  public_ = std::move(other.public_);
  secret_ = std::move(other.secret_);
  id_ = std::move(other.id_);
  return *this;
}
Ed25519Key::~Ed25519Key() { Wipe(secret_); }

Result<Ed25519Key> Ed25519Key::ReadPrivate(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return SystemError("open the key", path);
  struct stat info {};
  Must(fstat(fd, &info) == 0);  // of what is open: it cannot fail
  if ((info.st_mode & 077) != 0) {
    close(fd);
    return Error{ErrorCode::kPermission,
                 "others can read the signing key " + path +
                     ": make it private with chmod 600"};
  }
  Result<std::string> text = ReadAll(fd, path);
  if (!text.ok()) return text.error();
  std::optional<std::string> seed =
      ReadPem(text.value(), kPrivateLabel, kPrivateHead);
  Wipe(text.value());
  if (!seed) return NoKey(path);
  Ed25519Key key = FromSeed(*seed);
  Wipe(*seed);
  return key;
}

Result<Ed25519Key> Ed25519Key::ReadPublic(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return SystemError("open the key", path);
  const Result<std::string> text = ReadAll(fd, path);
  if (!text.ok()) return text.error();
  auto key = ReadPem(text.value(), kPublicLabel, kPublicHead);
  if (!key) return NoKey(path);
  return Ed25519Key(std::move(*key), "");
}

Result<Ed25519Key> Ed25519Key::Make(const std::string& path) {
  std::string seed = RandomBytes(kHalfBytes);
  std::string der = std::string(kPrivateHead) + seed;
  std::string pem = Pem(kPrivateLabel, der);
  Ed25519Key key = FromSeed(seed);
  const int fd =
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  std::optional<Error> error;
  if (fd < 0) {
    error = SystemError("open the key", path);
  } else {
    if (!WriteAll(fd, pem) || fsync(fd) != 0) {
      error = SystemError("write", path);
      unlink(path.c_str());
    }
    close(fd);
  }
  for (std::string* secret : {&seed, &der, &pem}) Wipe(*secret);
  if (error) return *error;
  return key;
}

std::string Ed25519Key::PublicPem() const {
  return Pem(kPublicLabel, std::string(kPublicHead) + public_);
}

std::string Ed25519Key::Sign(std::string_view text) const {
  Must(secret_.size() == crypto_sign_SECRETKEYBYTES);
  std::string signature(kSignatureBytes, '\0');
  Must(crypto_sign_detached(Bytes(signature), nullptr, Bytes(text), text.size(),
                            Bytes(secret_)) == 0);
  return signature;
}

bool Ed25519Key::Verify(std::string_view text,
                        std::string_view signature) const {
  return signature.size() == kSignatureBytes &&
         crypto_sign_verify_detached(Bytes(signature), Bytes(text), text.size(),
                                     Bytes(public_)) == 0;
}

}  // namespace gatehouse::audit
